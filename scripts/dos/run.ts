/**
 * One check against one server: watched, attacked, left alone, judged.
 *
 * Rule of this file: a full run gives each check a process of its own; a short one lets checks of the same
 * subject share theirs, to save the time.
 */
import {
  type Check,
  type Finding,
  GROWTH_MIB_MAX,
  P99_MS_MAX,
  SETTLE_MS_MAX,
  type SubjectSpec,
  type World,
} from "./check.ts";
import { descriptorsOf, residentMib } from "./proc.ts";
import { sleep } from "./peer.ts";
import { startSubject, type Subject, type Watcher } from "./subject.ts";
import type { Watched } from "./watcher.ts";

export interface RunOptions {
  readonly size: "short" | "full";
  readonly host: string;
  readonly server: "barewire" | "node-http";
}

const FULL_SECONDS = 4;
const SHORT_SECONDS = 0.3;
/** In a short run fewer of everything. */
const SHORT_PART = 5;

/** Runs checks one after the other, with one watcher. */
export class Runner {
  readonly #watcher: Watcher;
  readonly #options: RunOptions;
  #shared: { key: string; subject: Subject } | undefined;
  /** Those that a check has ended, as it should. */
  readonly #ended: Set<Subject> = new Set();

  constructor(watcher: Watcher, options: RunOptions) {
    this.#watcher = watcher;
    this.#options = options;
  }

  async run(check: Check): Promise<Finding> {
    const shared = this.#shared?.subject;
    const subject = await this.#subjectFor(check.subject);
    const warmth = subject === shared ? "warm" : "cold";
    const problems: string[] = [];
    let seen = "";
    const { target, pid } = subject;
    await this.#watcher.begin({ target, pid, innocents: check.innocents, warmth });
    const world = this.#worldOf(subject);
    try {
      seen = await check.attack(world);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    const watched = await this.#watcher.end();
    const settled = subject.alive ? await settle(pid, watched.before.descriptors) : undefined;
    const after = { mib: residentMib(pid), descriptors: descriptorsOf(pid) };
    problems.push(...judge(check, watched, after, settled, this.#options.size));
    if (!subject.alive && !this.#ended.has(subject)) {
      problems.push(`the server has died:\n${subject.log().slice(-2000)}`);
    }
    if (problems.length > 0 || this.#options.size === "full") await this.#discard(subject);
    return { subject: this.#options.server, watched, after, seen, problems };
  }

  /** Ends the server that is still shared. */
  async finish(): Promise<void> {
    if (this.#shared !== undefined) await this.#discard(this.#shared.subject);
  }

  async #subjectFor(spec: SubjectSpec): Promise<Subject> {
    const key = JSON.stringify(spec);
    if (this.#shared?.key === key && this.#shared.subject.alive) return this.#shared.subject;
    await this.finish();
    const { host, server } = this.#options;
    const subject = await startSubject(spec, host, server);
    this.#shared = { key, subject };
    return subject;
  }

  async #discard(subject: Subject): Promise<void> {
    this.#shared = undefined;
    await subject.end("SIGKILL");
  }

  #worldOf(subject: Subject): World {
    const { size, server } = this.#options;
    const idleDescriptors = descriptorsOf(subject.pid);
    return {
      server,
      target: subject.target,
      size,
      seconds: size === "full" ? FULL_SECONDS : SHORT_SECONDS,
      idleDescriptors,
      count: (full) => (size === "full" ? full : Math.ceil(full / SHORT_PART)),
      descriptors: () => descriptorsOf(subject.pid),
      log: () => subject.log(),
      terminate: async () => {
        this.#ended.add(subject);
        await subject.end("SIGTERM");
        return subject.log();
      },
    };
  }
}

/** Waits until no descriptor is left over; answers how long that took, in ms. */
export async function settle(pid: number, baseline: number): Promise<number | undefined> {
  const begun = performance.now();
  while (descriptorsOf(pid) > baseline) {
    if (performance.now() - begun > SETTLE_MS_MAX) return undefined;
    await sleep(20);
  }
  return performance.now() - begun;
}

function judge(
  check: Check,
  watched: Watched,
  after: Finding["after"],
  settled: number | undefined,
  size: RunOptions["size"],
): string[] {
  const problems: string[] = [];
  const growth = watched.peak.mib - watched.before.mib;
  // A short run has too few innocents for a finer bar: their p99 is the worst of them.
  const p99MsMax = size === "full" ? (check.p99MsMax ?? P99_MS_MAX) : P99_MS_MAX;
  if (growth > GROWTH_MIB_MAX) problems.push(`memory grew by ${growth.toFixed(0)} MiB`);
  if (watched.p99Ms > p99MsMax) problems.push(`p99 of innocents ${watched.p99Ms.toFixed(0)} ms`);
  if (check.innocents.length > 0 && watched.answers === 0)
    problems.push("no innocent was answered");
  for (const [why, times] of watched.failures) problems.push(`innocent ${why} (${times} times)`);
  if (settled === undefined && after.descriptors > watched.before.descriptors) {
    const left = after.descriptors - watched.before.descriptors;
    problems.push(`${left} descriptors left over after ${SETTLE_MS_MAX} ms`);
  }
  return problems;
}
