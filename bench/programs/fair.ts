/**
 * The program of the fairness question: two ways to hog a process, and a 10 ms timer that suffers.
 * MAINPATH §2, §3
 *
 * Rule of this file: the handler of /endless never waits for anything but `write`.
 */
import { listenAndServe } from "barewire";
import { BODY, ready } from "./rim.ts";

const PERIOD_MS = 10;
const PIECE = "a small piece of text that has no end\n";

const server = await listenAndServe("127.0.0.1:0", async (w, r) => {
  if (r.path !== "/endless") return void w.write(BODY);
  // The failed write after the reader has gone ends the loop.
  while (!r.signal.aborted) await w.write(PIECE);
});

let last = performance.now();
let worst = 0;
setInterval(() => {
  const now = performance.now();
  worst = Math.max(worst, now - last - PERIOD_MS);
  last = now;
}, PERIOD_MS);

ready(server.addr?.port ?? 0, {
  // How late the timer has been at worst since the last question, in ms.
  worst: () => {
    const late = worst;
    worst = 0;
    return late;
  },
});
