/**
 * The vectors' handler operations, done with our Request and ResponseWriter.
 * vectors: go-server-wire, go-server-tables
 *
 * Rule of this file: one operation, one small function; what the handler saw is noted in a call.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import type { Request } from "../../lib/message/mod.ts";
import { error, maxBytesReader, notFound, redirect, timeoutHandler } from "../../lib/server/mod.ts";
import type { ResponseWriter } from "../../lib/server/mod.ts";
import { canonicalHeaderKey } from "../../lib/wire/mod.ts";
import type { Header } from "../../lib/wire/mod.ts";
import { isArray, textOf } from "./case.ts";
import type { Json, Operation } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { codeOf, mapOfLines } from "./wants.ts";

/** What a handler saw of its request, and what became of its reads and writes. */
export type Call = Record<string, Json>;

/** Runs the operations in order; `call` is filled on the way, so that it is there also after a throw. */
export async function runOperations(
  operations: readonly Operation[],
  w: ResponseWriter,
  r: Request,
  call: Call,
): Promise<void> {
  Object.assign(call, {
    method: r.method,
    target: r.target,
    host: r.host,
    proto: r.proto,
    close: r.close,
    contentLength: r.contentLength ?? -1,
    transferEncoding: r.transferEncoding,
    trailers: {},
    writes: [],
  });
  const [first, ...rest] = operations;
  if (first?.[0] !== "timeoutHandler") return runEach(operations, w, r, call);
  const [, ms, message] = first;
  const inner = timeoutHandler((w, r) => runEach(rest, w, r, call), Number(ms), {
    message: textOf(message),
  });
  await inner(w, r);
}

async function runEach(
  operations: readonly Operation[],
  w: ResponseWriter,
  given: Request,
  call: Call,
): Promise<void> {
  let r = given;
  for (const [name, ...args] of operations) {
    const text = textOf(args[0]);
    const count = Number(args[0]);
    if (name === "maxBytes") {
      r = r.with({ body: maxBytesReader(w, r.body, count) });
      continue;
    }
    const operation = OPERATIONS[name];
    if (operation === undefined) throw new Error(`no operation ${name}`);
    await operation({ w, r, call, args, text, count });
  }
}

interface Context {
  readonly w: ResponseWriter;
  readonly r: Request;
  readonly call: Call;
  readonly args: readonly Json[];
  /** The first argument, as text and as a number. */
  readonly text: string;
  readonly count: number;
}

const OPERATIONS: Readonly<Record<string, (context: Context) => Promise<void> | void>> = {
  set: ({ w, text, args }) => fieldsFor(w, text).set(nameOf(text), textOf(args[1])),
  add: ({ w, text, args }) => fieldsFor(w, text).add(nameOf(text), textOf(args[1])),
  del: ({ w, text }) => w.header.delete(text),
  setRaw: ({ w, text, args }) => {
    const [, values] = args;
    if (!isArray(values)) return w.omit(text);
    w.header.delete(text);
    for (const value of values) w.header.add(text, textOf(value));
  },
  status: ({ w, count }) => w.writeHeader(count),
  write: (context) => noteWrite(context, sendable(context.text)),
  writeRepeat: (context) => noteWrite(context, sendable(context.text.repeat(repeats(context)))),
  writeBytesRepeat: (context) =>
    noteWrite(context, octetsOf(context.text.repeat(repeats(context)))),
  copy: copyInPieces,
  flush: ({ w }) => w.flush(),
  error: ({ w, text, args }) => error(w, text, Number(args[1])),
  notFound: ({ w }) => notFound(w),
  redirect: ({ w, r, text, args }) => redirect(w, r, text, Number(args[1])),
  readAll: readAll,
  readN: readSome,
  closeBody: ({ r }) => r.body.cancel(),
  // Full duplex is what we always do.
  fullDuplex: () => undefined,
  // Go's test hides the body behind another type; ours has no type to be hidden.
  wrapBody: () => undefined,
  panic: ({ text }) => {
    throw new Error(text);
  },
  abort: ({ w }) => w.abort(),
  sleepMs: ({ count }) => new Promise((resolve) => setTimeout(resolve, count)),
  waitCancel: waitForAbort,
  hijackWrite: ({ w, text }) => {
    const { conn } = w.hijack();
    conn.write(text);
    conn.close();
  },
  hijackReadWrite: hijackReadWrite,
  writeAfterHijack: async ({ w, call }) => {
    call["writeAfterHijackError"] = await failureOf(() => w.write("x"));
  },
  echoMeta: async ({ w, r }) => {
    await w.write(sendable(`${r.method} ${r.target}`));
  },
};

