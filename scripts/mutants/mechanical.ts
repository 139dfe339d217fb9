/**
 * Mutants that nobody had to think of: a comparison turned round, a condition negated, a statement dropped, a
 * number one off.
 *
 * Rule of this file: it works on text in which comments and strings are blanked, without a compiler. What the
 * compiler would see no difference in (types), and what does not parse, is left out by asking esbuild.
 */
import { transformSync } from "esbuild";
import { readSource } from "../source.ts";
import { type Files, type Mutant, lineAt, mutated } from "./mutant.ts";

/** Parts of lib that are mutated: the wire with framing and persistence, and both ends of a connection. */
const MEANT: readonly RegExp[] = [
  /^lib\/wire\/(?!mod\.ts$|errors\.ts$)[\w-]+\.ts$/,
  /^lib\/server\/((refuse|connection)[\w-]*|leaving|turn|open-exchange|output-wait|request-checks)\.ts$/,
  /^lib\/client\/(connection\/(connection|exchange|incoming|request-sender|response-heads)[\w-]*|pool\/pool|redirect)\.ts$/,
];

/** Operators, which the formatter keeps between two blanks, and what they become. */
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["===", "!=="],
  ["!==", "==="],
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
  ["&&", "||"],
  ["||", "&&"],
  ["+", "-"],
  ["-", "+"],
  ["+=", "-="],
  ["-=", "+="],
]);

/** A statement that stands on one line, a guard before it included. */
const STATEMENT =
  /^[ \t]+(?!(?:return|const|let|import|export|type|static|readonly|else|break|continue)\b)(?:if \(|void |await |throw |\+\+|this\.|[A-Za-z]\w*(?:\.|\(|\[|\+\+|--| (?:[+\-|&?]|\?\?)?= )).*;$/gm;

/** A change of some text, before it is known whether it is one to the compiler. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly after: string;
  readonly why: string;
}

/** All of them, file by file. Asking esbuild takes some milliseconds each. */
export function mechanicalMutants(files: Files): Mutant[] {
  return files.filter(([file]) => MEANT.some((name) => name.test(file))).flatMap(mutantsOf);
}

/** So many of them, chosen by the seed; those that stay first would be those of a smaller sample. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = randomOf(seed);
  const left = [...mutants];
  const chosen: Mutant[] = [];
  while (chosen.length < count && left.length > 0) {
    const at = Math.floor(random() * left.length);
    chosen.push(left[at]!);
    left[at] = left.at(-1)!;
    left.pop();
  }
  return chosen;
}

function mutantsOf([file, text]: Files[number]): Mutant[] {
  const { code } = readSource(file, text);
  const changes = [
    ...operatorChanges(code),
    ...numberChanges(code),
    ...conditionChanges(code, text),
    ...droppedStatements(code),
  ];
  const compiled = compile(text);
  return changes
    .map((change) => mutantOf(file, text, change))
    .filter((mutant) => {
      const result = compile(mutated(text, mutant));
      return result !== undefined && result !== compiled;
    });
}

function mutantOf(file: string, text: string, change: Change): Mutant {
  const { start, end, after, why } = change;
  const line = lineAt(text, start);
  const column = start - text.lastIndexOf("\n", start - 1);
  const before = text.slice(start, end);
  const name = `${file}:${line}:${column} ${why}`;
  return { name, kind: "mechanical", file, line, start, end, before, after, why };
}

function operatorChanges(code: string): Change[] {
  return [...code.matchAll(/(?<=\S )(?:[=!]==|[<>]=?|&&|\|\||[+-]=?)(?=\s)/g)].flatMap((match) => {
    const [operator] = match;
    const after = OPERATORS.get(operator);
    if (after === undefined) return [];
    const start = match.index;
    return [{ start, end: start + operator.length, after, why: `${operator} becomes ${after}` }];
  });
}

function numberChanges(code: string): Change[] {
  return [...code.matchAll(/(?<![\w.#$])(?:0x[0-9a-fA-F_]+|\d[\d_]*)(?![\w.])/g)].map((match) => {
    const [number] = match;
    const after = `(${number} + 1)`;
    const start = match.index;
    return { start, end: start + number.length, after, why: `${number} is one more` };
  });
}

function conditionChanges(code: string, text: string): Change[] {
  return [...code.matchAll(/\bif \(/g)].map((match) => {
    const start = match.index + match[0].length;
    const end = closing(code, start);
    return { start, end, after: `!(${text.slice(start, end)})`, why: "condition is negated" };
  });
}

/** Where the bracket that was opened just before `from` is closed. */
function closing(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < code.length; at++) {
    if (code[at] === "(") depth++;
    else if (code[at] === ")" && --depth === 0) break;
  }
  return at;
}

function droppedStatements(code: string): Change[] {
  return [...code.matchAll(STATEMENT)].flatMap((match) => {
    const [line] = match;
    if (!beginsStatement(code, match.index) || !isBalanced(line)) return [];
    const start = match.index + line.search(/\S/);
    return [{ start, end: match.index + line.length, after: "", why: "statement is dropped" }];
  });
}

/** Is what stands before the line complete? */
function beginsStatement(code: string, at: number): boolean {
  return /[;{}:]\s*$/.test(code.slice(Math.max(0, at - 400), at));
}

function isBalanced(line: string): boolean {
  return ["()", "{}", "[]"].every(([open, close]) => {
    return line.split(open!).length === line.split(close!).length;
  });
}

/** What is run of it; undefined when it does not parse. */
function compile(text: string): string | undefined {
  try {
    const options = { loader: "ts", format: "esm", target: "node20", logLevel: "silent" } as const;
    return transformSync(text, options).code;
  } catch {
    return undefined;
  }
}

/** The same numbers from 0 to 1 for the same seed, everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
