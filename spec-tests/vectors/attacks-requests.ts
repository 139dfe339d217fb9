/**
 * The topics attacks-requests: requests made to be read differently by others, over a socket.
 * RFC 9112 §2 to §7, §11 · DESIGN §2.3 · vectors: attacks-requests
 *
 * Rule of this file: the site is the one that the file describes, behind the library's own mux and file server.
 * Each case runs twice: once with a handler that reads every body, once with one that leaves all but /echo's
 * to be drained, since what is not read must not become the next request either.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileServer } from "../../lib/adapters/mod.ts";
import { ServeMux, error } from "../../lib/server/mod.ts";
import type { HandlerFunc } from "../../lib/server/mod.ts";
import { isArray, isObject, objectsOf, textOf } from "./case.ts";
import type { Case, ExchangeInput, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { runExchange } from "./exchange.ts";
import type { NotingHandler } from "./exchange.ts";
import type { Call } from "./handler-ops.ts";
import { oneOf } from "./match.ts";

/** Exchanges mostly wait, so many go on at once. */
const PARALLEL = 16;

/** Which bodies the handlers read. */
type Reads = "all" | "echo";

export const ATTACK_TOPICS: readonly Topic[] = [
  topic("attacks-requests:read", "all"),
  topic("attacks-requests:drained", "echo"),
];

function topic(name: string, reads: Reads): Topic {
  return {
    name,
    file: "attacks-requests",
    parallel: PARALLEL,
    cases: (content) => objectsOf(content["cases"]).map((one) => caseOf(one, reads)),
    run,
  };
}

function caseOf(one: JsonObject, reads: Reads): Case {
  const { layer, max_ms, never_body_contains, never_merged } = one;
  const input: ExchangeInput = {
    kind: "exchange",
    options: { reads, layer, maxMs: max_ms, look: never_body_contains, trailer: never_merged },
    handler: [],
    steps: [
      ["send", textOfPieces(one["raw"])],
      ...(one["eof"] === true ? [["halfClose"] as const] : []),
    ],
    observeMs: undefined,
  };
  return { id: textOf(one["id"]), input, want: wantOf(one, reads) };
}

/** Octets as the file writes them: a text, or a list of texts and of `{"repeat": [text, times]}`. */
export function textOfPieces(pieces: Json): string {
  if (!isArray(pieces)) return textOf(pieces);
  return pieces
    .map((piece) => {
      if (!isObject(piece)) return textOf(piece);
      const [text, times] = isArray(piece["repeat"]) ? piece["repeat"] : [];
      return textOf(text).repeat(Number(times));
    })
    .join("");
}

function wantOf(one: JsonObject, reads: Reads): Outcome {
  switch (one["expect"]) {
    case "accept":
      return accepted(one, reads);
    case "reject":
      return refused(one);
    case "reject-or-close":
      return one["may_accept"] === true
        ? oneOf([accepted(one, reads), ...closed(one)])
        : oneOf(closed(one));
    default:
      return oneOf([accepted(one, reads), ...closed(one)]);
  }
}

function accepted(one: JsonObject, reads: Reads): Outcome {
  const framing = isObject(one["framing"]) ? one["framing"] : undefined;
  const body = textOfPieces(framing?.["body"]);
  const next = textOfPieces(framing?.["remaining"]);
  const isEcho = textOfPieces(one["raw"]).startsWith("POST /echo ");
  // What is left of the input is a request, or nothing that could be one.
  const [, target] = /^[A-Z]+ (\S+) HTTP/.exec(next) ?? [];
  const responses = one["responses"] ?? (target === undefined ? 1 : 2);
  const isRead = framing !== undefined && (isEcho || reads === "all");
  return {
    ...always(one),
    first: oneOf(isArray(one["status"]) ? one["status"] : []),
    responses: one["then"] === undefined ? responses : oneOf([1, 2]),
    later: responses === 2 ? [target] : [],
    read: isRead ? body : undefined,
    echoed: isEcho && framing !== undefined ? body : undefined,
    host: one["host_seen"],
    connection: one["close_after"] === true || one["then"] !== undefined ? GONE : undefined,
  };
}

