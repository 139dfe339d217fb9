/**
 * The topic goclient-requestwire: requests as our Transport puts them on the wire.
 * RFC 9112 §3, §6 · vectors: goclient-requestwire
 *
 * Rule of this file: no sockets; the server is the far end of a pipe, which keeps what comes and answers once.
 * What stands between the first lines and the body is compared without its order, bodies without their chunks.
 */
import { pipe } from "../../lib/bufio/mod.ts";
import { nodeDecoders } from "../../lib/adapters/content-decoders.ts";
import { Transport } from "../../lib/client/transport.ts";
import {
  type BodyLike,
  DEFAULT_USER_AGENT,
  type Request,
  newRequest,
  noBody,
} from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { isObject, objectsOf, textOf, textsOf } from "./case.ts";
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
import { oneOf } from "./match.ts";
import { codeOf, linesOfMap } from "./wants.ts";

const FILE = "goclient-requestwire";

export const REQUEST_WIRE_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: async (input): Promise<Run[]> => [{ way: "", outcome: await sent(callOf(input)) }],
  },
];

function callOf(input: Input): CallInput {
  if (input.kind !== "call") throw new Error("a call is wanted");
  return input;
}

function caseOf(one: JsonObject): Case {
  const { request, transport } = one;
  const input: Input = { kind: "call", op: FILE, args: { request, transport } };
  return { id: textOf(one["id"]), input, want: wantOf(one) };
}

function wantOf({ error, wire, bodyReplayable }: JsonObject): Outcome {
  const code =
    error === null ? null : oneOf(CODES[textOf(error)] ?? [`a code for ${textOf(error)}`]);
  const named = textOf(wire).replace("{USER-AGENT}", DEFAULT_USER_AGENT);
  // What we refuse before there is a request cannot be asked.
  const replayable = error === null ? bodyReplayable : undefined;
  return { error: code, ...partsOf(named), replayable };
}

/** The codes that we have for the kinds of errors named there. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  "body-length-mismatch": ["content-length-mismatch"],
  "forbidden-trailer": ["forbidden-trailer"],
  "invalid-header-value": ["bad-field-value"],
  "invalid-host": ["bad-host"],
  "invalid-method": ["bad-method"],
  "invalid-url": ["bad-target", "bad-host"],
  "length-without-body": ["content-length-mismatch"],
  "no-host": ["bad-target", "bad-url"],
};

/** The octets of a request in the parts that are compared. */
function partsOf(wire: string): Outcome {
  const end = wire.indexOf("\r\n\r\n");
  if (end < 0) return { start: [], fields: [], body: wire };
  const lines = wire.slice(0, end).split("\r\n");
  const rest = wire.slice(end + 4);
  const agent = lines[2]?.startsWith("User-Agent:") === true ? 3 : 2;
  const isChunked = lines.includes("Transfer-Encoding: chunked");
  return {
    start: lines.slice(0, agent),
    fields: lines.slice(agent).toSorted(),
    body: isChunked ? unchunked(rest) : rest,
  };
}

/** The content of a chunked body and, behind "|", its trailer section. */
function unchunked(octets: string): string {
  let content = "";
  for (let at = 0; at < octets.length; ) {
    const line = octets.indexOf("\r\n", at);
    const size = Number.parseInt(octets.slice(at, line), 16);
    if (size === 0) return `${content}|${octets.slice(line + 2)}`;
    content += octets.slice(line + 2, line + 2 + size);
    at = line + 4 + size;
  }
  return `${content}|cut`;
}

