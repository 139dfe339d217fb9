/**
 * Asks for a page and shows the answer: the smallest client.
 * Go: http.Get
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-get.ts http://127.0.0.1:8080/wire
 */
import { get } from "barewire";

const url = process.argv[2] ?? "http://127.0.0.1:8080/hello/you";

// Every status is an answer; what rejects is a call that got none.
const response = await get(url, { header: { Accept: "text/plain" } });

console.log(`${response.status} ${response.statusText}`);
for (const [name, value] of response.header) console.log(`${name}: ${value}`);
// 1 MiB unless told otherwise: what is larger is read piece by piece, as client-download.ts does.
console.log(`\n${await response.body.text({ max: 10_000_000 })}`);
