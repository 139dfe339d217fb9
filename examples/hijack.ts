/**
 * Leaves HTTP behind: after the 101 the connection speaks a protocol of our own, which shouts back.
 * RFC 9110 §7.8 · Go: http.Hijacker
 *
 * Try: printf 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\nhello\n' |
 *      nc -q1 127.0.0.1 8080
 */
import { listenAndServe } from "barewire";

const address = process.argv[2] ?? "127.0.0.1:8080";
const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n";

const server = await listenAndServe(address, (w, r) => {
  if (r.header.get("Upgrade") !== "shout") {
    w.header.set("Connection", "Upgrade");
    w.header.set("Upgrade", "shout");
    w.writeHeader(426);
    return;
  }
  // From here on the server has let go: `head` is what the client sent after its request.
  const { conn, head } = w.hijack();
  const shout = (bytes: Uint8Array): void => {
    // A real protocol would look at the answer of write ("pending") and pause.
    conn.write(new TextEncoder().encode(new TextDecoder().decode(bytes).toUpperCase()));
  };
  conn.write(SWITCH);
  if (head.length > 0) shout(head);
  conn.start({
    onBytes: (bytes) => {
      shout(bytes);
      return "more";
    },
    onEnd: () => conn.close(),
    onError: () => {
      // The peer has gone; nothing is left to do.
    },
  });
});
console.log(`listening on ${server.url}`);
