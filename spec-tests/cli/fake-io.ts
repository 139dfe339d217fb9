/**
 * A world for verbs: what they write is kept, what they read is given, and they are stopped by hand.
 *
 * Rule of this file: no process, no terminal.
 */
import type { Io, Sink } from "../../lib/cli/io.ts";
import { run } from "../../lib/cli/run.ts";

export interface FakeOptions {
  readonly stdin?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Default: both are pipes. */
  readonly out?: Sink["kind"] | undefined;
  readonly err?: Sink["kind"] | undefined;
}

/** A run that has ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the program to its end. Text is latin1 on stdin, and one char per octet in what comes out. */
export async function barewire(args: readonly string[], options: FakeOptions = {}): Promise<Ran> {
  const started = start(args, options);
  return started.ended;
}

/** A run that goes on. */
export interface Started {
  readonly ended: Promise<Ran>;
  /** Resolves with the match when stderr holds the pattern. */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Resolves with the match when stdout holds the pattern. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** SIGINT. */
  readonly stop: () => void;
}

/** Starts the program. */
export function start(args: readonly string[], options: FakeOptions = {}): Started {
  const interruption = new AbortController();
  const out = new Kept(options.out ?? "pipe");
  const err = new Kept(options.err ?? "pipe");
  const io: Io = {
    out,
    err,
    stdin: () => Promise.resolve(Buffer.from(options.stdin ?? "", "latin1")),
    env: options.env ?? {},
    signal: interruption.signal,
    version: "1.2.3",
  };
  return {
    ended: run(args, io).then((code) => ({ code, out: out.text, err: err.text })),
    said: (pattern) => err.until(pattern),
    printed: (pattern) => out.until(pattern),
    stop: () => interruption.abort(),
  };
}

/** Starts a verb that serves, and resolves to its port once it does. */
export async function serving(
  args: readonly string[],
  options?: FakeOptions,
): Promise<Started & { readonly port: string }> {
  const started = start([...args, "--port", "0"], options);
  const failed = started.ended.then(({ err }) => {
    throw new Error(`it has ended: ${err}`);
  });
  const match = await Promise.race([started.said(/at https?:\/\/[^\n]*:([0-9]+)\//), failed]);
  failed.catch(() => {});
  return { ...started, port: match[1] ?? "" };
}

class Kept implements Sink {
  readonly kind: Sink["kind"];
  text = "";
  #changed: (() => void)[] = [];

  constructor(kind: Sink["kind"]) {
    this.kind = kind;
  }

  write(data: string | Uint8Array): Promise<void> {
    this.text += typeof data === "string" ? data : Buffer.from(data).toString("latin1");
    for (const wake of this.#changed.splice(0)) wake();
    return Promise.resolve();
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      await new Promise<void>((resolve) => this.#changed.push(resolve));
    }
  }
}
