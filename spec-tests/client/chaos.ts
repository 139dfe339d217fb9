/**
 * Chaos: a Transport against servers that do their worst, and what must hold whatever they do.
 * RFC 9112 §9 · used by chaos.test.ts over pipes and by scripts/chaos-client.ts over sockets
 *
 * Rule of this file: everything is drawn from one seeded sequence, and every answer carries its request's id.
 * Where the connections come from and how time goes on is the world's affair.
 */
import type { Conn, ConnSink, IoError } from "../../lib/bufio/mod.ts";
import { ClientError } from "../../lib/client/errors.ts";
import type { TransportOptions } from "../../lib/client/options.ts";
import type { Transport } from "../../lib/client/transport.ts";
import { type BodyLike, MessageError, type Response, newRequest } from "../../lib/message/mod.ts";
import { bytes, text } from "../kit.ts";
import { CountedSignal } from "./fake-transport.ts";

/** Short, so that a round is. */
export const CHAOS_TIMES: TransportOptions = {
  connectTimeout: 400,
  poolTimeout: 2_000,
  expectContinueTimeout: 20,
  writeTimeout: 100,
  responseHeaderTimeout: 80,
  bodyIdleTimeout: 80,
  maxConnsPerHost: 6,
  maxIdleConnsPerHost: 4,
};

/** No call may take longer than this, in ms of the world's clock. */
export const CHAOS_DEADLINE_MS = 8_000;

export interface World {
  readonly transport: Transport;
  /** Begins with "http://". */
  readonly origin: string;
  readonly now: () => number;
  /** Lets a turn pass. */
  readonly turn: () => Promise<void>;
}

/** What came of the rounds. */
export interface Figures {
  rounds: number;
  /** Answered, and read to the end. */
  whole: number;
  /** Cancelled by the test. */
  cancelled: number;
  aborted: number;
  /** Errors by their code. */
  readonly errors: Map<string, number>;
  /** Requests that came to a server more than once, all of them repeatable. */
  repeated: number;
  longestMs: number;
  /** What must not be. */
  readonly faults: string[];
}

const PLANS = [
  "good",
  "good",
  "good",
  "cut",
  "cut",
  "cut",
  "early",
  "closes",
  "closes-late",
  "dies",
  "dribble",
  "some-1xx",
  "flood",
  "never",
  "stalls",
  "junk",
  "mute",
] as const;
type PlanKind = (typeof PLANS)[number];

const SILENT: ReadonlySet<PlanKind> = new Set(["never", "stalls", "mute"]);

interface Plan {
  readonly id: number;
  readonly kind: PlanKind;
  readonly method: string;
  readonly framing: "length" | "chunked" | "close";
  readonly size: number;
  /** Where the answer is cut, from 0 to 1. */
  readonly at: number;
  readonly how: "fin" | "reset";
  readonly expects: boolean;
  seen: number;
}

/** Longer than any time that a client waits. */
const MUTE_TURNS = 300;

/** What an answer is that comes behind what nobody asked for. */
const AFTER_JUNK = "bad-status-line";

