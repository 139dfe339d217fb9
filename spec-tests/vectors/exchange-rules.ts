/**
 * Rules for exchanges: requests that a server refuses, and how it tells.
 *
 * Rule of this file: see ../deviations.ts. What the handler does is in handler-rules.ts.
 */
import { isArray, objectsOf, textOf, textsOf } from "./case.ts";
import type { ExchangeInput, Input, JsonObject, Outcome, Rule } from "./case.ts";
import {
  faultOf,
  hasBareCr,
  hasBareLf,
  hasFold,
  isChunked,
  peekMessages,
  sizeLines,
  trailerText,
  valuesOf,
} from "./peek.ts";
import type { Peek } from "./peek.ts";

const TOPICS: readonly string[] = ["go-server-wire", "go-server-tables"];

export const EXCHANGE_RULES: readonly Rule[] = [
  {
    name: "empty lines before any request are passed over",
    section: "RFC 9112 §2.2; DESIGN §3",
    topics: TOPICS,
    decides: (input) => {
      const messages = messagesOf(input);
      const some = messages.some(({ emptyLines }) => emptyLines > 0);
      return some && messages.every((message) => refusalOf(message, input) === undefined);
    },
    outcome: (input, want) => echoed(input, want),
  },
  {
    name: "requests are read strictly",
    section: "RFC 9112 §2.2, §3.2, §5.2, §6.1; DESIGN §2.3",
    topics: TOPICS,
    decides: (input) => {
      const index = firstRefused(input);
      return index >= 0 && isOursAlone(messagesOf(input)[index]!, optionsOf(input));
    },
    outcome: (input, want) => {
      const index = firstRefused(input);
      return refused(want, index, refusalOf(messagesOf(input)[index]!, input)!);
    },
  },
  {
    name: "a refusal has a Date",
    section: "RFC 9110 §6.6.1",
    topics: TOPICS,
    decides: (input) => firstRefused(input) >= 0,
    outcome: (_input, want) => ({
      ...want,
      answers: isArray(want["answers"]) ? objectsOf(want["answers"]).map(dated) : undefined,
    }),
  },
  {
    name: "a head that does not come in time gets 408",
    section: "RFC 9110 §15.5.9; DESIGN §2.7",
    topics: TOPICS,
    decides: (input) =>
      optionsOf(input)["readHeaderTimeoutMs"] !== undefined &&
      messagesOf(input).some(({ headIsComplete, head }) => !headIsComplete && head !== ""),
    outcome: (input, want) => {
      const refusal = refused(want, messagesOf(input).length - 1, 408);
      return { ...refusal, answers: objectsOf(refusal["answers"]).map(dated) };
    },
  },
  {
    name: "a chunked body has no blanks after its sizes and no bare LF at its end",
    section: "RFC 9112 §7.1; DESIGN §2.3",
    topics: TOPICS,
    decides: (input) => messagesOf(input).some((message) => faultOfChunks(message) !== undefined),
    outcome: (input, want) => {
      const [message] = messagesOf(input);
      const { error, body } = faultOfChunks(message!)!;
      const [call] = objectsOf(want["handlerCalls"]);
      const seen = reads(input) ? { body, bodyBytes: body.length, bodyError: error } : {};
      return {
        handlerCalls: [{ ...call, ...seen }],
        answers: [{ status: 200, framing: "length", isWhole: true }],
        connection: "closed",
        connStates: ["new", "active", "closed"],
        log: want["log"],
      };
    },
  },
  {
    name: "trailers have limits of their own",
    section: "DESIGN §3",
    topics: TOPICS,
    decides: (input) => {
      const limit = Number(optionsOf(input)["maxHeaderValueCount"] ?? 500);
      return messagesOf(input).some((message) => {
        const names = valuesOf(message, "trailer").flatMap((value) => value.split(","));
        const lines = trailerText(message).split("\n").length - 2;
        const below = Math.max(names.length, lines) <= 100 && message.lines.length <= limit;
        return isChunked(message) && below && Math.max(names.length, lines) > limit;
      });
    },
    outcome: (input) => ({
      answers: messagesOf(input).map(() => ({ status: 200, isWhole: true })),
      handlerCalls: messagesOf(input).map(() => ({ bodyError: reads(input) ? null : undefined })),
      connection: "open",
      connStates: statesOf(messagesOf(input).length, "open"),
    }),
  },
  {
    name: "a body that was not invited ends the connection",
    section: "RFC 9110 §10.1.1; issue 2, section 5.4",
    topics: TOPICS,
    decides: (input) =>
      !reads(input) &&
      messagesOf(input).some(
        (message) =>
          valuesOf(message, "expect").join().toLowerCase() === "100-continue" && hasBody(message),
      ),
    outcome: (_input, want) => ({
      ...want,
      connection: want["connection"] === undefined ? undefined : "closed",
      connStates: want["connStates"] === undefined ? undefined : ["new", "active", "closed"],
      lastState: want["lastState"] === undefined ? undefined : "closed",
    }),
  },
  {
    name: "the answer to a request that broke off says close",
    section: "RFC 9112 §9.6, §8",
    topics: TOPICS,
    decides: (input) =>
      exchangeOf(input).steps.some(([name]) => name === "halfClose") &&
      messagesOf(input).some((message) => isCutShort(message)),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map(closing),
      connStates: ["new", "active", "closed"],
    }),
  },
  {
    name: "the rest of a body of unknown length is drained after the answer",
    section: "DESIGN §2.2, §3",
    topics: TOPICS,
    decides: (input) =>
      !reads(input) &&
      messagesOf(input).some(
        (message) => isChunked(message) && message.body.length > DRAINED_BYTES,
      ),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map((answer) => ({
        ...answer,
        fields: textsOf(answer["fields"]).filter((field) => field !== "connection: close"),
      })),
    }),
  },
  {
    name: "a connection is active from the first octet of a request",
    section: "API.md (connState)",
    topics: TOPICS,
    decides: (input) => {
      const messages = messagesOf(input);
      const last = messages.at(-1);
      const quiet = optionsOf(input)["readHeaderTimeoutMs"] === undefined;
      const begun = last !== undefined && !last.headIsComplete && last.head !== "";
      return begun && messages.length > 1 && quiet && firstRefused(input) < 0;
    },
    outcome: (_input, want) => ({
      ...want,
      connStates: [...textsOf(want["connStates"]), "active"],
    }),
  },
  {
    name: "an idle connection has a timeout of its own",
    section: "DESIGN §3",
    topics: TOPICS,
    decides: (input) => {
      const { readTimeoutMs, idleTimeoutMs } = optionsOf(input);
      const whole = messagesOf(input).every((message) => !isCutShort(message));
      return readTimeoutMs !== undefined && idleTimeoutMs === undefined && whole;
    },
    outcome: (input, want) => ({
      ...want,
      connection: "open",
      connStates: statesOf(messagesOf(input).length, "open"),
    }),
  },
];

