/**
 * The topics go-readrequest and go-readresponse: one message from a connection, as Go's values of it.
 * RFC 9112 §3 to §7 · vectors: go-readrequest, go-readresponse
 *
 * Rule of this file: octets go over a pipe, whole and in pieces, through the functions that users call. Where
 * a response is also written again, its octets are compared by what they say (answers.ts).
 */
import { Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import type { PipeOptions } from "../../lib/bufio/mod.ts";
import { Request, readRequest, readResponse, writeResponse } from "../../lib/message/mod.ts";
import type { Body, Response } from "../../lib/message/mod.ts";
import { canonicalHeaderKey } from "../../lib/wire/mod.ts";
import { answersOf } from "./answers.ts";
import { isArray, isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, OctetsInput, Outcome, Run, Topic } from "./case.ts";
import { latin1Of, octetsOf, randomPieces } from "./cuts.ts";
import { codesOf } from "./kinds.ts";
import { codeOf, mapOfLines, outcomeOf, wantError } from "./wants.ts";

export const READ_TOPICS: readonly Topic[] = [
  topic("go-readrequest", "request", requestOutcome),
  topic("go-readresponse", "response", responseOutcome),
];

/** Reads the octets as the pipe cuts them. */
export type Read = (input: OctetsInput, cut: PipeOptions) => Promise<Outcome>;

function topic(file: string, role: "request" | "response", read: Read): Topic {
  return {
    name: file,
    file,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map((one) => caseOf(one, role)),
    run: (input) => runAllWays(input, read),
  };
}

function caseOf(one: JsonObject, role: "request" | "response"): Case {
  const raw = textOf(one["raw"]);
  const requestMethod = textOf(one["requestMethod"]) || "GET";
  const want = isObject(one["want"]) ? one["want"] : {};
  const values = role === "request" ? requestWant(want) : responseWant(want);
  const rewritten = one["rewritten"];
  return {
    id: textOf(one["id"]),
    input: { kind: "octets", role, raw, ending: "eof", requestMethod },
    want:
      wantError(want["error"]) ??
      (rewritten === undefined
        ? values
        : { ...values, rewritten: answersOf(textOf(rewritten), [requestMethod]) }),
  };
}

function requestWant(want: JsonObject): Outcome {
  const { method, target, host } = want;
  const url = isObject(want["url"]) ? want["url"] : {};
  // Ours is the path of a target that has one: `*` has none, Go calls it the path itself.
  const path = target === "*" ? "" : url["path"];
  return { ...messageWant(want), method, target, host, path, rawQuery: url["rawQuery"] };
}

/** What is wanted of a response that can be read: the values that Go gives it. */
export function responseWant(want: JsonObject): Outcome {
  const status = textOf(want["status"]);
  return { ...messageWant(want), status: want["statusCode"], reason: status.slice(4) };
}

function messageWant(want: JsonObject): Outcome {
  const { proto, close, contentLength, headers, transferEncoding, trailers, body } = want;
  const bodyError = want["bodyError"];
  return {
    failed: false,
    proto,
    close,
    contentLength,
    headers: sameKeys(headers),
    transferEncoding: transferEncoding ?? [],
    trailers: sameKeys(trailers ?? {}),
    body,
    bodyError: isObject(bodyError) ? codesOf(textOf(bodyError["kind"])) : null,
  };
}

/** A map whose keys are compared too: its entries as a sorted list. */
function sameKeys(map: Json): Json {
  if (!isObject(map)) return map;
  return Object.entries(map)
    .map(([name, values]) => [name, isArray(values) ? values : []])
    .toSorted(([a], [b]) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** Reads the octets whole and in pieces. */
export async function runAllWays(input: Input, read: Read): Promise<Run[]> {
  if (input.kind !== "octets") throw new Error("octets are wanted");
  const sizes = randomPieces(octetsOf(input.raw), 1).map((piece) => piece.length);
  const ways: readonly (readonly [string, PipeOptions])[] = [
    ["whole", {}],
    ["octet by octet", { chop: 1, tenure: "borrowed" }],
    ["cut by seed 1", { chop: () => sizes.shift() ?? 1, tenure: "borrowed" }],
  ];
  const runs: Run[] = [];
  for (const [way, cut] of ways) {
    runs.push({ way, outcome: await outcomeOf(() => read(input, cut)) });
  }
  return runs;
}

async function requestOutcome(input: OctetsInput, cut: PipeOptions): Promise<Outcome> {
  const request = await readRequest(readerOf(input, cut));
  if (request === undefined) return NOTHING;
  const { method, target, host, rawQuery } = request;
  const path = latin1Of(new TextEncoder().encode(request.path));
  return { ...(await messageOutcome(request)), method, target, host, path, rawQuery };
}

/** What a response says, and what is written when it is read again and passed on. */
export async function responseOutcome(input: OctetsInput, cut: PipeOptions): Promise<Outcome> {
  const { requestMethod } = input;
  const request = new Request({ method: requestMethod, target: "/", host: "a" });
  const response = await readResponse(readerOf(input, cut), { request });
  if (response === undefined) return NOTHING;
  const again = await readResponse(readerOf(input, cut), { request });
  return {
    ...(await messageOutcome(response)),
    status: response.status,
    reason: response.statusText,
    rewritten: answersOf(await written(again!), [requestMethod]),
  };
}

const NOTHING: Outcome = { failed: true, error: "eof" };

async function messageOutcome(message: Request | Response): Promise<Outcome> {
  const { proto, close, contentLength, transferEncoding } = message;
  const headers = sameKeys(mapOfLines(message.header, canonicalHeaderKey));
  const { body, bodyError } = await readBody(message.body);
  return {
    proto,
    close,
    contentLength: contentLength ?? -1,
    headers,
    transferEncoding,
    body,
    bodyError,
    trailers: sameKeys(mapOfLines(message.trailer, canonicalHeaderKey)),
  };
}

async function readBody(source: Body): Promise<{ body: string; bodyError: string | null }> {
  let body = "";
  try {
    for await (const piece of source) body += latin1Of(piece);
    return { body, bodyError: null };
  } catch (error) {
    return { body, bodyError: codeOf(error) };
  }
}

/** A reader of the octets, which end with the connection. */
export function readerOf(input: { readonly raw: string }, cut: PipeOptions): Reader {
  const [far, near] = pipe(cut);
  const reader = new Reader(near);
  near.start(reader);
  if (input.raw !== "") far.write(octetsOf(input.raw));
  far.closeWrite();
  return reader;
}

/** The octets of a response that is written, up to where it fails. */
export async function written(response: Response): Promise<string> {
  const [near, far] = pipe();
  const reader = new Reader(far);
  far.start(reader);
  const writing = writeResponse(new Writer(near), response)
    .catch((error: unknown) => codeOf(error))
    .finally(() => near.closeWrite());
  let text = "";
  while ((await reader.more()) === "more") text += latin1Of(reader.take(reader.buffered));
  const failure = await writing;
  return failure === undefined ? text : `${text}<${failure}>`;
}
