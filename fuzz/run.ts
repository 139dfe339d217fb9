/**
 * npm run fuzz: every target of this folder for its share of the time, in a thread that can be stopped.
 *
 * Rule of this file: files, threads and words; the loop itself is in harness.ts.
 *
 *   npm run fuzz                       all targets, 10 seconds, a seed of the moment
 *   npm run fuzz -- --seconds 60 --seed 7
 *   npm run fuzz -- --target head      targets whose name contains this
 *   npm run fuzz -- --keep             a fault found is written into corpus/, and tried first from then on
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { escaped, fuzz } from "./harness.ts";
import type { Found, Tally, Target } from "./harness.ts";

/** What the thread is given. The shared bytes hold the length of the input at work, then the input. */
interface Job {
  readonly name: string;
  readonly seed: number;
  readonly ms: number;
  readonly shared: SharedArrayBuffer;
}

interface Report {
  readonly tally: Tally;
  readonly found: Found | undefined;
}

/** An input that takes longer is a fault: nothing here is larger than a few KiB. */
const HANG_MS = 5_000;
const SHARED_BYTES = 65_536;

if (isMainThread) await main();
else parentPort?.postMessage(await work(workerData as Job));

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      seconds: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      target: { type: "string", default: "" },
      keep: { type: "boolean", default: false },
    },
  });
  const names = readdirSync(new URL(".", import.meta.url))
    .filter((file) => file.endsWith(".ts") && !["harness.ts", "run.ts"].includes(file))
    .map((file) => file.slice(0, -3))
    .filter((name) => name.includes(options.target));
  const ms = (Number(options.seconds) * 1000) / Math.max(1, names.length);
  const seed = Number(options.seed);
  console.log(`seed ${seed}, ${Math.round(ms)} ms for each target`);

  let failed = 0;
  if (names.length === 0) {
    console.log("no target: a fuzz run that tries nothing proves nothing");
    failed++;
  }
  for (const name of names) {
    const { tally, found } = await inThread(name, seed, ms);
    console.log(`${name.padEnd(20)} ${summary(tally)}`);
    if (found === undefined) continue;
    failed++;
    console.log(`  FAULT ${found.fault}\n  input ${escaped(found.input)}`);
    console.log(`  again: npm run fuzz -- --target ${name} --seed ${seed}`);
    if (options.keep) keep(name, found.input);
  }
  console.log(`${Math.max(0, names.length - failed)} passed, ${failed} failed, 0 skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Runs one target in a thread of its own; an endless loop or a promise never kept becomes a fault. */
function inThread(name: string, seed: number, ms: number): Promise<Report> {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const job: Job = { name, seed, ms, shared };
  const worker = new Worker(new URL(import.meta.url), { workerData: job });
  const [turn, length] = [new Int32Array(shared, 0, 1), new Int32Array(shared, 4, 1)];
  return new Promise((resolve) => {
    const end = (report: Report): void => {
      clearInterval(watch);
      resolve(report);
      void worker.terminate();
    };
    const fault = (why: string): void => {
      const input = new Uint8Array(shared, 8, length[0]).slice();
      end({
        tally: { inputs: turn[0]!, accepted: 0, refused: new Map() },
        found: { input, fault: why },
      });
    };
    let seen = -1;
    let seenAt = Date.now();
    const watch = setInterval(() => {
      if (turn[0] !== seen) [seen, seenAt] = [turn[0]!, Date.now()];
      else if (Date.now() - seenAt > HANG_MS) fault(`no answer after ${HANG_MS} ms`);
    }, 200);
    worker.once("message", end);
    worker.once("error", (error) => fault(`the thread died: ${error.stack ?? error.message}`));
    worker.once("exit", () =>
      fault("the thread ended without an answer: a promise was never kept"),
    );
  });
}

async function work({ name, seed, ms, shared }: Job): Promise<Report> {
  const { target } = (await import(new URL(`./${name}.ts`, import.meta.url).href)) as {
    target: Target;
  };
  const corpus = corpusOf(name).map((file) => Uint8Array.from(readFileSync(file)));
  const tally: Tally = { inputs: 0, accepted: 0, refused: new Map() };
  const [turn, length] = [new Int32Array(shared, 0, 1), new Int32Array(shared, 4, 1)];
  const room = new Uint8Array(shared, 8);
  const endAt = Date.now() + ms;
  const found = await fuzz(target, tally, {
    seed,
    corpus,
    until: () => Date.now() >= endAt,
    onInput: (input) => {
      turn[0] = turn[0]! + 1;
      length[0] = Math.min(input.length, room.length);
      room.set(input.subarray(0, room.length));
    },
  });
  return { tally, found };
}

function summary({ inputs, accepted, refused }: Tally): string {
  const codes = [...refused].sort(([, a], [, b]) => b - a).slice(0, 4);
  const most = codes.map(([code, times]) => `${code} ${times}`).join(", ");
  return `${inputs} inputs, ${accepted} accepted, ${refused.size} codes${most && ` (${most})`}`;
}

function corpusOf(name: string): URL[] {
  const folder = new URL(`./corpus/${name}/`, import.meta.url);
  return existsSync(folder) ? readdirSync(folder).map((file) => new URL(file, folder)) : [];
}

function keep(name: string, input: Uint8Array): void {
  const folder = new URL(`./corpus/${name}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  const hash = input.reduce((sum, byte) => Math.imul(sum ^ byte, 16777619) >>> 0, 2166136261);
  writeFileSync(new URL(`${hash.toString(16)}.bin`, folder), input);
}
