/**
 * Judges the judge: references of both roles, all mutants of them against all cases, and what nobody tells apart.
 *
 * Rule of this file: arguments in, text out; the trial is in spec-tests/conformance/judge.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/judge.ts [--role server|client] [--only NAME,…] [--peer REPORT]…
 *
 * `--peer` names a report that probe or script has written with --json: real peers tell cases apart too. Exit code 1
 * when a reference fails a case, or a mutant does what its row does not say.
 */
import { readFileSync } from "node:fs";
import { argumentsOf } from "./arguments.ts";
import { parseReport, type RunReport } from "../lib/conformance/mod.ts";
import {
  alike,
  clientRole,
  faultsOf,
  imperfections,
  type MutantResult,
  neverFailed,
  type Role,
  serverRole,
  tryMutants,
} from "../spec-tests/conformance/judge/judge.ts";

const { values: options } = argumentsOf(import.meta.url, {
  options: {
    role: { type: "string" },
    only: { type: "string" },
    peer: { type: "string", multiple: true, default: [] },
  },
});

const peers = options.peer.map((file) => parseReport(readFileSync(file, "utf8")));
const only = options.only?.split(",");
let wrong = 0;
if (options.role !== "client") wrong += await judge(serverRole());
if (options.role !== "server") wrong += await judge(clientRole());
process.exitCode = wrong > 0 ? 1 : 0;

/** Runs one role; how much of it is not as it should be. */
async function judge<F extends string>(role: Role<F>): Promise<number> {
  const results = await role.run([]);
  const faults = imperfections(results);
  const passes = results.filter(({ verdict }) => verdict === "pass").length;
  console.log(`the reference ${role.name}: ${passes} of ${role.caseIds.length} cases pass`);
  for (const fault of faults) console.log(`  ${fault}`);
  const names = faultsOf(role).filter((name) => only === undefined || only.includes(name));
  const mutants = await tryMutants(role, names);
  for (const mutant of mutants) tell(role, mutant);
  const complaints = mutants.reduce((sum, mutant) => sum + mutant.complaints.length, 0);
  console.log(`${mutants.length} mutants of the ${role.name}, ${complaints} complaints\n`);
  if (only === undefined) tellAlike(role, mutants);
  return faults.length + complaints;
}

function tell<F extends string>(
  role: Role<F>,
  { name, breaks, failed, complaints }: MutantResult<F>,
): void {
  const { cases } = role.mutants[name];
  console.log(`  ${name.padEnd(26)} ${`${failed.length}`.padStart(4)} fail  ${breaks}`);
  console.log(`${" ".repeat(39)}${cases.join(", ")}`);
  for (const complaint of complaints) console.log(`    WRONG: ${complaint}`);
}

/** Candidates for going: a person decides, since two bugs may look alike from here. */
function tellAlike<F extends string>(role: Role<F>, mutants: readonly MutantResult[]): void {
  const columns = [
    ...mutants.map(({ classes }) => columnOf(role.caseIds.map((id, i) => [id, classes[i] ?? "-"]))),
    ...peers.filter((peer) => peer.role === role.name).map(peerColumn),
  ];
  const groups = alike(role.caseIds, columns);
  console.log(`${groups.length} groups of cases in a section that nobody tells apart:`);
  for (const group of groups) console.log(`  ${group.join("  ")}`);
  const quiet = neverFailed(role.caseIds, columns);
  console.log(`${quiet.length} cases that no mutant and no peer has failed:`);
  console.log(`  ${quiet.join("  ")}\n`);
}

function peerColumn({ results }: RunReport): ReadonlyMap<string, string> {
  return columnOf(results.map((result) => [result.id, result.class]));
}

function columnOf(rows: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  return new Map(rows);
}
