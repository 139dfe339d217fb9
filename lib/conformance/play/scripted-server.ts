/**
 * The server of a client case: it answers as the case says, and writes down what the client sends.
 *
 * Rule of this file: it follows the script and judges nothing. It answers what it has not been told to answer with
 * 404 and closes, so that no client waits for it.
 */
import type { Conn } from "../../bufio/mod.ts";
import type { Act, Answer, ClientCase, Text } from "../case.ts";
import {
  type Blanks,
  fill,
  readRequest,
  readRequestHead,
  type SeenRequest,
  valueOf,
} from "../judge/mod.ts";
import { Peer, pause } from "./peer.ts";
import type { WireLog } from "./wire-log.ts";

const NOT_IN_THE_SCRIPT =
  "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** One connection of the client. */
interface Line {
  readonly peer: Peer;
  readonly number: number;
  /** Where the next request begins. */
  at: number;
  endedBy: "nobody" | "server";
}

export class ScriptedServer {
  readonly #subject: ClientCase;
  readonly #log: WireLog;
  readonly #base: string;
  readonly #path: string;
  readonly #waitMs: number;
  readonly #lines: Line[] = [];
  readonly #requests: SeenRequest[] = [];
  readonly #uses = new Map<Answer, number>();

  /** `base` is scheme and authority, `path` where the case begins; each wait is over after `waitMs`. */
  constructor(
    subject: ClientCase,
    where: {
      readonly log: WireLog;
      readonly base: string;
      readonly path: string;
      readonly waitMs: number;
    },
  ) {
    this.#subject = subject;
    this.#log = where.log;
    this.#base = where.base;
    this.#path = where.path;
    this.#waitMs = where.waitMs;
  }

  /** The requests so far, over all connections, in the order in which they were whole. */
  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  get connections(): number {
    return this.#lines.length;
  }

  /** Whether the client has sent octets behind its requests that are no request. */
  get excess(): "none" | "some" {
    return this.#lines.some(({ peer, at }) => peer.text.length > at) ? "some" : "none";
  }

  /** Who has ended the last connection. */
  get ended(): "client" | "server" | "nobody" {
    const line = this.#lines[this.#lines.length - 1];
    if (line === undefined || line.endedBy === "server") return line?.endedBy ?? "nobody";
    return line.peer.side === "open" ? "nobody" : "client";
  }

  /** Resolves when the last connection has ended, or after `ms`. */
  async settled(ms: number): Promise<void> {
    const line = this.#lines[this.#lines.length - 1];
    await line?.peer.wait(() => (line.peer.side === "open" ? undefined : true), ms);
  }

  get blanks(): Blanks {
    const fields = this.#requests[this.#requests.length - 1]?.request.fields ?? [];
    const host = this.#base.slice(this.#base.indexOf("//") + 2);
    return {
      host,
      other: `localhost${host.slice(host.lastIndexOf(":"))}`,
      base: this.#base,
      path: this.#path,
      nowMs: Date.now(),
      field: (name) => valueOf(fields, name),
    };
  }

  /** Serves a connection until the client ends it or the script does. Never rejects. */
  async serve(conn: Conn): Promise<void> {
    const number = this.#lines.length;
    const line: Line = {
      peer: new Peer(conn, this.#log, number),
      number,
      at: 0,
      endedBy: "nobody",
    };
    this.#lines.push(line);
    for (const act of this.#subject.greeting ?? []) await this.#act(line, act);
    while (await this.#serveOne(line));
  }

  /** Ends all connections. */
  end(): void {
    for (const { peer } of this.#lines) peer.discard();
  }

  /** Answers the next request; false when there will be no other one. */
  async #serveOne(line: Line): Promise<boolean> {
    const { peer } = line;
    const read = (
      whole: typeof readRequest,
    ): ReturnType<typeof readRequest> | "gone" | undefined => {
      const reading = whole(peer.text, line.at);
      if (reading.kind !== "more") return reading;
      return peer.side === "open" && line.endedBy === "nobody" ? undefined : "gone";
    };
    // A request may come late or never; the end of the play ends this wait too.
    const head = await peer.wait(() => read(readRequestHead), this.#waitMs);
    if (head === undefined || head === "gone" || head.kind !== "read") return false;
    const answer = this.#answerTo(head.value.target);
    let isWhole = false;
    const takeContent = async (): Promise<void> => {
      const request = await peer.wait(() => read(readRequest), this.#waitMs);
      if (request === undefined || request === "gone" || request.kind !== "read") return;
      isWhole = true;
      this.#requests.push({ request: request.value, connection: line.number });
      line.at = request.end;
    };
    const waits = answer?.after !== "head";
    if (waits) await takeContent();
    if (waits && !isWhole) return false;
    if (answer === undefined) {
      peer.send(NOT_IN_THE_SCRIPT);
      this.#close(line);
      return false;
    }
    for (const act of answer.acts) {
      if (act.do === "read-content") await takeContent();
      else await this.#act(line, act);
    }
    if (!isWhole) await takeContent();
    return isWhole && line.endedBy === "nobody";
  }

  #answerTo(target: string): Answer | undefined {
    const isUsable = (answer: Answer): boolean => {
      if (answer.path !== undefined && target !== this.#path + answer.path) return false;
      const times = answer.times ?? (answer.path === undefined ? 1 : Number.POSITIVE_INFINITY);
      return (this.#uses.get(answer) ?? 0) < times;
    };
    const usable = this.#subject.answers.filter(isUsable);
    const found = usable.find(({ path }) => path !== undefined) ?? usable[0];
    if (found !== undefined) this.#uses.set(found, (this.#uses.get(found) ?? 0) + 1);
    return found;
  }

  async #act(line: Line, act: Act): Promise<void> {
    const { peer } = line;
    switch (act.do) {
      case "send":
        if (act.cut === "octets") return peer.sendOctets(this.#fill(act.text));
        return peer.sendAll(this.#fill(act.text), this.#waitMs);
      case "dribble":
        return peer.sendOctets(this.#fill(act.text), act.everyMs);
      case "pause":
        return pause(act.ms);
      case "read-content":
        return;
      case "half-close":
        line.endedBy = "server";
        return peer.halfClose();
      case "close":
        return this.#close(line);
      case "reset":
        line.endedBy = "server";
        return peer.reset();
    }
  }

  #close(line: Line): void {
    line.endedBy = "server";
    line.peer.close();
  }

  /** What the client has not sent is left out: a script has nothing to skip to. */
  #fill(text: Text): string {
    return fill(text, this.blanks) ?? "";
  }
}
