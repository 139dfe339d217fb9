/**
 * The topic goclient-exchange: raw answers of a server over a real socket, and what our Transport makes of them.
 * RFC 9112 §4 to §9 · vectors: goclient-exchange
 *
 * Rule of this file: it plays the server that the case describes, asks once, asks again, and tells what came.
 * It judges nothing; the rules look at the octets alone.
 */
import { Transport } from "../../lib/adapters/mod.ts";
import { type Response, newRequest } from "../../lib/message/mod.ts";
import { canonicalHeaderKey } from "../../lib/wire/mod.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type {
  CallInput,
  Case,
  Input,
  Json,
  JsonObject,
  Outcome,
  Rule,
  Run,
  Topic,
} from "./case.ts";
import { latin1Of } from "./cuts.ts";
import { oneOf } from "./match.ts";
import { type ScriptServer, scriptServer, sleep } from "./script-server.ts";
import { linesOfMap, mapOfLines } from "./wants.ts";

const FILE = "goclient-exchange";

export const EXCHANGE_CLIENT_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    parallel: 16,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: async (input): Promise<Run[]> => [{ way: "", outcome: await exchange(callOf(input)) }],
  },
];

function callOf(input: Input): CallInput {
  if (input.kind !== "call") throw new Error("a call is wanted");
  return input;
}

function caseOf(one: JsonObject): Case {
  const { request, transport, server, clientReads } = one;
  const input: Input = {
    kind: "call",
    op: FILE,
    args: { request, transport, server, clientReads },
  };
  return { id: textOf(one["id"]), input, want: wantOf(isObject(one["want"]) ? one["want"] : {}) };
}

/** Names that we do not give as Go does: the status line in one, the lists of names. */
function wantOf(want: JsonObject): Outcome {
  const { error, connectionReused } = want;
  if (error !== undefined) return { error: codesOf(error), connectionReused };
  const { announcedTrailers: _, trailers, headers, bodyError, informational, ...rest } = want;
  return {
    ...rest,
    headers: headers === undefined ? undefined : linesOf(headers),
    trailers: trailers === undefined ? undefined : linesOf(trailers),
    bodyError: bodyError === null || bodyError === undefined ? null : codesOf(bodyError),
    informational: (isArray(informational) ? informational : []).map((seen) => {
      const [status, fields] = isArray(seen) ? seen : [];
      return { status, fields: linesOf(fields) };
    }),
  };
}

/** Field lines in one order; an announced name without a value has none. */
function linesOf(map: Json): string[] {
  return linesOfMap(map)
    .map(([name, value]) => `${name}: ${value}`)
    .toSorted();
}

