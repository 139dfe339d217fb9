/**
 * Sends a body back while it still arrives: reading and writing go on side by side, whatever the
 * length.
 * RFC 9112 §7.1
 *
 * Try: curl --data-binary @package.json http://127.0.0.1:8080/
 */
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";

const server = await listenAndServe(address, async (w, r) => {
  w.header.set("Content-Type", "application/octet-stream");
  // `await` is the back-pressure: when the client does not read, we stop reading from it.
  for await (const chunk of r.body) await w.write(chunk);
});
console.log(`listening on ${server.url}`);
