/**
 * The cases themselves: named after requirements, unlike each other, in the published form.
 *
 * Rule of this file: what is said here holds for every case, also for those that are written later.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Case,
  CASES_JSON_SCHEMA,
  CLIENT_CASES,
  casesToJson,
  coverageLines,
  coverageOf,
  REASONS,
  requirementIdOf,
  requirements,
  SERVER_CASES,
} from "../../lib/conformance/mod.ts";
import { misfits } from "./json-schema.ts";

const test = suite("the cases");

const ALL: readonly Case[] = [...SERVER_CASES, ...CLIENT_CASES];

function twice(values: readonly string[]): string[] {
  return values.filter((value, i) => values.indexOf(value) !== i);
}

test("every id begins with a requirement of the catalogue, and none is there twice", () => {
  const unknown = ALL.filter(({ id }) => !requirements().has(requirementIdOf(id))).map(
    ({ id }) => id,
  );
  assert.equal(unknown, []);
  assert.equal(twice(ALL.map(({ id }) => id)), []);
});

test("what a case shows too is in the catalogue", () => {
  const unknown = ALL.flatMap(({ also = [] }) => also.filter((id) => !requirements().has(id)));
  assert.equal(unknown, []);
});

test("titles and rationales are sentences of their own", () => {
  for (const cases of [SERVER_CASES, CLIENT_CASES]) {
    assert.equal(twice(cases.map(({ title }) => title)), []);
  }
  assert.equal(twice(ALL.map(({ rationale }) => rationale)), []);
  for (const { id, rationale, title } of ALL) {
    assert.ok(
      rationale.endsWith(".") && rationale.length >= 30,
      `${id}: a rationale is a sentence`,
    );
    assert.ok(!title.endsWith("."), `${id}: a title is none`);
  }
});

test("no case does and judges the same as another", () => {
  const deeds = ALL.map((subject) =>
    JSON.stringify({
      ...subject,
      id: "",
      title: "",
      rationale: "",
      also: [],
      level: "",
      topic: "",
    }),
  );
  assert.equal(twice(deeds), []);
});

test("text is octets, and its braces are ones that are filled in", () => {
  for (const subject of ALL) {
    const json = JSON.stringify(subject);
    assert.ok(![...json].some((char) => char > "\xff"), `${subject.id}: a char above U+00FF`);
    const braces = [
      ...json.matchAll(
        /\{(?!host\}|base\}|path\}|other\}|field:[a-z0-9-]+\}|date(?:-850|-asctime)?:-?\d+\})[a-z:-]+\}/g,
      ),
    ];
    assert.equal(braces.map(String), [], subject.id);
  }
});

test("a client is always answered or let go, and a server case always waits for something", () => {
  for (const subject of SERVER_CASES) {
    const waits = subject.steps.some(({ do: what }) => what.startsWith("expect"));
    assert.ok(waits, `${subject.id} expects nothing`);
    const conforms = subject.steps.some(
      (step) => step.do !== "expect" || step.outcomes.some((o) => o.class === "conforming"),
    );
    assert.ok(conforms, `${subject.id} cannot be passed`);
  }
  for (const { id, outcomes } of CLIENT_CASES) {
    assert.ok(
      outcomes.some((o) => o.class === "conforming"),
      `${id} cannot be passed`,
    );
  }
});

test("the published file has the form that the schema says, and loses nothing", () => {
  const json = casesToJson(ALL);
  assert.ok(/^[\x0a\x20-\x7e]*$/.test(json), "ASCII");
  const value: unknown = JSON.parse(json);
  assert.equal(misfits(value, CASES_JSON_SCHEMA).slice(0, 5), []);
  assert.equal(value, JSON.parse(JSON.stringify({ schema: 1, cases: ALL })));
});

test("the schema refuses what is not in the form", () => {
  const [first] = SERVER_CASES;
  const broken = [
    { ...first, level: "must" },
    { ...first, id: "6.3" },
    { ...first, steps: [] },
    { ...first, steps: [{ do: "send" }] },
    { ...first, extra: 1 },
    { ...first, connection: { open: "conforming" } },
  ];
  for (const one of broken) {
    const found = misfits({ schema: 1, cases: [one] }, CASES_JSON_SCHEMA);
    assert.ok(found.length > 0, JSON.stringify(one).slice(0, 80));
  }
});

test("coverage tells cases, reasons and gaps apart, and nothing is in two of them", () => {
  const coverage = coverageOf(ALL);
  const { withCase, withReason, gaps } = coverage;
  assert.is(withCase + withReason + gaps.length, requirements().size);
  const bare = coverageOf([]);
  assert.is(bare.withCase, 0);
  assert.ok(bare.gaps.includes("9112-3.2-06"));
  assert.not.ok(gaps.includes("9112-3.2-06"));
  const lines = coverageLines(bare);
  assert.match(lines[0] ?? "", /^493 requirements: 0 with a case/);
  assert.ok(lines.some((line) => line.startsWith("  9112-3.2: ")));
});

test("a requirement with a case needs no reason, and every reason is about a requirement", () => {
  const covered = coverageOf(ALL).requirements.filter(({ cases }) => cases.length > 0);
  const both = covered.map(({ requirement }) => requirement.id).filter((id) => REASONS.has(id));
  assert.equal(both, []);
  assert.equal(
    [...REASONS.keys()].filter((id) => !requirements().has(id)),
    [],
  );
});

test.run();
