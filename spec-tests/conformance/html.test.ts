/**
 * The page of reports: nothing that a peer, a case or a report says becomes HTML; the sums are right; the size
 * is bounded by what is wrong.
 *
 * Rule of this file: the page is read as a browser would split it, by tags; what it does is tested in a browser.
 */
import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type CaseResult,
  htmlReport,
  type RunReport,
  SERVER_CASES,
  type WireEntry,
} from "../../lib/conformance/mod.ts";
import { reportOf } from "./fixtures.ts";

const test = suite("the page of reports");

/** Whatever would open an element, leave an attribute, a script or a style, or hide itself. */
const HOSTILE = `</template></script><script>alert(1)</script><img src=x onerror=alert(1)>"'&lt;{{\u202e\x00`;
const ALLOWED_SCRIPTS = 1;

const sent = (data: string, row: Partial<WireEntry> = {}): WireEntry => ({
  at: 1,
  connection: 0,
  direction: "sent",
  data,
  ...row,
});
const received = (data: string): WireEntry => sent(data, { direction: "received" });

const FAIL = { verdict: "fail", counts: true, class: "violation", message: "seen 200" } as const;

/** The elements of a page, by their names, in order. */
function elements(html: string): string[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)/g)].map(([, name = ""]) => name);
}

/** Those that could do something. */
function active(html: string): string[] {
  return elements(html).filter((name) =>
    ["img", "script", "iframe", "object", "svg"].includes(name),
  );
}

function pageWith(result: Partial<CaseResult>, row: Partial<RunReport> = {}): string {
  return htmlReport([reportOf([{ ...FAIL, ...result }], row)]);
}

const PLACES: readonly (readonly [name: string, page: () => string])[] = [
  ["a message", () => pageWith({ message: HOSTILE })],
  ["a title", () => pageWith({ title: HOSTILE })],
  ["an id", () => pageWith({ id: HOSTILE })],
  ["a requirement", () => pageWith({ requirement: HOSTILE })],
  ["a section", () => pageWith({ section: HOSTILE })],
  ["a topic", () => pageWith({ topic: HOSTILE })],
  ["a reason", () => pageWith({ reason: HOSTILE })],
  ["a remark beside it", () => pageWith({ aside: [HOSTILE] })],
  ["octets sent", () => pageWith({ wire: [sent(HOSTILE)] })],
  ["octets received", () => pageWith({ wire: [received(`HTTP/1.1 200 ${HOSTILE}\r\n\r\n`)] })],
  ["a field received", () => pageWith({ wire: [received(`HTTP/1.1 200 OK\r\nA: ${HOSTILE}`)] })],
  ["an event", () => pageWith({ wire: [sent(HOSTILE, { direction: "event" })] })],
  ["octets that were cut", () => pageWith({ wire: [sent(HOSTILE, { octets: 9_000_000 })] })],
  ["the peer's name", () => pageWith({}, { peer: { name: HOSTILE, address: HOSTILE } })],
  ["the date", () => pageWith({}, { startedAt: HOSTILE })],
  ["the page's title", () => htmlReport([reportOf([FAIL])], { title: HOSTILE })],
  ["a remark", () => htmlReport([reportOf([FAIL])], { remarks: [HOSTILE] })],
  ["a setup", () => htmlReport([reportOf([FAIL])], { notes: [{ name: "peer", setup: HOSTILE }] })],
  // A report is a file that somebody sends: its members need not be of the types that we write.
  ["a level", () => pageWith({ level: HOSTILE as CaseResult["level"] })],
  ["a fate", () => pageWith({ fate: HOSTILE as NonNullable<CaseResult["fate"]> })],
  ["an attempt", () => pageWith({ attempts: [HOSTILE as CaseResult["class"], "violation"] })],
  ["a direction", () => pageWith({ wire: [sent("x", { direction: HOSTILE as "sent" })] })],
  ["a time", () => pageWith({ wire: [sent("x", { at: HOSTILE as unknown as number })] })],
  [
    "a connection",
    () => pageWith({ wire: [sent("x", { connection: HOSTILE as unknown as number })] }),
  ],
  [
    "a count of octets",
    () => pageWith({ wire: [sent("x", { octets: HOSTILE as unknown as number })] }),
  ],
  [
    "a contract",
    () => pageWith({}, { contract: HOSTILE as unknown as NonNullable<RunReport["contract"]> }),
  ],
];

