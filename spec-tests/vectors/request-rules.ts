/**
 * Rules for requests as octets: where this project reads more strictly than Go, or more by the letter.
 *
 * Rule of this file: see ../deviations.ts.
 */
import type { Input, Outcome, Rule } from "./case.ts";
import {
  faultOf,
  hasBareLf,
  hasBothFramings,
  hasEqualLengths,
  hasFold,
  hasOtherCoding,
  isChunked,
  peekMessages,
  sizeLines,
  trailerText,
  valuesOf,
} from "./peek.ts";
import type { Peek } from "./peek.ts";

const TOPICS: readonly string[] = [
  "parser-h11:request",
  "parser-http-parser-js:request",
  "parser-httparse:request",
  "parser-llhttp:request",
  "parser-picohttpparser:request",
  "go-readrequest",
];

export const REQUEST_RULES: readonly Rule[] = [
  {
    name: "bare LF ends no line of a request",
    section: "RFC 9112 §2.2 (MAY); DESIGN §2.3",
    topics: TOPICS,
    decides: (input) =>
      has(input, (message) => hasBareLf(message.head) || hasBareLf(trailerText(message))),
    outcome: () => refused(400),
  },
  {
    name: "a folded field of a request is refused",
    section: "RFC 9112 §5.2; DESIGN §2.3",
    topics: TOPICS,
    decides: (input) => has(input, hasFold),
    outcome: () => refused(400),
  },
  {
    name: "Transfer-Encoding with Content-Length is refused",
    section: "RFC 9112 §6.1; DESIGN §2.3",
    topics: TOPICS,
    decides: (input) => has(input, hasBothFramings),
    outcome: () => refused(400),
  },
  {
    name: "Content-Length twice is refused, also when equal",
    section: "RFC 9112 §6.3; DESIGN §2.3",
    topics: TOPICS,
    decides: (input) => has(input, hasEqualLengths),
    outcome: () => refused(400),
  },
  {
    name: "a coding that is not chunked gets 501",
    section: "RFC 9112 §6.1; DESIGN §2.2 (Go)",
    topics: TOPICS,
    decides: (input) =>
      has(input, (message) => hasOtherCoding(message) && !hasBothFramings(message)),
    outcome: () => refused(501),
  },
  {
    name: "the preface of HTTP/2 is an unsupported version",
    section: "RFC 9112 §2.3; API.md (not part of it)",
    topics: ["go-readrequest"],
    decides: (input) => has(input, (message) => message.startLine === "PRI * HTTP/2.0"),
    outcome: () => refused(505),
  },
  {
    name: "two empty lines before a request are passed over",
    section: "RFC 9112 §2.2; DESIGN §3",
    topics: TOPICS,
    decides: (input) =>
      has(input, (message) => message.emptyLines === 2 && !hasFault(message)) &&
      !has(input, hasFault),
    outcome: (_input, want) => ({ ...want, failed: false, status: undefined, error: undefined }),
  },
  {
    name: "the content of a CONNECT request is framed as any other",
    section: "RFC 9112 §6.3; DESIGN §2.2 (Go)",
    topics: TOPICS,
    decides: (input) =>
      has(input, ({ method, body }) => method === "CONNECT" && body !== "") &&
      !has(input, hasFault),
    outcome: (input) => {
      const [message] = messagesOf(input);
      const leftover = octetsOf(input).slice(message!.head.length + message!.body.length);
      return { failed: false, complete: true, first: { body: message!.body }, leftover };
    },
  },
  {
    name: "a head is judged when it is whole",
    section: "DESIGN §1 (a value, need more, or an error)",
    topics: TOPICS,
    decides: (input) =>
      has(
        input,
        (message) =>
          !message.headIsComplete &&
          FRAMING_FIELDS.some((name) => valuesOf(message, name).length > 0) &&
          message.lines.every((line) => /^[^\s:]+:[\t\x20-\x7e\x80-\xff]*$/.test(line)),
      ),
    outcome: () => ({ failed: false, complete: false, messages: [] }),
  },
  {
    name: "chunk extensions are read over, not parsed",
    section: "RFC 9112 §7.1.1",
    topics: TOPICS,
    decides: (input) =>
      has(
        input,
        (message) =>
          isChunked(message) &&
          !hasFault(message) &&
          sizeLines(message).some((line) => hasOddExtension(line)) &&
          sizeLines(message).every((line) => SIZE_LINE.test(line)),
      ),
    outcome: (_input, want) => ({ ...want, failed: false, status: undefined, error: undefined }),
  },
];

/** The status alone: where there are several faults, which of them is met first is nobody's affair. */
function refused(status: number): Outcome {
  return { failed: true, status };
}

const FRAMING_FIELDS: readonly string[] = ["content-length", "transfer-encoding"];

/** A size of up to 16 digits, then nothing or extensions of visible characters and blanks. */
const SIZE_LINE = /^[0-9A-Fa-f]{1,16}([ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/;

const EXTENSIONS =
  /^([ \t]*;[ \t]*[!#$%&'*+.^_`|~0-9A-Za-z-]+([ \t]*=[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+|"([^"\\]|\\.)*"))?)*$/;

function hasOddExtension(line: string): boolean {
  const mark = line.search(/[ \t;]/);
  return line.includes(";") && !EXTENSIONS.test(line.slice(mark));
}

/** A fault of syntax: that Host is missing is a server's affair and not asked here. */
function hasFault(message: Peek): boolean {
  if (faultOf(message) === undefined) return false;
  const fields = [...message.fields, { name: "host", value: "a" }];
  return valuesOf(message, "host").length > 0 || faultOf({ ...message, fields }) !== undefined;
}

function has(input: Input, predicate: (message: Peek) => boolean): boolean {
  return messagesOf(input).some(predicate);
}

function messagesOf(input: Input): Peek[] {
  return input.kind === "octets" && input.role === "request" ? peekMessages(input.raw) : [];
}

function octetsOf(input: Input): string {
  return input.kind === "octets" ? input.raw : "";
}
