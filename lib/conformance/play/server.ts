/**
 * One server case, played once: the steps are done, and what is seen gets its class.
 *
 * Rule of this file: steps in order, and the first violation ends the play. Every wait is for an event. The
 * worst class of all steps and of the connection's fate is the class of the case.
 */
import type { Conn } from "../../bufio/mod.ts";
import type {
  Class,
  ConnectionClasses,
  ExpectStep,
  Outcome,
  ServerCase,
  ServerStep,
} from "../case.ts";
import {
  type Blanks,
  differs,
  escapeText,
  expectedFate,
  expectedOutcomes,
  type Field,
  fill,
  type Fit,
  fitResponse,
  FITS,
  type JudgedResponse,
  membersOf,
  valueOf,
} from "../judge/mod.ts";
import { pause, Peer } from "./peer.ts";
import { ResponseStream, type Seen, seenInWords } from "./response-stream.ts";
import { type WireEntry, WireLog } from "./wire-log.ts";

/** What became of the connection. "stalled": neither an answer to a further request nor an end. */
export type Fate = "open" | "closed" | "stalled";

/** What playing a case once has shown. */
export interface Played {
  readonly class: Class;
  /** What was expected and what was seen, where the two differ; else empty. */
  readonly message: string;
  readonly fate?: Fate | undefined;
  /** "reset": the peer cut the connection where a response was waited for, which may have destroyed it. */
  readonly lost?: "reset" | undefined;
  /** Seen by the way: departures from the grammar in answers that were not judged by it. */
  readonly aside: readonly string[];
  readonly wire: readonly WireEntry[];
}

/** Where a server case is played. */
export interface ServerPlace {
  /** A new connection to the server. */
  readonly connect: () => Promise<Conn>;
  /** What a Host field says. */
  readonly authority: string;
  readonly scheme: "http" | "https";
  /** ms that each wait may take, and the whole case. */
  readonly stepTimeoutMs: number;
  readonly caseTimeoutMs: number;
}

/** Plays the steps. Never rejects: a server that is gone is a violation as any other. */
export async function playServerCase(subject: ServerCase, place: ServerPlace): Promise<Played> {
  const play = new ServerPlay(place);
  try {
    return await play.run(subject);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return play.played({ class: "violation", message: `no connection: ${escapeText(why)}` });
  } finally {
    play.end();
  }
}

/** A class, and why it is not better. */
interface Judgement {
  readonly class: Class;
  readonly message: string;
}

const FINE: Judgement = { class: "conforming", message: "" };
const RANK: readonly Class[] = ["conforming", "tolerated", "violation", "not-applicable"];

class ServerPlay {
  readonly #place: ServerPlace;
  readonly #log: WireLog = new WireLog();
  readonly #deadlineAt: number;
  readonly #aside = new Set<string>();
  #peer: Peer | undefined;
  #connections = 0;
  #responses: ResponseStream | undefined;
  #last: JudgedResponse | undefined;
  #ourSide: "open" | "ended" = "open";
  #fate: Fate | undefined;
  #lost: "reset" | undefined;

  constructor(place: ServerPlace) {
    this.#place = place;
    this.#deadlineAt = performance.now() + place.caseTimeoutMs;
  }

