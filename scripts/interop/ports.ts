/**
 * Ports for servers that cannot choose one themselves.
 *
 * Rule of this file: a port is free when it is given out; whoever listens there is waited for, not
 * slept for.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";

const START_MS_MAX = 10_000;

/** A port on 127.0.0.1 where nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits until a program listens; throws what it complained of when it ends instead. */
export async function listening(
  name: string,
  child: ChildProcess,
  port: number,
  complained: () => string,
): Promise<void> {
  const deadlineAt = Date.now() + START_MS_MAX;
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} did not start: ${complained()}`);
    if (Date.now() > deadlineAt) throw new Error(`${name} does not answer: ${complained()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