async function sent({ args }: CallInput): Promise<Outcome> {
  const given = isObject(args["request"]) ? args["request"] : {};
  const options = isObject(args["transport"]) ? args["transport"] : {};
  const servers: WireClient[] = [];
  const proxy = options["proxy"] === undefined ? undefined : textOf(options["proxy"]);
  const transport = new Transport(
    {
      disableCompression: options["disableCompression"] === true,
      disableKeepAlives: options["disableKeepAlives"] === true,
      proxy: proxy === undefined ? undefined : () => proxy,
    },
    {
      clock: new TestClock(),
      decoders: nodeDecoders,
      dial: async () => {
        const [near, far] = pipe();
        servers.push(new WireClient(far));
        return near;
      },
    },
  );
  let replayable: Json;
  let error: Json = null;
  try {
    const request = requestOf(given);
    replayable = request.getBody !== undefined;
    const response = transport.roundTrip(request);
    response.catch(() => undefined);
    await settle(6);
    servers[0]?.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    await response;
  } catch (thrown) {
    error = codeOf(thrown);
  }
  transport.close();
  return { error, ...partsOf(servers[0]?.text ?? ""), replayable };
}

function requestOf(given: JsonObject): Request {
  const { body, headers, host, contentLength, transferEncoding, trailers, close } = given;
  const made = newRequest(textOf(given["method"]), textOf(given["url"]), bodyOf(body), {
    header: linesOfMap(headers),
  });
  return made.with({
    ...(host === undefined ? {} : { host: textOf(host) }),
    ...(contentLength === undefined ? {} : { contentLength: lengthOf(contentLength) }),
    ...(transferEncoding === undefined ? {} : { transferEncoding: textsOf(transferEncoding) }),
    ...(trailers === undefined ? {} : { trailer: new Header(linesOfMap(trailers)) }),
    ...(close === undefined ? {} : { close: close === true }),
  });
}

function lengthOf(length: Json): number | undefined {
  return typeof length === "number" && length >= 0 ? length : undefined;
}

function bodyOf(body: Json): BodyLike {
  if (!isObject(body)) return undefined;
  if (body["kind"] === "bytes") return textOf(body["data"]);
  return body["kind"] === "stream" ? piecesOf(textsOf(body["chunks"])) : noBody;
}

async function* piecesOf(pieces: readonly string[]): AsyncIterable<string> {
  yield* pieces;
}

/** The request of an input of this topic. */
function requestIn(input: Input): JsonObject {
  const request = input.kind === "call" ? input.args["request"] : undefined;
  return isObject(request) ? request : {};
}

const NOTHING: Outcome = { start: [], fields: [], body: "" };

export const REQUEST_WIRE_RULES: readonly Rule[] = [
  {
    name: "a Host that cannot be one is refused instead of sent empty",
    section: "RFC 9112 §3.2; DESIGN §2.4",
    topics: [FILE],
    decides: (input) => /[ \r\n]/.test(textOf(requestIn(input)["host"])),
    outcome: (_input, want) => ({ ...want, error: "bad-host", ...NOTHING }),
  },
  {
    name: "content without framing is never sent",
    section: "RFC 9112 §6.3 (rule 7)",
    topics: [FILE],
    decides: (input) => textsOf(requestIn(input)["transferEncoding"]).includes("identity"),
    outcome: (_input, want) => ({ ...want, error: "framing-unsafe", ...NOTHING }),
  },
  {
    name: "characters up to U+00FF in field values are octets, not UTF-8",
    section: "DESIGN §2.4",
    topics: [FILE],
    decides: (input) =>
      linesOfMap(requestIn(input)["headers"]).some(([, value]) => /[\x80-\xff]/.test(value)),
    outcome: (input, want) => {
      const own = linesOfMap(requestIn(input)["headers"]).map(
        ([name, value]) => `${name}: ${value}`,
      );
      const ascii = textsOf(want["fields"]).filter((line) => !/[\x80-\xff]/.test(line));
      return { ...want, fields: [...ascii, ...own].toSorted() };
    },
  },
  {
    name: "a trailer name without a value cannot be said, and is not announced",
    section: "API.md (Header: names with values)",
    topics: [FILE],
    decides: (input) => {
      const { trailers } = requestIn(input);
      return isObject(trailers) && Object.values(trailers).includes(null);
    },
    outcome: (_input, want) => ({
      ...want,
      fields: textsOf(want["fields"]).filter((line) => !line.startsWith("Trailer:")),
    }),
  },
];