  async run(subject: ServerCase): Promise<Played> {
    await this.#connect();
    let worst = FINE;
    for (const step of subject.steps) {
      if (performance.now() >= this.#deadlineAt) return this.played(this.#overdue());
      const judgement = await this.#step(step);
      worst = worseOf(worst, judgement);
      if (RANK.indexOf(worst.class) >= RANK.indexOf("violation")) return this.played(worst);
    }
    if (subject.connection !== undefined) {
      worst = worseOf(worst, await this.#judgeFate(subject.connection));
    }
    return this.played(worst);
  }

  played(judgement: Judgement): Played {
    const { class: is, message } = judgement;
    const wire = [...this.#log.entries];
    return {
      class: is,
      message,
      fate: this.#fate,
      lost: this.#lost,
      aside: [...this.#aside],
      wire,
    };
  }

  end(): void {
    this.#peer?.discard();
  }

  async #connect(): Promise<void> {
    this.#peer?.discard();
    const conn = await this.#place.connect();
    this.#peer = new Peer(conn, this.#log, this.#connections++);
    this.#responses = new ResponseStream(this.#peer);
    this.#ourSide = "open";
  }

  #overdue(): Judgement {
    return { class: "violation", message: `not over after ${this.#place.caseTimeoutMs} ms` };
  }

  get #stepMs(): number {
    return Math.max(0, Math.min(this.#place.stepTimeoutMs, this.#deadlineAt - performance.now()));
  }

  get #blanks(): Blanks {
    const fields: readonly Field[] = this.#last?.fields ?? [];
    const { authority, scheme } = this.#place;
    return {
      host: authority,
      base: `${scheme}://${authority}`,
      path: "/",
      nowMs: Date.now(),
      field: (name) => valueOf(fields, name),
    };
  }

  async #step(step: ServerStep): Promise<Judgement> {
    const peer = this.#peer;
    if (peer === undefined) return FINE;
    switch (step.do) {
      case "send": {
        const text = fill(step.text, this.#blanks);
        if (text === undefined) return skipped("the server did not send what the request needs");
        if (step.cut === "octets") await peer.sendOctets(text);
        else await peer.sendAll(text, this.#stepMs);
        return FINE;
      }
      case "pause": {
        const left = this.#deadlineAt - performance.now();
        await pause(Math.min(step.ms, left));
        return step.ms < left ? FINE : this.#overdue();
      }
      case "half-close":
        this.#ourSide = "ended";
        peer.halfClose();
        return FINE;
      case "reset":
        peer.reset();
        return FINE;
      case "reconnect":
        await this.#connect();
        return FINE;
      case "expect":
        return this.#expect(peer, step);
      case "expect-interim":
        return this.#expectInterim(peer, step.status, step.otherwise);
      case "expect-nothing":
        return this.#expectNothing(peer, step.ms, step.otherwise);
    }
  }

  async #expect(peer: Peer, step: ExpectStep): Promise<Judgement> {
    const seen = await this.#await(peer, step.to ?? "GET");
    // {field:…} in an outcome is of the message before: a response is not compared with itself.
    const blanks = this.#blanks;
    if (seen.kind === "reset") this.#lost = "reset";
    if (seen.kind === "response") {
      this.#last = seen.response;
      for (const fault of seen.response.faults) this.#aside.add(fault);
    }
    let why = seenInWords(seen);
    for (const outcome of step.outcomes) {
      const fit = this.#fit(seen, outcome, blanks);
      if (fit.kind === "unknown") return skipped(fit.why);
      if (fit.kind === "fits") {
        if (outcome.class === "conforming") return FINE;
        return { class: outcome.class, message: this.#told(step.outcomes, why, outcome.note) };
      }
      // A response with the right status and something else wrong: that is what must be said.
      const isNear = outcome.class === "conforming" && seen.kind === "response";
      if (isNear && !fit.why.startsWith("status")) why = `${seenInWords(seen)}, ${fit.why}`;
    }
    return { class: "violation", message: this.#told(step.outcomes, why, undefined) };
  }

  async #await(peer: Peer, to: "GET" | "HEAD" | "CONNECT"): Promise<Seen> {
    const found = await peer.wait(() => this.#responses?.next(to), this.#stepMs);
    return found ?? this.#responses?.atDeadline() ?? { kind: "nothing" };
  }

  #told(outcomes: readonly Outcome[], seen: string, note: string | undefined): string {
    return `expected ${expectedOutcomes(outcomes)}; seen ${seen}${note === undefined ? "" : ` (${note})`}`;
  }

  #fit(seen: Seen, outcome: Outcome, blanks: Blanks): Fit {
    if (outcome.seen !== "response") {
      const isEnd = outcome.seen === "end" && (seen.kind === "fin" || seen.kind === "reset");
      return isEnd || outcome.seen === seen.kind ? FITS : differs(seenInWords(seen));
    }
    if (seen.kind !== "response") return differs(seenInWords(seen));
    return fitResponse(seen, outcome, blanks);
  }

  async #expectInterim(peer: Peer, status: number, otherwise: Class): Promise<Judgement> {
    const look = (): string | undefined => this.#responses?.nextStatus();
    const seen = (await peer.wait(look, this.#stepMs)) ?? "nothing";
    if (seen === `${status}`) return FINE;
    return { class: otherwise, message: `expected ${status}; seen ${seen}` };
  }

  async #expectNothing(peer: Peer, ms: number, otherwise: Class): Promise<Judgement> {
    const look = (): string | undefined => {
      const rest = this.#responses?.rest ?? "";
      if (rest !== "") return `"${escapeText(rest, 60)}"`;
      return peer.side === "open" ? undefined : "the end of the connection";
    };
    const seen = await peer.wait(look, Math.min(ms, this.#stepMs));
    if (seen === undefined) return FINE;
    return { class: otherwise, message: `expected nothing for ${ms} ms; seen ${seen}` };
  }

  async #judgeFate(classes: ConnectionClasses): Promise<Judgement> {
    const fate = await this.#findFate();
    this.#fate = fate;
    const is = classes[fate] ?? "violation";
    if (is === "conforming") return FINE;
    const told = fate === "closed" && this.#peer?.side === "reset" ? "closed by a reset" : fate;
    return { class: is, message: `expected ${expectedFate(classes)}; seen ${told}` };
  }

  /** Waits for a further answer or the end; where nothing says which, a further request brings it about. */
  async #findFate(): Promise<Fate> {
    const peer = this.#peer;
    if (peer === undefined) return "closed";
    const look = (): Fate | undefined => {
      const next = this.#responses?.next("GET");
      if (next === undefined) return undefined;
      return next.kind === "fin" || next.kind === "reset" ? "closed" : "open";
    };
    const announced =
      this.#ourSide === "ended" || (this.#last !== undefined && saysClose(this.#last));
    const already = look();
    if (already !== undefined) return already;
    if (!announced) peer.send(`GET / HTTP/1.1\r\nHost: ${this.#place.authority}\r\n\r\n`);
    return (await peer.wait(look, this.#stepMs)) ?? "stalled";
  }
}

function saysClose({ fields, version, framing }: JudgedResponse): boolean {
  const options = membersOf(valueOf(fields, "Connection") ?? "");
  if (options.includes("close") || framing === "close") return true;
  return version === "1.0" && !options.includes("keep-alive");
}

function skipped(why: string): Judgement {
  return { class: "not-applicable", message: why };
}

function worseOf(a: Judgement, b: Judgement): Judgement {
  return RANK.indexOf(b.class) > RANK.indexOf(a.class) ? b : a;
}
