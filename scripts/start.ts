/**
 * npm start: builds if dist is missing or older than lib, then runs the demo in this very process.
 *
 * Rule of this file: after the clone and `npm ci` nothing else has to be done by hand. The demo imports
 * `barewire` as any program would, so what runs is the built package.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const inputs = [...filesBelow("lib"), "package.json", "scripts/build.ts"];
const outputs = existsSync(join(ROOT, "dist")) ? filesBelow("dist") : [];
const newestInput = Math.max(...inputs.map(changedAt));
const oldestOutput = Math.min(...outputs.map(changedAt));

if (outputs.length === 0 || newestInput > oldestOutput) {
  console.log("building …");
  const { buildDist } = await import("./build.ts");
  await buildDist();
}
// The name is put together so that the compiler does not follow it: the demo checks itself.
await import(new URL("../examples/demo.ts", import.meta.url).href);

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => join(folder, file))
    .filter((file) => statSync(join(ROOT, file)).isFile());
}

function changedAt(file: string): number {
  return statSync(join(ROOT, file)).mtimeMs;
}