/** mulberry32: small, and the same everywhere. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function contentOf(id: number, size: number): string {
  return `<${id}>`.repeat(Math.ceil(size / 3)).slice(0, size);
}

export class Chaos {
  readonly figures: Figures = {
    rounds: 0,
    whole: 0,
    cancelled: 0,
    aborted: 0,
    errors: new Map(),
    repeated: 0,
    longestMs: 0,
    faults: [],
  };
  readonly random: () => number;
  readonly #plans: Map<number, Plan> = new Map();
  #peers = 0;

  constructor(seed: number) {
    this.random = sequence(seed);
  }

  /** Waits until the servers have heard of every end; answers how many connections are left. */
  async settled(turn: () => Promise<void>): Promise<number> {
    for (let i = 0; i < 4 * MUTE_TURNS && this.#peers > 0; i++) await turn();
    return this.#peers;
  }

  /** Plays the server on a new connection. */
  serve(conn: Conn, turn: () => Promise<void>): void {
    this.#peers++;
    const peer = new Peer(conn, {
      turn,
      plan: (id) => {
        const plan = this.#plans.get(id);
        if (plan !== undefined) plan.seen++;
        return plan;
      },
      over: () => this.#peers--,
    });
    conn.start(peer);
  }

  async run(world: World, rounds: number, parallel: number): Promise<void> {
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < rounds) await this.#round(world, ++next);
    };
    await Promise.all(Array.from({ length: parallel }, worker));
    for (const plan of this.#plans.values()) {
      if (plan.seen < 2) continue;
      this.figures.repeated++;
      if (plan.method === "POST") this.#fault(plan, `a POST came ${plan.seen} times`);
    }
  }

  #fault(plan: Plan, what: string): void {
    this.figures.faults.push(`${plan.id} ${plan.method} ${plan.kind} ${plan.framing}: ${what}`);
  }

  #plan(id: number): Plan {
    const { random } = this;
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const method = pick(["GET", "GET", "GET", "POST", "POST", "PUT", "HEAD"]);
    const kind = pick(PLANS);
    const plan: Plan = {
      id,
      method,
      kind,
      // Without an end of its own the junk would be content.
      framing: pick([
        "length",
        "length",
        "chunked",
        "chunked",
        kind === "junk" ? "length" : "close",
      ]),
      size: pick([0, 1, 9, 200, 5_000, 40_000]),
      at: random(),
      how: pick(["fin", "reset"]),
      expects: method !== "GET" && method !== "HEAD" && random() < 0.2,
      seen: 0,
    };
    this.#plans.set(id, plan);
    return plan;
  }

  async #round(world: World, id: number): Promise<void> {
    const { figures, random } = this;
    const plan = this.#plan(id);
    const from = world.now();
    const signal = new CountedSignal();
    const fate = random();
    const source = new Sources(world.turn);
    const hasBody = plan.method === "POST" || plan.method === "PUT";
    const body = hasBody ? source.body(random()) : undefined;
    const request = newRequest(plan.method, `${world.origin}/${id}`, body, {
      header: plan.expects ? { Expect: "100-continue" } : {},
      signal: signal.signal,
    });
    const reason = new Error("the caller has enough");
    const turns = Math.floor(random() * 12);
    const aborts = fate < 0.15;
    if (aborts) void after(turns, world.turn).then(() => signal.abort(reason));
    let outcome = "whole";
    try {
      const response = await world.transport.roundTrip(request);
      outcome = await this.#read(plan, response, { fate, turns, turn: world.turn });
    } catch (error) {
      outcome = this.#judge(plan, error, signal.aborted ? reason : undefined);
    }
    figures.rounds++;
    const took = world.now() - from;
    figures.longestMs = Math.max(figures.longestMs, took);
    if (took > CHAOS_DEADLINE_MS) this.#fault(plan, `it took ${Math.round(took)} ms`);
    if (signal.listeners !== 0) this.#fault(plan, `${signal.listeners} listeners are left`);
    if (outcome === "whole") figures.whole++;
    else if (outcome === "cancelled") figures.cancelled++;
    else if (outcome === "aborted") figures.aborted++;
    else figures.errors.set(outcome, (figures.errors.get(outcome) ?? 0) + 1);
    const mustDo = plan.kind === "good" && (plan.method === "GET" || plan.method === "HEAD");
    // A server that closes without lingering may lose what it sent last. RFC 9112 §9.6
    const isCut = plan.framing === "close" && ["broken-pipe", "reset"].includes(outcome);
    const fine = ["whole", "cancelled", "aborted", "dial-failed", "pool-timed-out", AFTER_JUNK];
    if (mustDo && !isCut && !fine.includes(outcome)) this.#fault(plan, `it ended with ${outcome}`);
  }

  async #read(
    plan: Plan,
    response: Response,
    how: { fate: number; turns: number; turn: () => Promise<void> },
  ): Promise<string> {
    const { id } = plan;
    if (response.header.get("x-id") !== String(id)) {
      this.#fault(plan, `it was given the answer to ${response.header.get("x-id")}`);
    }
    const wanted = plan.method === "HEAD" ? "" : contentOf(id, plan.size);
    let got = "";
    // Some leave it lying for a while, some give it up in the middle, with and without a read that waits.
    if (how.fate > 0.9) await after(how.turns, how.turn);
    const stopAt = how.fate > 0.8 ? wanted.length * plan.at : Infinity;
    for (;;) {
      if (got.length >= stopAt) {
        if (how.turns % 2 === 0) void response.body.next().catch(() => undefined);
        response.body.cancel();
        return "cancelled";
      }
      const piece = await response.body.next();
      if (piece === undefined) break;
      const octets = text(piece);
      if (!wanted.startsWith(octets, got.length)) {
        this.#fault(plan, `foreign octets: ${JSON.stringify(octets.slice(-40))}`);
        response.body.cancel();
        return "foreign";
      }
      got += octets;
    }
    // Only the end of the connection tells where such a body ends: a FIN in the middle is one.
    const certain = plan.framing !== "close";
    if (certain && got !== wanted) this.#fault(plan, `${got.length} of ${wanted.length} octets`);
    return "whole";
  }

  #judge(plan: Plan, error: unknown, reason: Error | undefined): string {
    if (reason !== undefined && error === reason) return "aborted";
    if (reason !== undefined) this.#fault(plan, `aborted, but it ended with ${String(error)}`);
    if (error instanceof ClientError || error instanceof MessageError) return error.code;
    this.#fault(plan, `no error of ours: ${String(error)}`);
    return "strange";
  }
}

