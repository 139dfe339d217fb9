/**
 * Go's net/http as a peer: a small program of it behind two pipes, where there is a Go to build it with.
 *
 * Rule of this file: it builds, starts, asks and takes apart; what Go says comes back as it was said. The form
 * of questions and answers is told in go-peer/main.go.
 */
import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { joined, octetsOf } from "../bytes.ts";
import { type Peer, type Reading, detailsOf } from "./peer.ts";

const SOURCE = fileURLToPath(new URL("./go-peer/main.go", import.meta.url));
/** The octets that tell the length of a frame. */
const LENGTH_BYTES = 4;

export const goPeer: Peer = {
  name: "Go's net/http",
  readRequests: (octets) => ask("", octets),
  readResponse: (octets, method) => ask(method, octets),
};

/** Builds and starts the program, once. Answers why it cannot, where it cannot. */
export function prepareGo(): Promise<string | undefined> {
  return (preparing ??= start());
}

/** Ends the program, where it runs. */
export function endGo(): void {
  program?.stdin.end();
  program = undefined;
  preparing = undefined;
}

let preparing: Promise<string | undefined> | undefined;
let program: ChildProcessByStdio<Writable, Readable, null> | undefined;

/** One question at a time: who waits for the answer to it, and the octets of it that are here. */
let waiting: { resolve(reading: Reading): void; reject(error: Error): void } | undefined;
let held: Uint8Array = new Uint8Array();

async function start(): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "barewire-go-peer-"));
  try {
    const binary = join(folder, "peer");
    await promisify(execFile)("go", ["build", "-o", binary, SOURCE], { cwd: folder });
    const child = spawn(binary, { stdio: ["pipe", "pipe", "inherit"] });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.once("exit", () => waiting?.reject(new Error("Go's program has ended")));
    // Writing to a program that has ended: the exit tells it.
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", take);
    program = child;
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "there is no go on the PATH" : message;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ask(method: string, octets: Uint8Array): Promise<Reading> {
  const question = joined(octetsOf(method), Uint8Array.of(0), octets);
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, question.length);
  return new Promise((resolve, reject) => {
    if (program === undefined) return reject(new Error("Go's program does not run"));
    waiting = { resolve, reject };
    program.stdin.write(joined(length, question));
  });
}

function take(piece: Uint8Array): void {
  held = joined(held, piece);
  if (held.length < LENGTH_BYTES) return;
  const end = LENGTH_BYTES + new DataView(held.buffer).getUint32(0);
  if (held.length < end) return;
  const text = new TextDecoder().decode(held.subarray(LENGTH_BYTES, end));
  held = held.slice(end);
  waiting?.resolve(readingOf(JSON.parse(text) as Told));
  waiting = undefined;
}

/** As main.go writes it. */
interface Told {
  readonly messages: readonly {
    readonly start: string;
    readonly content: string;
    readonly host: string;
    readonly reason: string;
    readonly header: Readonly<Record<string, readonly string[]>>;
    readonly trailer: Readonly<Record<string, readonly string[]>>;
  }[];
  readonly end: string;
}

function readingOf({ messages, end }: Told): Reading {
  return {
    messages: messages.map(({ start: line, content, host, reason, header, trailer }) => ({
      start: line,
      content,
      details: detailsOf({ host, reason, header: flat(header), trailer: flat(trailer) }),
    })),
    end,
  };
}

function flat(fields: Readonly<Record<string, readonly string[]>>): [string, string][] {
  return Object.entries(fields).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
}
