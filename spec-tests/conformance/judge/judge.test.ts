/**
 * The judge is judged: references of both roles pass all cases, mutants of them fail where they are wrong.
 *
 * Rule of this file: a sample of what scripts/judge.ts does in full. Each mutant meets the cases written for it and
 * every eighth of the others, so that all cases are met by some.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { withDeadline } from "../../kit.ts";
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
} from "./judge.ts";
import { complaintsOf, mutant } from "./mutant.ts";

const test = suite("the judge is judged");
const SHARE = 8;

/** The cases written for a mutant, and a share of the others. */
async function sample<F extends string>(role: Role<F>): Promise<readonly MutantResult[]> {
  return tryMutants(role, faultsOf(role), (name, nth) => {
    const share = role.caseIds.filter((_, i) => (i + nth) % SHARE === 0);
    return new Set([...share, ...role.mutants[name].cases]);
  });
}

function assertFound(results: readonly MutantResult[]): void {
  const complaints = results.flatMap(({ name, complaints: list }) =>
    list.map((complaint) => `${name}: ${complaint}`),
  );
  assert.equal(complaints, []);
}

test(
  "the reference server passes every case",
  withDeadline(60_000, async () => {
    assert.equal(imperfections(await serverRole().run([])), []);
  }),
);

test(
  "the reference client passes every case",
  withDeadline(60_000, async () => {
    assert.equal(imperfections(await clientRole().run([])), []);
  }),
);

test(
  "each mutant of the server fails the cases written for it, and none of another section",
  withDeadline(120_000, async () => {
    const results = await sample(serverRole());
    assert.ok(results.length >= 40);
    assertFound(results);
  }),
);

test(
  "each mutant of the client fails the cases written for it, and none of another section",
  withDeadline(120_000, async () => {
    const results = await sample(clientRole());
    assert.ok(results.length >= 20);
    assertFound(results);
  }),
);

test(
  "a fault that no case finds is complained of, and one that fails strange cases too",
  withDeadline(20_000, async () => {
    const role = serverRole();
    const ids = new Set(["9112-3.2-06/1.1", "9112-3.1-01/lower-case"]);
    const results = await role.run(["host-optional"], ids);
    assert.is(imperfections(results).length, 1);
    const row = mutant("does without Host", "9112-3.1", "9112-3.1-01/lower-case");
    assert.equal(complaintsOf(row, results), [
      "9112-3.1-01/lower-case does not find it",
      "9112-3.2-06/1.1 fails, and is about something else",
    ]);
  }),
);

test("cases of a section are alike when every subject has them in one class", () => {
  const column = (...classes: readonly string[]): ReadonlyMap<string, string> =>
    new Map(classes.map((is, i) => [IDS[i] ?? "", is]));
  const one = column("violation", "violation", "violation", "conforming");
  const other = column("conforming", "conforming", "violation", "conforming");
  assert.equal(alike(IDS, [one]), [IDS.slice(0, 3)]);
  assert.equal(alike(IDS, [one, other]), [IDS.slice(0, 2)]);
  assert.equal(neverFailed(IDS, [one, other]), IDS.slice(3));
});

const IDS: readonly string[] = ["9112-3.2-01/a", "9112-3.2-01/b", "9112-3.2-02/c", "9112-3.2-03/d"];

test.run();
