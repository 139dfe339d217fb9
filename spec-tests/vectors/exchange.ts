/**
 * One exchange over a real socket: our Server, a handler made of operations, and a client that sends octets.
 * vectors: go-server-wire, go-server-tables, go-sniff (serverSniff), attacks-requests
 *
 * Rule of this file: it does what the steps say and notes what came: answers, how the connection ended, what
 * the handler saw, the states, the log. It judges nothing.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Server } from "../../lib/adapters/mod.ts";
import { cutAnswers } from "./answers.ts";
import type { Answer } from "./answers.ts";
import type { Request } from "../../lib/message/mod.ts";
import type { ResponseWriter } from "../../lib/server/mod.ts";
import { textOf } from "./case.ts";
import type { ExchangeInput, Json, JsonObject, Operation, Outcome } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { runOperations } from "./handler-ops.ts";
import type { Call } from "./handler-ops.ts";

/** Answers a request, and notes in `call` what it saw of it, its method at the least. */
export type NotingHandler = (w: ResponseWriter, r: Request, call: Call) => Promise<void>;

/** Runs the exchange on a server and a port of its own; the input's operations answer unless `handle` does. */
export async function runExchange(
  input: ExchangeInput,
  handle: NotingHandler = (w, r, call) => runOperations(input.handler, w, r, call),
): Promise<Outcome> {
  const calls: Call[] = [];
  const states: string[] = [];
  const log: string[] = [];
  const server = new Server({
    ...serverOptions(input.options),
    handler: (w, r) => {
      const call: Call = {};
      calls.push(call);
      return handle(w, r, call);
    },
    connState: (_conn, state) => {
      states.push(state);
    },
    errorLog: (message, cause) => {
      log.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
    },
  });
  server.setKeepAlivesEnabled(input.options["keepAlivesDisabled"] !== true);
  await server.listenAndServe("127.0.0.1:0");
  try {
    const client = new Client(server.addr?.port ?? 0);
    await client.run(input.steps);
    const connection = await client.ending(input.observeMs ?? OBSERVE_MS);
    if (connection !== "open") await until(() => FINAL_STATES.has(states.at(-1) ?? ""));
    const methods = calls.map((call) => textOf(call["method"]));
    const answers = cutAnswers(client.received, methods);
    const outcome: Outcome = {
      answers: answers.map((answer) => ({ ...answer })),
      ...firstOf(answers),
      connection,
      handlerCalls: calls.map((call) => ({ ...call })),
      connStates: [...states],
      log: log.map(senseOf),
      lastState: states.at(-1),
      answeredMs: client.answeredMs,
    };
    client.leave();
    return outcome;
  } finally {
    await server.close();
  }
}

/** What the small tables ask for. */
function firstOf(answers: readonly Answer[]): Outcome {
  const [first] = answers;
  const valuesOf = (name: string): string[] =>
    (first?.fields ?? [])
      .filter((field) => field.startsWith(`${name}: `))
      .map((field) => field.slice(name.length + 2));
  return {
    firstStatus: first?.status,
    firstLine: first?.startLine,
    firstConnection: valuesOf("connection"),
    firstType: valuesOf("content-type").join(", "),
    statuses: answers.map((answer) => answer.status),
  };
}

/** What a log line is about, in few words, for Go's lines and for ours. */
export function senseOf(line: string): string {
  return SENSES.find(([, pattern]) => pattern.test(line))?.[0] ?? line;
}

const SENSES: readonly (readonly [string, RegExp])[] = [
  ["a second status", /superfluous/i],
  ["a write after hijack", /hijacked/i],
  ["both framing fields", /transfer-encoding.*content-length/i],
  ["a bad Content-Length", /content-length/i],
  ["a transfer coding of the handler's", /transfer-encoding/i],
  ["the handler wrote too little", /wrote \d+ of \d+/],
  ["the handler failed", /panic|handler .*failed/i],
];

const OBSERVE_MS = 350;
const PAUSE_MS = 10;
const FINAL_STATES: ReadonlySet<string> = new Set(["closed", "hijacked"]);

/** The vectors' names of options, and ours. */
const OPTIONS: Readonly<Record<string, string>> = {
  readHeaderTimeoutMs: "readHeaderTimeout",
  readTimeoutMs: "readTimeout",
  writeTimeoutMs: "writeTimeout",
  idleTimeoutMs: "idleTimeout",
  maxHeaderBytes: "maxHeaderBytes",
  maxHeaderValueCount: "maxHeaderValueCount",
  disableGeneralOptionsHandler: "disableGeneralOptionsHandler",
};

function serverOptions(options: JsonObject): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) => {
      const ours = OPTIONS[name];
      return ours === undefined ? [] : [[ours, value] as const];
    }),
  );
}

/** A socket that sends what the steps say and keeps all that comes. */
class Client {
  received = "";
  readonly #socket: Socket;
  #end: "open" | "closed" | "reset" = "open";
  #lastAt: number = performance.now();
  #sentAt: number = performance.now();
  #answeredAt: number | undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.#socket.on("data", (octets) => {
      this.received += latin1Of(octets);
      this.#lastAt = performance.now();
      this.#answeredAt ??= this.#lastAt;
    });
    this.#socket.on("end", () => this.#ended("closed"));
    this.#socket.on("close", () => this.#ended("closed"));
    this.#socket.on("error", (error) => {
      // What is written after the other side has closed is nobody's loss.
      const reset = "code" in error && error.code === "ECONNRESET";
      this.#ended(reset ? "reset" : "closed");
    });
  }

  /** From when the last octets were handed to the socket until the first came; 0 when none did. */
  get answeredMs(): number {
    return Math.max((this.#answeredAt ?? this.#sentAt) - this.#sentAt, 0);
  }

  async run(steps: readonly Operation[]): Promise<void> {
    for (const [name, ...args] of steps) {
      switch (name) {
        case "send":
          await this.#send(octetsOf(textOf(args[0])));
          break;
        case "sendRepeat":
          await this.#send(octetsOf(textOf(args[0]).repeat(Number(args[1]))));
          break;
        case "waitMs":
          await sleep(Number(args[0]));
          break;
        case "halfClose":
          this.#socket.end();
          await sleep(PAUSE_MS);
          break;
        case "on100":
          await until(() => this.received.startsWith("HTTP/1.1 100 ") || this.#end !== "open");
          await this.#send(octetsOf(textOf(args[0])));
          break;
        default:
          throw new Error(`no step ${name}`);
      }
    }
  }

  /** How the connection stands when nothing has come for so long, or how it has ended. */
  async ending(quietMs: number): Promise<"open" | "closed" | "reset"> {
    this.#lastAt = performance.now();
    await until(
      () => this.#end !== "open" || performance.now() - this.#lastAt > quietMs,
      DEADLINE_MS,
    );
    // The other half follows, so that the server need not linger.
    if (this.#end !== "open") this.#socket.end();
    return this.#end;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #ended(how: "closed" | "reset"): void {
    if (this.#end === "open") this.#end = how;
  }

  async #send(octets: Uint8Array): Promise<void> {
    this.#sentAt = performance.now();
    if (octets.length > 0 && this.#socket.writable) {
      await new Promise<void>((resolve) => {
        this.#socket.write(octets, () => resolve());
        this.#socket.once("close", () => resolve());
      });
    }
    await sleep(PAUSE_MS);
  }
}

const DEADLINE_MS = 5000;

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks again and again until it holds; gives up after a while, the outcome tells. */
async function until(holds: () => boolean, deadlineMs = 1000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!holds() && performance.now() < deadline) await sleep(2);
}
