/**
 * The house stands: no file of the repository breaks a rule of HOUSE.md, and each rule is seen to bite.
 *
 * Rule of this file: every row plants one violation in a small tree that is otherwise without fault, and
 * expects exactly the rule it names, at the file it names.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { checkHouse } from "../scripts/house.ts";
import type { Violation } from "../scripts/house.ts";

const house = suite("the house");

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Put together, so that the linter of comments does not find it here. */
const IGNORE = ["c8", "ignore next"].join(" ");

/** A tree in which all is well. */
const SOUND: Readonly<Record<string, string>> = {
  "HOUSE.md": readFileSync(join(ROOT, "HOUSE.md"), "utf8"),
  "package.json": `{ "exports": { ".": {}, "./wire": {}, "./bufio": {}, "./server": {}, "./package.json": "" } }`,
  "package-lock.json": `{ "packages": {} }`,
  "docs/errors.md": "# Errors\n\n### `bad-thing`\n\n### `late`\n",
  "lib/mod.ts": `// The front door.\nexport * from "./server/mod.ts";\n`,
  "lib/wire/mod.ts": `// The door.\nexport * from "./token.ts";\nexport * from "./errors.ts";\n`,
  "lib/wire/token.ts": `// Tokens, unlike node:http's.\nexport const CR = 13;\n`,
  "lib/wire/errors.ts": `// Errors.\nexport const WIRE_ERRORS = {\n  /** A thing: none of the good ones. */\n  "bad-thing": { status: 400 },\n} as const;\n`,
  "lib/bufio/mod.ts": `// The door.\nexport const IO_ERRORS: { readonly [code: string]: object } = {\n  /**\n   * Not in time.\n   */\n  late: { text: "x" },\n};\n`,
  "lib/server/mod.ts": `// The door.\nexport { serve } from "./serve.ts";\n`,
  "lib/server/serve.ts": `// Serving.\nimport { CR } from "../wire/mod.ts";\nimport type { Mux } from "./mux/mod.ts";\nimport { step } from "./steps/one.ts";\nexport const serve = (mux: Mux): number => step(CR) + mux;\n`,
  "lib/server/steps/one.ts": `// A drawer: a folder without a door.\nexport const step = (n: number): number => n;\n`,
  "lib/server/mux/mod.ts": `// A door inside the room.\nexport type { Mux } from "./mux.ts";\n`,
  "lib/server/mux/mux.ts": `// The mux.\nimport { step } from "../steps/one.ts";\nexport type Mux = ReturnType<typeof step>;\n`,
  "spec-tests/wire/token.test.ts": `// Tests.\nimport { CR } from "../../lib/wire/token.ts";\nconst token = suite("token");\ntoken("is 13", () => assert.is(CR, 13));\ntoken.run();\n`,
  "fuzz/token.ts": `// A target.\nimport { CR } from "../lib/wire/mod.ts";\n`,
};

interface Plant {
  readonly name: string;
  /** The file that is added, or put in the place of a sound one. */
  readonly file: string;
  readonly body: string;
  /** The rule and the words that must come; the file of the violation, where it is another one. */
  readonly rule: string;
  readonly says: string;
  readonly at?: string;
}

const lines = (count: number, line = "x();"): string => `${line}\n`.repeat(count);

