/**
 * Rules for exchanges that are decided by what the handler does.
 *
 * Rule of this file: see ../deviations.ts.
 */
import { isArray, objectsOf, textOf, textsOf } from "./case.ts";
import type { Input, JsonObject, Operation, Rule } from "./case.ts";
import { exchangeOf, firstRefused, messagesOf, reads, statesOf } from "./exchange-rules.ts";

const TOPICS: readonly string[] = ["go-server-wire"];

export const HANDLER_RULES: readonly Rule[] = [
  {
    name: "a handler that fails before its answer has begun gets 500",
    section: "RFC 9110 §15.6.1; issue 2, section 5.6",
    topics: TOPICS,
    decides: failsBeforeAnswer,
    outcome: (input, want) => ({
      handlerCalls: want["handlerCalls"],
      answers: messagesOf(input).map(() => SERVER_ERROR),
      connection: "open",
      connStates: statesOf(messagesOf(input).length, "open"),
      log: messagesOf(input).map(() => "the handler failed"),
    }),
  },
  {
    name: "a field that cannot be sent is not mended: the handler has failed",
    section: "RFC 9110 §5.5; DESIGN §2.4",
    topics: TOPICS,
    decides: (input) => operationsOf(input).some(isBadField),
    outcome: (input, want) => ({
      handlerCalls: want["handlerCalls"],
      answers: messagesOf(input).map(() => SERVER_ERROR),
      connection: "open",
      connStates: statesOf(messagesOf(input).length, "open"),
      log: messagesOf(input).map(() => "the handler failed"),
    }),
  },
  {
    name: "close in a list of the handler's Connection field closes",
    section: "RFC 9110 §7.6.1; RFC 9112 §9.6",
    topics: TOPICS,
    decides: (input) =>
      fieldsOf(input, "connection").some(
        (value) => /(^|[ ,])close($|[ ,])/i.test(value) && value.toLowerCase() !== "close",
      ),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).slice(0, 1),
      handlerCalls: objectsOf(want["handlerCalls"]).slice(0, 1),
      connection: "closed",
      connStates: ["new", "active", "closed"],
    }),
  },
  {
    name: "a space in the target of a redirect is encoded",
    section: "RFC 9110 §10.2.2 (a URI reference), §2.2",
    topics: TOPICS,
    decides: (input) => redirectTo(input).includes(" "),
    outcome: (input, want) => {
      const to = redirectTo(input);
      const surplus = to.replaceAll(" ", "%20").length - to.length;
      return {
        ...want,
        answers: objectsOf(want["answers"]).map((answer) => ({
          ...answer,
          fields: textsOf(answer["fields"]).map((field) => encodedField(field, surplus)),
          body: textOf(answer["body"]).replace(/"[^"]*"/, (link) => link.replaceAll(" ", "%20")),
        })),
      };
    },
  },
  {
    name: "a transfer coding that we do not apply is not announced",
    section: "RFC 9112 §6.1",
    topics: TOPICS,
    decides: (input) => fieldsOf(input, "transfer-encoding").some((coding) => !KNOWN.test(coding)),
    outcome: (input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map((answer) => ({
        ...answer,
        fields: textsOf(answer["fields"]).filter(
          (field) => !/^transfer-encoding: (?!chunked$)/.test(field),
        ),
      })),
      log: messagesOf(input).map(() => "a transfer coding of the handler's"),
    }),
  },
  {
    name: "HTTP/1.0 gets no interim answers",
    section: "RFC 9110 §15.2",
    topics: TOPICS,
    decides: (input) =>
      messagesOf(input).some(({ startLine }) => startLine.endsWith("HTTP/1.0")) &&
      operationsOf(input).some(([name, status]) => name === "status" && isInterim(Number(status))),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).filter((answer) => !isInterim(Number(answer["status"]))),
    }),
  },
  {
    name: "trailers that are set before the head is out are announced and sent",
    section: "RFC 9110 §6.5, §6.6.2; API.md (w.trailer)",
    topics: TOPICS,
    decides: (input) => {
      const operations = operationsOf(input);
      const first = operations.findIndex((operation) => trailerOf(operation) !== undefined);
      return first >= 0 && operations.slice(0, first).every(([name]) => name !== "flush");
    },
    outcome: (input, want) => {
      const trailers = operationsOf(input).flatMap((operation) => trailerOf(operation) ?? []);
      const names = trailers.map(({ name }) => name).join(", ");
      return {
        ...want,
        answers: objectsOf(want["answers"]).map((answer) => ({
          ...answer,
          fields: [
            ...textsOf(answer["fields"]).filter((field) => !FRAMING_FIELD.test(field)),
            `trailer: ${names}`,
            "transfer-encoding: chunked",
          ].toSorted(),
          framing: "chunked",
          trailers: trailers.map(({ name, value }) => `${name.toLowerCase()}: ${value}`).toSorted(),
        })),
      };
    },
  },
  {
    name: "a body that is shorter than its length is logged",
    section: "issue 2, section 5.5",
    topics: TOPICS,
    decides: (input) => {
      const [length] = fieldsOf(input, "content-length");
      const bytes = writtenWithin(operationsOf(input), Number(length));
      const sends = messagesOf(input).some(({ method }) => method !== "HEAD");
      return (
        length !== undefined &&
        /^\d+$/.test(length) &&
        sends &&
        bytes < Number(length) &&
        operationsOf(input).some(([name]) => WRITES.has(name))
      );
    },
    outcome: (_input, want) => ({
      ...want,
      log: [...textsOf(want["log"]), "the handler wrote too little"],
    }),
  },
  {
    name: "a write after hijack rejects and is not logged",
    section: "API.md (hijack)",
    topics: TOPICS,
    decides: (input) => operationsOf(input).some(([name]) => name === "writeAfterHijack"),
    outcome: (_input, want) => ({
      ...want,
      log: textsOf(want["log"]).filter((line) => line !== "a write after hijack"),
    }),
  },
  {
    name: "the head before a hijack announces no framing",
    section: "RFC 9110 §7.8",
    topics: TOPICS,
    decides: (input) => {
      const operations = operationsOf(input);
      const hijack = operations.findIndex(([name]) => name.startsWith("hijack"));
      return hijack > 0 && operations.slice(0, hijack).some(([name]) => name === "status");
    },
    outcome: (input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map((answer) => ({
        ...answer,
        fields: textsOf(answer["fields"]).filter((field) => !field.startsWith("transfer-encoding")),
        framing: "close",
        body: hijackedText(input),
        isWhole: true,
      })),
    }),
  },
  {
    name: "the body may be read after the answer has begun",
    section: "DESIGN §2.2 (full duplex)",
    topics: TOPICS,
    decides: (input) => {
      const names = operationsOf(input).map(([name]) => name);
      const begun = names.findIndex((name) => name === "flush");
      return (
        begun >= 0 &&
        reads(input) &&
        !names.slice(0, begun).some(isReading) &&
        !names.includes("fullDuplex") &&
        firstRefused(input) < 0
      );
    },
    outcome: (input, want) => ({
      ...want,
      handlerCalls: objectsOf(want["handlerCalls"]).map((call, index) => {
        const body = messagesOf(input)[index]?.body ?? "";
        return { ...call, body, bodyBytes: body.length, bodyError: null };
      }),
    }),
  },
  {
    name: "what follows a 2xx to CONNECT has no type",
    section: "RFC 9110 §9.3.6",
    topics: TOPICS,
    decides: (input) =>
      messagesOf(input).some(({ method }) => method === "CONNECT") &&
      operationsOf(input).every(([name, status]) => name !== "status" || isSuccess(Number(status))),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map((answer) => ({
        ...answer,
        fields: textsOf(answer["fields"]).filter((field) => !field.startsWith("content-type")),
      })),
    }),
  },
  {
    name: "a write timeout counts what the client does not take, not the handler's time",
    section: "DESIGN §2.2, §3",
    topics: TOPICS,
    decides: (input) => {
      const limit = Number(exchangeOf(input).options["writeTimeoutMs"]);
      return operationsOf(input).some(([name, ms]) => name === "sleepMs" && Number(ms) > limit);
    },
    outcome: (input, want) => ({
      handlerCalls: want["handlerCalls"],
      answers: messagesOf(input).map(() => ({ status: 200, isWhole: true })),
      connection: "open",
      connStates: statesOf(messagesOf(input).length, "open"),
      log: [],
    }),
  },
];

