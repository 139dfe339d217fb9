/**
 * Gives up: when somebody says so, when a call takes too long, and in the middle of a body.
 * Go: http.NewRequestWithContext, http.Client.Timeout
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-abort.ts
 */
import { Client, get } from "barewire";

const base = process.argv[2] ?? "http://127.0.0.1:8080/";

// A signal ends the call, and its reason is what the call rejects with, whatever else goes wrong.
const user = new AbortController();
setTimeout(() => user.abort(new Error("the user pressed Escape")), 100);
await get(`${base}slow`, { signal: user.signal }).catch(told);

// The same with a time limit; AbortSignal.any joins the two.
await get(`${base}slow`, { signal: AbortSignal.timeout(100) }).catch(told);

// A client's own timeout is for the whole call, redirects, retries and body included.
const patient = new Client({ timeout: 100 });
await patient.get(`${base}slow`).catch(told);

// Without any of these nothing waits for ever, but a body that moves may take its time.
await get(`${base}slow`, { responseHeaderTimeout: 100 }).catch(told);

// It ends a body too: this one would never end by itself.
const endless = new AbortController();
const response = await get(`${base}stream`, { signal: endless.signal });
try {
  for await (const piece of response.body) {
    console.log(`read ${new TextDecoder().decode(piece).trim()}`);
    endless.abort(new Error("enough"));
  }
} catch (error) {
  told(error);
}

function told(error: unknown): void {
  const { name, message, code } = error as Error & { code?: string };
  console.log(typeof code === "string" ? `${name} ${code}` : `${name}: ${message}`);
}