/** As much of an unread body as is drained; the framing of its chunks counts for nothing here. */
const DRAINED_BYTES = 262_144;

const MAX_HEADER_BYTES = 65_536;
const MAX_TARGET_BYTES = 16_384;

export function exchangeOf(input: Input): ExchangeInput {
  return input.kind === "exchange" ? input : NO_EXCHANGE;
}

const NO_EXCHANGE: ExchangeInput = {
  kind: "exchange",
  options: {},
  handler: [],
  steps: [],
  observeMs: undefined,
};

/** The requests that the client sends. */
export function messagesOf(input: Input): Peek[] {
  const sent = exchangeOf(input).steps.map(([name, text, count]) => {
    if (name === "send") return textOf(text);
    return name === "sendRepeat" ? textOf(text).repeat(Number(count)) : "";
  });
  return peekMessages(sent.join(""));
}

/** Does the handler read the body? */
export function reads(input: Input): boolean {
  return exchangeOf(input).handler.some(([name]) => name === "readAll" || name === "readN");
}

/** The states of a connection that answers so many requests. */
export function statesOf(requests: number, end: "open" | "closed"): string[] {
  const states = ["new"];
  for (let i = 0; i < requests; i++) states.push("active", "idle");
  if (end === "closed") states[states.length - 1] = "closed";
  return states;
}

function optionsOf(input: Input): JsonObject {
  return exchangeOf(input).options;
}

/** The first request that gets a refusal, or -1. */
export function firstRefused(input: Input): number {
  return messagesOf(input).findIndex((message) => refusalOf(message, input) !== undefined);
}

