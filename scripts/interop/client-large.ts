/**
 * 100 MiB down and up, with a length and in chunks, in bounded memory.
 *
 * Rule of this file: each transfer is a process of its own (client-transfer.ts), which must end by
 * itself; what was uploaded is compared where the server has put it.
 */
import { deepStrictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, rmSync } from "node:fs";
import { APACHE } from "./client-apache.ts";
import { HAPROXY } from "./client-haproxy.ts";
import { NGINX } from "./client-nginx.ts";
import { PYTHON } from "./client-python.ts";
import { type ClientCheck, largeOf, SMALL, webOf } from "./client-site.ts";
import type { Transfer, Transferred } from "./client-transfer.ts";
import { checksOf, type Row, type Visit } from "./client-visit.ts";
import { run } from "./world.ts";

const MIB = 1024 * 1024;
/** A heap that is not yet pressed to collect; a client that held the body would need 100 MiB more. */
const RSS_GROWTH_MAX = 64 * MIB;
const ALL = [NGINX, APACHE, HAPROXY, PYTHON];

const ROWS: readonly Row[] = [
  { name: "a large download", at: ALL, run: (visit) => transfer(visit, "down") },
  { name: "a large upload with its length", at: ALL, run: (visit) => transfer(visit, "up") },
  { name: "a large upload in chunks", at: ALL, run: (visit) => transfer(visit, "chunked") },
];

let program: Promise<string> | undefined;

async function transfer({ world, url, ca }: Visit, how: Transfer["how"]): Promise<string> {
  program ??= world.compile("scripts/interop/client-transfer.ts");
  const { name, ...large } = largeOf(world);
  const path = webOf(world, `files/${name}`);
  const target = how === "down" ? `/files/${name}` : `/upload/${how}.bin`;
  const first = url(`/files/${SMALL.name}`);
  const task: Transfer = { url: url(target), how, path, first, ca };
  const { code, printed, complained } = await run(
    "node",
    [await program, JSON.stringify(task)],
    60,
  );
  if (code !== 0) throw new Error(`it ended with ${code}: ${complained}`);
  const { status, bytes, sha256, reused, ms, rssGrowthBytes } = JSON.parse(printed) as Transferred;
  deepStrictEqual(
    { status, bytes, sha256, reused },
    { status: how === "down" ? 200 : 201, ...large, reused: true },
  );
  if (how !== "down") {
    const stored = webOf(world, `upload/${how}.bin`);
    deepStrictEqual(await hashOf(stored), large.sha256);
    rmSync(stored);
  }
  const figures =
    `${mib(bytes)} in ${Math.round(ms)} ms, ${mib((bytes * 1000) / ms)}/s, ` +
    `RSS +${mib(rssGrowthBytes)}`;
  if (rssGrowthBytes > RSS_GROWTH_MAX) throw new Error(`memory is not bounded: ${figures}`);
  return figures;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) hash.update(piece);
  return hash.digest("hex");
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0)} MiB`;
}

export const LARGE_CHECKS: readonly ClientCheck[] = checksOf(ROWS);
