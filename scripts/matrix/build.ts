/**
 * Programs made ready to run: ours as one file of JavaScript, Go's compiled.
 *
 * Rule of this file: made once for a run, in its directory: a client is started hundreds of times, and what it
 * takes to start must not be what is measured.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT, run } from "../interop/world.ts";
import type { Place } from "./peer.ts";

export const PROGRAMS_DIR: string = join(ROOT, "scripts/matrix/programs");

const GO_SECONDS_MAX = 240;

/** A program of the repository as one file that any runtime of JavaScript takes. */
export async function bundle(place: Place, path: string): Promise<string> {
  const outfile = join(place.dir, `${path.replaceAll("/", "-").replace(/\.ts$/, "")}.mjs`);
  await build({
    entryPoints: [join(ROOT, path)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
  return outfile;
}

/** A program of Go, compiled. */
export async function buildGo(place: Place, go: string, name: string): Promise<string> {
  const to = join(place.dir, `go-${name.replace(/\.go$/, "")}`);
  const from = join(PROGRAMS_DIR, name);
  const { code, complained } = await run(go, ["build", "-o", to, from], GO_SECONDS_MAX);
  if (code !== 0) throw new Error(`go build ${name}: ${complained}`);
  return to;
}
