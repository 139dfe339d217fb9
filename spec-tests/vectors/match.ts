/**
 * Comparing what came with what is wanted.
 *
 * Rule of this file: what is wanted is binding wherever it says something. An object wants the keys it names
 * (undefined names nothing), a list wants just these elements in this order, `oneOf` wants any of several.
 */
import { isArray, isObject } from "./case.ts";
import type { Json, JsonObject } from "./case.ts";

/** A want that several values fulfil. */
export function oneOf(values: readonly Json[]): JsonObject {
  return { [ONE_OF]: values };
}

/** Where and how `actual` differs from `want`; empty when it does not. */
export function differences(want: Json, actual: Json, path = ""): string[] {
  if (want === undefined) return [];
  if (isArray(want)) return listDifferences(want, actual, path);
  if (isObject(want)) return objectDifferences(want, actual, path);
  return want === actual ? [] : [difference(want, actual, path)];
}

/** A value on one line, long texts clipped in the middle. */
export function shown(value: Json): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "string" && inner.length > CLIP_CHARS
      ? `${inner.slice(0, CLIP_CHARS / 2)}…${inner.length} chars…${inner.slice(-CLIP_CHARS / 4)}`
      : inner,
  );
}

const ONE_OF = "one of";
const CLIP_CHARS = 400;

function listDifferences(want: readonly Json[], actual: Json, path: string): string[] {
  if (!isArray(actual) || actual.length !== want.length) return [difference(want, actual, path)];
  return want.flatMap((item, index) => differences(item, actual[index], `${path}[${index}]`));
}

function objectDifferences(want: JsonObject, actual: Json, path: string): string[] {
  const choices = want[ONE_OF];
  if (isArray(choices)) {
    const fits = choices.some((choice) => differences(choice, actual).length === 0);
    return fits ? [] : [difference(want, actual, path)];
  }
  if (!isObject(actual)) return [difference(want, actual, path)];
  return Object.entries(want).flatMap(([key, value]) =>
    differences(value, actual[key], path === "" ? key : `${path}.${key}`),
  );
}

function difference(want: Json, actual: Json, path: string): string {
  const where = path === "" ? "" : `${path}: `;
  return `${where}expected ${shown(want)}\n${" ".repeat(where.length)}actual   ${shown(actual)}`;
}
