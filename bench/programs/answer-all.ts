/**
 * What clients ask in the question of clients: a constant answer for every head that ends.
 *
 * Rule of this file: it costs as little as it can, because it shares the machine with what is measured.
 */
import * as net from "node:net";
import { CONSTANT_ANSWER, portOf, ready } from "./rim.ts";

const END = Buffer.from("\r\n\r\n");
const ANSWER = Buffer.from(CONSTANT_ANSWER, "latin1");

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  // Clients send each head in one piece; a POST's content follows in the same.
  socket.on("data", (octets: Buffer) => {
    for (let at = octets.indexOf(END); at >= 0; at = octets.indexOf(END, at + 4))
      socket.write(ANSWER);
  });
});
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
