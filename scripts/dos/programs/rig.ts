/**
 * The server under attack, where the demo has not the route or the setting: barewire at default settings
 * but for the options that a check names.
 *
 *   node rig.mjs '{"host": "127.0.0.1", "security": "plain", "options": {}}'
 *
 * Rule of this file: handlers as a user would write them. SIGTERM shuts it down, and then it says how many
 * requests its handlers have begun and ended.
 */
import { readFileSync } from "node:fs";
import { type Request, type ResponseWriter, ServeMux, Server } from "barewire";
import { BIG_PIECES, PIECE, type RigOrder, SMALL_PIECE } from "./order.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as RigOrder;
const mux = new ServeMux();
let begun = 0;
let ended = 0;

mux.handleFunc("GET /hello/{name}", (w, r) => void w.write(`Hello, ${r.pathValue("name")}!\n`));
mux.handleFunc("POST /upload", async (w, r) => {
  let bytes = 0;
  for await (const piece of r.body) bytes += piece.length;
  await w.write(`${bytes}\n`);
});
mux.handleFunc("POST /text", async (w, r) => {
  const text = await r.body.text();
  await w.write(`${text.length}\n`);
});
mux.handleFunc("POST /early", (w) => void w.write("answered before the body was read\n"));
mux.handleFunc("GET /big", async (w) => {
  for (let i = 0; i < BIG_PIECES; i++) await w.write(PIECE);
});
mux.handleFunc("GET /endless", async (w) => {
  // The failed write after the reader has gone ends the loop.
  for (;;) await w.write(SMALL_PIECE);
});
mux.handleFunc("GET /hold", async (_w, r) => {
  await new Promise<void>((resolve) => r.signal.addEventListener("abort", () => resolve()));
});
mux.handleFunc("GET /later", async (w) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await w.write("later\n");
});
mux.handleFunc("GET /look", (w, r) => {
  let found = 0;
  for (const [name] of r.header) if (r.header.get(name) !== undefined) found++;
  for (const [name] of r.query) if (r.query.has(name)) found++;
  void w.write(`${found}\n`);
});

const server = new Server({ ...order.options, handler: counted });
const address = { host: order.host, port: 0 };
if (order.security === "tls") {
  const pem = (what: string): string => readFileSync(`examples/tls/localhost-${what}.pem`, "utf8");
  await server.listenAndServeTLS(address, { cert: pem("cert"), key: pem("key") });
} else {
  await server.listenAndServe(address);
}
console.log(`listening on ${server.url}`);
process.once("SIGTERM", () => {
  void server.shutdown().then(() => console.log(`begun ${begun}, ended ${ended}`));
});

async function counted(w: ResponseWriter, r: Request): Promise<void> {
  begun++;
  await mux.serveHTTP(w, r);
  ended++;
}
