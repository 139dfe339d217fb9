/**
 * What the tests of a client's life share: callers in every mood, and the answers of servers that are as moody.
 *
 * Rule of this file: everything random comes from the seed of `Dice`; every answer carries its request's number, in a field
 * and all through its content, so that an answer given to another request cannot hide.
 */
import * as assert from "uvu/assert";
import type { RoundTripper } from "../../lib/client/mod.ts";
import { type BodyLike, type Response, newRequest } from "../../lib/message/mod.ts";
import { CountedSignal } from "../client/fake-transport.ts";
import { text } from "../kit.ts";
import { type Dice, turns } from "./schedule.ts";

const ENDED_MS_MAX = 3000;
const METHODS = ["GET", "GET", "GET", "HEAD", "POST", "PUT"] as const;
const READINGS = [
  "whole",
  "whole",
  "half",
  "cancel",
  "waits-and-cancel",
  "leave",
  "later",
] as const;
const SIZES = [0, 1, 9, 500, 8_000] as const;
const FRAMINGS = ["length", "length", "chunked", "chunked", "close"] as const;

interface Call {
  readonly number: number;
  readonly method: string;
  readonly reading: (typeof READINGS)[number];
  readonly signal: CountedSignal;
  readonly reason: Error;
  response: Response | undefined;
  state: "waiting" | "open" | "over";
}

/** Callers of one transport, and what became of their calls. */
export class Asker {
  /** What must not be. */
  readonly faults: string[] = [];
  answered = 0;
  failed = 0;
  readonly #transport: RoundTripper;
  readonly #dice: Dice;
  readonly #calls: Call[] = [];
  readonly #work: Promise<void>[] = [];

  constructor(transport: RoundTripper, dice: Dice) {
    this.#transport = transport;
    this.#dice = dice;
  }

  /** Begins a call. */
  ask(origin: string): void {
    const number = this.#calls.length + 1;
    const signal = new CountedSignal();
    const reason = new Error(`the caller of ${number} has enough`);
    const method = this.#dice.of(METHODS);
    const reading = this.#dice.of(READINGS);
    const call: Call = {
      number,
      method,
      reading,
      signal,
      reason,
      response: undefined,
      state: "waiting",
    };
    this.#calls.push(call);
    const expects = this.#dice.below(6) === 0;
    const request = newRequest(method, `${origin}/${number}`, this.#body(method), {
      signal: signal.signal,
      header: expects ? { Expect: "100-continue" } : {},
    });
    this.#work.push(this.#follow(call, this.#transport.roundTrip(request)));
  }

  /** Aborts a call in whatever state it is. */
  abortOne(): void {
    const call = this.#calls[this.#dice.below(this.#calls.length + 1)];
    if (call?.signal.aborted === false) call.signal.abort(call.reason);
  }

  /** Gives up a body that lies open. */
  cancelOne(): void {
    const open = this.#calls.filter(({ state, response }) => state !== "over" && response);
    if (open.length > 0) this.#dice.of(open).response?.body.cancel();
  }

  /** Gives up all that is left open, and waits until each call has ended. */
  async end(): Promise<void> {
    for (const { state, signal, reason } of this.#calls) {
      if (state !== "over" && !signal.aborted) signal.abort(reason);
    }
    await settled(this.#work, () => this.#stuck());
    for (const { number, signal } of this.#calls) {
      if (signal.listeners > 0) this.#fault(number, `${signal.listeners} listeners left over`);
    }
  }

  /** Those that have not ended, in words. */
  #stuck(): string {
    return this.#calls
      .filter(({ state, reading }) => state === "waiting" || reading !== "leave")
      .filter(({ state }) => state !== "over")
      .map(({ number, method, reading, state }) => `${number} ${method} ${reading} ${state}`)
      .join("; ");
  }

  #body(method: string): BodyLike {
    if (method !== "POST" && method !== "PUT") return undefined;
    const kind = this.#dice.below(6);
    if (kind === 0) return "";
    if (kind === 1) return "b".repeat(9_000);
    if (kind === 2) return pieces(3, "ends");
    if (kind === 3) return pieces(2, "stalls");
    if (kind === 4) return pieces(2, "throws");
    return "small";
  }

  async #follow(call: Call, promise: Promise<Response>): Promise<void> {
    try {
      const response = await promise;
      call.response = response;
      call.state = "open";
      this.answered++;
      const whose = response.header.get("X-Number");
      if (whose !== String(call.number)) this.#fault(call.number, `it was given ${whose}'s answer`);
      // A body that is left lies open until its caller aborts.
      if (call.reading === "leave") return;
      await this.#read(call, response);
      call.state = "over";
    } catch (error) {
      this.failed++;
      call.state = "over";
      if (error === call.reason) return;
      const isCoded =
        error instanceof Error && "code" in error && /^[a-z-]+$/.test(String(error.code));
      if (!isCoded) this.#fault(call.number, `no error of ours: ${String(error)}`);
    }
  }

  async #read({ number, method, reading }: Call, response: Response): Promise<void> {
    const { body } = response;
    if (reading === "cancel") return body.cancel();
    if (reading === "later") await turns(9);
    const size = method === "HEAD" ? 0 : Number(response.header.get("X-Size"));
    const wanted = contentOf(number, size);
    let got = "";
    for (;;) {
      if (reading === "half" && got.length > size / 2) return body.cancel();
      const next = body.next();
      if (reading === "waits-and-cancel") {
        next.catch(() => undefined);
        return body.cancel();
      }
      const piece = await next;
      if (piece === undefined) break;
      got += text(piece);
      if (!wanted.startsWith(got)) return this.#fault(number, `foreign octets: ${got.slice(-30)}`);
    }
    // Where only the end of the connection tells the end of the body, a cut is one too.
    const isCertain = response.header.get("X-Framing") !== "close";
    if (isCertain && got !== wanted) this.#fault(number, `${got.length} of ${size} octets`);
  }

  #fault(number: number, what: string): void {
    this.faults.push(`request ${number}: ${what}`);
  }
}

