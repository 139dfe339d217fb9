/**
 * Does work grow with the input, or with its square? A window of an input is repeated until the whole is
 * long, twice as long and four times; work, time and memory are compared.
 *
 * Rule of this file: kept apart from the search, since time cannot be trusted on a busy machine. Blocks run
 * are counted, which is exact but blind to what built-ins do; time and allocations see those.
 */
import { Session } from "node:inspector";
import type { HeapProfiler } from "node:inspector";
import { joined, octetsOf } from "./bytes.ts";
import { type Coverage, workOf } from "./coverage.ts";
import { type FuzzOptions, type Tally, type Target } from "./harness.ts";
import { type Random, randomFrom } from "./random.ts";
import type { Found } from "./shrink.ts";

/** The shortest of three inputs, each twice as long as the one before: fed whole, and byte by byte. */
const WHOLE_BYTES = 8_192;
const BY_BYTES = 1_024;
const WINDOW_BYTES_MAX = 24;
/** Twice the input may cost so many times the work; a square costs four times. */
const RATIO_MAX = 2.75;
/** Below this much, at the greatest length, nothing can be said. */
const BLOCKS_MIN = 4_000;
const TIME_MIN_MS = 3;
const ALLOCATED_MIN_BYTES = 4_194_304;
const TIME_ROUNDS = 5;
/** A suspicion is looked into with inputs so many times as long. */
const CONFIRMING = 3;

/** The same arguments as `fuzz`; a finding is the shorter input. */
export async function growthOf(
  target: Target,
  tally: Tally,
  { seed, until, corpus, onInput, coverage }: FuzzOptions,
): Promise<Found | undefined> {
  const random = randomFrom(seed);
  const known = [...corpus, ...target.seeds.map(octetsOf)].filter((input) => input.length > 0);
  for (let round = 0; round < known.length || !until(); round++) {
    const stretch = stretchable(known[round] ?? known[random(known.length)]!, random);
    onInput(stretch(BY_BYTES));
    tally.inputs++;
    const fault = await excessOf(target, stretch, coverage);
    if (fault !== undefined) return { input: stretch(BY_BYTES), fault };
  }
  coverage?.keep(coverage.look());
  return undefined;
}

/** The input with one of its windows repeated until it has about so many bytes. */
function stretchable(input: Uint8Array, random: Random): (bytes: number) => Uint8Array {
  const start = random(input.length);
  const end = Math.min(input.length, start + 1 + random(WINDOW_BYTES_MAX));
  const window = input.subarray(start, end);
  return (bytes) => {
    const times = Math.ceil(bytes / window.length);
    const middle = new Uint8Array(times * window.length);
    for (let i = 0; i < times; i++) middle.set(window, i * window.length);
    return joined(input.subarray(0, start), middle, input.subarray(end));
  };
}

async function excessOf(
  target: Target,
  stretch: (bytes: number) => Uint8Array,
  coverage: Coverage | undefined,
): Promise<string | undefined> {
  for (const { name, bytes, cut, measures } of FEEDS) {
    if (name !== "whole" && target.feed === "whole") continue;
    for (const { what, least, of } of measures) {
      const costsFrom = async (shortest: number): Promise<number[] | undefined> => {
        // Backwards: the longest tells whether there is anything to look at.
        const longest = await of(target, cut(stretch(4 * shortest)), coverage);
        if (longest < least) return undefined;
        const middle = await of(target, cut(stretch(2 * shortest)), coverage);
        const costs = [await of(target, cut(stretch(shortest)), coverage), middle, longest];
        return isSteep(costs) ? costs : undefined;
      };
      // What a busy machine or an early refusal made look steep is not so again when all is longer.
      const costs = (await costsFrom(bytes)) && (await costsFrom(CONFIRMING * bytes));
      if (costs === undefined) continue;
      const told = costs.map((cost) => cost.toFixed(1)).join(", ");
      return `twice the input, ${name}, costs more than twice the work: ${told} ${what}`;
    }
  }
  return undefined;
}

/** Twice in a row: an input may be refused early at one length and be read on at the next. */
function isSteep([once = 0, twice = 0, four = 0]: readonly number[]): boolean {
  return twice > RATIO_MAX * once && four > RATIO_MAX * twice;
}

type Pieces = readonly Uint8Array[];

interface Feed {
  readonly name: string;
  readonly bytes: number;
  readonly cut: (input: Uint8Array) => Pieces;
  readonly measures: readonly {
    readonly what: string;
    readonly least: number;
    readonly of: (target: Target, pieces: Pieces, coverage?: Coverage) => Promise<number>;
  }[];
}

function bytewise(input: Uint8Array): Pieces {
  return Array.from(input, (byte) => Uint8Array.of(byte));
}

async function outcome(target: Target, pieces: Pieces): Promise<void> {
  try {
    await target.run(pieces);
  } catch {
    // That an input is refused is no concern here; how much work that was is.
  }
}

async function blocksOf(target: Target, pieces: Pieces, coverage?: Coverage): Promise<number> {
  if (coverage === undefined) return 0;
  coverage.keep(coverage.look());
  await outcome(target, pieces);
  const look = coverage.look();
  coverage.keep(look);
  return workOf(look);
}

/** The fastest of several runs: the others met the rest of the machine. */
async function msOf(target: Target, pieces: Pieces): Promise<number> {
  let best = Infinity;
  for (let round = 0; round < TIME_ROUNDS; round++) {
    const start = performance.now();
    await outcome(target, pieces);
    best = Math.min(best, performance.now() - start);
    if (best < TIME_MIN_MS / 2) break;
  }
  return best;
}

/** About what was allocated, dead or alive: V8 looks at one allocation in so many bytes. */
async function allocatedOf(target: Target, pieces: Pieces): Promise<number> {
  const session = new Session();
  session.connect();
  session.post("HeapProfiler.startSampling", {
    samplingInterval: 8192,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await outcome(target, pieces);
  let bytes = 0;
  session.post("HeapProfiler.stopSampling", (_error, { profile }) => {
    bytes = sizeOf(profile.head);
  });
  session.disconnect();
  return bytes;
}

/** Byte by byte only blocks are counted: what a target does to feed bytes so is no work of ours. */
const FEEDS: readonly Feed[] = [
  {
    name: "whole",
    bytes: WHOLE_BYTES,
    cut: (input) => [input],
    measures: [
      { what: "blocks run", least: BLOCKS_MIN, of: blocksOf },
      { what: "ms", least: TIME_MIN_MS, of: msOf },
      { what: "bytes allocated", least: ALLOCATED_MIN_BYTES, of: allocatedOf },
    ],
  },
  {
    name: "byte by byte",
    bytes: BY_BYTES,
    cut: bytewise,
    measures: [{ what: "blocks run", least: BLOCKS_MIN, of: blocksOf }],
  },
];

function sizeOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}
