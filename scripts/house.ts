/**
 * The rules of the house, checked over a tree of files: who may import whom, doors, lengths, and the rest.
 *
 * Rule of this file: each rule is a function from the tree to its violations; checkHouse runs them all.
 * It reads files and changes nothing, so that the test can plant each violation in a tree of its own.
 */
import { join, posix } from "node:path";
import { PLAN } from "./plan.ts";
import { importsOf, lineAt, longFunctions, tablesOf } from "./source.ts";
import type { Source } from "./source.ts";
import { readIfThere, readTree, roomOf, targetsOf } from "./tree.ts";

export interface Violation {
  /** The name of the rule, as HOUSE.md lists it. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** In lines. A test mirrors its source file and holds its tables: there both are doubled. */
export const FILE_LINES_MAX = 300;
export const FUNCTION_LINES_MAX = 70;
const TESTS_FACTOR = 2;

/** The first line of a file that is longer, with its end: where a reader looks first. */
const LONG_BECAUSE = /^\/\/ Long because \S.*(?:\n|$)/;

const TREES = ["lib", "spec-tests", "fuzz", "bench", "examples", "scripts"];

/** Every violation in the tree at `root`, by file and line. An empty list means the house stands. */
export function checkHouse(root: string): Violation[] {
  const sources = TREES.flatMap((tree) => readTree(root, tree));
  const lib = sources.filter((source) => source.path.startsWith("lib/"));
  return [
    ...lib.flatMap(layers),
    ...sources.flatMap((source) => doors(source, sources)),
    ...cycles(lib),
    ...lib.flatMap(builtIns),
    ...lib.flatMap(noHttp),
    ...sources.flatMap(lengths),
    ...lib.flatMap(firstComment),
    ...lib.flatMap(coverageComments),
    ...sources.filter(({ path }) => path.endsWith(".test.ts")).flatMap(suites),
    ...errorCodes(root, lib),
    ...lib.flatMap(documented),
    ...plan(root),
    ...exportsOf(root, lib),
    ...lockFile(root),
  ].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function layers(source: Source): Violation[] {
  const room = roomOf(source.path);
  if (room === undefined) {
    const known = ["lib/mod.ts", "lib/pure-env.d.ts"].includes(source.path);
    return known ? [] : [violation("layers", source, 1, "a file of lib belongs into a room")];
  }
  const place = PLAN[room];
  if (place === undefined) {
    return [violation("layers", source, 1, `the room ${room} is not in the plan`)];
  }
  return targetsOf(source).flatMap(({ target, line }) => {
    const other = target.startsWith("lib/") ? (roomOf(target) ?? "the front door") : "outside lib";
    if (other === room || place.may.includes(other)) return [];
    return [violation("layers", source, line, `${room} may not import ${other} (${target})`)];
  });
}

/** Another folder is entered by its mod.ts, and nobody goes out through their own. */
function doors(source: Source, sources: readonly Source[]): Violation[] {
  const here = posix.dirname(source.path);
  const outside = /^(?:fuzz|bench|examples)\//.test(source.path);
  return targetsOf(source).flatMap(({ target, line }) => {
    const say = (text: string): Violation[] => [violation("doors", source, line, text)];
    const inner = posix.relative(here, target);
    if (!target.startsWith("lib/") || (!outside && !source.path.startsWith("lib/"))) return [];
    if (outside) return target.endsWith("/mod.ts") ? [] : say(`come in by the door, not ${target}`);
    if (/^(?:\.\.\/)*mod\.ts$/.test(inner)) return say("import the sibling, not your own door");
    // The outermost folder entered that has a door; folders without one are drawers of their room.
    const folders = inner.split("/").slice(0, -1);
    const entered = folders.map((_, i) => posix.join(here, ...folders.slice(0, i + 1)));
    const behind = entered.filter((folder) => !source.path.startsWith(`${folder}/`));
    const door = behind
      .map((folder) => `${folder}/mod.ts`)
      .find((mod) => roomOf(target) !== roomOf(source.path) || sources.some((s) => s.path === mod));
    return door === undefined || door === target ? [] : say(`come in by ${door}, not ${target}`);
  });
}

function cycles(lib: readonly Source[]): Violation[] {
  const byPath = new Map(lib.map((source) => [source.path, source]));
  const found: Violation[] = [];
  const done = new Set<string>();
  const visit = (source: Source, way: readonly string[]): void => {
    for (const { target, line } of targetsOf(source)) {
      const start = way.indexOf(target);
      if (start !== -1) {
        const circle = [...way.slice(start), target].join(" → ");
        found.push(violation("cycles", source, line, `imports in a circle: ${circle}`));
      }
      const next = byPath.get(target);
      if (start === -1 && next !== undefined && !done.has(target)) visit(next, [...way, target]);
    }
    done.add(source.path);
  };
  for (const source of lib) if (!done.has(source.path)) visit(source, [source.path]);
  return found;
}

function builtIns(source: Source): Violation[] {
  const room = roomOf(source.path);
  // The front door wires nothing itself: adapters do.
  const allowed = room === undefined ? "none" : (PLAN[room]?.node ?? "none");
  return importsOf(source).flatMap(({ specifier, line }) => {
    if (specifier.startsWith(".")) return [];
    const say = (text: string): Violation[] => [violation("built-ins", source, line, text)];
    if (!specifier.startsWith("node:")) return say(`${specifier}: lib has no dependencies`);
    if (allowed === "none") return say(`${specifier}: no Node built-ins in ${room ?? "mod.ts"}`);
    if (allowed === "any" && /^node:(?:net|tls)$/.test(specifier)) {
      return say(`${specifier}: sockets live in lib/net only`);
    }
    return [];
  });
}

/** Whatever reaches for Node's own HTTP: by import, or by a string handed to some loader. */
function noHttp(source: Source): Violation[] {
  const strings = source.uncommented.matchAll(/(["'`])(?:node:https?2?|_http_\w+)\1/g);
  const hits = [...strings].map(({ 0: text, index }) => ({
    text,
    line: lineAt(source.text, index),
  }));
  const imports = importsOf(source)
    .filter(({ specifier }) => /^https?2?$/.test(specifier))
    .map(({ specifier, line }) => ({ text: specifier, line }));
  return [...hits, ...imports].map(({ text, line }) =>
    violation("no-http", source, line, `${text}: HTTP here is our own`),
  );
}

function lengths(source: Source): Violation[] {
  const found: Violation[] = [];
  const factor = source.path.startsWith("spec-tests/") ? TESTS_FACTOR : 1;
  const max = FILE_LINES_MAX * factor;
  const lines = source.text.trimEnd().split("\n").length;
  if (lines > max && !LONG_BECAUSE.test(source.text)) {
    found.push(violation("file-length", source, 1, `${lines} lines, ${max} are the limit`));
  }
  for (const long of longFunctions(source, FUNCTION_LINES_MAX * factor)) {
    if (long.reasoned) continue;
    const limit = FUNCTION_LINES_MAX * factor;
    const text = `a function of ${long.lines} lines, ${limit} are the limit`;
    found.push(violation("function-length", source, long.line, text));
  }
  return found;
}

function firstComment(source: Source): Violation[] {
  if (/^(?:\/\*|\/\/)/.test(source.text.replace(LONG_BECAUSE, ""))) return [];
  return [violation("first-comment", source, 1, "a file opens with the sentence that it is")];
}

function coverageComments(source: Source): Violation[] {
  const found = [
    ...source.text.matchAll(/\b(?:c8|v8|istanbul|node:coverage)\s+(?:ignore|disable)/g),
  ];
  return found.map(({ 0: text, index }) =>
    violation("coverage-comments", source, lineAt(source.text, index), `${text}: cover it instead`),
  );
}

/**
 * uvu passes, saying nothing, when a suite is not run, when a test is registered after `.run()`, when
 * `.only` hides tests, when a hook throws.
 */
function suites(source: Source): Violation[] {
  const found: Violation[] = [];
  const made = [...source.code.matchAll(/\bsuite\s*\(/g)].length;
  const run = [...source.code.matchAll(/\.run\s*\(\s*\)/g)].length;
  if (!/\.run\(\);?\s*$/.test(source.code) || run < made) {
    const end = source.text.trimEnd().split("\n").length;
    found.push(violation("run", source, end, "a test file ends with .run(), one for each suite"));
  }
  const named = [...source.code.matchAll(/\b(\w+)\s*(?::[^=;]*)?=\s*suite\s*\(/g)].map((m) => m[1]);
  const trap = new RegExp(
    `\\b(?:${["test", ...named].join("|")})\\.(only|skip|before|after)\\b`,
    "g",
  );
  for (const { 1: method, index } of source.code.matchAll(trap)) {
    const text = `.${method}: uvu's exit code lies about these (CONTRIBUTING.md)`;
    found.push(violation("traps", source, lineAt(source.text, index), text));
  }
  return found;
}

/** Each code has its paragraph in docs/errors.md and stands in one table only. */
function errorCodes(root: string, lib: readonly Source[]): Violation[] {
  const docs = readIfThere(join(root, "docs/errors.md")) ?? "";
  const headings = new Set([...docs.matchAll(/^#+ `([^`]+)`/gm)].map((match) => match[1]));
  const owners = new Map<string, string>();
  const found: Violation[] = [];
  for (const source of lib) {
    for (const { name, keys } of tablesOf(source, /_ERRORS$/)) {
      for (const { key, line } of keys) {
        const say = (text: string): number =>
          found.push(violation("error-codes", source, line, `${key} ${text}`));
        if (!headings.has(key)) say("has no heading in docs/errors.md (npm run docs)");
        if (owners.has(key)) say(`is also in ${owners.get(key)!}: codes are unique`);
        if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(key)) say("is not lower-case-with-hyphens");
        owners.set(key, name);
      }
    }
  }
  return found;
}

/** What a reader of docs/ is told of an error, a limit or a timeout stands above it, as a doc comment. */
function documented(source: Source): Violation[] {
  return tablesOf(source, /_(?:ERRORS|LIMITS|TIMEOUTS)$/).flatMap(({ keys }) =>
    keys
      .filter(({ doc }) => doc === "")
      .map(({ key, line }) => violation("documented", source, line, `${key} has no doc comment`)),
  );
}

/** The table in HOUSE.md, read back, equals PLAN. */
function plan(root: string): Violation[] {
  const page = readIfThere(join(root, "HOUSE.md")) ?? "";
  const rows = page.matchAll(/^\| `(\w+)` *\| ([^|]*?) *\| ([^|]*?) *\|$/gm);
  const shown = new Map([...rows].map(([, room, may, node]) => [room!, `${may} · ${node}`]));
  const found: Violation[] = [];
  const say = (text: string): number =>
    found.push({ rule: "plan", file: "HOUSE.md", line: 1, text });
  for (const [room, { may, node }] of Object.entries(PLAN)) {
    const wanted = `${may.join(", ") || "nothing"} · ${node}`;
    const row = shown.get(room);
    if (row !== wanted) say(`the row of ${room} reads "${row ?? ""}", the plan "${wanted}"`);
    shown.delete(room);
  }
  for (const room of shown.keys()) say(`${room} is not a room of the plan`);
  return found;
}

/** A room has a door in package.json from its first real file on, and no door leads nowhere. */
function exportsOf(root: string, lib: readonly Source[]): Violation[] {
  const found: Violation[] = [];
  const say = (text: string): number =>
    found.push({ rule: "exports", file: "package.json", line: 1, text });
  const { exports = {} } = JSON.parse(readIfThere(join(root, "package.json")) ?? "{}") as {
    exports?: Record<string, unknown>;
  };
  const doorOf = (room: string | undefined): string => (room === undefined ? "." : `./${room}`);
  const rooms = lib.filter(({ path }) => /^lib\/(?:\w+\/)?mod\.ts$/.test(path));
  const wanted = new Set(rooms.map(({ path }) => doorOf(roomOf(path))));
  // The programs are reached by bin, not by import.
  wanted.delete("./cli");
  for (const door of wanted) if (!(door in exports)) say(`exports has no ${door}`);
  for (const door of Object.keys(exports)) {
    if (door !== "./package.json" && !wanted.has(door)) say(`${door} leads nowhere`);
  }
  return found;
}

function lockFile(root: string): Violation[] {
  const lock = readIfThere(join(root, "package-lock.json"));
  const at = lock?.indexOf('"resolved"') ?? -1;
  if (lock === undefined || at === -1) return [];
  const text = "holds download addresses: npm install --omit-lockfile-registry-resolved";
  return [{ rule: "lock-file", file: "package-lock.json", line: lineAt(lock, at), text }];
}

function violation(rule: string, source: Source, line: number, text: string): Violation {
  return { rule, file: source.path, line, text };
}
