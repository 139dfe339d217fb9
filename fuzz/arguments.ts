/**
 * What `npm run fuzz` can be told, and how it is told that something else was meant.
 *
 * Rule of this file: words in, choices or one line of complaint out. It starts nothing.
 */
import { parseArgs } from "node:util";

export const USAGE = `npm run fuzz -- [options] [target…]

Throws changed inputs at every target, or at those that are named, each in a process of its own.

  --seconds N       so long each, by the clock on the wall (default 2, if nothing else bounds the run)
  --cpu-seconds N   so much processor time each
  --executions N    so many inputs each; of several bounds the one that is met first ends a target
  --seed N          the same inputs again (default: a seed of the moment)
  --at-once N       so many targets at a time (default 1)
  --growth          inputs made twice as long: does the work stay linear?
  --report FILE     appends one line of JSON for each target
  --table FILE      sums up such a file as a table in Markdown, and runs nothing
  --list            prints the names of the targets
  --help            prints this

Exit code: 0 when nothing was found, 1 after a finding, 2 when the arguments make no sense.`;

export interface RunChoices {
  readonly kind: "run";
  readonly names: readonly string[];
  readonly seed: number;
  /** Infinity where nothing was said, for all three. */
  readonly ms: number;
  readonly cpuMs: number;
  readonly executions: number;
  readonly atOnce: number;
  readonly mode: "search" | "growth";
  readonly report: string | undefined;
}

export type Choices =
  | RunChoices
  | { readonly kind: "help" }
  | { readonly kind: "list" }
  | { readonly kind: "table"; readonly file: string }
  | { readonly kind: "complaint"; readonly text: string };

const OPTIONS = {
  seconds: { type: "string" },
  "cpu-seconds": { type: "string" },
  executions: { type: "string" },
  seed: { type: "string" },
  "at-once": { type: "string" },
  growth: { type: "boolean" },
  report: { type: "string" },
  table: { type: "string" },
  list: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const DEFAULT_SECONDS = 2;
const SEEDS = 1_000_000;

/** `known` are the names of all targets. */
export function choicesOf(args: readonly string[], known: readonly string[]): Choices {
  try {
    const parsed = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const { values, positionals } = parsed;
    if (values.help === true) return { kind: "help" };
    if (values.list === true) return { kind: "list" };
    if (values.table !== undefined) return { kind: "table", file: values.table };
    const unknown = positionals.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      return complaint(`there is no target "${unknown}"`);
    }
    const bounds = {
      ms: 1000 * number("--seconds", values.seconds, DECIMAL, Infinity),
      cpuMs: 1000 * number("--cpu-seconds", values["cpu-seconds"], DECIMAL, Infinity),
      executions: number("--executions", values.executions, WHOLE, Infinity),
    };
    const isBounded = Object.values(bounds).some((bound) => bound < Infinity);
    return {
      kind: "run",
      names: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
      ...bounds,
      ms: isBounded ? bounds.ms : 1000 * DEFAULT_SECONDS,
      seed: number("--seed", values.seed, WHOLE, Date.now() % SEEDS),
      atOnce: Math.max(1, number("--at-once", values["at-once"], WHOLE, 1)),
      mode: values.growth === true ? "growth" : "search",
      report: values.report,
    };
  } catch (error) {
    // Node's message goes on with advice on how to name a file that begins with a dash.
    const [first = ""] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    return complaint(first);
  }
}

function complaint(text: string): Choices {
  return { kind: "complaint", text: `fuzz: ${text} (--help tells what there is)` };
}

const WHOLE = /^\d{1,15}$/;
const DECIMAL = /^\d{1,9}(?:\.\d{1,3})?$/;

function number(option: string, text: string | undefined, form: RegExp, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!form.test(text)) throw new RangeError(`${option} wants a number, not "${text}"`);
  return Number(text);
}
