/**
 * The vector runner: files in, verdicts and counts out.
 *
 * Rule of this file: it knows files, topics, rules and totals, and nothing of HTTP. A case passes when every
 * way of running it gives what is wanted, or what the rule that decides it gives instead. Only cases marked
 * `lenient`, and those whose topic says why, are skipped.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isObject, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";
import { differences } from "./match.ts";

export interface RunnerOptions {
  readonly folders: readonly string[];
  /** Everything that code exists for. */
  readonly topics: readonly Topic[];
  /** The names of the topics that count. */
  readonly listed: readonly string[];
  readonly rules: readonly Rule[];
  /** "all": every topic counts, and a file that nothing covers fails. */
  readonly scope: "listed" | "all";
  readonly print: (line: string) => void;
}

/** How it ended; `failed` counts cases, idle rules and, with scope "all", files that nothing covers. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Runs every case of every covered topic found in the folders, and prints what DESIGN section 4 asks for. */
export async function runVectors(options: RunnerOptions): Promise<Totals> {
  const { print } = options;
  const files = filesOf(options.folders);
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const rules = options.rules.map((rule) => ({ rule, decided: 0, ran: 0 }));
  if (files.length === 0) {
    print(`no vectors in ${options.folders.join(", ") || "no folder"}`);
    totals.failed++;
  }
  for (const file of files) {
    const topics = options.topics.filter((topic) => topic.file === file.name);
    if (topics.length === 0) {
      print(`${file.name}: not covered`);
      if (options.scope === "all") totals.failed++;
    }
    for (const topic of topics) {
      if (options.scope === "listed" && !options.listed.includes(topic.name)) {
        print(`${topic.name}: not listed`);
        continue;
      }
      const mine = rules.filter(({ rule }) => rule.topics.includes(topic.name));
      for (const one of mine) one.ran++;
      const verdicts = await runTopic(topic, file.content, mine);
      printTopic(topic, verdicts, totals, print);
    }
  }
  totals.failed += printRules(rules, print);
  print(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals;
}

interface VectorFile {
  readonly name: string;
  readonly content: JsonObject;
}

interface CountedRule {
  readonly rule: Rule;
  decided: number;
  /** How many of its topics ran. */
  ran: number;
}

interface Verdict {
  readonly id: string;
  readonly what: "passed" | "failed" | "skipped";
  readonly lines: readonly string[];
}

function filesOf(folders: readonly string[]): VectorFile[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => {
        const content = JSON.parse(readFileSync(join(folder, name), "utf8")) as Json;
        return { name: name.slice(0, -".json".length), content: isObject(content) ? content : {} };
      }),
  );
}

async function runTopic(
  topic: Topic,
  content: JsonObject,
  rules: readonly CountedRule[],
): Promise<Verdict[]> {
  const cases = topic.cases(content);
  const verdicts: Verdict[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < cases.length) {
      const index = next++;
      verdicts[index] = await runCase(topic, cases[index]!, rules);
    }
  };
  await Promise.all(Array.from({ length: topic.parallel }, worker));
  return verdicts;
}

async function runCase(topic: Topic, one: Case, rules: readonly CountedRule[]): Promise<Verdict> {
  if (one.skip !== undefined) return { id: one.id, what: "skipped", lines: [one.skip] };
  const { want, by } = decide(one.input, one.want, rules);
  const runs = await runsOf(topic, one.input);
  const lines = failures(want, runs);
  if (lines.length === 0) return { id: one.id, what: "passed", lines: [] };
  return { id: one.id, what: "failed", lines: [...by.map((name) => `by rule ${name}`), ...lines] };
}

/** What differs, with the ways in which it does: most faults show in all of them. */
function failures(want: Outcome, runs: readonly Run[]): string[] {
  const ways = new Map<string, string[]>();
  for (const { way, outcome } of runs) {
    const thrown = textOf(outcome["thrown"]);
    const texts = thrown === "" ? differences(want, outcome) : [`it threw ${thrown}`];
    for (const text of texts) ways.set(text, [...(ways.get(text) ?? []), way]);
  }
  return [...ways].map(([text, found]) => {
    if (found.length === runs.length) return text;
    return `${found.join(", ")}:\n${text.replace(/^/gm, "  ")}`;
  });
}

/** A throw is an outcome like any other: it equals nothing that is wanted, so the case fails. */
async function runsOf(topic: Topic, input: Input): Promise<readonly Run[]> {
  try {
    return await topic.run(input);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ way: "", outcome: { thrown: text } }];
  }
}

/** All rules that decide the input have their say, in their order. */
function decide(
  input: Input,
  want: Outcome,
  rules: readonly CountedRule[],
): { want: Outcome; by: string[] } {
  let decided = want;
  const by: string[] = [];
  for (const one of rules) {
    if (!one.rule.decides(input)) continue;
    decided = one.rule.outcome(input, decided);
    one.decided++;
    by.push(one.rule.name);
  }
  return { want: decided, by };
}

function printTopic(
  topic: Topic,
  verdicts: readonly Verdict[],
  totals: { passed: number; failed: number; skipped: number },
  print: (line: string) => void,
): void {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const reasons = new Map<string, number>();
  for (const { id, what, lines } of verdicts) {
    count[what]++;
    if (what === "skipped") reasons.set(lines[0]!, (reasons.get(lines[0]!) ?? 0) + 1);
    if (what !== "failed") continue;
    print(`FAIL ${topic.name} ${id}`);
    for (const line of lines.flatMap((text) => text.split("\n"))) print(`     ${line}`);
  }
  for (const [reason, times] of reasons) print(`skip ${topic.name}: ${times} × ${reason}`);
  print(`${topic.name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  totals.passed += count.passed;
  totals.failed += count.failed;
  totals.skipped += count.skipped;
}

/** Answers how many rules decided nothing although every topic of theirs ran. */
function printRules(rules: readonly CountedRule[], print: (line: string) => void): number {
  for (const { rule, decided, ran } of rules) {
    if (ran > 0) print(`rule ${rule.name} (${rule.section}): decided ${decided}`);
  }
  const idle = rules.filter(
    ({ rule, decided, ran }) => ran === rule.topics.length && decided === 0,
  );
  for (const { rule } of idle) print(`FAIL rule ${rule.name}: it decides no case, take it out`);
  return idle.length;
}
