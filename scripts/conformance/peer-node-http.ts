/**
 * A bare node:http server as a server under test: contract 2 of the conformance tester.
 *
 * Rule of this file: no checks of its own beyond the contract, so that what is judged is node:http.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/conformance/peer-node-http.ts [PORT]
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PAGE, parseReport } from "./contract.ts";

const server = createServer((request, response) => {
  answer(request, response).catch(() => request.socket.destroy());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url = "", httpVersion, headers } = request;
  const path = url.replace(/^http:\/\/[^/]*/, "").split("?")[0];
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const body = Buffer.concat(pieces);
  if (path === "/parse") {
    const fields = pairs(request.rawHeaders);
    const trailers = pairs(request.rawTrailers);
    const { host } = headers;
    const text = parseReport({
      method,
      target: url,
      version: httpVersion,
      host,
      fields,
      body,
      trailers,
    });
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": text.length });
    response.end(text);
  } else if (path === "/echo" && method === "POST") {
    response.writeHead(200, { "Content-Length": body.length });
    response.end(body);
  } else if (method === "GET" || method === "HEAD") {
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": PAGE.length });
    response.end(PAGE);
  } else {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
  }
}

/** Node gives names and values one after the other. */
function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) result.push([raw[i] ?? "", raw[i + 1] ?? ""]);
  return result;
}

const [port = "0"] = process.argv.slice(2);
server.listen(portOf(port), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

function portOf(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text)) throw new Error(`no port: ${text}`);
  return Number(text);
}