/** The codes that we have for the kinds of errors named there. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  "bad-content-length": ["bad-content-length"],
  "caller-deadline": ["bad-chunk-end", "bad-field-name", "missing-colon", "bare-lf"],
  "chunk-bad-size": ["bad-chunk-size"],
  "chunk-empty-size": ["bad-chunk-size"],
  "chunk-line-bare-cr": ["bad-chunk-extension", "bad-chunk-end"],
  "chunk-line-bare-lf": ["bad-chunk-end", "bad-chunk-size"],
  "chunk-line-too-long": ["chunk-line-too-long"],
  "chunk-malformed": ["bad-chunk-end"],
  "chunk-size-too-large": ["chunk-size-too-large"],
  "closed-without-response": ["connection-lost"],
  "empty-content-length": ["bad-content-length"],
  "gzip-corrupt-or-truncated": ["corrupt-content-coding", "truncated-content-coding"],
  "malformed-header": [
    "bad-field-name",
    "bad-field-value",
    "missing-colon",
    "bare-cr",
    "space-before-first-field",
  ],
  "malformed-status-code": ["bad-status-line"],
  "malformed-status-line": ["bad-status-line"],
  "malformed-version": ["bad-status-line"],
  "multiple-content-length": ["conflicting-content-length"],
  "response-header-timeout": ["response-header-timed-out"],
  "response-header-too-large": ["head-too-large", "header-too-large"],
  "too-many-transfer-encodings": ["chunked-not-last", "unsupported-transfer-coding"],
  "trailer-too-long": ["trailer-too-large"],
  "unexpected-eof": ["truncated-body", "truncated-head"],
  "unexpected-eof-in-trailer": ["truncated-body"],
  "unsupported-transfer-encoding": ["unsupported-transfer-coding", "chunked-not-last"],
};

function codesOf(kind: Json): Json {
  return oneOf(CODES[textOf(kind)] ?? [`a code for the kind ${textOf(kind)}`]);
}

const SEGMENT_MS = 15;
const LATER_MS = 20;
const SECOND_MS = 40;
const DEADLINE_MS = 4_000;

async function exchange({ args }: CallInput): Promise<Outcome> {
  const script = isObject(args["server"]) ? args["server"] : {};
  // Only when all of it has been sent does the wait for its effect begin.
  let sent = (): void => undefined;
  const allSent = new Promise<void>((resolve) => (sent = resolve));
  const server = await scriptServer(async (seen) => {
    if (seen.connection > 1 || seen.turn > 1) {
      seen.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      return;
    }
    for (const [i, segment] of textsOf(script["segments"]).entries()) {
      if (i > 0) await sleep(SEGMENT_MS);
      seen.send(segment);
    }
    if (script["thenClose"] === true) seen.socket.end();
    if (script["later"] !== undefined) {
      await sleep(LATER_MS);
      seen.send(textOf(script["later"]));
    }
    sent();
  });
  const transport = new Transport({ ...optionsOf(args["transport"]), errorLog: () => undefined });
  try {
    const outcome = await first(server, transport, args);
    await allSent;
    await sleep(SECOND_MS);
    const again = newRequest("GET", urlOf(server));
    await (await transport.roundTrip(again)).body.bytes();
    const second = server.requests.find((seen) => seen.head.startsWith("GET /again "));
    return { ...outcome, connectionReused: second?.connection === 1 };
  } finally {
    transport.close();
    await server.close();
  }
}

function urlOf(server: ScriptServer): string {
  return `http://127.0.0.1:${server.port}/again`;
}

function optionsOf(given: Json): Record<string, number> {
  const options = isObject(given) ? given : {};
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/Ms$/, ""), Number(value)]),
  );
}

/** The exchange that the case is about. */
async function first(
  server: ScriptServer,
  transport: Transport,
  args: JsonObject,
): Promise<Outcome> {
  const request = isObject(args["request"]) ? args["request"] : {};
  const informational: Json[] = [];
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const url = `http://127.0.0.1:${server.port}/`;
  const made = newRequest(textOf(request["method"]), url, bodyOf(request["body"]), {
    header: linesOfMap(request["headers"]),
    signal,
  });
  const sent = request["close"] === true ? made.with({ close: true }) : made;
  try {
    const response = await transport.roundTrip(sent, {
      trace: {
        got1xxResponse: (status, header) => informational.push({ status, fields: shown(header) }),
      },
    });
    const reads = textOf(args["clientReads"]) === "all";
    return {
      ...headOf(response),
      informational,
      ...(await bodyOutcome(response, reads ? "all" : "none")),
    };
  } catch (error) {
    return { error: codeOf(error) };
  }
}

function bodyOf(body: Json): string | AsyncIterable<string> | undefined {
  if (!isObject(body)) return undefined;
  return body["kind"] === "bytes" ? textOf(body["data"]) : neverEnding();
}

async function* neverEnding(): AsyncIterable<string> {
  for (;;) {
    yield "x";
    await sleep(5);
  }
}