const plants: readonly Plant[] = [
  {
    name: "wire imports server",
    file: "lib/wire/token.ts",
    body: `// T.\nimport { serve } from "../server/mod.ts";\nexport const CR = serve;\n`,
    rule: "layers",
    says: "wire may not import server",
  },
  {
    name: "a type is an import like any other, over several lines too",
    file: "lib/bufio/mod.ts",
    body: `// B.\nimport type {\n  CR,\n} from "../wire/mod.ts";\n`,
    rule: "layers",
    says: "bufio may not import wire",
  },
  {
    name: "a type is imported in place",
    file: "lib/bufio/mod.ts",
    body: `// B.\nexport type X = import("../wire/mod.ts").X;\n`,
    rule: "layers",
    says: "bufio may not import wire",
  },
  {
    name: "a module is loaded while running",
    file: "lib/bufio/mod.ts",
    body: "// B.\nexport const x = await import(`../wire/mod.ts`);\n",
    rule: "layers",
    says: "bufio may not import wire",
  },
  {
    name: "a room comes back through the front door",
    file: "lib/server/extra.ts",
    body: `// X.\nexport { CR } from "../mod.ts";\n`,
    rule: "layers",
    says: "server may not import the front door",
  },
  {
    name: "lib imports from outside lib",
    file: "lib/wire/token.ts",
    body: `// T.\nimport "../../spec-tests/kit.ts";\n`,
    rule: "layers",
    says: "wire may not import outside lib",
  },
  {
    name: "a room is not in the plan",
    file: "lib/attic/box.ts",
    body: "// A box.\n",
    rule: "layers",
    says: "the room attic is not in the plan",
  },
  {
    name: "a file lies about in lib",
    file: "lib/helpers.ts",
    body: "// Helpers.\n",
    rule: "layers",
    says: "belongs into a room",
  },
  {
    name: "another room is entered by the window",
    file: "lib/server/extra.ts",
    body: `// X.\nimport { CR } from "../wire/token.ts";\n`,
    rule: "doors",
    says: "come in by lib/wire/mod.ts",
  },
  {
    name: "an inner room is entered by the window",
    file: "lib/server/extra.ts",
    body: `// X.\nimport type { Mux } from "./mux/mux.ts";\n`,
    rule: "doors",
    says: "come in by lib/server/mux/mod.ts",
  },
  {
    name: "a file goes through its own door",
    file: "lib/wire/extra.ts",
    body: `// X.\nimport { CR } from "./mod.ts";\n`,
    rule: "doors",
    says: "import the sibling",
  },
  {
    name: "a fuzz target comes in by the window",
    file: "fuzz/token.ts",
    body: `// F.\nimport { CR } from "../lib/wire/token.ts";\n`,
    rule: "doors",
    says: "come in by the door",
  },
  {
    name: "two files import each other, if only types",
    file: "lib/server/steps/one.ts",
    body: `// S.\nimport type { serve } from "../serve.ts";\nexport const step = (n: number): number => n;\nexport type S = typeof serve;\n`,
    rule: "cycles",
    says: "imports in a circle",
    at: "lib/server/",
  },
  {
    name: "a pure room uses a Node built-in",
    file: "lib/wire/token.ts",
    body: `// T.\nimport { Buffer } from "node:buffer";\n`,
    rule: "built-ins",
    says: "no Node built-ins in wire",
  },
  {
    name: "the rim opens a socket",
    file: "lib/adapters/dial.ts",
    body: `// D.\nimport { connect } from "node:net";\n`,
    rule: "built-ins",
    says: "sockets live in lib/net only",
  },
  {
    name: "a pure room asks for a Node built-in by name",
    file: "lib/wire/token.ts",
    body: `// T.\nexport const CR = process.getBuiltinModule("node:os").EOL;\n`,
    rule: "built-ins",
    says: "no Node built-ins in wire",
  },
  {
    name: "lib imports a package",
    file: "lib/net/dial.ts",
    body: `// D.\nimport left from "left-pad";\n`,
    rule: "built-ins",
    says: "lib has no dependencies",
  },
  {
    name: "node:http is imported",
    file: "lib/net/dial.ts",
    body: `// D.\nimport type { Agent } from "node:http";\n`,
    rule: "no-http",
    says: "node:http",
  },
  {
    name: "node:https is asked for by a string",
    file: "lib/net/dial.ts",
    body: `// D.\nexport const https = process.getBuiltinModule("node:https");\n`,
    rule: "no-http",
    says: "node:https",
  },
  {
    name: "http2 is imported by its old name",
    file: "lib/adapters/x.ts",
    body: `// X.\nconst h = await import('http2');\n`,
    rule: "no-http",
    says: "http2",
  },
  {
    name: "a file is too long",
    file: "lib/wire/token.ts",
    body: `// T.\n${lines(300)}`,
    rule: "file-length",
    says: "301 lines",
  },
  {
    name: "a test is too long",
    file: "spec-tests/wire/long.test.ts",
    body: `// T.\n${lines(601)}t.run();\n`,
    rule: "file-length",
    says: "603 lines",
  },
  {
    name: "a function is too long, its type has braces and its text has some",
    file: "lib/wire/token.ts",
    body: `// T.\nexport function f(\n  x: { a: number },\n): Map<string, number> {\n  const s = "{{{" + \`}}\${g({ a: "}" })}{\` + /[{/]{/.source; // {\n${lines(68)}}\n`,
    rule: "function-length",
    says: "a function of 73 lines",
  },
  {
    name: "an arrow function is too long",
    file: "lib/wire/token.ts",
    body: `// T.\nexport const f = (a: number): boolean => {\n${lines(70)}};\n`,
    rule: "function-length",
    says: "a function of 72 lines",
  },
  {
    name: "a method is too long",
    file: "lib/wire/token.ts",
    body: `// T.\nclass A {\n  async #f(): Promise<void> {\n${lines(70)}  }\n}\n`,
    rule: "function-length",
    says: "a function of 72 lines",
  },
  {
    name: "the reason for a long file stands inside its comment",
    file: "lib/wire/token.ts",
    body: `/**\n * T.\n * Long because it is a table.\n */\n${lines(300)}`,
    rule: "file-length",
    says: "304 lines",
  },
  {
    name: "the reason for a long file stands on its second line",
    file: "lib/wire/token.ts",
    body: `// T.\n// Long because it is a table.\n${lines(300)}`,
    rule: "file-length",
    says: "302 lines",
  },
  {
    name: "a long file says that there is a reason, and none",
    file: "lib/wire/token.ts",
    body: `// Long because\n/** T. */\n${lines(300)}`,
    rule: "file-length",
    says: "302 lines",
  },
  {
    name: "a file opens with the reason for its length alone",
    file: "lib/wire/token.ts",
    body: `// Long because it is a table.\n${lines(300)}`,
    rule: "first-comment",
    says: "opens with the sentence",
  },
  {
    name: "a file opens without a word",
    file: "lib/wire/token.ts",
    body: "export const CR = 13;\n",
    rule: "first-comment",
    says: "opens with the sentence",
  },
  {
    name: "a comment tells the coverage tool to look away",
    file: "lib/wire/token.ts",
    body: `// T.\n/* ${IGNORE} */\nexport const CR = 13;\n`,
    rule: "coverage-comments",
    says: "cover it instead",
  },
  {
    name: "a test file does not end with run",
    file: "spec-tests/wire/token.test.ts",
    body: `// T.\nconst token = suite("token");\ntoken("a", () => {});\n// token.run();\n`,
    rule: "run",
    says: "ends with .run()",
  },
  {
    name: "one of two suites is not run",
    file: "spec-tests/wire/token.test.ts",
    body: `// T.\nconst a = suite("a");\nconst b = suite("b");\nb.run();\n`,
    rule: "run",
    says: "ends with .run()",
  },
  {
    name: "an only was forgotten",
    file: "spec-tests/wire/token.test.ts",
    body: `// T.\nconst token = suite("token");\ntoken.only("a", () => {});\ntoken.run();\n`,
    rule: "traps",
    says: ".only",
  },
  {
    name: "a test has a hook",
    file: "spec-tests/wire/token.test.ts",
    body: `// T.\nconst token = suite("token");\ntoken.before.each(() => {});\ntoken.run();\n`,
    rule: "traps",
    says: ".before",
  },
  {
    name: "an error code has no paragraph",
    file: "docs/errors.md",
    body: "# Errors\n\n### `late`\n\n`bad-thing` in passing\n",
    rule: "error-codes",
    says: "bad-thing has no heading",
    at: "lib/wire/errors.ts",
  },
  {
    name: "two tables have the same code",
    file: "lib/wire/errors.ts",
    body: `// E.\nexport const WIRE_ERRORS = {\n  /** Bad. */\n  "bad-thing": { a: [1, { late: 2 }] },\n  // the twin\n  /** Late. */\n  late: {},\n} satisfies object;\n`,
    rule: "error-codes",
    says: "late is also in IO_ERRORS",
  },
  {
    name: "an error code is written otherwise",
    file: "lib/bufio/mod.ts",
    body: `// B.\nexport const IO_ERRORS = { /** Bad. */ "badThing": {}, };\n`,
    rule: "error-codes",
    says: "badThing is not lower-case-with-hyphens",
  },
  {
    name: "an entry is explained to nobody",
    file: "lib/wire/errors.ts",
    body: `// E.\nexport const WIRE_ERRORS = {\n  // a remark: no explanation\n  "bad-thing": {},\n};\n`,
    rule: "documented",
    says: "bad-thing has no doc comment",
  },
  {
    name: "the comment above an entry is another one's",
    file: "lib/wire/token.ts",
    body: `// T.\nexport const T_LIMITS = {\n  /** Octets. */\n  max: { default: 1 },\n  maxLines: { default: 2 },\n};\n`,
    rule: "documented",
    says: "maxLines has no doc comment",
  },
  {
    name: "the page shows another plan",
    file: "HOUSE.md",
    body: SOUND["HOUSE.md"]!.replace("| `semantics` | wire |", "| `semantics` | wire, bufio |"),
    rule: "plan",
    says: "the row of semantics",
  },
  {
    name: "the page shows a room that is not in the plan",
    file: "HOUSE.md",
    body: `${SOUND["HOUSE.md"]!}\n| \`attic\` | nothing | none |\n`,
    rule: "plan",
    says: "attic is not a room",
  },
  {
    name: "a room has no door",
    file: "lib/message/mod.ts",
    body: "// The door.\n",
    rule: "exports",
    says: "exports has no ./message",
    at: "package.json",
  },
  {
    name: "a door leads nowhere",
    file: "package.json",
    body: SOUND["package.json"]!.replace(`"./bufio"`, `"./bufio": {}, "./client"`),
    rule: "exports",
    says: "./client leads nowhere",
  },
  {
    name: "the lock file holds an address",
    file: "package-lock.json",
    body: `{ "packages": { "a": { "resolved": "https://example.org/a.tgz" } } }`,
    rule: "lock-file",
    says: "download addresses",
  },
];

