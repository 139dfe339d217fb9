/**
 * What an input reached: the blocks of the code under test that V8 has counted since the last look.
 *
 * Rule of this file: positions in the code that runs (types stripped), no files, no source maps. Code that
 * was compiled before `start` is not counted by blocks, so a target is imported after it.
 */
import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";
import { takeCoverage } from "node:v8";

/** One look: for each script the stretches of code and how often they ran since the look before. */
export type Look = ReadonlyMap<string, readonly Stretch[]>;

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** Counts on the thread that made it. Only one at a time: each look resets V8's counters. */
export class Coverage {
  readonly #session: Session = new Session();
  readonly #watches: (url: string) => boolean;
  /** Per script: which chars have ever run. */
  readonly #reached: Map<string, Uint8Array> = new Map();
  /** Per script: where stretches have ever begun or ended; what lies between two is a block. */
  readonly #edges: Map<string, Set<number>> = new Map();

  constructor(watches: (url: string) => boolean) {
    this.#watches = watches;
  }

  start(): void {
    // From here on the counters are ours: what was counted before is written down for whoever wanted it.
    if (process.env["NODE_V8_COVERAGE"] !== undefined) takeCoverage();
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  stop(): void {
    this.#session.disconnect();
  }

  /** What has run since the last look. About 0.7 ms when the whole library is loaded. */
  look(): Look {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    this.#session.post("Profiler.takePreciseCoverage", (_error, taken) => {
      scripts = taken.result;
    });
    return new Map(
      scripts
        .filter(({ url }) => this.#watches(url))
        .map(({ scriptId, functions }) => [
          scriptId,
          stretchesOf(functions.flatMap(({ ranges }) => ranges)),
        ]),
    );
  }

  /** Did anything run that never ran before? */
  isNews(look: Look): boolean {
    for (const [script, stretches] of look) {
      const reached = this.#reached.get(script);
      if (stretches.some((stretch) => isNew(stretch, reached))) return true;
    }
    return false;
  }

  /** Remembers a look. */
  keep(look: Look): void {
    for (const [script, stretches] of look) {
      const end = stretches.at(-1)?.end ?? 0;
      const known = this.#reached.get(script) ?? new Uint8Array();
      const reached = known.length < end ? grown(known, end) : known;
      const edges = this.#edges.get(script) ?? new Set();
      for (const stretch of stretches) {
        edges.add(stretch.start).add(stretch.end);
        if (stretch.count > 0) reached.fill(1, stretch.start, stretch.end);
      }
      this.#reached.set(script, reached);
      this.#edges.set(script, edges);
    }
  }

  /** Blocks that ever ran, and all that are known: those of functions that were never looked into are not. */
  get blocks(): { readonly reached: number; readonly known: number } {
    let [count, known] = [0, 0];
    for (const [script, edges] of this.#edges) {
      const reached = this.#reached.get(script)!;
      const places = [...edges].sort((a, b) => a - b).slice(0, -1);
      known += places.length;
      count += places.filter((place) => reached[place] === 1).length;
    }
    return { reached: count, known };
  }
}

/** How much work a look stands for: every block as often as it ran. */
export function workOf(look: Look): number {
  let work = 0;
  for (const stretches of look.values()) {
    for (const { count } of stretches) work += count;
  }
  return work;
}

/**
 * Ranges lie in each other, and the innermost is right: a function that was not called lies in the range of
 * one that was. Made flat they follow each other.
 */
function stretchesOf(ranges: readonly Profiler.CoverageRange[]): Stretch[] {
  const sorted = ranges.toSorted(
    (a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset,
  );
  const flat: Stretch[] = [];
  const open: Profiler.CoverageRange[] = [];
  let at = 0;
  const upTo = (end: number): void => {
    const range = open.at(-1);
    if (range !== undefined && end > at) flat.push({ start: at, end, count: range.count });
    at = Math.max(at, end);
  };
  const closeUpTo = (offset: number): void => {
    for (let top = open.at(-1); top !== undefined && top.endOffset <= offset; top = open.at(-1)) {
      upTo(top.endOffset);
      open.pop();
    }
  };
  for (const range of sorted) {
    closeUpTo(range.startOffset);
    upTo(range.startOffset);
    at = range.startOffset;
    open.push(range);
  }
  closeUpTo(Infinity);
  return flat;
}

function isNew({ start, end, count }: Stretch, reached: Uint8Array | undefined): boolean {
  if (count === 0) return false;
  if (reached === undefined || reached.length < end) return true;
  const place = reached.indexOf(0, start);
  return place >= 0 && place < end;
}

function grown(bytes: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}