/** Waits for all; fails with what `otherwise` tells when that takes more than real seconds. */
async function settled(work: readonly Promise<void>[], otherwise: () => string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`never ended: ${otherwise()}`)), ENDED_MS_MAX);
  });
  await Promise.race([Promise.all(work), late]).finally(() => clearTimeout(timer));
}

/** A body that is made slowly, and that has an end, or none, or a bad one. */
async function* pieces(count: number, how: "ends" | "stalls" | "throws"): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) {
    yield "b".repeat(300);
    await turns(1);
  }
  if (how === "throws") throw new Error("on purpose");
  if (how === "stalls") await new Promise(() => undefined);
}

/** What a server sends for a request, and what it does then. */
export interface Reply {
  readonly text: string;
  readonly after: "keep" | "fin" | "reset" | "silence";
}

/** A whole answer, or a part of one, or what is none. */
export function replyTo(request: { method: string; number: number }, dice: Dice): Reply {
  const framing = dice.of(FRAMINGS);
  const whole = interims(dice) + answerTo(request, framing, dice.of(SIZES));
  if (framing === "close") return { text: whole, after: "fin" };
  const kind = dice.below(12);
  if (kind === 0) return { text: whole.slice(0, dice.below(whole.length + 1)), after: "fin" };
  if (kind === 1) return { text: whole.slice(0, dice.below(whole.length + 1)), after: "reset" };
  if (kind === 2) return { text: whole.slice(0, dice.below(whole.length)), after: "silence" };
  if (kind === 3) return { text: whole, after: "fin" };
  if (kind === 4) return { text: whole, after: "reset" };
  return { text: whole, after: "keep" };
}

/** An answer that nobody asked for. */
export const NOBODYS: string = answerTo({ method: "GET", number: 0 }, "length", 9);

function interims(dice: Dice): string {
  const kind = dice.below(8);
  if (kind === 0) return "HTTP/1.1 100 Continue\r\n\r\n";
  return kind === 1
    ? "HTTP/1.1 103 Early Hints\r\nX-Number: 0\r\n\r\n".repeat(1 + dice.below(12))
    : "";
}

function answerTo(
  { method, number }: { method: string; number: number },
  framing: (typeof FRAMINGS)[number],
  size: number,
): string {
  const head = `HTTP/1.1 200 OK\r\nX-Number: ${number}\r\nX-Size: ${size}\r\nX-Framing: ${framing}\r\n`;
  const content = method === "HEAD" ? "" : contentOf(number, size);
  if (framing === "close") return `${head}Connection: close\r\n\r\n${content}`;
  if (framing === "length") return `${head}Content-Length: ${size}\r\n\r\n${content}`;
  if (method === "HEAD") return `${head}Transfer-Encoding: chunked\r\n\r\n`;
  const chunks = [content.slice(0, size / 3), content.slice(size / 3)].filter((one) => one !== "");
  const coded = chunks.map((one) => `${one.length.toString(16)}\r\n${one}\r\n`).join("");
  return `${head}Transfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`;
}

function contentOf(number: number, size: number): string {
  const mark = `#${number}#`;
  return mark.repeat(Math.ceil(size / mark.length)).slice(0, size);
}

/** The requests in what a server has received, in order. No body has such a line in it. */
export function requestsIn(received: string): { method: string; number: number }[] {
  return [...received.matchAll(/([A-Z]+) \/(\d+) HTTP\/1\.1\r\n/g)].map(([, method, number]) => ({
    method: method ?? "",
    number: Number(number),
  }));
}

/** Fails with the seed in front. */
export async function ofSeed(seed: number, fn: () => Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
    throw error;
  }
}

/** No call was given what is not its own, and none ended in an error without a code. */
export function assertNoFaults({ faults }: Asker): void {
  assert.is(faults.length, 0, faults.slice(0, 5).join("; "));
}