/** One answer and the end; no handler has seen a whole request. */
function refused(one: JsonObject): Outcome {
  return {
    ...always(one),
    first: oneOf(refusals(one)),
    responses: 1,
    completed: 0,
    later: [],
    connection: GONE,
  };
}

function closed(one: JsonObject): Outcome[] {
  return [
    refused(one),
    { ...always(one), responses: 0, completed: 0, later: [], connection: GONE },
  ];
}

function refusals(one: JsonObject): readonly Json[] {
  return isArray(one["status"]) ? one["status"].filter((status) => Number(status) >= 400) : [];
}

const GONE: Json = oneOf(["closed", "reset"]);

function always(one: JsonObject): Outcome {
  const allowed = isArray(one["interim_allowed"]) ? one["interim_allowed"] : [];
  return {
    interim: oneOf([[], allowed]),
    inTime: true,
    leaks: false,
    merged: false,
    cutShort: false,
  };
}

async function run(input: Input): Promise<Run[]> {
  if (input.kind !== "exchange") throw new Error("an exchange is wanted");
  const { options } = input;
  const exchange =
    options["layer"] === "static"
      ? await inFolder((folder) =>
          runExchange(
            input,
            answering(options, () => fileServer(folder)),
          ),
        )
      : await runExchange(input, answering(options, siteMux));
  return [{ way: "", outcome: outcomeOf(exchange, options) }];
}

/** A folder to serve, with something beside it that must not be served. */
async function inFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
  const around = await mkdtemp(join(tmpdir(), "barewire-"));
  try {
    await mkdir(join(around, "public"));
    await mkdir(join(around, "etc"));
    await writeFile(join(around, "public", "index.html"), "hello");
    await writeFile(join(around, "etc", "passwd"), "root: secret");
    return await fn(join(around, "public"));
  } finally {
    await rm(around, { recursive: true });
  }
}

/** A handler that notes what it sees, reads what it is to read, and answers as the site does. */
function answering(
  { reads, trailer }: JsonObject,
  site: (call: Call) => HandlerFunc,
): NotingHandler {
  return async (w, r, call) => {
    const { method, target, host } = r;
    Object.assign(call, { method, target, host });
    try {
      if (reads === "all" || r.path === "/echo") {
        call["body"] = latin1Of(await r.body.bytes({ max: ECHO_BYTES }));
        call["merged"] = r.header.has(textOf(trailer));
      }
    } catch {
      return error(w, "bad body", 400);
    }
    await site(call)(w, r);
  };
}

/** `/` answers 200, POST /echo what was sent. */
function siteMux(call: Call): HandlerFunc {
  const mux = new ServeMux();
  mux.handleFunc("/{$}", (w) => w.write("hello"));
  mux.handleFunc("POST /echo", (w) => w.write(octetsOf(textOf(call["body"]))));
  return (w, r) => mux.serveHTTP(w, r);
}

const ECHO_BYTES = 1_048_576;

/** What the cases ask of an exchange. */
function outcomeOf(exchange: Outcome, { maxMs, look }: JsonObject): Outcome {
  const answers = objectsOf(exchange["answers"]);
  const calls = objectsOf(exchange["handlerCalls"]);
  const isInterim = ({ status }: JsonObject): boolean => Number(status) < 200 && status !== 101;
  const finals = answers.filter((answer) => !isInterim(answer));
  return {
    interim: answers.filter(isInterim).map((answer) => answer["status"]),
    first: finals[0]?.["status"],
    responses: finals.length,
    echoed: finals[0]?.["body"],
    read: calls[0]?.["body"],
    host: calls[0]?.["host"],
    later: calls.slice(1).map((call) => call["target"]),
    // A call whose body could not be read has none.
    completed: calls.filter((call) => call["body"] !== undefined).length,
    merged: calls.some((call) => call["merged"] === true),
    connection: exchange["connection"],
    inTime: maxMs === undefined || Number(exchange["answeredMs"]) <= Number(maxMs),
    leaks:
      look !== undefined && answers.some((answer) => textOf(answer["body"]).includes(textOf(look))),
    cutShort: finals.some((answer) => answer["isWhole"] === false),
  };
}
