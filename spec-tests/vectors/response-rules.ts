/**
 * Rules for responses as octets, and for what is written and called: where this project is stricter than Go,
 * or does not mend what it is given.
 *
 * Rule of this file: see ../deviations.ts.
 */
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { Input, JsonObject, Outcome, Rule } from "./case.ts";
import { linesOfMap } from "./wants.ts";

const READ_TOPICS: readonly string[] = ["go-readresponse", "goclient-readresponse"];

/** A field whose name is followed by blanks: Go keeps them in the name. */
const BLANK_AFTER_NAME = /^[^\s:]+[ \t]+:/m;

export const RESPONSE_RULES: readonly Rule[] = [
  {
    name: "after a response with both framings the connection is not used again",
    section: "RFC 9112 §6.1; DESIGN §2.3",
    topics: READ_TOPICS,
    decides: (input) => {
      const head = headOf(input);
      return /^transfer-encoding:/im.test(head) && /^content-length:/im.test(head) && !isOld(head);
    },
    outcome: (_input, want) => ({
      ...want,
      close: true,
      rewritten: objectsOf(want["rewritten"]).map((answer) => ({
        ...answer,
        fields: [...textsOf(answer["fields"]), "connection: close"].toSorted(),
      })),
    }),
  },
  {
    name: "a reason that did not come is written empty",
    section: "RFC 9112 §4 (the reason is optional)",
    topics: READ_TOPICS,
    decides: (input) => /^HTTP\/1\.[01] \d{3}\r?(\n|$)/.test(headOf(input)),
    outcome: (input, want) => ({
      ...want,
      rewritten: objectsOf(want["rewritten"]).map((answer) => ({
        ...answer,
        startLine: `${headOf(input).slice(0, 12)} `,
      })),
    }),
  },
  {
    name: "a response of another major version is refused",
    section: "RFC 9112 §2.3; API.md (not part of it)",
    topics: [
      "go-readresponse",
      "goclient-readresponse",
      "parser-http-parser-js:response",
      "parser-llhttp:response",
    ],
    decides: (input) => /^HTTP\/[02-9]\.\d/.test(headOf(input)),
    outcome: () => refused("unsupported-version"),
  },
  {
    name: "a bare CR in a reason is refused: behind it another reader sees a field line",
    section: "RFC 9112 §2.2; DESIGN §2.3 (framing is never guessed)",
    topics: ["parser-llhttp:response"],
    decides: (input) => /^HTTP\/1\.\d +\d{3} [^\r\n]*\r[^\n]/.test(headOf(input)),
    outcome: () => refused("bare-cr"),
  },
  {
    name: "the blank before a colon is dropped from the name",
    section: "RFC 9112 §5.1",
    topics: ["goclient-readresponse"],
    decides: (input) => BLANK_AFTER_NAME.test(headOf(input)),
    outcome: (_input, want) => ({
      ...want,
      has: Object.fromEntries(
        Object.entries(isObject(want["has"]) ? want["has"] : {}).map(([name, values]) => [
          name.trimEnd(),
          values,
        ]),
      ),
    }),
  },
  {
    name: "of a connection that ends at once there is no response, and that is no fault of its own",
    section: "DESIGN §1 (a value, need more, or an error); RFC 9112 §9.5",
    topics: ["goclient-readresponse"],
    decides: (input) => input.kind === "octets" && input.raw === "",
    outcome: () => refused("eof"),
  },
];

export const CALL_RULES: readonly Rule[] = [
  {
    name: "numbers above 2^53 − 1 are refused",
    section: "DESIGN §2.5",
    topics: ["go-transfer"],
    decides: (input) => {
      const { op, value } = callOf(input);
      if (op === "contentLength") return /^\d+$/.test(value) && BigInt(value) > MAX_SAFE;
      if (op !== "chunkSize") return false;
      return /^[0-9a-fA-F]{1,16}$/.test(value) && BigInt(`0x${value}`) > MAX_SAFE;
    },
    outcome: (input) =>
      refused(
        callOf(input).op === "chunkSize" ? "chunk-size-too-large" : "content-length-too-large",
      ),
  },
  {
    name: "a name or value that cannot be sent is refused, not mended",
    section: "RFC 9110 §5.5; DESIGN §2.4",
    topics: ["go-header", "go-requestwrite", "go-responsewrite"],
    decides: (input) => badLine(input) !== undefined,
    outcome: (input) => refused(badLine(input)!),
  },
  {
    name: "a status below 100 is refused",
    section: "RFC 9110 §15",
    topics: ["go-responsewrite"],
    decides: (input) => {
      const status = partsOf(input)["statusCode"];
      return typeof status === "number" && (status < 100 || status > 999);
    },
    outcome: () => refused("bad-status"),
  },
  {
    name: "CONNECT without a port is refused",
    section: "RFC 9110 §9.3.6; RFC 9112 §3.2.3",
    topics: ["go-requestwrite"],
    decides: (input) => {
      const parts = partsOf(input);
      const url = isObject(parts["url"]) ? parts["url"] : {};
      const authority = textOf(url["opaque"]) || textOf(url["host"]);
      return parts["method"] === "CONNECT" && !/:\d+$/.test(authority);
    },
    outcome: () => refused("bad-target"),
  },
  {
    name: "trailers that the framing cannot carry are left out",
    section: "RFC 9112 §6.5; DESIGN §2.2 (Go)",
    topics: ["parser-h11:write"],
    decides: (input) => {
      if (input.kind !== "call" || input.op !== "body") return false;
      const trailers = eventsOf(input).flatMap((event) => objectsOrLines(event["trailers"]));
      return input.args["framing"] !== "chunked" && trailers.length > 0;
    },
    outcome: (input) => ({
      failed: false,
      octets: eventsOf(input)
        .map((event) => textOf(event["data"]))
        .join(""),
    }),
  },
];

const MAX_SAFE = 9_007_199_254_740_991n;

function refused(error: string): Outcome {
  return { failed: true, error };
}

/** The head of a response, as far as it came. */
function headOf(input: Input): string {
  if (input.kind !== "octets" || input.role !== "response") return "";
  return input.raw.split(/\n\r?\n/)[0]!;
}

function isOld(head: string): boolean {
  return head.startsWith("HTTP/1.0");
}

function callOf(input: Input): { op: string; value: string } {
  if (input.kind !== "call") return { op: "", value: "" };
  return { op: input.op, value: textOf(input.args["value"]) };
}

/** The message that is to be written, or the arguments themselves. */
function partsOf(input: Input): JsonObject {
  if (input.kind !== "call") return {};
  const { request, response } = input.args;
  if (isObject(request)) return request;
  return isObject(response) ? response : input.args;
}

/** What h11 was told to send. */
function eventsOf(input: Input): readonly JsonObject[] {
  return input.kind === "call" ? objectsOf(input.args["events"]) : [];
}

function objectsOrLines(value: Outcome[string]): readonly Outcome[string][] {
  return isArray(value) ? value : [];
}

/** What is wrong with the first bad line of the header that is to be written. */
function badLine(input: Input): string | undefined {
  if (input.kind === "call" && !input.op.startsWith("write")) return undefined;
  const parts = partsOf(input);
  const exclude = textsOf(parts["exclude"]);
  for (const [name, value] of linesOfMap(parts["headers"])) {
    if (exclude.includes(name)) continue;
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return "bad-field-name";
    if (!/^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/.test(value)) {
      return "bad-field-value";
    }
  }
  return undefined;
}
