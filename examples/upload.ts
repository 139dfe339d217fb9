/**
 * Takes a file of any size, counts and hashes it on the way, and never holds more than a piece of
 * it.
 * Go: io.Copy(hash, r.Body)
 *
 * Try: curl -T package.json http://127.0.0.1:8080/
 */
import { createHash } from "node:crypto";
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";

const server = await listenAndServe(address, async (w, r) => {
  if (r.method !== "PUT" && r.method !== "POST") {
    w.header.set("Allow", "POST, PUT");
    w.writeHeader(405);
    return;
  }
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of r.body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  w.header.set("Content-Type", "application/json");
  await w.write(`${JSON.stringify({ bytes, sha256: hash.digest("hex") })}\n`);
});
console.log(`listening on ${server.url}`);
