/**
 * A server with two Listeners: sockets, and one that somebody else wrote, badly.
 *
 *   node foreign-listener.mjs '{"host": "127.0.0.1", "options": {"how": 0}}'
 *
 * Rule of this file: the foreign one fails soon after its start, in the way of `HOW[how]`; the program notes on stdout
 * when the server says that accepting has died altogether.
 */
import { Server } from "barewire";
import { listen } from "barewire/net";
import type { Listener } from "barewire/bufio";
import type { RigOrder } from "./order.ts";

const FAILS_AFTER_MS = 200;
const addr = { network: "pipe", host: "foreign", port: 0 } as const;
const later = (fn: () => void): void => void setTimeout(fn, FAILS_AFTER_MS);
const close = (): Promise<void> => Promise.reject(new Error("closing fails too"));

const HOW: readonly Listener[] = [
  // It keeps to the contract, and says once that it has failed.
  { addr, close, accept: (told) => later(() => told.onFailure(new Error("accept failed"))) },
  // It never stops saying so.
  {
    addr,
    close,
    accept: (told) =>
      later(() => void setInterval(() => told.onFailure(new Error("accept failed again")), 1)),
  },
  // Its accept is a promise, which rejects.
  {
    addr,
    close,
    accept: () =>
      new Promise((_, reject) => later(() => reject(new Error("accept rejected")))) as never,
  },
  // It accepts nobody, and cannot be closed.
  { addr, close, accept: () => undefined },
];

const order = JSON.parse(process.argv[2] ?? "{}") as RigOrder;
const server = new Server({ handler: (w) => void w.write("Hello, you!\n") });
const sockets = await listen({ host: order.host, port: 0 });
server.serve(sockets);
server.closed.catch((error: unknown) => console.log(`accepting has died: ${String(error)}`));
const foreign = HOW[order.options["how"] ?? 0];
if (foreign !== undefined) server.serve(foreign);
process.once("SIGTERM", () => {
  void server.shutdown().then(() => console.log("shut down"));
});
console.log(`listening on http://${order.host}:${sockets.addr.port}/`);
