/**
 * A tree of source files as the house rules and the generated pages see it.
 *
 * Rule of this file: it reads files and answers from them, and judges nothing.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { importsOf, readSource, tablesOf } from "./source.ts";
import type { Source, Table } from "./source.ts";

/** The tables (`*_ERRORS`, `*_LIMITS`, …) that lib exports, with the file that holds each. */
export function tablesIn(root: string, name: RegExp): (Table & { readonly file: string })[] {
  return readTree(root, "lib").flatMap((source) =>
    tablesOf(source, name).map((table) => ({ ...table, file: source.path })),
  );
}

export function readTree(root: string, tree: string): Source[] {
  if (!existsSync(join(root, tree))) return [];
  return readdirSync(join(root, tree), { recursive: true, encoding: "utf8" })
    .map((path) => posix.join(tree, path.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(".ts"))
    .sort()
    .map((path) => readSource(path, readFileSync(join(root, path), "utf8")));
}

/** Relative imports as paths from the root. */
export function targetsOf(source: Source): { target: string; line: number }[] {
  return importsOf(source)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, line }) => ({ target: posix.join(dirname(source.path), specifier), line }));
}

/** The room of a file of lib; undefined for the files beside the rooms. */
export function roomOf(path: string): string | undefined {
  return /^lib\/([^/]+)\//.exec(path)?.[1];
}

export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
