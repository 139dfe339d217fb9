/**
 * The client of the question of clients: 64 loops that ask, read the answer, and ask again.
 *
 * Rule of this file: the loops and their counting; how one asks is ways.ts. Arguments: the way, what is asked, the
 * ports with commas between them, the folder that packages are required from.
 */
import { ready } from "./rim.ts";
import { LOOPS, WAYS } from "./ways.ts";

const [way = "", what = "", ports = "", packages = ""] = process.argv.slice(2);
const make = WAYS[way];
if (make === undefined) throw new Error(`no way to ask: ${way}`);
const urls = ports.split(",").map((port) => `http://127.0.0.1:${port}/`);
const ask = await make({ what, ports: ports.split(",").map(Number), packages });

let count = 0;
let running = false;
const loop = async (first: number): Promise<void> => {
  for (let at = first; running; at++) {
    await ask(urls[at % urls.length] ?? "");
    count++;
  }
};
let loops: Promise<unknown> = Promise.resolve();
ready(0, {
  start: () => {
    running = true;
    loops = Promise.all(Array.from({ length: LOOPS }, (_, i) => loop(i)));
    return 0;
  },
  count: () => count,
  stop: async () => {
    running = false;
    await loops;
    return count;
  },
});
