/**
 * Our own server as a server under test: contract 2 of the conformance tester.
 *
 * Rule of this file: nothing is set but the handler, so that what is judged is what everybody gets.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/conformance/peer-barewire.ts [PORT] [--tls CERT KEY]
 */
import { readFileSync } from "node:fs";
import {
  handlerFunc,
  listenAndServe,
  listenAndServeTLS,
  notFound,
  type Request,
  type ResponseWriter,
  serveContent,
} from "../../lib/mod.ts";
import { PAGE, PAGE_MODIFIED_MS, PAGE_TAG, parseReport } from "./contract.ts";

const [port = "0", tls, cert = "", key = ""] = process.argv.slice(2);

const handler = handlerFunc(async (w: ResponseWriter, r: Request): Promise<void> => {
  if (r.path === "/parse") return answerParse(w, r);
  if (r.path === "/echo" && r.method === "POST") return answerEcho(w, r);
  if (r.path !== "/") return notFound(w);
  if (r.method !== "GET" && r.method !== "HEAD") {
    w.header.set("Allow", "GET, HEAD");
    return w.writeHeader(r.method === "OPTIONS" ? 204 : 405);
  }
  w.header.set("ETag", PAGE_TAG);
  return serveContent(w, r, "page.txt", PAGE_MODIFIED_MS, PAGE);
});

async function answerEcho(w: ResponseWriter, r: Request): Promise<void> {
  const content = await r.body.bytes({ max: 10_485_760 });
  w.header.set("Content-Type", "application/octet-stream");
  w.header.set("Content-Length", `${content.length}`);
  await w.write(content);
}

async function answerParse(w: ResponseWriter, r: Request): Promise<void> {
  const body = await r.body.bytes({ max: 10_485_760 });
  const { method, target, proto, host } = r;
  // Host lives beside the other fields in a Request; the report has it among them, as it came.
  const fields = [["Host", host] as const, ...r.header];
  const parsed = { method, target, version: proto.slice("HTTP/".length), host, fields };
  const text = parseReport({ ...parsed, body, trailers: [...r.trailer] });
  w.header.set("Content-Type", "application/json");
  w.header.set("Content-Length", `${text.length}`);
  await w.write(text);
}

const address = `127.0.0.1:${port}`;
const server =
  tls === "--tls"
    ? await listenAndServeTLS(
        address,
        { cert: readFileSync(cert), key: readFileSync(key) },
        handler,
      )
    : await listenAndServe(address, handler);
console.log(`listening on ${server.url}`);
