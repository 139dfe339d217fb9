/**
 * `npm run mutants`: small faults in a copy of lib, to see that the tests see them.
 *
 *   npm run mutants -- [--only WORD] [--kind by-hand|mechanical] [--sample N] [--seed N]
 *                      [--workers N] [--limit SECONDS] [--list] [--json FILE]
 *
 * Rule of this file: it chooses, tells and judges. It exits 1 when a mutant written by hand survives, when less
 * than 90 % of the mechanical ones are killed (those that are known to change nothing do not count), or when a
 * test fails without any mutant. --sample 0 takes all mechanical ones. --list prints them and runs nothing.
 * Tables of `../shared/vectors` are asked too where they are there.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import { BY_HAND } from "./mutants/by-hand.ts";
import { EQUIVALENT, type Equivalent } from "./mutants/equivalent.ts";
import { mechanicalMutants, sample } from "./mutants/mechanical.ts";
import { type Files, type Mutant, mutated, place } from "./mutants/mutant.ts";
import { type Step, stepsFor } from "./mutants/order.ts";
import { endAll, type Failure, ROOT, Workshop } from "./mutants/run.ts";

/** What became of a mutant: "survived" unless a test has failed, or it is known to change nothing. */
interface Verdict {
  readonly mutant: Mutant;
  readonly fate: "killed" | "survived" | "equivalent";
  readonly by: Failure | undefined;
  readonly ms: number;
}

const KILLED_SHARE_MIN = 0.9;

const { values: options } = argumentsOf(import.meta.url, {
  options: {
    only: { type: "string", default: "" },
    kind: { type: "string" },
    sample: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "1" },
    limit: { type: "string", default: "30" },
    list: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const limitMs = Number(options.limit) * 1000;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    endAll();
    process.exit(130);
  });
}
const files = readFiles("lib", ".ts");
const texts = new Map(files);
const tests = readdirSync(join(ROOT, "spec-tests"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => `spec-tests/${path}`)
  .sort();
const tables = readTables();
const mutants = chosen();

if (options.list) for (const mutant of mutants) console.log(mutant.name, told(mutant));
else {
  try {
    process.exitCode = await main();
  } finally {
    endAll();
  }
}

async function main(): Promise<number> {
  const startedAt = performance.now();
  const count = Math.max(1, Number(options.workers));
  const shops = Array.from({ length: count }, () => new Workshop(tables));
  const fit = await fitness(shops[0]!);
  const verdicts: Verdict[] = [];
  let next = 0;
  const work = async (shop: Workshop): Promise<void> => {
    for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
      const verdict = await judge(shop, mutant, fit);
      verdicts.push(verdict);
      tell(verdict);
    }
  };
  await Promise.all(shops.map(work));
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(verdicts));
  const good = summary(verdicts, (performance.now() - startedAt) / 1000);
  return good && fit.unfit.size === 0 ? 0 : 1;
}

/** What tests and tables say without a mutant. */
interface Fitness {
  /** Those that fail twice: they say nothing about a mutant. */
  readonly unfit: ReadonlySet<string>;
  /** Those that failed once, on a busy machine: when they kill, they are asked again. */
  readonly unsteady: ReadonlySet<string>;
}

async function fitness(shop: Workshop): Promise<Fitness> {
  const steps = mutants.flatMap((mutant) => stepsFor(mutant, tests, [...tables.keys()]));
  const all = (kind: Step["kind"]): readonly string[] => [
    ...new Set(steps.filter((step) => step.kind === kind).flatMap((step) => step.files)),
  ];
  const unfit = new Set<string>();
  const unsteady = new Set<string>();
  const failures = await shop.run(
    { kind: "tests", files: all("tests") },
    { limitMs, until: "all" },
  );
  for (const { by } of failures) {
    const [again] = await shop.run({ kind: "tests", files: [by] }, { limitMs, until: "all" });
    (again === undefined ? unsteady : unfit).add(by);
    if (again !== undefined) console.log(`left out, fails as it is: ${by}: ${again.what}`);
  }
  const vectors = { kind: "vectors", files: all("vectors") } as const;
  const bad = await shop.run(vectors, { limitMs, until: "all" });
  for (const name of bad.length === 0 ? [] : vectors.files) {
    const [failure] = await shop.run({ kind: "vectors", files: [name] }, { limitMs, until: "all" });
    if (failure === undefined) continue;
    unfit.add(name);
    console.log(`left out, fails as it is: ${name}: ${failure.what}`);
  }
  return { unfit, unsteady };
}

async function judge(shop: Workshop, mutant: Mutant, fit: Fitness): Promise<Verdict> {
  const startedAt = performance.now();
  const text = texts.get(mutant.file)!;
  let by: Failure | undefined;
  if (!isEquivalent(mutant)) {
    shop.write(mutant.file, mutated(text, mutant));
    for (const { kind, files: names } of stepsFor(mutant, tests, [...tables.keys()])) {
      const asked = names.filter((name) => !fit.unfit.has(name));
      const step = { kind, files: asked };
      by = await firstFailure(shop, step, fit.unsteady);
      if (by === undefined) continue;
      shop.write(mutant.file, text);
      if (by.how === "ended") await mustPass(shop, step, by);
      break;
    }
    shop.write(mutant.file, text);
  }
  const fate = isEquivalent(mutant) ? "equivalent" : by === undefined ? "survived" : "killed";
  return { mutant, fate, by, ms: performance.now() - startedAt };
}

