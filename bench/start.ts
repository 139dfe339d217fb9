/**
 * The question of the start: how long does it take to import the library, and how much is there to ship?
 *
 * Rule of this file: each import has a fresh process. A bundle is what esbuild makes of `import *` of a door,
 * which is all of it: who takes a few names ships less.
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Answer, Effort, Question } from "./answer.ts";
import { median, ROOT, runOn, SERVER_CORE } from "./kit.ts";

const IMPORTS = ["barewire", "node:net", "node:http"] as const;
const DOORS = ["barewire", "barewire/wire", "barewire/server", "barewire/client"] as const;
/** Imports a round: one takes some 20 ms, of which the disk and the scheduler have a part. */
const IMPORTS_A_ROUND = 5;

export const START: Question = {
  name: "start",
  parts: ["import", "size"],
  ask: (part, effort) => (part === "import" ? measureImports(effort) : measureSizes()),
};

async function measureImports({ rounds }: Effort): Promise<Answer> {
  const figures = new Map<string, number[]>(IMPORTS.map((name) => [name, []]));
  for (const name of IMPORTS) await importMs(name); // the disk's cache is warm then
  for (let i = 0; i < rounds * IMPORTS_A_ROUND; i++) {
    for (const name of IMPORTS) figures.get(name)?.push(await importMs(name));
  }
  const ms = (name: string): number => median(figures.get(name) ?? []);
  return {
    title: `One import in a fresh process (ms of the clock, median of ${rounds * IMPORTS_A_ROUND})`,
    columns: ["ms", "over node:net"],
    rows: IMPORTS.map((name) => ({
      name,
      figures: { ms: ms(name), "over node:net": ms(name) - ms("node:net") },
    })),
  };
}

/** How long the import statement takes, without the start of the process. */
async function importMs(name: string): Promise<number> {
  const code =
    "const began = performance.now();" +
    `await import(${JSON.stringify(name)});` +
    "console.log(performance.now() - began);";
  const command = [process.execPath, "--input-type=module", "--eval", code];
  return Number(await runOn(SERVER_CORE, command, 15_000));
}

async function measureSizes(): Promise<Answer> {
  const rows = [];
  for (const name of DOORS) rows.push({ name, figures: await sizesOf(name) });
  return {
    title: "A bundle of all that is behind a door (KiB)",
    columns: ["minified", "gzipped"],
    rows,
  };
}

async function sizesOf(door: string): Promise<Record<string, number>> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as door from ${JSON.stringify(door)}; globalThis.door = door;`,
      resolveDir: ROOT,
    },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    external: ["node:*"],
    target: "es2022",
    write: false,
  });
  const octets = outputFiles[0]?.contents ?? new Uint8Array(0);
  if (octets.length === 0) throw new Error(`${door} made an empty bundle`);
  const gzipped = gzipSync(octets, { level: 9 });
  return { minified: octets.length / 1024, gzipped: gzipped.length / 1024 };
}
