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
  clientRole,
  faultsOf,
  imperfections,
  type MutantResult,
  type Role,
  serverRole,
  tryMutants,
} from "./judge.ts";

const test = suite("the judge is judged");
const SHARE = 8;

/** The cases written for a mutant, and a share of the others. */
async function sample<F extends string>(role: Role<F>): Promise<readonly MutantResult[]> {
  return tryMutants(role, faultsOf(role), undefined, (name, nth) => {
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

test.run();
