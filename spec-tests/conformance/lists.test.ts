/**
 * What is done with lists: selection, expectations, the comparison of two runs.
 *
 * Rule of this file: pure functions, tables where there are several inputs.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  diffRuns,
  parseExpectations,
  type Selection,
  sectionOf,
  selectCases,
} from "../../lib/conformance/mod.ts";
import { type Row, table, throwsCode } from "../kit.ts";
import { caseOf, reportOf } from "./fixtures.ts";

const test = suite("lists of cases and results");

const CASES = [
  caseOf("9112-6.3-07/a", { topic: "length" }),
  caseOf("9112-6.3-07/ab", { level: "SHOULD" }),
  caseOf("9112-6.30-01", { level: "MAY" }),
  caseOf("9110-6.3-01"),
];

interface Picked extends Row {
  readonly selection: Selection;
  readonly picked: readonly number[];
}

const PICKED: readonly Picked[] = [
  { name: "nothing said is all", selection: {}, picked: [0, 1, 2, 3] },
  { name: "one case", selection: { only: ["9112-6.3-07/a"] }, picked: [0] },
  { name: "a requirement", selection: { only: ["9112-6.3-07"] }, picked: [0, 1] },
  {
    name: "a section, and not one that begins like it",
    selection: { only: ["9112-6.3"] },
    picked: [0, 1],
  },
  {
    name: "an RFC, and another list beside it",
    selection: { only: ["9110", "9112-6.30"] },
    picked: [2, 3],
  },
  { name: "all but some", selection: { except: ["9112-6.3"] }, picked: [2, 3] },
  { name: "a section of any RFC", selection: { sections: ["6.3"] }, picked: [0, 1, 3] },
  { name: "a section of one RFC", selection: { sections: ["9110-6.3"] }, picked: [3] },
  { name: "levels", selection: { levels: ["SHOULD", "MAY"] }, picked: [1, 2] },
  {
    name: "topics and ids together",
    selection: { topics: ["length"], only: ["9112"] },
    picked: [0],
  },
];

table(test, PICKED, ({ selection, picked }) => {
  assert.equal(
    selectCases(CASES, selection),
    picked.map((i) => CASES[i]),
  );
});

test("the section of an id is what stands before its number", () => {
  assert.is(sectionOf("9112-7.1.1-03/many"), "9112-7.1.1");
  assert.is(sectionOf("6265bis-5.4-01"), "6265bis-5.4");
});

test("expectations name cases, or many by how they begin", () => {
  const json =
    '{"schema":1,"known":[{"id":"9112-6.3-07/a","reason":"r1"},{"id":"9110-*","reason":"r2"},{"id":"gone","reason":"r3"}]}';
  const expectations = parseExpectations(json);
  assert.is(expectations.reasonFor("9112-6.3-07/a"), "r1");
  assert.is(expectations.reasonFor("9112-6.3-07/ab"), undefined);
  assert.is(expectations.reasonFor("9110-6.3-01"), "r2");
  assert.equal(
    expectations.unused(CASES).map(({ id }) => id),
    ["gone"],
  );
});

interface BadFile extends Row {
  readonly json: string;
}

const BAD_FILES: readonly BadFile[] = [
  { name: "no JSON", json: "known:" },
  { name: "another schema", json: '{"schema":2,"known":[]}' },
  { name: "no list", json: '{"schema":1,"known":{}}' },
  { name: "no object", json: '{"schema":1,"known":["a"]}' },
  { name: "no id", json: '{"schema":1,"known":[{"reason":"r"}]}' },
  { name: "all of them", json: '{"schema":1,"known":[{"id":"*","reason":"r"}]}' },
  { name: "no reason", json: '{"schema":1,"known":[{"id":"a","reason":" "}]}' },
];

table(
  test,
  BAD_FILES,
  ({ json }) => void throwsCode(() => parseExpectations(json), "bad-expectations"),
);

test("two runs differ by what is new, mended, changed, and there at all", () => {
  const before = reportOf([
    { id: "stays" },
    { id: "breaks" },
    { id: "heals", verdict: "fail" },
    { id: "wobbles", verdict: "pass" },
    { id: "known", verdict: "fail" },
    { id: "gone" },
  ]);
  const after = reportOf([
    { id: "stays" },
    { id: "breaks", verdict: "flaky" },
    { id: "heals" },
    { id: "wobbles", verdict: "tolerated" },
    { id: "known", verdict: "known" },
    { id: "new", verdict: "fail" },
  ]);
  assert.equal(diffRuns(before, after), {
    newFailures: ["breaks", "new"],
    fixed: ["heals", "known"],
    changed: [{ id: "wobbles", before: "pass", after: "tolerated" }],
    added: ["new"],
    removed: ["gone"],
  });
});

test.run();