const SERVER_ERROR: JsonObject = {
  startLine: "HTTP/1.1 500 Internal Server Error",
  status: 500,
  framing: "length",
  isWhole: true,
};

const FRAMING_FIELD = /^(content-length|trailer|transfer-encoding):/;
const KNOWN = /^(chunked|identity)$/i;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/;
const SETS: ReadonlySet<string> = new Set(["set", "add", "setRaw"]);
const WRITES: ReadonlySet<string> = new Set(["write", "writeRepeat", "writeBytesRepeat", "copy"]);
/** So much is kept before the head goes out. */
const KEPT_BYTES = 2048;

function operationsOf(input: Input): readonly Operation[] {
  return exchangeOf(input).handler;
}

/** The values that the handler gives a field, its name in lower case. */
function fieldsOf(input: Input, lower: string): string[] {
  return operationsOf(input)
    .filter(([name, field]) => SETS.has(name) && textOf(field).toLowerCase() === lower)
    .map(([, , value]) => textOf(value));
}

/** Where the handler redirects to, or the empty text. */
function redirectTo(input: Input): string {
  const [, to] = operationsOf(input).find(([name]) => name === "redirect") ?? [];
  return textOf(to);
}

/** Location without spaces; Content-Length as much more as the link has grown. */
function encodedField(field: string, surplus: number): string {
  const [, location] = /^location: (.*)$/.exec(field) ?? [];
  if (location !== undefined) return `location: ${location.replaceAll(" ", "%20")}`;
  const [, length] = /^content-length: (\d+)$/.exec(field) ?? [];
  return length === undefined ? field : `content-length: ${Number(length) + surplus}`;
}

