/**
 * An answer that comes in pieces: each line leaves at once, and the work stops when the client goes
 * away.
 * RFC 9112 §7.1 · Go: http.Flusher, Request.Context
 *
 * Try: curl -N http://127.0.0.1:8080/      (and press Ctrl-C)
 */
import { setTimeout as sleep } from "node:timers/promises";
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";
const LINES = 5;

const server = await listenAndServe(address, async (w, r) => {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  for (let line = 1; line <= LINES && !r.signal.aborted; line++) {
    await w.write(`line ${line} of ${LINES}\n`);
    // Without flush the lines would wait in the buffer for company.
    await w.flush();
    await sleep(200);
  }
});
console.log(`listening on ${server.url}`);
