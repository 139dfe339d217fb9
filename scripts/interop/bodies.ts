/**
 * Large and endless bodies with curl: a file of 1 GiB in little memory, and a stream whose reader
 * leaves.
 *
 * Rule of this file: files are sparse, so that only the wire has work; what the server says about
 * them is known beforehand.
 */
import { closeSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Check, end, gather, launch, run, same, until, type World } from "./world.ts";

const MIB = 1024 * 1024;
const MEMORY_MIB_MAX = 120;

/** SHA-256 of so many zeros. */
const FILES = {
  short: {
    bytes: 64 * MIB,
    sha256: "3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351",
  },
  full: {
    bytes: 1024 * MIB,
    sha256: "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14",
  },
} as const;

/** What `/upload` answers for the file of this run. */
export function uploadAnswer(world: World): string {
  const { bytes, sha256 } = FILES[world.size];
  return `{"bytes":${bytes},"sha256":"${sha256}"}\n`;
}

/** A sparse file of zeros, made when first asked for. */
export function bigFile(world: World): string {
  const path = join(world.dir, "zeros");
  const descriptor = openSync(path, "a");
  ftruncateSync(descriptor, FILES[world.size].bytes);
  closeSync(descriptor);
  return path;
}

/** The peak of the server's resident memory so far, in MiB. */
export function peakMemoryMib(world: World): number {
  const status = readFileSync(`/proc/${world.pid}/status`, "latin1");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function upload(world: World, args: readonly string[]): Promise<void> {
  const url = `http://127.0.0.1:${world.port}/upload`;
  const { printed, code, complained } = await run("curl", ["-sS", ...args, url], 120);
  if (code !== 0) throw new Error(`curl ended with ${code}: ${complained}`);
  same(printed, uploadAnswer(world), world);
  const peak = peakMemoryMib(world);
  console.log(`      the server's memory has been at ${peak.toFixed(0)} MiB at most`);
  if (!(peak < MEMORY_MIB_MAX))
    throw new Error(`${peak.toFixed(0)} MiB, more than ${MEMORY_MIB_MAX}`);
}

export const BODY_CHECKS: readonly Check[] = [
  {
    name: "curl -T: a large file with its length is counted and hashed in little memory",
    program: "curl",
    run: (world) => upload(world, ["-T", bigFile(world)]),
  },
  {
    name: "curl -T: the same file in chunks",
    program: "curl",
    run: (world) => upload(world, ["-H", "Transfer-Encoding: chunked", "-T", bigFile(world)]),
  },
  {
    name: "curl: a body beyond 1 MiB is echoed while it arrives, byte for byte",
    program: "curl",
    run: async (world) => {
      // Not zeros: a piece that is lost or doubled must show. This program's own text, many times.
      const own = readFileSync(process.execPath)
        .subarray(0, 8 * MIB)
        .toString("latin1");
      const url = `http://127.0.0.1:${world.port}/echo`;
      const path = join(world.dir, "eight");
      await run("dd", [`if=${process.execPath}`, `of=${path}`, "bs=1M", "count=8"]);
      const { printed } = await run("curl", ["-sS", "-T", path, url], 60);
      if (printed !== own) throw new Error(`${printed.length} bytes came back, and not the same`);
    },
  },
  {
    name: "curl: a stream comes line by line, and stops when its reader leaves",
    program: "curl",
    run: async (world) => {
      const curl = launch("curl", ["-sSN", `http://127.0.0.1:${world.port}/stream`]);
      const printed = gather(curl.stdout);
      await until(() => printed().includes("line 2\n") || undefined, "the second line");
      same(printed(), "line 1\nline 2\n", world);
      await end(curl);
      const left = /"GET \/stream HTTP\/1\.1" 200 .*client gone/;
      await until(() => left.test(world.log()) || undefined, "the server to notice", 5);
    },
  },
  {
    name: "curl: server-sent events arrive one by one",
    program: "curl",
    run: async (world) => {
      const curl = launch("curl", ["-sSN", `http://127.0.0.1:${world.port}/sse`]);
      const printed = gather(curl.stdout);
      const first = "id: 1\ndata: tick 1\n\n";
      await until(() => (printed().length >= first.length ? true : undefined), "an event");
      await end(curl);
      same(printed().slice(0, first.length), first, world);
    },
  },
];