async function after(turns: number, turn: () => Promise<void>): Promise<void> {
  for (let i = 0; i < turns; i++) await turn();
}

/** Bodies of requests, of every kind. */
class Sources {
  readonly #turn: () => Promise<void>;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  body(chance: number): BodyLike {
    if (chance < 0.3) return "a small one";
    if (chance < 0.5) return "b".repeat(60_000);
    return this.#slow(chance < 0.9 ? 4 : 60);
  }

  async *#slow(pieces: number): AsyncGenerator<string> {
    for (let i = 0; i < pieces; i++) {
      yield "piece";
      await this.#turn();
    }
  }
}

interface PeerWorld {
  readonly turn: () => Promise<void>;
  plan(id: number): Plan | undefined;
  over(): void;
}

/** A server on one connection: it cuts requests and answers each by its plan, in their order. */
class Peer implements ConnSink {
  readonly #conn: Conn;
  readonly #world: PeerWorld;
  readonly #waiting: Plan[] = [];
  #text = "";
  /** What ends the body that is being passed over: so many octets, or the last chunk. */
  #skips: number | "chunks" = 0;
  #isAnswering = false;
  #isOver = false;
  #hasEnded = false;
  /** It closes when the next request comes. */
  #dies = false;

  constructor(conn: Conn, world: PeerWorld) {
    this.#conn = conn;
    this.#world = world;
  }

