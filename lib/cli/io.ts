/**
 * What a verb meets of the world: where it writes, what it reads, and when it is to stop.
 *
 * Rule of this file: contracts. main.ts gives a verb the process, a test gives it what it likes.
 */

/** A place for text that may be a terminal. */
export interface Sink {
  /** "terminal": a person looks at it, and control characters would be obeyed. */
  readonly kind: "terminal" | "pipe";
  /** Resolves when more may be written. */
  write(data: string | Uint8Array): Promise<void>;
}

/** The world of one run. */
export interface Io {
  /** Data. */
  readonly out: Sink;
  /** Talk, progress, complaints. */
  readonly err: Sink;
  /** Everything that stdin has. */
  readonly stdin: () => Promise<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT. */
  readonly signal: AbortSignal;
  readonly version: string;
}

/** One word of the command line with all that belongs to it. */
export interface Verb {
  readonly name: string;
  /** For the list of verbs. */
  readonly summary: string;
  readonly help: string;
  /** Resolves to the exit code. */
  readonly run: (args: readonly string[], io: Io) => Promise<number>;
}

/** Ends a verb early: a sentence for stderr, and the exit code. */
export class Exit extends Error {
  override readonly name = "Exit";
  readonly exitCode: number;

  constructor(exitCode: number, text: string) {
    super(text);
    this.exitCode = exitCode;
  }
}

/** The arguments cannot be understood: exit code 2 everywhere. */
export function usage(text: string): Exit {
  return new Exit(2, text);
}

/** Exit code after SIGINT, as shells count it. */
export const INTERRUPTED = 130;
