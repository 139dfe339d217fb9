/**
 * The floor of TLS: a tls.Socket that answers a constant to each read.
 *
 * Rule of this file: the ordinary way of node:tls, no trick.
 */
import * as tls from "node:tls";
import { CONSTANT_ANSWER, certificate, portOf, ready } from "./rim.ts";

const server = tls.createServer({ ...certificate(), noDelay: true }, (socket) => {
  socket.on("data", () => socket.write(CONSTANT_ANSWER, "latin1"));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
