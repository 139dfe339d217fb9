/**
 * Trailers: fields that come after the body, because they are known only then.
 * RFC 9110 §6.5 · Go: http.TrailerPrefix, Request.Trailer
 *
 * Try: curl --raw http://127.0.0.1:8080/
 */
import { createHash } from "node:crypto";
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";
const VERSES = ["first verse\n", "second verse\n", "third verse\n"];

const server = await listenAndServe(address, async (w) => {
  const hash = createHash("sha256");
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  // The announcement, before the head goes out; it also makes the answer a chunked one.
  w.header.set("Trailer", "X-Sha256");
  for (const verse of VERSES) {
    hash.update(verse);
    await w.write(verse);
  }
  w.trailer.set("X-Sha256", hash.digest("hex"));
});
console.log(`listening on ${server.url}`);
