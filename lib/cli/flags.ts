/**
 * Flags of a verb, read by node:util's parseArgs, with suggestions for those that nobody knows.
 *
 * Rule of this file: every complaint is an Exit with code 2.
 */
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { usage } from "./io.ts";
import { nearest } from "./nearest.ts";

type FlagTable = NonNullable<ParseArgsConfig["options"]>;

/** What parseArgs makes of a table of flags. */
export type ParsedFlags<T extends FlagTable> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>
>;

/** Reads the flags of a verb; positionals may stand between them. */
export function parseFlags<const T extends FlagTable>(
  args: readonly string[],
  options: T,
): ParsedFlags<T> {
  const given = [...args];
  const loose = parseArgs({ args: given, options, strict: false, tokens: true });
  for (const token of loose.tokens) {
    if (token.kind !== "option" || Object.hasOwn(options, token.name)) continue;
    const near = nearest(token.name, Object.keys(options));
    const hint = near === undefined ? "" : ` (did you mean --${near}?)`;
    throw usage(`unknown flag ${token.rawName}${hint}`);
  }
  try {
    return parseArgs({ args: given, options, allowPositionals: true });
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
  }
}

/** A whole number from `min` to `max`. */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw usage(`${flag} wants a whole number from ${min} to ${max}, not "${text}"`);
}

/** Seconds with decimals, in ms; undefined stays so. */
export function secondsInMs(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9]{1,7}(?:\.[0-9]{1,3})?$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  throw usage(`${flag} wants seconds above 0, not "${text}"`);
}

/** One of the words. */
export function oneOf<T extends string>(flag: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  const near = nearest(text, words);
  const hint = near === undefined ? `one of ${words.join(", ")}` : `did you mean ${near}?`;
  throw usage(`${flag}: "${text}" is not known (${hint})`);
}

/** host:port, [v6]:port, or a port alone on this machine. */
export function hostAndPort(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):([0-9]{1,5})$/.exec(text);
  if (match === null) throw usage(`"${text}" is not HOST:PORT`);
  return {
    host: match[1] ?? match[2] ?? "",
    port: wholeNumber("the port", match[3] ?? "", 1, 65_535),
  };
}
