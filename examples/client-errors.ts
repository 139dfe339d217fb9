/**
 * What a failure says, and what to do about those that pass: sending again.
 * RFC 9110 §9.2.2, §10.2.3 · Go: url.Error
 *
 * Try: node --import ./scripts/ts-hook.mjs examples/client-errors.ts
 */
import { Client, ClientError, get, handleFunc, listenAndServe } from "barewire";

// A server that has its moods.
let asked = 0;
handleFunc("/busy", (w) => {
  if (++asked % 3 === 0) return w.write("at last");
  w.header.set("Retry-After", "0");
  return w.writeHeader(503);
});
handleFunc("/cut", async (w) => {
  w.header.set("Content-Length", "100");
  await w.write("half of");
  await w.flush();
  w.abort();
});
handleFunc("/circle", (w) => {
  w.header.set("Location", "/circle");
  w.writeHeader(302);
});
const server = await listenAndServe("127.0.0.1:0");
const base = String(server.url);

// The code says what went wrong, the phase where: before anything was sent, say.
await get("http://127.0.0.1:1/").catch(explain);
await get("https://user:secret@127.0.0.1:1/").catch(explain);
await get(`${base}circle`).catch(explain);
const cut = await get(`${base}cut`);
await cut.body.text().catch(explain);

// An answer is no failure, also a 503. Whoever wants to try again says so: for methods that may be
// repeated, as often and as late as here, or as the server's Retry-After asks.
const stubborn = new Client({
  retryPolicy: {
    attempts: 4,
    delay: { initial: 200, max: 5_000 },
    onRetry: ({ response, attempt }) => console.log(`attempt ${attempt}: ${response.status}`),
  },
});
const answer = await stubborn.get(`${base}busy`);
console.log(answer.status, await answer.body.text());
await server.shutdown();

function explain(error: unknown): void {
  if (!(error instanceof ClientError)) throw error;
  const { code, phase, bytesReceived, response } = error;
  console.log(`${code} in phase "${phase}", ${bytesReceived > 0 ? "some" : "nothing"} received`);
  console.log(`  ${error.message}`);
  if (response !== undefined) console.log(`  after ${response.status}`);
}