function headOf(response: Response): Outcome {
  const { status, statusText } = response;
  return {
    status: statusText === "" ? String(status) : `${status} ${statusText}`,
    statusCode: status,
    proto: response.proto,
    headers: shown(response.header),
    contentLength: response.contentLength ?? -1,
    close: response.close,
    uncompressed: response.uncompressed,
    bodyWritable: status === 101,
    transferEncoding: [...response.transferEncoding],
  };
}

async function bodyOutcome(response: Response, reads: "all" | "none"): Promise<Outcome> {
  if (reads === "none") {
    response.body.cancel();
    return { bodyError: null };
  }
  let body = "";
  try {
    for await (const piece of response.body) body += latin1Of(piece);
    return { body, bodyError: null, trailers: shown(response.trailer) };
  } catch (error) {
    return { body, bodyError: codeOf(error) };
  }
}

/** The fields of a map, each name in Go's spelling, in one order. */
function shown(header: Iterable<readonly [string, string]>): string[] {
  return linesOf(mapOfLines(header, canonicalHeaderKey));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  return error instanceof Error ? error.name : String(error);
}

/** What came in the segments, in one piece. */
function answerOf(input: Input): string {
  if (input.kind !== "call") return "";
  const { server } = input.args;
  return isObject(server) ? textsOf(server["segments"]).join("") : "";
}

export const EXCHANGE_CLIENT_RULES: readonly Rule[] = [
  {
    name: "after a response with both framings the connection of a client is not used again",
    section: "RFC 9112 §6.1; DESIGN §2.3",
    topics: [FILE],
    decides: (input) => {
      const answer = answerOf(input);
      return /^transfer-encoding: chunked\r$/im.test(answer) && /^content-length:/im.test(answer);
    },
    outcome: (_input, want) => ({ ...want, close: true, connectionReused: false }),
  },
  {
    name: "a small body that nobody reads does not cost the connection",
    section: "DESIGN §3 (drain of a cancelled body)",
    topics: [FILE],
    decides: (input) =>
      input.kind === "call" &&
      textOf(input.args["clientReads"]) !== "all" &&
      /^content-length: [1-9]/im.test(answerOf(input)),
    outcome: (_input, want) => ({ ...want, connectionReused: true }),
  },
  {
    name: "a blank behind a chunk size is refused in responses too",
    section: "RFC 9112 §7.1; DESIGN §2.3 (never in chunk framing)",
    topics: [FILE],
    decides: (input) => /\r\n[0-9a-f]+[ \t]+\r\n/i.test(answerOf(input)),
    outcome: (_input, want) => ({
      ...want,
      body: "",
      bodyError: oneOf(["bad-chunk-size"]),
      connectionReused: false,
    }),
  },
  {
    name: "trailers may be larger than Go's read buffer",
    section: "DESIGN §3 (16 KiB)",
    topics: [FILE],
    decides: (input) => {
      const trailer = /\r\n0\r\n([^]+)\r\n\r\n$/.exec(answerOf(input))?.[1] ?? "";
      return trailer.length > 4_096 && trailer.length < 16_384;
    },
    outcome: (_input, want) => ({ ...want, bodyError: null, connectionReused: true }),
  },
  {
    name: "Connection stays in the header where it says more than close",
    section: "RFC 9110 §7.6.1",
    topics: [FILE],
    decides: (input) =>
      /^connection: (?!close\r$|keep-alive\r$|upgrade\r$).*close/im.test(answerOf(input)),
    outcome: (input, want) => {
      const line = /^Connection: .*(?=\r$)/m.exec(answerOf(input))?.[0] ?? "";
      return { ...want, headers: [...textsOf(want["headers"]), line].toSorted() };
    },
  },
  {
    name: "a response of major version 0 is refused by a client too",
    section: "RFC 9112 §2.3; API.md (not part of it)",
    topics: [FILE],
    decides: (input) => answerOf(input).startsWith("HTTP/0."),
    outcome: () => ({ error: "unsupported-version", connectionReused: false }),
  },
];
