/**
 * The load of the fairness question: reads as fast as it can, or pipelines requests without end.
 *
 * Rule of this file: it runs in a process of its own and stops after the seconds it is told.
 * Arguments: port, "reader" or "pipeliner", seconds.
 */
import * as net from "node:net";
import { ready } from "./rim.ts";

const [port, kind, seconds] = process.argv.slice(2);
const one = "GET / HTTP/1.1\r\nHost: bench\r\n\r\n";
const request =
  kind === "reader" ? "GET /endless HTTP/1.1\r\nHost: bench\r\n\r\n" : one.repeat(2000);

const socket = net.connect({ host: "127.0.0.1", port: Number(port) });
let received = 0;
const finished = new Promise<number>((resolve) => {
  socket.on("data", (bytes) => {
    received += bytes.length;
  });
  socket.on("close", () => resolve(received));
  socket.on("error", () => resolve(received));
});
socket.on("connect", () => {
  const pump = (): void => {
    while (socket.write(request, "latin1"));
  };
  if (kind === "reader") {
    socket.write(request);
  } else {
    socket.on("drain", pump);
    pump();
  }
  setTimeout(() => socket.destroy(), Number(seconds) * 1000);
  // The question "received" is answered when the load has ended: how many bytes came back.
  ready(0, { received: () => finished });
});
