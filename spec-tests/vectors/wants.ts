/**
 * Helpers by which outcomes that may be errors are told in one shape.
 *
 * Rule of this file: an outcome is either values or an error's code, never both.
 */
import type { Json, JsonObject, Outcome } from "./case.ts";
import { isObject, textOf } from "./case.ts";
import { codesOf } from "./kinds.ts";

/** Runs `fn`; an error with a code becomes `{failed: true, error: code, status}`, any other is thrown on. */
export async function outcomeOf(fn: () => Outcome | Promise<Outcome>): Promise<Outcome> {
  try {
    return { failed: false, ...(await fn()) };
  } catch (error) {
    return { failed: true, error: codeOf(error), status: statusOf(error) };
  }
}

/** The code of one of our errors; anything else is a fault of the code and thrown on. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  throw error;
}

/** The status that an error of ours carries. */
function statusOf(error: unknown): number | undefined {
  const status: unknown = error instanceof Error && "status" in error ? error.status : undefined;
  return typeof status === "number" ? status : undefined;
}

/** The want for an `error` field as the go-* files write it; undefined where it is null or absent. */
export function wantError(error: Json): Outcome | undefined {
  if (!isObject(error)) return undefined;
  const kind = textOf(error["kind"]);
  return { failed: true, error: kind === "any" ? undefined : codesOf(kind) };
}

/** A field's lines from the map that the go-* files write: name to values. */
export function linesOfMap(map: Json): [string, string][] {
  if (!isObject(map)) return [];
  return Object.entries(map).flatMap(([name, values]) =>
    Array.isArray(values)
      ? values.map((value): [string, string] => [name, textOf(value as Json)])
      : [],
  );
}

/** The same map from our lines, with Go's spelling, so that wants and outcomes compare key by key. */
export function mapOfLines(
  lines: Iterable<readonly [string, string]>,
  spell: (name: string) => string,
): JsonObject {
  const map: Record<string, string[]> = {};
  for (const [name, value] of lines) (map[spell(name)] ??= []).push(value);
  return map;
}