  onBytes(octets: Uint8Array): "more" {
    this.#text += text(octets);
    while (this.#skips === 0 ? this.#cutHead() : this.#skip());
    return "more";
  }

  onEnd(): void {
    this.#conn.close();
  }

  onError(_error: IoError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#world.over();
  }

  #cutHead(): boolean {
    const end = this.#text.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = this.#text.slice(0, end + 2);
    this.#text = this.#text.slice(end + 4);
    const length = /^content-length: (\d+)\r$/im.exec(head)?.[1];
    this.#skips = /^transfer-encoding:/im.test(head) ? "chunks" : Number(length ?? 0);
    const plan = this.#world.plan(Number(/^\w+ \/(\d+) /.exec(head)?.[1]));
    if (plan === undefined) throw new Error(`a request of nobody: ${head}`);
    this.#waiting.push(plan);
    if (!this.#isAnswering) void this.#answerAll();
    return true;
  }

  #skip(): boolean {
    if (this.#skips === "chunks") {
      const end = this.#text.indexOf("0\r\n\r\n");
      this.#text = this.#text.slice(end < 0 ? -4 : end + 5);
      if (end < 0) return false;
      this.#skips = 0;
      return true;
    }
    const here = Math.min(this.#skips, this.#text.length);
    this.#text = this.#text.slice(here);
    this.#skips -= here;
    return this.#skips === 0;
  }

  async #answerAll(): Promise<void> {
    this.#isAnswering = true;
    for (let plan = this.#waiting.shift(); plan !== undefined; plan = this.#waiting.shift()) {
      if (this.#dies) return this.#end(plan.how);
      if (plan.kind !== "early") await this.#bodyIsHere(plan);
      if (this.#isOver) return;
      await this.#answer(plan);
      // Whoever does not answer to the end answers nobody after that.
      if (SILENT.has(plan.kind) || this.#hasEnded) return;
    }
    this.#isAnswering = false;
  }

  async #bodyIsHere(plan: Plan): Promise<void> {
    if (plan.expects && plan.at < 0.7) this.#send("HTTP/1.1 100 Continue\r\n\r\n");
    while (this.#skips !== 0 && !this.#isOver) await this.#world.turn();
  }

  async #answer(plan: Plan): Promise<void> {
    const all = answerOf(plan);
    switch (plan.kind) {
      case "cut":
        this.#send(all.slice(0, Math.floor(plan.at * (all.length + 1))));
        if (plan.at > 0.5) await this.#world.turn();
        return this.#end(plan.how);
      case "closes":
        this.#send(all);
        return this.#end("fin");
      case "closes-late":
        this.#send(all);
        await after(Math.floor(plan.at * 6), this.#world.turn);
        return this.#end("fin");
      case "dies":
        this.#dies = true;
        break;
      case "dribble":
        return this.#dribble(all, plan);
      case "some-1xx":
        this.#send("HTTP/1.1 103 Early Hints\r\nX-Id: none\r\n\r\n".repeat(5));
        break;
      case "flood":
        while (!this.#isOver) {
          this.#send("HTTP/1.1 102 Processing\r\n\r\n");
          await this.#world.turn();
        }
        return;
      case "never":
        return;
      case "stalls":
        return this.#send(all.slice(0, Math.floor(plan.at * all.length)));
      case "junk":
        this.#send(`${all}x`);
        return;
      case "mute":
        // For long it does not even take notice of what comes.
        this.#conn.pause();
        await after(MUTE_TURNS, this.#world.turn);
        this.#conn.resume();
        return;
      case "good":
      case "early":
        break;
    }
    this.#send(all);
    if (plan.framing === "close") this.#end("fin");
  }

  async #dribble(all: string, plan: Plan): Promise<void> {
    for (let i = 0; i < Math.min(all.length, 300) && !this.#isOver; i++) {
      this.#send(all[i]!);
      if (i % 16 === 0) await this.#world.turn();
    }
    this.#send(all.slice(300));
    if (plan.framing === "close") this.#end("fin");
  }

  #send(latin1: string): void {
    if (latin1 !== "" && !this.#isOver) this.#conn.write(bytes(latin1));
  }

  #end(how: "fin" | "reset"): void {
    this.#hasEnded = true;
    if (how === "reset") this.#conn.abort();
    else this.#conn.close();
  }
}

function answerOf({ id, method, framing, size }: Plan): string {
  const head = `HTTP/1.1 200 OK\r\nX-Id: ${id}\r\n`;
  const content = method === "HEAD" ? "" : contentOf(id, size);
  if (framing === "close") return `${head}Connection: close\r\n\r\n${content}`;
  if (framing === "length") return `${head}Content-Length: ${size}\r\n\r\n${content}`;
  const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n`;
  if (method === "HEAD") return chunked;
  const half = Math.floor(size / 2);
  const chunks = [content.slice(0, half), content.slice(half)].filter((piece) => piece !== "");
  const coded = chunks.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("");
  return `${chunked}${coded}0\r\nX-T: ${id}\r\n\r\n`;
}
