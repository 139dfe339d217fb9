/**
 * What clients ask in the question of clients: a constant answer for every request that ends.
 *
 * Rule of this file: it costs as little as it can, because it shares the machine with what is measured. A request
 * is a GET without content or a POST of POST_BYTES. Argument: on how many ports it listens.
 */
import { once } from "node:events";
import * as net from "node:net";
import { CONSTANT_ANSWER, POST_BYTES, portOf, ready } from "./rim.ts";

const END = Buffer.from("\r\n\r\n");
const ANSWER = Buffer.from(CONSTANT_ANSWER, "latin1");
const LETTER_P = 0x50;

function serve(socket: net.Socket): void {
  /** Octets of content that are still to come before the answer. */
  let owed = 0;
  socket.on("error", () => socket.destroy());
  // Clients send each head in one piece; the content may follow in the same or later.
  socket.on("data", (octets: Buffer) => {
    let at = 0;
    while (at < octets.length) {
      if (owed === 0) {
        const posts = octets[at] === LETTER_P;
        const end = octets.indexOf(END, at);
        if (end < 0) throw new Error("a head came in two pieces");
        at = end + END.length;
        owed = posts ? POST_BYTES : 0;
      }
      const content = Math.min(owed, octets.length - at);
      at += content;
      owed -= content;
      if (owed === 0) socket.write(ANSWER);
    }
  });
}

const ports: number[] = [];
for (let i = 0; i < Number(process.argv[2] ?? 1); i++) {
  const server = net.createServer({ noDelay: true }, serve);
  server.listen(0, "127.0.0.1", 4096);
  await once(server, "listening");
  ports.push(portOf(server));
}
ready(ports[0] ?? 0, Object.fromEntries(ports.map((port, i) => [`port-${i}`, () => port])));