/**
 * Go has one map for the fields before and after the body: a name that Trailer announces, or that begins with
 * `Trailer:`, is for after it. We have `w.trailer`.
 */
function fieldsFor(w: ResponseWriter, name: string): Header {
  const announced = w.header.values("trailer").join(",").toLowerCase().split(/[ ,]+/);
  const isTrailer = name.startsWith(TRAILER_PREFIX) || announced.includes(name.toLowerCase());
  return isTrailer ? w.trailer : w.header;
}

function nameOf(name: string): string {
  return name.startsWith(TRAILER_PREFIX) ? name.slice(TRAILER_PREFIX.length) : name;
}

const TRAILER_PREFIX = "Trailer:";

function repeats({ args }: Context): number {
  return Number(args[1]);
}

/** ASCII goes as a string and anything else as bytes, since our strings are UTF-8. */
function sendable(latin1: string): string | Uint8Array {
  return /^[\x00-\x7f]*$/.test(latin1) ? latin1 : octetsOf(latin1);
}

async function noteWrite({ w, call }: Context, data: string | Uint8Array): Promise<void> {
  const error = await failureOf(() => w.write(data));
  const writes = isArray(call["writes"]) ? call["writes"] : [];
  call["writes"] = [...writes, { n: error === null ? data.length : 0, error }];
}

/** As io.Copy: one write after the other, noted as one. */
async function copyInPieces({ w, call, text, args }: Context): Promise<void> {
  const total = Number(args[1]);
  let error: string | null = null;
  for (let sent = 0; sent < total && error === null; sent += COPY_BYTES) {
    const piece = octetsOf(text.repeat(Math.min(COPY_BYTES, total - sent)));
    error = await failureOf(() => w.write(piece));
  }
  call["writes"] = [{ n: error === null ? total : 0, error }];
}

const COPY_BYTES = 1024;

/** The code of what went wrong, or null. */
async function failureOf(fn: () => Promise<unknown>): Promise<string | null> {
  try {
    await fn();
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

/** A second reading finds nothing more, as in Go: what was noted before is replaced. */
async function readAll({ r, call }: Context): Promise<void> {
  let body = "";
  call["bodyError"] = await failureOf(async () => {
    for (;;) {
      const piece = await r.body.next();
      if (piece === undefined) return;
      body += latin1Of(piece);
    }
  });
  call["body"] = body.length < NOTED_BYTES ? body : undefined;
  call["bodyBytes"] = body.length;
  call["trailers"] = mapOfLines(r.trailer, canonicalHeaderKey);
}

/** The vectors note bodies below this. */
const NOTED_BYTES = 200;

async function readSome({ r, call, count }: Context): Promise<void> {
  const into = new Uint8Array(count);
  let filled = 0;
  call["bodyError"] = await failureOf(async () => {
    while (filled < count) {
      const step = await r.body.read(into.subarray(filled));
      if (step === undefined) throw new EndOfBody("the body has ended");
      filled += step;
    }
  });
  call["body"] = latin1Of(into.subarray(0, filled));
}

/** Go's io.EOF, where ours is undefined. */
class EndOfBody extends Error {
  readonly code = "eof";
}

async function waitForAbort({ r, call, count }: Context): Promise<void> {
  const { signal } = r;
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, count);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
  call["contextCancelled"] = signal.aborted;
}

async function hijackReadWrite({ w, call, args, count }: Context): Promise<void> {
  const { conn, head } = w.hijack();
  const reader = new Reader(conn);
  conn.start(reader);
  let text = latin1Of(head);
  while (text.length < count && (await reader.more()) === "more") {
    text += latin1Of(reader.take(reader.buffered));
  }
  call["hijackRead"] = text.slice(0, count);
  conn.write(textOf(args[1]));
  conn.close();
}
