/**
 * Downloads that are resumed or shared out among connections: curl -C -, wget -c, aria2c.
 * RFC 9110 §14.2
 *
 * Rule of this file: what lies on the disk in the end is the file, byte for byte, and the server's
 * log shows that it came by ranges: a client that begins anew would get the file too.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answered, curl, LARGE, MEDIUM, type Served, summary, talk, urlOf } from "./folder.ts";
import { type Check, same, type World } from "./world.ts";

const CONNECTIONS = 16;
const SIZE = MEDIUM.octets.length;
const HALF = SIZE / 2;

/** A folder of one's own, with the first octets of the file where a broken download leaves them. */
function begun(world: World, file: Served, bytes: number): { dir: string; path: string } {
  const dir = mkdtempSync(join(world.dir, "download-"));
  const path = join(dir, file.name);
  if (bytes > 0) writeFileSync(path, file.octets.subarray(0, bytes));
  return { dir, path };
}

function compare(path: string, file: Served, world: World): void {
  same(readFileSync(path, "latin1"), file.octets.toString("latin1"), world);
}

function wget(world: World, dir: string): Promise<{ answered: readonly Answered[] }> {
  const own = ["--no-config", "--no-proxy", "--no-hsts", "--tries=1", "--timeout=10"];
  return talk(world, "wget", [...own, "-nv", "-c", "-P", dir, urlOf(world, MEDIUM)]);
}

/** How many connections there were, and how many of them brought a range. */
function connections(answered: readonly Answered[]): { all: number; ranges: number } {
  const ranges = answered.filter(({ status }) => status === 206);
  const count = (some: readonly Answered[]): number => new Set(some.map(({ port }) => port)).size;
  return { all: count(answered), ranges: count(ranges) };
}

export const DOWNLOAD_CHECKS: readonly Check[] = [
  {
    name: "curl -C -: the second half of a file is fetched, and no more",
    program: "curl",
    run: async (world) => {
      const { path } = begun(world, MEDIUM, HALF);
      const { answered } = await curl(world, ["-C", "-", "-o", path, urlOf(world, MEDIUM)]);
      same(summary(answered), `GET bytes=${HALF}- 206 ${HALF}`, world);
      compare(path, MEDIUM, world);
    },
  },
  {
    name: "wget -c: the second half of a file is fetched, and no more",
    program: "wget",
    run: async (world) => {
      const { dir, path } = begun(world, MEDIUM, HALF);
      const { answered } = await wget(world, dir);
      same(summary(answered), `GET bytes=${HALF}- 206 ${HALF}`, world);
      compare(path, MEDIUM, world);
    },
  },
  {
    name: "wget -c: a file that is there already is left as it is",
    program: "wget",
    run: async (world) => {
      const { dir, path } = begun(world, MEDIUM, SIZE);
      const { answered } = await wget(world, dir);
      same(summary(answered), `GET bytes=${SIZE}- 416 33`, world);
      compare(path, MEDIUM, world);
    },
  },
  {
    name: "aria2c: 16 connections make up the file",
    program: "aria2c",
    run: async (world) => {
      const { dir, path } = begun(world, LARGE, 0);
      const args = [...ARIA2_SETTINGS, `--dir=${dir}`, urlOf(world, LARGE)];
      // The first connection asks for all of it, and tells by its answer that ranges can be had.
      await talk(world, "aria2c", args, (answered) => {
        const { all, ranges } = connections(answered);
        return all === CONNECTIONS && ranges >= CONNECTIONS - 1;
      });
      compare(path, LARGE, world);
    },
  },
];

const ARIA2_SETTINGS = [
  "--no-conf=true",
  "--no-netrc=true",
  "--no-proxy=127.0.0.1",
  "--quiet=true",
  "--timeout=10",
  "--max-tries=1",
  "--file-allocation=none",
  // 2 s for the file: else the first connections have brought it before the last ones are there.
  "--max-overall-download-limit=8M",
  "--min-split-size=1M",
  `--split=${CONNECTIONS}`,
  `--max-connection-per-server=${CONNECTIONS}`,
];
