/**
 * Stops without cutting an answer: no new connections, idle ones closed, running requests finished.
 * Go: Server.Shutdown
 *
 * Try: curl http://127.0.0.1:8080/ & sleep 0.1; kill %1's server with Ctrl-C: curl still gets its
 * answer
 */
import { setTimeout as sleep } from "node:timers/promises";
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";
const GRACE_MS = 10_000;

const server = await listenAndServe(address, async (w) => {
  console.log("request begun");
  await sleep(500);
  await w.write("finished in peace\n");
});
console.log(`listening on ${server.url}`);

process.once("SIGINT", () => void stop());
process.once("SIGTERM", () => void stop());

async function stop(): Promise<void> {
  try {
    await server.shutdown({ signal: AbortSignal.timeout(GRACE_MS) });
    console.log("stopped, nothing was cut");
  } catch {
    // The grace is over: whoever is still talking is cut off now.
    await server.close();
    console.log("stopped, with force");
  }
}