/** The status of the refusal, limits and all; undefined where a handler is called. */
function refusalOf(message: Peek, input: Input): number | undefined {
  const options = optionsOf(input);
  const maxBytes = Number(options["maxHeaderBytes"] ?? MAX_HEADER_BYTES);
  const maxLines = Number(options["maxHeaderValueCount"] ?? 500);
  if (message.target.length > MAX_TARGET_BYTES && maxBytes > MAX_TARGET_BYTES) return 414;
  if (message.head.length > maxBytes || message.lines.length > maxLines) return 431;
  if (!message.headIsComplete) return hasBareCr(message.head) ? 400 : undefined;
  const fault = faultOf(message);
  if (fault !== undefined) return fault;
  if (isChunked(message) && FORBIDDEN.test(valuesOf(message, "trailer").join())) return 400;
  const expectations = valuesOf(message, "expect").join();
  const known = /^(100-continue)?$/i.test(expectations) || message.startLine.endsWith("1.0");
  return known ? undefined : 417;
}

const FORBIDDEN = /(^|[ ,])(content-length|transfer-encoding|trailer)($|[ ,])/i;

/** Is this a refusal where Go serves, or serves in part? */
function isOursAlone(message: Peek, options: JsonObject): boolean {
  const { head } = message;
  const maxBytes = Number(options["maxHeaderBytes"] ?? MAX_HEADER_BYTES);
  const hosts = valuesOf(message, "host");
  return (
    hasBareLf(head) ||
    hasBareCr(head) ||
    hasFold(message) ||
    message.startLine === "PRI * HTTP/2.0" ||
    valuesOf(message, "content-length").length > 1 ||
    (valuesOf(message, "transfer-encoding").length > 0 &&
      (valuesOf(message, "content-length").length > 0 || message.startLine.endsWith("HTTP/1.0"))) ||
    (message.method === "CONNECT" && hosts.length === 0) ||
    hosts.some((host) => /^[^[]*:.*:/.test(host)) ||
    (head.length > maxBytes && head.length <= maxBytes + GO_SLOP_BYTES) ||
    message.target.length > MAX_TARGET_BYTES
  );
}

/** Go reads so much more than its MaxHeaderBytes. */
const GO_SLOP_BYTES = 4096;

/** What is wanted when the request at `index` is refused: the answers before it stand. */
function refused(want: Outcome, index: number, status: number): Outcome {
  const refusal = {
    status,
    fields: ["connection: close", "content-type: text/plain; charset=utf-8"],
    framing: "close",
    isWhole: true,
  };
  return {
    ...want,
    answers: [...objectsOf(want["answers"]).slice(0, index), refusal],
    firstStatus: index === 0 ? status : want["firstStatus"],
    connection: "closed",
    handlerCalls: isArray(want["handlerCalls"])
      ? objectsOf(want["handlerCalls"]).slice(0, index)
      : undefined,
    connStates: statesOf(index + 1, "closed"),
  };
}

function dated(answer: JsonObject): JsonObject {
  const fields = textsOf(answer["fields"]);
  if (Number(answer["status"]) < 400 || fields.includes("date: <DATE>")) return answer;
  return { ...answer, fields: [...fields, "date: <DATE>"].toSorted() };
}

function closing(answer: JsonObject): JsonObject {
  const fields = textsOf(answer["fields"]);
  if (fields.includes("connection: close")) return answer;
  return { ...answer, fields: [...fields, "connection: close"].toSorted() };
}

/** Every request answered by a handler that says what it was asked. */
function echoed(input: Input, want: Outcome): Outcome {
  const messages = messagesOf(input);
  return {
    ...want,
    answers: messages.map(({ method, target }) => ({ status: 200, body: `${method} ${target}` })),
    handlerCalls: messages.map(({ method, target }) => ({ method, target })),
    connection: "open",
    connStates: statesOf(messages.length, "open"),
  };
}

function hasBody(message: Peek): boolean {
  return isChunked(message) || Number(valuesOf(message, "content-length")[0] ?? 0) > 0;
}

/** A Content-Length that more octets were promised by than came. */
function isCutShort(message: Peek): boolean {
  return Number(valuesOf(message, "content-length")[0] ?? 0) > message.body.length;
}

/** What our chunk decoder finds wrong where Go's does not, and the data before it. */
function faultOfChunks(message: Peek): { error: string; body: string } | undefined {
  if (!isChunked(message)) return undefined;
  const [first = ""] = sizeLines(message);
  if (/^[0-9a-fA-F]+[ \t]+$/.test(first)) return { error: "bad-chunk-size", body: "" };
  const trailer = trailerText(message);
  if (!hasBareLf(trailer)) return undefined;
  const [, body = ""] = /^[0-9a-fA-F]+\r\n(.*)\r\n0\r\n/s.exec(message.body) ?? [];
  return { error: "bare-lf", body };
}
