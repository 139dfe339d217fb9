/**
 * Innocent clients: small requests, one every 20 ms, on a kept connection or on a fresh one each.
 *
 * Rule of this file: raw sockets, so that what is measured is the server; what a latency stands for is said in
 * latency.ts.
 */
import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { feel, PERIOD_MS } from "./latency.ts";
import { mustBeLoopback, type Target } from "./loopback.ts";

export type Way = "kept" | "fresh";

const ANSWER_MS_MAX = 5000;
const PATH = "/hello/you";

export class Innocent {
  /** ms of each answer, and of those that would have been asked for meanwhile. */
  readonly latencies: number[] = [];
  /** What went wrong, and how often. */
  readonly failures: Map<string, number> = new Map();
  readonly #target: Target;
  readonly #way: Way;
  #socket: Socket | undefined;
  #life: "running" | "stopping" = "running";
  #over: Promise<void> = Promise.resolve();

  constructor(target: Target, way: Way) {
    mustBeLoopback(target.host);
    this.#target = target;
    this.#way = way;
  }

  start(): void {
    this.#over = this.#run();
  }

  /** Ends after the request that is under way. */
  async stop(): Promise<void> {
    this.#life = "stopping";
    await this.#over;
    this.#socket?.destroy();
  }

  /** One request and its answer. */
  async exchange(): Promise<void> {
    this.#socket ??= await this.#open();
    const socket = this.#socket;
    const connection = this.#way === "kept" ? "keep-alive" : "close";
    const head = `GET ${PATH} HTTP/1.1\r\nHost: innocent\r\nConnection: ${connection}\r\n\r\n`;
    try {
      await answerTo(socket, head);
    } catch (error) {
      socket.destroy();
      this.#socket = undefined;
      throw error;
    }
    if (this.#way === "kept") return;
    socket.destroy();
    this.#socket = undefined;
  }

  async #run(): Promise<void> {
    let due = performance.now();
    while (this.#life === "running") {
      const early = due - performance.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const begun = performance.now();
      due = begun + PERIOD_MS;
      try {
        await this.exchange();
        feel(this.latencies, performance.now() - begun);
      } catch (error) {
        const why = `${this.#way}: ${error instanceof Error ? error.message : String(error)}`;
        this.failures.set(why, (this.failures.get(why) ?? 0) + 1);
      }
    }
  }

  #open(): Promise<Socket> {
    const { host, port, security } = this.#target;
    return new Promise((resolve, reject) => {
      const socket: Socket =
        security === "tls"
          ? connectTls({ host, port, rejectUnauthorized: false }, () => resolve(socket))
          : connectPlain({ host, port, noDelay: true }, () => resolve(socket));
      // One listener for its whole life: an error between two requests is seen as a closed socket.
      socket.on("error", (error) => reject(new Error(codeOf(error))));
      socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy(new Error("no connection in time")));
    });
  }
}

/** Sends a request and waits for its whole answer, which must be a 200. */
function answerTo(socket: Socket, head: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const settle = (error: Error | undefined): void => {
      socket.off("data", onData);
      socket.off("close", onClose);
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onData = (bytes: Buffer): void => {
      text += bytes.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) return;
      const status = text.slice(9, 12);
      if (status !== "200") return settle(new Error(`answered ${status}`));
      const length = /^content-length: (\d+)\r$/im.exec(text.slice(0, end + 2))?.[1];
      if (length === undefined) return settle(new Error("an answer without a length"));
      if (text.length >= end + 4 + Number(length)) settle(undefined);
    };
    const onClose = (): void => settle(new Error("closed without an answer"));
    const timer = setTimeout(() => settle(new Error("no answer in 5 s")), ANSWER_MS_MAX);
    socket.on("data", onData);
    socket.on("close", onClose);
    if (socket.destroyed) onClose();
    else socket.write(head, "latin1");
  });
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}