/** A process that ended without a test that failed: was it the mutant, or is the copy broken? */
async function mustPass(shop: Workshop, step: Step, { by, what }: Failure): Promise<void> {
  const files =
    step.kind === "tests" ? step.files.slice(0, step.files.indexOf(by) + 1) : step.files;
  const asked = files.length > 0 ? files : step.files;
  const [again] = await shop.run({ ...step, files: asked }, { limitMs, until: "first" });
  if (again !== undefined) throw new Error(`the copy itself fails: ${by}: ${what}, ${again.what}`);
}

async function firstFailure(
  shop: Workshop,
  step: Step,
  unsteady: ReadonlySet<string>,
): Promise<Failure | undefined> {
  if (step.files.length === 0) return undefined;
  const [failure] = await shop.run(step, { limitMs, until: "first" });
  if (failure === undefined) return undefined;
  if (step.kind === "tests" && !unsteady.has(failure.by)) return failure;
  // Tables are asked over sockets in part, and a busy machine fails one now and then.
  const files = step.kind === "tests" ? [failure.by] : step.files;
  const again = await shop.run({ ...step, files }, { limitMs, until: "first" });
  if (again.length > 0) return failure;
  if (step.kind === "vectors") return undefined;
  const others = step.files.slice(step.files.indexOf(failure.by) + 1);
  return firstFailure(shop, { ...step, files: others }, unsteady);
}

function tell({ mutant, fate, by, ms }: Verdict): void {
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  if (by !== undefined) console.log(`killed     ${mutant.name}  ${by.by}: ${by.what} (${seconds})`);
  else if (fate === "equivalent") console.log(`equivalent ${mutant.name}`);
  else console.log(`SURVIVED   ${mutant.name} (${seconds})\n           ${told(mutant)}`);
}

/** Where it is, and what it does there. */
function told(mutant: Mutant): string {
  const { was, becomes } = lines(mutant);
  return `${mutant.file}:${mutant.line}: ${mutant.why}\n           - ${was}\n           + ${becomes}`;
}

/** True when enough was killed. */
function summary(verdicts: readonly Verdict[], seconds: number): boolean {
  const survivors = verdicts.filter(({ fate }) => fate === "survived");
  console.log(survivors.length === 0 ? "\nno survivors" : "\nsurvivors:");
  for (const { mutant } of survivors) console.log(`  ${mutant.name}\n           ${told(mutant)}`);
  const share = (kind: Mutant["kind"]): number => {
    const mine = verdicts.filter(({ mutant }) => mutant.kind === kind);
    const killed = mine.filter(({ fate }) => fate === "killed").length;
    const equal = mine.filter(({ fate }) => fate === "equivalent").length;
    const counted = mine.length - equal;
    const part = counted === 0 ? 1 : killed / counted;
    const percent = (part * 100).toFixed(1);
    const same = equal === 0 ? "" : `, ${equal} change nothing`;
    console.log(`${kind}: ${killed} of ${counted} killed (${percent} %)${same}`);
    return part;
  };
  const byHand = share("by-hand");
  const mechanical = share("mechanical");
  console.log(`seed ${options.seed}, ${Math.round(seconds)} s`);
  return byHand === 1 && mechanical >= KILLED_SHARE_MIN;
}

function chosen(): readonly Mutant[] {
  const word = options.only;
  const isWanted = (mutant: Mutant): boolean => mutant.name.includes(word);
  const hand =
    options.kind === "mechanical" ? [] : BY_HAND.map((one) => place(one, files)).filter(isWanted);
  if (options.kind === "by-hand") return hand;
  const all = mechanicalMutants(files).filter(isWanted);
  const count = Number(options.sample);
  const some = sample(all, count === 0 ? all.length : count, Number(options.seed));
  console.log(`${hand.length} by hand, ${some.length} of ${all.length} mechanical`);
  return [...hand, ...some];
}

function isEquivalent(mutant: Mutant): boolean {
  const { was, becomes, next } = lines(mutant);
  return EQUIVALENT.some((known) => {
    if (known.file !== mutant.file || known.was !== was || known.becomes !== becomes) return false;
    return known.next === undefined || known.next === next;
  });
}

/** The line of the change, before and after it, and the one behind. */
function lines(mutant: Mutant): Pick<Equivalent, "was" | "becomes"> & { readonly next: string } {
  const text = texts.get(mutant.file)!;
  const from = text.lastIndexOf("\n", mutant.start - 1) + 1;
  const [after = "", next = ""] = text.slice(mutant.end).split("\n", 2);
  const before = text.slice(from, mutant.start);
  const trimmed = (middle: string): string => `${before}${middle}${after}`.trim();
  return { was: trimmed(mutant.before), becomes: trimmed(mutant.after), next: next.trim() };
}

function readFiles(folder: string, ending: string): Files {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => [`${folder}/${path}`, readFileSync(join(ROOT, folder, path), "utf8")]);
}

/** Tables by their names without ".json". */
function readTables(): ReadonlyMap<string, string> {
  const folders = [join(ROOT, "spec-tests/vectors"), join(ROOT, "../shared/vectors")];
  return new Map(
    folders.filter(existsSync).flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => [name.slice(0, -".json".length), join(folder, name)] as const),
    ),
  );
}