house("a sound tree has no violations", () => {
  assert.equal(checkPlanted({}), []);
});

house("a reason makes room for a long file and a long function", () => {
  const reasoned = {
    "lib/wire/token.ts": `// Long because it is a table.\n/**\n * T.\n */\n${lines(300)}`,
    "lib/wire/extra.ts": `// X.\n\n// Long because it is a switch.\nfunction f(): void {\n${lines(80)}}\n`,
    "lib/wire/inner.ts": `// X.\nfunction f(): void {\n  // Long because it is a switch.\n${lines(80)}}\n`,
  };
  assert.equal(checkPlanted(reasoned), []);
});

house("a long class, literal or loop is not a long function", () => {
  const long = {
    "lib/wire/token.ts": `// T.\nexport class A extends B {\n${lines(80, "  a = 1;")}}\n`,
    "lib/wire/extra.ts": `// X.\nexport const T = {\n${lines(80, "  // a row")}} as const;\nfor (const x of y(T)) {\n${lines(80)}}\n`,
  };
  assert.equal(checkPlanted(long), []);
});

for (const { name, file, body, rule, says, at = file } of plants) {
  house(`it is found when ${name}`, () => {
    const found = checkPlanted({ [file]: body });
    const hits = found.filter((v) => v.rule === rule && v.file.startsWith(at));
    assert.ok(
      hits.some(({ text }) => text.includes(says)),
      `expected ${rule} at ${at} saying "${says}", found:\n${shown(found)}`,
    );
  });
}

house("the repository itself has no violations", () => {
  const found = shown(checkHouse(ROOT));
  if (found !== "") throw new Error(`\n${found}`);
});

function checkPlanted(files: Readonly<Record<string, string>>): Violation[] {
  const root = mkdtempSync(join(tmpdir(), "house-"));
  try {
    for (const [path, body] of Object.entries({ ...SOUND, ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), body);
    }
    return checkHouse(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function shown(found: readonly Violation[]): string {
  return found.map((v) => `${v.file}:${v.line} ${v.rule}: ${v.text}`).join("\n");
}

house.run();
