/**
 * The same answers from Deno.serve.
 *
 * Rule of this file: as programs/node-http.ts; it runs in Deno. Argument: what the handler does. Its port is the
 * one line that it prints, and it goes when its input ends.
 */
import process from "node:process";
import { BODY, CONTENT_TYPE, jsonValue } from "../rim.ts";

/** As much of Deno as is used. */
declare const Deno: {
  serve(
    options: object,
    handler: (request: Request) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number } };
};

const ANSWERS: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  hello: () => new Response(BODY, { headers: { "Content-Type": CONTENT_TYPE } }),
  json: () => Response.json(jsonValue()),
  echo: async (request) =>
    new Response(await request.arrayBuffer(), {
      headers: { "Content-Type": "application/octet-stream" },
    }),
};

const answer = ANSWERS[process.argv[2] ?? "hello"];
if (answer === undefined) throw new Error("no such handler");
const { addr } = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, answer);
console.log(addr.port);
process.stdin.on("end", () => process.exit(0)).resume();
