/**
 * Every program in docs/ runs, ends by itself, and prints what the page says that it prints.
 *
 * Rule of this file: a fenced `ts` block is a whole program; what it prints are the texts of its `// →`
 * comments, line by line, and there is at least one. It may leave nothing on stderr.
 */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Row, table } from "./kit.ts";
import { ROOT, checkTypes, codeBlocks, runProgram } from "./run-example.ts";

const test = suite("docs");
const TIME_LIMIT_MS = 20_000;
const PAGES = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
const WITH_PROGRAMS = [
  "routing.md",
  "files.md",
  "forms.md",
  "client.md",
  "workers.md",
  "from-node-http-and-express.md",
  "from-undici-and-axios.md",
];
/** What programs find in their folder when they name it. */
const CERTIFICATE = ["examples/tls/localhost-cert.pem", "examples/tls/localhost-key.pem"];

interface Program extends Row {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

const PROGRAMS: readonly Program[] = PAGES.flatMap((page) =>
  codeBlocks(readPage(page)).map(({ code, line }) => ({
    name: `docs/${page}:${line} prints what it says`,
    page,
    line,
    code,
  })),
);

table(test, PROGRAMS, async ({ code }) => {
  const expected = Array.from(code.matchAll(/\/\/ → (.*)$/gm), ({ 1: said }) => `${said}\n`);
  assert.ok(expected.length > 0, "the program says what it prints");
  const { stdout, stderr, exitCode } = await runProgram(code, TIME_LIMIT_MS, {
    files: code.includes("localhost-cert.pem") ? CERTIFICATE : [],
  });
  assert.is(stderr, "");
  assert.is(stdout, expected.join(""));
  assert.is(exitCode, 0);
});

test("every program is right in its types", async () => {
  const programs = PROGRAMS.map(({ page, line, code }) => [`${page}-${line}`, code] as const);
  assert.equal(await checkTypes(new Map(programs)), []);
});

test("programs that are wrong in their types are found", async () => {
  const found = await checkTypes(new Map([["wrong.md-1", 'export const n: number = "1";']]));
  assert.is(found.length, 1);
  assert.match(found[0] ?? "", /^wrong\.md-1\.ts\(1,14\): error TS2322/);
});

test("the pages that teach have programs", () => {
  for (const page of WITH_PROGRAMS) {
    assert.ok(
      PROGRAMS.some((program) => program.page === page),
      page,
    );
  }
});

test("every page is in the index, and every link of a page leads to a file", () => {
  const index = readPage("README.md");
  for (const page of PAGES) {
    if (page !== "README.md") assert.ok(index.includes(`](${page})`), `${page} is in the index`);
    for (const { 1: to = "" } of readPage(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      assert.not.throws(() => readFileSync(join(ROOT, "docs", to)), `${page} links to ${to}`);
    }
  }
});

function readPage(name: string): string {
  return readFileSync(join(ROOT, "docs", name), "utf8");
}

test.run();