for (const [name, page] of PLACES) {
  test(`${name} with HTML in it stays text`, () => {
    const html = page();
    const calm = htmlReport([reportOf([FAIL])]);
    assert.is(active(html).length, ALLOWED_SCRIPTS, "no element that could act");
    // What stands in quotes is a value, in which no quote of others is left.
    assert.not.match(html.replace(/"[^"]*"/g, ""), /<[^>]*\sonerror=/);
    assert.not.ok(html.includes("\u202e"), "nothing that turns the direction of text");
    assert.not.ok(html.includes("\x00"));
    for (const tag of ["</template>", "</script>", "</style>"]) {
      const extra = html.split(tag).length - calm.split(tag).length;
      assert.ok(extra >= 0 && extra <= 1, `${tag} only where we write it`);
    }
    const opened = elements(html).filter((one) => one === "template").length;
    assert.is(html.split("</template>").length - 1, opened);
  });
}

test("hostile octets are there, as text", () => {
  const html = pageWith({ wire: [sent("GET /<b> HTTP/1.1\r\n\r\n\x1b[31m\xff")] });
  assert.ok(html.includes("/&#60;b&#62;"));
  assert.ok(html.includes("\\x1b[31m\\xff"));
  assert.not.ok(html.includes("\x1b"));
});

test("the policy of the page names the hash of its script, and allows no other source", () => {
  const html = htmlReport([reportOf([FAIL])]);
  const script = /<script>([\s\S]*)<\/script>/.exec(html)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  assert.ok(html.includes(`script-src 'sha256-${hash}'`), `SCRIPT_SHA256 must be "${hash}"`);
  assert.ok(html.includes("default-src 'none'"));
  assert.not.match(html, /<(link|img|iframe)|@import|url\(| src=/, "nothing from elsewhere");
});

test("the sums of each implementation count its verdicts, a SHOULD apart", () => {
  const html = htmlReport([
    reportOf([
      {},
      {},
      { verdict: "tolerated", class: "tolerated" },
      FAIL,
      { ...FAIL, level: "SHOULD", counts: false },
      { verdict: "flaky", counts: true },
      { verdict: "known", reason: "old" },
      { verdict: "info", level: "MAY" },
      { verdict: "not-applicable", class: "not-applicable" },
    ]),
  ]);
  const row = /<table class="totals">.*?<tbody>(.*?)<\/tbody>/s.exec(html)?.[1] ?? "";
  const counts = [...row.matchAll(/<td(?: class="zero")?>([0-9]+)<\/td>/g)].map(([, n]) => n);
  // pass, tolerated, info, fail, fail of a SHOULD, flaky, known, not applicable, all
  assert.equal(counts, ["2", "1", "1", "1", "1", "1", "1", "1", "9"]);
});

test("a table has a header for each row and column, and a cell for each case and peer", () => {
  const one = reportOf([{}, FAIL], { peer: { name: "one", address: "" } });
  const two = reportOf([{}], { peer: { name: "two", address: "" } });
  const html = htmlReport([one, two]);
  const matrix = /<table class="matrix".*?<\/table>/s.exec(html)?.[0] ?? "";
  assert.is(matrix.split('<th scope="col" data-p=').length - 1, 2);
  assert.is(matrix.split("<tr data-c=").length - 1, 2);
  assert.is(matrix.split('<th scope="row">').length - 1, 2);
  assert.is(matrix.split('aria-label="pass"').length - 1, 2);
  assert.is(matrix.split('aria-label="fail"').length - 1, 1);
  assert.is(matrix.split('aria-label="not run"').length - 1, 1, "the second peer has no such case");
});

test("servers and clients stand in a matrix each", () => {
  const html = htmlReport([reportOf([{}]), reportOf([{}], { role: "client" })]);
  assert.is(html.split('<table class="matrix"').length - 1, 2);
  assert.ok(html.includes('<section id="servers">') && html.includes('<section id="clients">'));
  assert.not.ok(htmlReport([reportOf([{}])]).includes('<section id="clients">'));
});

test("a known case brings its rationale, its outcomes and the section's address", () => {
  const subject = SERVER_CASES.find(({ id }) => id === "9112-6.3-24/exact");
  assert.ok(subject);
  const { id, title, rationale } = subject;
  const html = pageWith({ id, title, section: "9112-6.3", requirement: "9112-6.3-24" });
  assert.ok(html.includes(rationale));
  assert.ok(html.includes("<dt>conforms</dt>"));
  assert.ok(html.includes("https://www.rfc-editor.org/rfc/rfc9112#section-6.3"));
});

test("octets are labelled by what they are, and a response knows which request it answers", () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
  const wire = [
    sent("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"),
    received(head),
    sent("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    received(`${head}hello`),
  ];
  const html = pageWith({ wire });
  assert.ok(html.includes('<i class="a">HEAD</i>'));
  assert.ok(html.includes('<i class="n">Host</i>'));
  assert.ok(html.includes('<i class="d">hello</i>'), "the content of the second response");
});

test("an octet cut off its message by another line of the log keeps its label", () => {
  const html = pageWith({ wire: [sent("GET / HTTP/1.1\r\nHo"), sent("st: a\r\n\r\n")] });
  assert.ok(html.includes('<i class="n">Ho</i>') && html.includes('<i class="n">st</i>'));
});

test("a pass keeps no wire log, unless all are asked for", () => {
  const wire = [sent("GET /secret HTTP/1.1\r\n\r\n")];
  const report = reportOf([{ wire }]);
  assert.not.ok(htmlReport([report]).includes("/secret"));
  assert.ok(htmlReport([report], { wire: "all" }).includes("/secret"));
  const failed = reportOf([{ ...FAIL, wire }]);
  assert.ok(htmlReport([failed]).includes("/secret"));
  assert.not.ok(htmlReport([failed], { wire: "none" }).includes("/secret"));
});

test("a long line of the log is cut in its middle, and says how much is left out", () => {
  const html = pageWith({ wire: [sent("a".repeat(4000))] });
  assert.ok(html.includes("… 3616 octets …"));
  const cut = pageWith({ wire: [sent("a".repeat(4096), { octets: 1_000_000 })] });
  assert.ok(cut.includes("… 999616 octets …"));
});

test("300 cases by 12 peers are a page of bounded size, made in bounded time", () => {
  const wire = [sent("a".repeat(4096), { octets: 1_000_000 }), received("b".repeat(4096))];
  const results = Array.from({ length: 300 }, (_, i) => ({
    ...(i % 3 === 0 ? FAIL : {}),
    id: `9112-6.3-${i}/x`,
    wire,
  }));
  const reports = Array.from({ length: 12 }, (_, i) =>
    reportOf(results, { peer: { name: `peer ${i}`, address: "" } }),
  );
  const before = process.cpuUsage();
  const { length } = htmlReport(reports);
  assert.ok(length < 1200 * 3500 + 3600 * 100 + 300 * 500, `${length} chars`);
  // Not by the clock: a machine that is busy with other things is no fault of the page.
  const { user } = process.cpuUsage(before);
  assert.ok(user < 15_000_000, `${user} µs`);
});

test.run();
