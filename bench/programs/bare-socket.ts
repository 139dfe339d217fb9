/**
 * The idle floor: what a plain net.Socket costs while it waits, one constant answer to each read.
 *
 * Rule of this file: the ordinary way of node:net, no trick; it is the neighbour in the memory
 * question.
 */
import * as net from "node:net";
import { CONSTANT_ANSWER, portOf, ready } from "./rim.ts";

const server = net.createServer((socket) => {
  socket.on("data", () => socket.write(CONSTANT_ANSWER, "latin1"));
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
