/**
 * The reports: the same run as lines, JSON, JUnit XML and TAP, with all that could break their forms.
 *
 * Rule of this file: one run with each verdict in it; expected text stands here in full.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  consoleReport,
  jsonReport,
  junitReport,
  parseReport,
  tapReport,
} from "../../../lib/conformance/mod.ts";
import { throwsCode } from "../../kit.ts";
import { reportOf } from "../fixtures.ts";

const test = suite("the reports");

const RUN = reportOf(
  [
    { title: 'a "good" <one> & #1' },
    { verdict: "tolerated", class: "tolerated", message: "expected 400; seen 501" },
    { verdict: "fail", counts: true, class: "violation", message: 'seen "<\\x00>"' },
    { verdict: "fail", level: "SHOULD", class: "violation", message: "seen 200" },
    { verdict: "not-applicable", class: "not-applicable", message: "needs contract 2" },
    { verdict: "known", class: "violation", message: "seen 200", reason: "old" },
    {
      verdict: "flaky",
      counts: true,
      class: "violation",
      message: "at times",
      section: "9112-6.3",
    },
    { verdict: "info", level: "MAY", class: "tolerated", message: "seen 417" },
  ],
  { unexpectedPasses: ["9112-3.2-01"] },
);

const lines = (verbosity: "quiet" | "normal" | "verbose"): string[] =>
  consoleReport(RUN, verbosity).map(({ text }) => text);

const SUMS = [
  "  ! 9112-3.2-01 passes, and is listed as a known failure",
  "peer (plain, contract 2): 8 cases, 1.2 s",
  "1 pass, 1 tolerated, 1 info, 2 fail, 1 not-applicable, 1 flaky, 1 known: 2 failures, 1 violations of a SHOULD not counted",
];

test("quiet lines are the failures and the sums", () => {
  assert.equal(lines("quiet"), [
    "RFC 9112 §3.2",
    "  ✘ 9112-3.2-03  MUST  case 3",
    '      seen "<\\x00>"',
    "RFC 9112 §6.3",
    "  ? 9112-3.2-07  MUST  case 7",
    "      at times",
    ...SUMS,
  ]);
});

test("normal lines leave out what passes or does not apply, verbose ones nothing", () => {
  const normal = lines("normal");
  assert.not.ok(normal.some((line) => line.includes("case 5") || line.includes("good")));
  assert.ok(normal.includes("  ✘ 9112-3.2-04  SHOULD  case 4 (not counted)"));
  assert.ok(normal.includes("      known: old"));
  const verbose = lines("verbose");
  assert.ok(verbose.includes('  ✔ 9112-3.2-01  MUST  a "good" <one> & #1'));
  assert.ok(verbose.includes("      needs contract 2"));
});

test("each line has its verdict, for whoever colours it", () => {
  const verdicts = new Set(consoleReport(RUN, "verbose").map(({ verdict }) => verdict));
  assert.is(verdicts.size, 8, "seven verdicts, and lines about none");
});

test("JSON is read back as it was, and a line holds one result", () => {
  const json = jsonReport(RUN);
  assert.equal(parseReport(json), RUN);
  assert.is(json.split("\n").filter((line) => line.startsWith('    {"id"')).length, 8);
  assert.equal(parseReport(jsonReport(reportOf([]))).results, []);
});

test("what is no report of this version is refused", () => {
  for (const json of [
    "",
    "[]",
    "{}",
    '{"schema":2,"results":[]}',
    '{"schema":1}',
    '{"schema":1,"results":[{"id":"x","verdict":"good"}]}',
    '{"schema":1,"results":[1]}',
  ]) {
    throwsCode(() => parseReport(json), "bad-report");
  }
});

test("JUnit XML has a suite for each section, and all that XML minds is escaped", () => {
  const xml = junitReport(RUN);
  assert.ok(
    xml.startsWith(
      '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="peer" tests="8" failures="2" skipped="3" time="1.234">\n',
    ),
  );
  assert.is(xml.split("<testsuite ").length - 1, 2);
  assert.ok(
    xml.includes('name="9112-3.2-01 a &quot;good&quot; &lt;one&gt; &amp; #1" time="0.003"/>'),
  );
  assert.ok(xml.includes('<failure type="fail MUST" message="seen &quot;&lt;\\x00&gt;&quot;"/>'));
  assert.ok(xml.includes('<skipped message="known: old"/>'));
  assert.is(xml.split("<testcase ").length - 1, 8);
  assert.is(xml.split("</testcase>").length - 1, 5, "those with something to say");
  const control = junitReport(reportOf([{ title: "a\x01b" }]));
  assert.ok(control.includes("a\ufffdb"));
});

test("TAP counts its lines, and what does not count is a directive", () => {
  const tap = tapReport(RUN).split("\n");
  assert.equal(tap.slice(0, 3), [
    "TAP version 14",
    "1..8",
    'ok 1 - 9112-3.2-01 a "good" <one> & \\#1',
  ]);
  const results = tap.filter((line) => /^(?:not )?ok /.test(line));
  assert.equal(results.slice(1), [
    "ok 2 - 9112-3.2-02 case 2",
    "not ok 3 - 9112-3.2-03 case 3",
    "not ok 4 - 9112-3.2-04 case 4 # TODO a SHOULD",
    "ok 5 - 9112-3.2-05 case 5 # SKIP needs contract 2",
    "not ok 6 - 9112-3.2-06 case 6 # TODO old",
    "not ok 7 - 9112-3.2-07 case 7",
    "ok 8 - 9112-3.2-08 case 8",
  ]);
});

test.run();
