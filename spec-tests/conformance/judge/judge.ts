/**
 * The judge is judged: the references must pass, and each mutant must fail where it is wrong and nowhere else.
 *
 * Rule of this file: it gathers what scripts/judge.ts prints and the tests assert; the tables say what is expected.
 */
import {
  type CaseResult,
  CLIENT_CASES,
  type ClientCase,
  type RunOptions,
  sectionOf,
  SERVER_CASES,
  type ServerCase,
} from "../../../lib/conformance/mod.ts";
import { CLIENT_MUTANTS, type ClientFault } from "./client-mutants.ts";
import { complaintsOf, failedOf, type Mutant } from "./mutant.ts";
import { SERVER_MUTANTS, type ServerFault } from "./server-mutants.ts";
import { tryClient, tryServer } from "./trial.ts";

/** Sections of what the references do not do, and why that is right: their cases do not apply. */
export const NOT_DONE: readonly (readonly [section: string, why: string])[] = [
  ["9110-7.8", "no upgrade is offered or taken"],
  ["9110-9.3.8", "TRACE is left out"],
  ["9110-13.1.2", "nothing can be PUT"],
  ["9110-14.5", "nothing can be PUT"],
  ["9110-15.3.7.2", "several ranges get the whole page"],
  ["9110-15.4.2", "nothing is redirected"],
  ["9111-5.2.2.1", "no Cache-Control is sent"],
  ["9112-7.4", "no TE is sent"],
  ["9112-9.6", "the client does not say close by itself"],
];

/** One role: its reference, its mutants and its cases. */
export interface Role<F extends string> {
  readonly name: "server" | "client";
  readonly caseIds: readonly string[];
  readonly mutants: Readonly<Record<F, Mutant>>;
  /** Runs these cases, or all of them, against a reference with these faults. */
  readonly run: (faults: readonly F[], ids?: ReadonlySet<string>) => Promise<readonly CaseResult[]>;
}

function pick<C extends { readonly id: string }>(
  cases: readonly C[],
  ids: ReadonlySet<string> | undefined,
): readonly C[] {
  return ids === undefined ? cases : cases.filter(({ id }) => ids.has(id));
}

export function serverRole(
  options: RunOptions = {},
  cases: readonly ServerCase[] = SERVER_CASES,
): Role<ServerFault> {
  return {
    name: "server",
    caseIds: cases.map(({ id }) => id),
    mutants: SERVER_MUTANTS,
    run: async (faults, ids) => tryServer(pick(cases, ids), faults, options),
  };
}

export function clientRole(
  options: RunOptions = {},
  cases: readonly ClientCase[] = CLIENT_CASES,
): Role<ClientFault> {
  return {
    name: "client",
    caseIds: cases.map(({ id }) => id),
    mutants: CLIENT_MUTANTS,
    run: async (faults, ids) => tryClient(pick(cases, ids), faults, options),
  };
}

/** What is wrong with the results of a reference: anything but a pass, or not applying for a known reason. */
export function imperfections(results: readonly CaseResult[]): string[] {
  const isLeftOut = (id: string): boolean =>
    NOT_DONE.some(([section]) => section === sectionOf(id));
  return results
    .filter(({ id, verdict, level, message }) => {
      if (verdict === "pass" || message.startsWith("only over")) return false;
      return verdict === "not-applicable" ? !isLeftOut(id) : level !== "MAY";
    })
    .map(({ id, verdict, message }) => `${id} is ${verdict}: ${message}`);
}

/** What one mutant has shown. */
export interface MutantResult<F extends string = string> {
  readonly name: F;
  readonly breaks: string;
  readonly failed: readonly string[];
  readonly complaints: readonly string[];
  /** The class of each case, in the order of the cases. */
  readonly classes: readonly string[];
}

export async function tryMutant<F extends string>(
  role: Role<F>,
  name: F,
  ids?: ReadonlySet<string>,
): Promise<MutantResult<F>> {
  const mutant = role.mutants[name];
  const results = await role.run([name], ids);
  const complaints = complaintsOf(mutant, results);
  const { breaks } = mutant;
  const classes = results.map((result) => result.class);
  return { name, breaks, failed: failedOf(results), complaints, classes };
}

const AT_A_TIME = 8;

/** The names of all mutants of a role. */
export function faultsOf<F extends string>(role: Role<F>): readonly F[] {
  return Object.keys(role.mutants) as F[];
}

/** Time decides some cases, and others run meanwhile: what is complained of is tried once more, alone. */
async function withoutDoubt<F extends string>(
  role: Role<F>,
  result: MutantResult<F>,
): Promise<MutantResult<F>> {
  if (result.complaints.length === 0) return result;
  const ids = new Set([...result.failed, ...role.mutants[result.name].cases]);
  const again = await tryMutant(role, result.name, ids);
  return { ...result, failed: again.failed, complaints: again.complaints };
}

/** Tries mutants, several at a time, since most of their time is waiting. */
export async function tryMutants<F extends string>(
  role: Role<F>,
  names: readonly F[],
  idsFor: (name: F, nth: number) => ReadonlySet<string> | undefined = () => undefined,
): Promise<readonly MutantResult<F>[]> {
  const results: MutantResult<F>[] = [];
  const queue = [...names.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [nth, name] = next;
      results[nth] = await tryMutant(role, name, idsFor(name, nth));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  const sure: MutantResult<F>[] = [];
  for (const result of results) sure.push(await withoutDoubt(role, result));
  return sure;
}

/**
 * Cases of one topic's requirement that no mutant and no peer tells apart: the same class everywhere, and not the
 * class of a pass everywhere. Each column is one subject's classes, by case.
 */
export function alike(
  ids: readonly string[],
  columns: readonly ReadonlyMap<string, string>[],
): string[][] {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const seen = columns.map((column) => column.get(id) ?? "-");
    const isFound = seen.some((is) => is === "violation");
    if (!isFound) continue;
    const key = `${sectionOf(id)} ${seen.join(" ")}`;
    groups.set(key, [...(groups.get(key) ?? []), id]);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

/** Cases that nobody has ever failed: no mutant and no peer shows what they are for. */
export function neverFailed(
  ids: readonly string[],
  columns: readonly ReadonlyMap<string, string>[],
): string[] {
  return ids.filter((id) => columns.every((column) => column.get(id) !== "violation"));
}
