/**
 * The load of our own: connections that play requests, each as fast as its answers come or all of them at a
 * fixed rate.
 *
 * Rule of this file: it shares the machine with what is measured, so it parses one answer, the first, and takes
 * all others to be as long. Argument: a LoadPlan as JSON.
 */
import { readFileSync } from "node:fs";
import * as net from "node:net";
import * as tls from "node:tls";
import { ready } from "./rim.ts";

/** What is played. */
export interface LoadPlan {
  readonly port: number;
  /** The writes, with a NUL between two of them. */
  readonly file: string;
  /** How many requests are in a write, and so how many answers come to it. */
  readonly depth: number;
  readonly connections: number;
  /** On how many connections at a time something is under way; they take turns when there are more. */
  readonly underWay: number;
  /** Writes a second; 0 for as many as are answered. */
  readonly rate: number;
  readonly security: "tls" | "none";
}

const plan = JSON.parse(process.argv[2] ?? "{}") as LoadPlan;
const writes = readFileSync(plan.file, "latin1").split("\0");
const BATCH = 100;
const HEAD_END = "\r\n\r\n";
const LETTER_H = 0x48;
const DIGIT_2 = 0x32;
const STATUS_AT = 9;

/** Octets of one answer with its head; 0 until the first has come. */
let answerBytes = 0;
let running = false;
let count = 0;
let busy = 0;
let nextWrite = 0;
let settled: () => void = () => undefined;
const latencies: number[] = [];
const free: Lane[] = [];

/** One connection. */
class Lane {
  readonly #socket: net.Socket;
  #received = 0;
  #due = 0;
  #first = "";

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on("data", (octets: Buffer) => this.#take(octets));
  }

  /** Plays the next write; `due` is when it should have been played. */
  play(due: number): void {
    busy++;
    this.#due = due;
    this.#socket.write(writes[nextWrite] ?? "", "latin1");
    nextWrite = (nextWrite + 1) % writes.length;
  }

  #take(octets: Buffer): void {
    if (answerBytes === 0 || this.#first !== "") {
      this.#first += octets.toString("latin1");
      answerBytes = lengthOf(this.#first);
      if (answerBytes === 0) return;
      this.#received = this.#first.length;
      this.#first = "";
    } else {
      if (this.#received === 0) check(octets);
      this.#received += octets.length;
    }
    if (this.#received < answerBytes * plan.depth) return;
    if (this.#received > answerBytes * plan.depth) fail("an answer is longer than the first");
    this.#received = 0;
    busy--;
    count += plan.depth;
    if (plan.rate > 0) latencies.push(performance.now() - this.#due);
    free.push(this);
    if (plan.rate === 0 && running) free.shift()?.play(0);
    if (busy === 0 && !running) settled();
  }
}

/** The octets of an answer that is here as a whole; 0 while it is not. */
function lengthOf(text: string): number {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return 0;
  if (!text.startsWith("HTTP/1.1 2")) fail(`answered with ${text.slice(0, 40)}`);
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, head));
  if (length !== null) return head + HEAD_END.length + Number(length[1]);
  const end = text.indexOf(`\r\n0${HEAD_END}`, head);
  return end < 0 ? 0 : end + HEAD_END.length + 3;
}

function check(octets: Buffer): void {
  if (octets[0] !== LETTER_H) fail("an answer is not as long as the first");
  if (octets.length > STATUS_AT && octets[STATUS_AT] !== DIGIT_2) {
    fail(`answered with ${octets.toString("latin1", 0, 40)}`);
  }
}

function fail(why: string): never {
  console.error(`load: ${why}`);
  process.exit(1);
}

function connect(): Promise<void> {
  return new Promise((resolve) => {
    const { port } = plan;
    const there = (): void => {
      free.push(new Lane(socket));
      resolve();
    };
    const where = { host: "127.0.0.1", port, noDelay: true };
    const socket =
      plan.security === "tls"
        ? tls.connect({ ...where, rejectUnauthorized: false }, there)
        : net.connect(where, there);
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => fail("the server has closed a connection"));
  });
}

/** Plays what has become due, and looks again in the next turn: the core has nothing else to do. */
function keepRate(began: number, played: number): void {
  if (!running) return;
  const msPerWrite = 1000 / plan.rate;
  const now = performance.now();
  let due = began + played * msPerWrite;
  while (due <= now) {
    const lane = free.shift();
    if (lane === undefined) break;
    lane.play(due);
    played++;
    due += msPerWrite;
  }
  setImmediate(keepRate, began, played);
}

/** A quantile of the latencies, in µs. */
function quantile(part: number): number {
  const sorted = Float64Array.from(latencies).sort();
  return (sorted[Math.floor(sorted.length * part)] ?? Number.NaN) * 1000;
}

for (let open = 0; open < plan.connections; open += BATCH) {
  const batch = Math.min(BATCH, plan.connections - open);
  await Promise.all(Array.from({ length: batch }, connect));
}
ready(0, {
  start: () => {
    running = true;
    if (plan.rate > 0) keepRate(performance.now(), 0);
    else for (let i = 0; i < plan.underWay; i++) free.shift()?.play(0);
    return 0;
  },
  count: () => count,
  stop: async () => {
    running = false;
    if (busy > 0) await new Promise<void>((resolve) => (settled = resolve));
    return count;
  },
  p50: () => quantile(0.5),
  p99: () => quantile(0.99),
});
