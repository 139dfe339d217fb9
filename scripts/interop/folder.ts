/**
 * The folder that the server of files-server.ts serves, and what that server says of its answers.
 *
 * Rule of this file: contents, dates, and so entity tags, are the same in every run: what a client
 * must get is known beforehand.
 */
import { createCipheriv } from "node:crypto";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, until, type World } from "./world.ts";

const MIB = 1024 * 1024;

/** One file of the folder. */
export interface Served {
  readonly name: string;
  readonly octets: Buffer;
  readonly sha256: string;
  readonly etag: string;
}

export const LAST_MODIFIED = "Wed, 01 Jan 2020 00:00:00 GMT";
const MODIFIED = new Date("2020-01-01T00:00:00Z");

export const MEDIUM: Served = {
  name: "medium.bin",
  octets: noise(MIB),
  sha256: "cbe2b262041a8db47d844bcaccfaa76de692ca1410e9920198b250445175e1b8",
  etag: '"59b08c1fa4000-100000"',
};

export const LARGE: Served = {
  name: "large.bin",
  octets: noise(16 * MIB),
  sha256: "04257f2c06bb2404d0a64584ceb92e782d5a5e281c5436876fc11ad1b4993547",
  etag: '"59b08c1fa4000-1000000"',
};

export const TEXT: Served = {
  name: "text.txt",
  octets: lines(3000),
  sha256: "0fb31fafff659bdb8a962cfc9541209af4e61c622e9d807e3a87d382d98c1d7d",
  etag: '"59b08c1fa4000-14f82"',
};

/** The path of a file, or the folder's own, below the directory of the run. */
export function folderOf(dir: string, name = ""): string {
  return join(dir, "files", name);
}

export function makeFolder(dir: string): void {
  mkdirSync(folderOf(dir));
  for (const { name, octets } of [MEDIUM, LARGE, TEXT]) {
    writeFileSync(folderOf(dir, name), octets);
    utimesSync(folderOf(dir, name), MODIFIED, MODIFIED);
  }
}

/** A line of the server's log: a request, and the answer that it got. */
export interface Answered {
  /** The client's: one for each connection. */
  readonly port: number | undefined;
  readonly method: string;
  readonly target: string;
  readonly range: string | undefined;
  readonly status: number;
  /** Of the content, as sent. */
  readonly bytes: number;
  /** The temporary file in which an upload was. */
  readonly stored: string | undefined;
}

/**
 * Runs a program, which must end well, and gives what it printed and what the server says of it:
 * one line, or as many as are enough.
 */
export async function talk(
  world: World,
  program: string,
  args: readonly string[],
  enough: (answered: readonly Answered[]) => boolean = (answered) => answered.length > 0,
): Promise<{ printed: string; answered: readonly Answered[] }> {
  const begun = world.log().length;
  const { printed, code, complained } = await run(program, args, 30);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complained}${printed}`);
  const said = (): Answered[] => {
    // What follows the last line end is a line that is still coming.
    const complete = world.log().slice(begun).split("\n").slice(0, -1);
    return complete.map((line) => JSON.parse(line) as Answered);
  };
  try {
    await until(() => enough(said()) || undefined, "more of the server's log", 5);
  } catch (cause) {
    throw new Error(`the server says no more than:\n${summary(said())}`, { cause });
  }
  return { printed, answered: said() };
}

/** curl, without anyone's settings. */
export function curl(
  world: World,
  args: readonly string[],
): Promise<{ printed: string; answered: readonly Answered[] }> {
  return talk(world, "curl", ["-q", "-sS", "--noproxy", "*", "--max-time", "25", ...args]);
}

/** What was asked and answered, in short: "GET bytes=5- 206 12". */
export function summary(answered: readonly Answered[]): string {
  return answered
    .map(({ method, range, status, bytes }) => `${method} ${range ?? "-"} ${status} ${bytes}`)
    .join("\n");
}

export function urlOf(world: World, { name }: Served): string {
  return `http://127.0.0.1:${world.port}/files/${name}`;
}

/** Octets in which no piece is like another: a part that is lost, doubled or moved must show. */
export function noise(bytes: number): Buffer {
  const cipher = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

function lines(count: number): Buffer {
  const text = Array.from({ length: count }, (_, at) => `This is line ${at} of a text.\n`);
  return Buffer.from(text.join(""), "latin1");
}
