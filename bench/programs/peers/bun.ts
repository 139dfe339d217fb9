/**
 * The same answers from Bun.serve.
 *
 * Rule of this file: as programs/node-http.ts; it runs in Bun. Argument: what the handler does. Its port is the
 * one line that it prints, and it goes when its input ends.
 */
import { BODY, CONTENT_TYPE, jsonValue } from "../rim.ts";

/** As much of Bun as is used. */
declare const Bun: {
  serve(options: object): { readonly port: number };
};

const ANSWERS: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  hello: () => new Response(BODY, { headers: { "Content-Type": CONTENT_TYPE } }),
  json: () => Response.json(jsonValue()),
  echo: async (request) =>
    new Response(await request.arrayBuffer(), {
      headers: { "Content-Type": "application/octet-stream" },
    }),
};

const { port } = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: ANSWERS[process.argv[2] ?? "hello"],
});
console.log(port);
process.stdin.on("end", () => process.exit(0)).resume();
