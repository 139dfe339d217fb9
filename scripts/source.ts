/**
 * What the house rules need to know about a source file, read without a compiler: its code with comments
 * and strings blanked, what it imports, how long its functions are, which tables it exports.
 *
 * Rule of this file: facts only, judgement is in house.ts. Blanking keeps every offset and line where it
 * was, so that simple patterns over the blanked text are exact about the original.
 */

/** A source file and its two shadows of the same length. */
export interface Source {
  /** Path relative to the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Comments blanked, strings kept. */
  readonly uncommented: string;
  /** Comments blanked, and the inside of strings, templates and regular expressions. */
  readonly code: string;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
}

export interface LongFunction {
  readonly line: number;
  readonly lines: number;
  /** The comment in front of it, or opening its body, says "Long because …". */
  readonly reasoned: boolean;
}

/** An exported object literal such as WIRE_ERRORS, with its top-level keys. */
export interface Table {
  readonly name: string;
  readonly keys: readonly TableKey[];
}

export interface TableKey {
  readonly key: string;
  readonly line: number;
  /** The doc comment directly above it as one line; "" where there is none. */
  readonly doc: string;
}

/** Opening words after which a slash begins a regular expression, not a division. */
const REGEX_MAY_FOLLOW =
  /(?:^|[=(,;:!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|await))\s*$/;

export function readSource(path: string, text: string): Source {
  const uncommented = text.split("");
  const code = text.split("");
  /** Brace depth at which each open `${` of a template ends. */
  const templates: number[] = [];
  let depth = 0;
  let at = 0;

  const blank = (out: string[], from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  const skipTo = (end: number, kind: "comment" | "string"): void => {
    if (kind === "comment") blank(uncommented, at, end);
    // The quotes stay, so that `from "…"` can be seen in the code.
    if (kind === "comment") blank(code, at, end);
    else blank(code, at + 1, end - 1);
    at = end;
  };

  while (at < text.length) {
    const char = text[at]!;
    if (text.startsWith("//", at)) skipTo(endOr(text.indexOf("\n", at), text), "comment");
    else if (text.startsWith("/*", at))
      skipTo(endOr(text.indexOf("*/", at + 2), text, 2), "comment");
    else if (char === '"' || char === "'") skipTo(quotedEnd(text, at, char), "string");
    else if (char === "`" || (char === "}" && templates.at(-1) === depth)) {
      if (char === "}") templates.pop();
      const end = templateEnd(text, at + 1);
      if (text[end - 1] === "{") templates.push(depth);
      skipTo(end, "string");
    } else if (char === "/" && REGEX_MAY_FOLLOW.test(lastCode(code, at))) {
      skipTo(regexEnd(text, at), "string");
    } else {
      if (char === "{") depth++;
      if (char === "}") depth--;
      at++;
    }
  }
  return { path, text, uncommented: uncommented.join(""), code: code.join("") };
}

/** Every import and re-export, of values and of types, static, dynamic, and of a built-in asked for by name. */
export function importsOf(source: Source): Import[] {
  const found = source.code.matchAll(
    /(?:\bfrom\s*|\bimport\s*\(?\s*|\b(?:require|getBuiltinModule)\s*\(\s*)(["'`])\s*\1/g,
  );
  return [...found].map((match) => {
    const end = match.index + match[0].length;
    const start = source.code.lastIndexOf(match[1]!, end - 2) + 1;
    return { specifier: source.text.slice(start, end - 1), line: lineAt(source.text, start) };
  });
}

/** Functions and methods longer than `max` lines, counted from the parameter list to the closing brace. */
export function longFunctions(source: Source, max: number): LongFunction[] {
  const found: LongFunction[] = [];
  const open: number[] = [];
  for (let at = 0; at < source.code.length; at++) {
    if (source.code[at] === "{") open.push(at);
    if (source.code[at] !== "}") continue;
    const start = open.pop();
    if (start === undefined) continue;
    const last = lineAt(source.text, at);
    // Only long blocks are worth the question whether they are a function.
    if (last - lineAt(source.text, start) < max / 2) continue;
    const head = functionHead(source.code, start);
    if (head === undefined) continue;
    const line = lineAt(source.text, head);
    const lines = last - line + 1;
    if (lines > max) found.push({ line, lines, reasoned: isReasoned(source.text, line, start) });
  }
  return found.sort((a, b) => a.line - b.line);
}

/** The exported tables whose name matches. */
export function tablesOf(source: Source, name: RegExp): Table[] {
  const found: Table[] = [];
  for (const match of source.code.matchAll(/\bexport\s+const\s+(\w+)/g)) {
    if (!name.test(match[1]!)) continue;
    const start = literalStart(source.code, match.index + match[0].length);
    if (start !== undefined) found.push({ name: match[1]!, keys: keysAt(source, start) });
  }
  return found;
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1))
    line++;
  return line;
}

function endOr(found: number, text: string, plus = 0): number {
  return found === -1 ? text.length : found + plus;
}

function quotedEnd(text: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < text.length && text[at] !== quote && text[at] !== "\n")
    at += text[at] === "\\" ? 2 : 1;
  return Math.min(at + 1, text.length);
}

/** From inside a template to just behind its closing backquote or the next `${`. */
function templateEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== "`") {
    if (text.startsWith("${", at)) return at + 2;
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

function regexEnd(text: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  while (at < text.length && text[at] !== "\n" && (inClass || text[at] !== "/")) {
    if (text[at] === "[") inClass = true;
    if (text[at] === "]") inClass = false;
    at += text[at] === "\\" ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

/** A little of the blanked code before `at`, enough to see the last word. */
function lastCode(code: readonly string[], at: number): string {
  let from = at;
  // Blanked comments can be long: walk back over them to the last thing that is code.
  while (from > 0 && /\s/.test(code[from - 1]!)) from--;
  return code.slice(Math.max(0, from - 12), from).join("");
}

/** If the block opened at `brace` is a function's body: where its parameter list begins. */
function functionHead(code: string, brace: number): number | undefined {
  const from = Math.max(0, brace - 400);
  const before = code.slice(from, brace).trimEnd();
  const closing = /(\))(?:\s*:[^;{}=()]*(?:\([^;{}=()]*\)[^;{}=()]*)?)?(?:\s*=>)?$/.exec(before);
  if (closing === null) return /\w\s*=>$/.test(before) ? from + before.length - 2 : undefined;
  let depth = 0;
  for (let at = from + closing.index; at >= 0; at--) {
    if (code[at] === ")") depth++;
    if (code[at] === "(") depth--;
    if (depth > 0) continue;
    const word = /(\w+)\s*$/.exec(code.slice(Math.max(0, at - 40), at))?.[1];
    return /^(?:if|for|await|while|switch|catch|with)$/.test(word ?? "") ? undefined : at;
  }
  return undefined;
}

function isReasoned(text: string, line: number, brace: number): boolean {
  const lines = text.split("\n");
  const opening =
    text
      .slice(brace + 1)
      .trimStart()
      .split("\n")[0] ?? "";
  if (/^\/[/*].*\bLong because\b/.test(opening)) return true;
  for (let above = line - 2; above >= 0; above--) {
    const comment = lines[above]!.trim();
    if (!/^(?:\/\/|\/\*|\*)/.test(comment)) return false;
    if (comment.includes("Long because")) return true;
  }
  return false;
}

/** The brace that opens the literal a constant is set to, behind its type if it has one. */
function literalStart(code: string, from: number): number | undefined {
  let depth = 0;
  let assigned = false;
  for (let at = from; at < code.length; at++) {
    const char = code[at]!;
    if (assigned && char === "{") return at;
    if ("{[(".includes(char)) depth++;
    if ("}])".includes(char)) depth--;
    if (char === "=" && depth === 0 && code[at + 1] !== ">") assigned = true;
    if (char === ";" && depth === 0) return undefined;
  }
  return undefined;
}

function keysAt(source: Source, brace: number): TableKey[] {
  const keys: TableKey[] = [];
  let depth = 0;
  let expectsKey = true;
  for (let at = brace; at < source.code.length; at++) {
    const char = source.code[at]!;
    // A comment is blank in the code, so that nothing in it looks like a key.
    if (expectsKey && depth === 1 && /\S/.test(char)) {
      const key = /^(?:"([^"]*)"|(\w+))\s*:/.exec(source.text.slice(at, at + 200));
      if (key !== null) {
        const line = lineAt(source.text, at);
        keys.push({ key: key[1] ?? key[2]!, line, doc: docAbove(source.text, at) });
      }
      expectsKey = false;
    }
    if ("{[(".includes(char)) depth++;
    if ("}])".includes(char) && --depth === 0) break;
    if (depth === 1 && (char === "," || at === brace)) expectsKey = true;
  }
  return keys;
}

function docAbove(text: string, at: number): string {
  const before = text.slice(0, at).trimEnd();
  const start = before.lastIndexOf("/**");
  // A comment that ends anywhere else belongs to something else.
  if (start === -1 || before.indexOf("*/", start) !== before.length - 2) return "";
  const lines = before.slice(start + 3, -2).split("\n");
  return lines
    .map((line) => line.replace(/^\s*\*/, "").trim())
    .join(" ")
    .trim();
}
