/**
 * The files of fuzzing: targets, the corpus of found inputs, and the tables that give inputs to start from.
 *
 * Rule of this file: reading and writing; a folder that is not there is empty.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { octetsOf } from "./bytes.ts";
import type { Target } from "./harness.ts";
import { hashOf } from "./random.ts";

const TARGETS = new URL("./targets/", import.meta.url);
/** The tables lie beside the repository, where they are at hand. */
const VECTORS = new URL("../../shared/vectors/", import.meta.url);

/** All targets, by name. */
export function targetNames(): string[] {
  return readdirSync(TARGETS)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3));
}

export async function loadTarget(name: string): Promise<Target> {
  const { target } = (await import(new URL(`${name}.ts`, TARGETS).href)) as { target: Target };
  return target;
}

/** The inputs that a target once failed for. */
export function corpusOf(
  name: string,
  root: URL = new URL("./corpus/", import.meta.url),
): Uint8Array[] {
  const folder = new URL(`${name}/`, root);
  return namesIn(folder).map((file) => Uint8Array.from(readFileSync(new URL(file, folder))));
}

/** Puts an input into the corpus, under its hash; answers where. */
export function keep(
  name: string,
  input: Uint8Array,
  root: URL = new URL("./corpus/", import.meta.url),
): string {
  const folder = new URL(`${name}/`, root);
  const file = `${hashOf(input).toString(16).padStart(8, "0")}.bin`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(file, folder), input);
  return `fuzz/corpus/${name}/${file}`;
}

/** Every string that stands under one of the keys, anywhere in the tables. */
export function vectorsOf({ files, keys }: NonNullable<Target["vectors"]>): Uint8Array[] {
  const texts = new Set<string>();
  for (const file of namesIn(VECTORS).filter((name) => files.test(name))) {
    collect(JSON.parse(readFileSync(new URL(file, VECTORS), "utf8")), keys, texts);
  }
  return [...texts].map(octetsOf);
}

function namesIn(folder: URL): string[] {
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

function collect(value: unknown, keys: readonly string[], texts: Set<string>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const all = Array.isArray(inner) ? inner : [inner];
    if (keys.includes(key)) {
      for (const text of all) if (typeof text === "string") texts.add(text);
    }
    collect(inner, keys, texts);
  }
}
