/**
 * What a check is, what it is told, and what is found.
 *
 * Rule of this file: types, and the bars that every check has; nothing runs here.
 */
import type { Way } from "./innocent.ts";
import type { Target } from "./loopback.ts";
import type { Watched } from "./watcher.ts";

/** Bars of every check; a check may ask for more. */
export const GROWTH_MIB_MAX = 100;
export const P99_MS_MAX = 250;
/** The lingering of the last connections is over by then: lingerTimeout is 2 s. */
export const SETTLE_MS_MAX = 5000;

/** What the watcher asks before anything is counted, so that compiling is over. */
export const WARM_UP_REQUESTS = 300;

/** The program under attack, and how it differs from its defaults. */
export interface SubjectSpec {
  readonly program: "demo" | "rig" | "foreign-listener";
  /** Options of the server; none: the defaults. */
  readonly options?: Readonly<Record<string, number>>;
  readonly security?: "tls";
  /** The soft limit of open files (`ulimit -n`). */
  readonly descriptorsMax?: number;
}

/** Where an attack happens. */
export interface World {
  /** Which status is answered is our policy: of another server only that it refuses or cuts is asked. */
  readonly server: "barewire" | "node-http";
  readonly target: Target;
  readonly size: "short" | "full";
  /** How long an attack goes on. */
  readonly seconds: number;
  /** What is open while nobody is connected. */
  readonly idleDescriptors: number;
  /** A number of connections or the like: all of them, or a fifth in a short run. */
  count(full: number): number;
  /** What the server has open now. */
  descriptors(): number;
  log(): string;
  /** Ends the server with SIGTERM and waits for it; answers all that it has logged. */
  terminate(): Promise<string>;
}

/** One thing that must hold. */
export interface Check {
  readonly name: string;
  /** What it asks beside the bars of all checks. */
  readonly bar: string;
  readonly subject: SubjectSpec;
  /** Who uses the server meanwhile; with nobody there is no latency to judge. */
  readonly innocents: readonly Way[];
  readonly p99MsMax?: number;
  /** Left out of short runs, for the time it takes. */
  readonly size?: "full";
  /** Whether node:http can be asked the same. */
  readonly peer: "node-http" | "none";
  /** Does its worst; answers figures, and throws when the bar is not met. */
  attack(world: World): Promise<string>;
}

export const BOTH: readonly Way[] = ["kept", "fresh"];
export const NOBODY: readonly Way[] = [];

/** What came of a check against one server or client. */
export interface Finding {
  readonly subject: "barewire" | "node-http" | "fetch";
  readonly watched: Watched | undefined;
  readonly after: { readonly mib: number; readonly descriptors: number };
  /** Figures of the attack itself. */
  readonly seen: string;
  /** Bars that were not met. */
  readonly problems: readonly string[];
}

/** Throws unless something holds. */
export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
