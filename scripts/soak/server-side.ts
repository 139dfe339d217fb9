/**
 * The server's half of a soak: visitors all the time, and one attack of `npm run dos` after the other.
 *
 * Rule of this file: the attacks are those of the checks that run at default settings; those that count the descriptors of
 * the whole server are left out, since others are connected too.
 */
import type { World } from "../dos/check.ts";
import { CHECKS } from "../dos/checks.ts";
import { descriptorsOf } from "../dos/proc.ts";
import { sleep } from "../dos/peer.ts";
import type { Subject } from "../dos/subject.ts";
import { VISITS } from "./good.ts";

const ATTACK_SECONDS = 0.5;
const ATTACK_PAUSE_MS = 1000;
/** An attack is a part of the traffic here, not all of it. */
const ATTACK_PART = 10;
/** They count descriptors, end the server, or need it with nobody else there. */
const ALONE: readonly string[] = ["half-open", "maxConns", "shutdown"];

const ATTACKS = CHECKS.filter(
  ({ name, subject, size }) =>
    subject.program === "rig" &&
    subject.options === undefined &&
    subject.security === undefined &&
    subject.descriptorsMax === undefined &&
    size !== "full" &&
    !name.endsWith("the cut") &&
    !ALONE.some((word) => name.includes(word)),
);

export class ServerSide {
  readonly faults: Map<string, number> = new Map();
  visits = 0;
  attacks = 0;
  readonly #subject: Subject;
  #state: "running" | "stopping" = "running";
  readonly #work: Promise<void>[] = [];

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  start(): void {
    for (const [name, { visit, atATime }] of VISITS) {
      for (let i = 0; i < atATime; i++) {
        this.#work.push(this.#again(name, () => visit(this.#subject.target), 100));
      }
    }
    this.#work.push(this.#again("attack", () => this.#attack(), ATTACK_PAUSE_MS));
  }

  async stop(): Promise<void> {
    this.#state = "stopping";
    await Promise.all(this.#work);
  }

  async #again(name: string, act: () => Promise<void>, pauseMs: number): Promise<void> {
    while (this.#state === "running") {
      try {
        await act();
        this.visits++;
      } catch (error) {
        const why = `${name}: ${error instanceof Error ? error.message : String(error)}`;
        this.faults.set(why, (this.faults.get(why) ?? 0) + 1);
      }
      await sleep(pauseMs);
    }
  }

  async #attack(): Promise<void> {
    const check = ATTACKS[this.attacks++ % ATTACKS.length];
    if (check === undefined) throw new Error("there are no attacks");
    try {
      await check.attack(this.#world());
    } catch (error) {
      throw new Error(`${check.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #world(): World {
    const { pid, target } = this.#subject;
    return {
      server: "barewire",
      target,
      size: "short",
      seconds: ATTACK_SECONDS,
      idleDescriptors: descriptorsOf(pid),
      count: (full) => Math.ceil(full / ATTACK_PART),
      descriptors: () => descriptorsOf(pid),
      log: () => this.#subject.log(),
      terminate: () => Promise.reject(new Error("nobody ends the server of a soak")),
    };
  }
}
