/**
 * The load of the memory question: opens connections, makes one exchange on each, and keeps them
 * open.
 *
 * Rule of this file: it runs in a process of its own, so that only the server's memory is measured.
 * Arguments: port, number of connections.
 */
import * as net from "node:net";
import { BODY, ready } from "./rim.ts";

const port = Number(process.argv[2]);
const count = Number(process.argv[3]);
const BATCH = 100;
const kept: net.Socket[] = [];

function exchange(): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: "127.0.0.1", port });
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("connect", () => socket.write("GET / HTTP/1.1\r\nHost: bench\r\n\r\n"));
    socket.on("data", (text: string) => {
      answer += text;
      if (answer.endsWith(BODY)) resolve(socket);
    });
    socket.on("close", () => reject(new Error("the server has closed an idle connection")));
    socket.on("error", reject);
  });
}

while (kept.length < count) {
  const batch = Math.min(BATCH, count - kept.length);
  kept.push(...(await Promise.all(Array.from({ length: batch }, exchange))));
}
ready(0, { open: () => kept.filter((socket) => !socket.destroyed).length });