/** A panic, or a status that is none, while nothing has gone out. */
function failsBeforeAnswer(input: Input): boolean {
  const operations = operationsOf(input);
  const fatal = operations.findIndex(
    ([name, status]) => name === "panic" || (name === "status" && !isStatus(Number(status))),
  );
  const before = operations.slice(0, fatal);
  const kept = before.every(([name]) => name !== "flush" && !name.startsWith("hijack"));
  return fatal >= 0 && kept && bytesOf(before) <= KEPT_BYTES;
}

function isStatus(status: number): boolean {
  return status >= 100 && status <= 999;
}

function isBadField([name, field, value]: Operation): boolean {
  if (!SETS.has(name)) return false;
  const values = isArray(value) ? textsOf(value) : [textOf(value)];
  const bare = textOf(field).replace(/^Trailer:/, "");
  return !TOKEN.test(bare) || !values.every((text) => VALUE.test(text));
}

function isInterim(status: number): boolean {
  return status >= 100 && status < 200 && status !== 101;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isReading(name: string): boolean {
  return name === "readAll" || name === "readN";
}

function bytesOf(operations: readonly Operation[]): number {
  return operations.reduce((sum, operation) => sum + sizeOf(operation), 0);
}

/** How much of the writes fits the length: one that goes beyond it is not written at all. */
function writtenWithin(operations: readonly Operation[], length: number): number {
  return operations.reduce((sum, operation) => {
    const size = sizeOf(operation);
    return sum + size > length ? sum : sum + size;
  }, 0);
}

function sizeOf([name, text, count]: Operation): number {
  if (!WRITES.has(name)) return 0;
  return name === "write" ? textOf(text).length : Number(count);
}

/** A field that is set for after the body, in Go's way of saying so. */
function trailerOf([name, field, value]: Operation): { name: string; value: string } | undefined {
  if (name !== "set" || !textOf(field).startsWith("Trailer:")) return undefined;
  return { name: textOf(field).slice("Trailer:".length), value: textOf(value) };
}

function hijackedText(input: Input): string {
  const [, text] = operationsOf(input).find(([name]) => name === "hijackWrite") ?? [];
  return textOf(text);
}
