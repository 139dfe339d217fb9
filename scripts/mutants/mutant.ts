/**
 * What a mutant is: a small fault for a copy of lib, and the place where it goes.
 *
 * Rule of this file: data and where it applies; nothing is written and nothing is run here.
 */

/** A fault that somebody thought of, for one rule. */
export interface HandMutant {
  readonly name: string;
  /** The rule that it breaks, with its section. */
  readonly rule: string;
  /** A file, or a folder whose own files are searched: code moves between neighbours. */
  readonly where: string;
  /** Stands there exactly once, comments and strings included. */
  readonly find: string;
  readonly replace: string;
}

/** A fault at its place: `text` from `start` to `end` of the file becomes `replace`. */
export interface Mutant {
  readonly name: string;
  readonly kind: "by-hand" | "mechanical";
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
  /** The rule, or what was done mechanically. */
  readonly why: string;
}

/** The text with the fault in it. */
export function mutated(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end);
}

/** Files as they are now: path and text. */
export type Files = readonly (readonly [path: string, text: string])[];

/** The mutant at its one place among the files; throws, with its name, where there is none or more than one. */
export function place(hand: HandMutant, files: Files): Mutant {
  const folder = `${hand.where}/`;
  const found: Mutant[] = [];
  for (const [file, text] of files) {
    const inFolder = file.startsWith(folder) && !file.slice(folder.length).includes("/");
    if (file !== hand.where && !inFolder) continue;
    for (let at = text.indexOf(hand.find); at >= 0; at = text.indexOf(hand.find, at + 1)) {
      found.push({
        name: hand.name,
        kind: "by-hand",
        file,
        line: lineAt(text, at),
        start: at,
        end: at + hand.find.length,
        before: hand.find,
        after: hand.replace,
        why: hand.rule,
      });
    }
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const places = found.map(({ file, line }) => `${file}:${line}`).join(", ");
  const what = found.length === 0 ? "nowhere" : `${found.length} times (${places})`;
  throw new Error(
    `mutant "${hand.name}": its text is found ${what} in ${hand.where}: ${hand.find}`,
  );
}

/** The number of the line, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
