/**
 * The program under test: the same answers from the built bundle of barewire, as a user would write
 * them.
 *
 * Rule of this file: default settings, and the package's own name, so that what ships is what is
 * measured. Arguments: what the handler does, "tls" for TLS.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type Handler,
  type HandlerFunc,
  ServeMux,
  listenAndServe,
  listenAndServeTLS,
  writeJson,
} from "barewire";
import { BODY, CONTENT_TYPE, certificate, jsonValue, ready, routePath, routesOf } from "./rim.ts";

const hello: HandlerFunc = (w) => {
  w.header.set("Content-Type", CONTENT_TYPE);
  void w.write(BODY);
};

const HANDLERS: Readonly<Record<string, Handler>> = {
  hello,
  async: async (w, r) => {
    await Promise.resolve();
    await hello(w, r);
  },
  later: async (w, r) => {
    await nextTurn();
    await hello(w, r);
  },
  json: (w) => void writeJson(w, jsonValue()),
  echo: async (w, r) => {
    w.header.set("Content-Type", "application/octet-stream");
    await w.write(await r.body.bytes());
  },
};

const [kind = "hello", security] = process.argv.slice(2);
const handler = HANDLERS[kind] ?? mux(routesOf(kind));
const server =
  security === "tls"
    ? await listenAndServeTLS("127.0.0.1:0", certificate(), handler)
    : await listenAndServe("127.0.0.1:0", handler);
ready(server.addr?.port ?? 0);

function mux(routes: number): ServeMux {
  const table = new ServeMux();
  for (let i = 0; i < routes; i++) table.handle(`GET ${routePath(i)}`, hello);
  return table;
}
