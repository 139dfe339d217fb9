/**
 * The topics go-transfer, go-header, go-chunked: small functions of Go, and ours that do the same.
 * RFC 9112 §2.3, §6, §7.1; RFC 9110 §5 · vectors: go-transfer, go-header, go-chunked
 *
 * Rule of this file: one operation of the files, one small function here.
 */
import { BodyWriter } from "../../lib/message/mod.ts";
import { parseDate } from "../../lib/semantics/mod.ts";
import {
  ChunkDecoder,
  Header,
  WireError,
  hasToken,
  parseContentLength,
  parseHTTPVersion,
  requestFraming,
  scanRequestHead,
} from "../../lib/wire/mod.ts";
import type { RequestHead } from "../../lib/wire/mod.ts";
import { isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, CallInput, Input, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { feedsOf, latin1Of, octetsOf } from "./cuts.ts";
import { linesOfMap, outcomeOf, wantError } from "./wants.ts";

export const VALUE_TOPICS: readonly Topic[] = ["go-transfer", "go-header", "go-chunked"].map(
  (file) => ({
    name: file,
    file,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: runCall,
  }),
);

/** What a case gives in, and what it wants out: everything else is for people. */
const ARGUMENTS: readonly string[] = [
  "headers",
  "exclude",
  "value",
  "header",
  "token",
  "input",
  "writes",
  "chunk",
  "times",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  const want = wantError(one["error"]) ?? { failed: false, value: wantedValue(op, one) };
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want };
}

function wantedValue(op: string, one: JsonObject): Outcome[string] {
  const { want } = one;
  switch (op) {
    case "transferEncoding":
      return "chunked";
    case "chunkSize":
      return one["wantHex"];
    case "parseTime":
      return one["wantError"] === true ? "no date" : "a date";
    case "write":
      return sortedLines(textOf(want));
    case "httpVersion":
      return isObject(want) && want["ok"] === true
        ? { major: want["major"], minor: want["minor"] }
        : "no version";
    default:
      return want;
  }
}

async function runCall(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  if (DECODING.has(input.op)) return runDecoding(input);
  const call = CALLS[input.op];
  if (call === undefined) throw new Error(`no operation ${input.op}`);
  return [{ way: "", outcome: await outcomeOf(() => ({ value: call(input.args) })) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome[string]>> = {
  transferEncoding: (args) => requestFraming(headOf(linesOfMap(args["headers"]))).kind,
  contentLength: (args) =>
    parseContentLength(headOf([["Content-Length", textOf(args["value"])]]).fields),
  httpVersion: (args) => {
    const version = parseHTTPVersion(textOf(args["value"]));
    return version === undefined ? "no version" : { major: version.major, minor: version.minor };
  },
  chunkSize: (args) => measuredSize(textOf(args["value"])).toString(16),
  write: (args) =>
    sortedLines(new Header(linesOfMap(args["headers"])).format(textsOf(args["exclude"]))),
  parseTime: (args) => {
    const [line] = linesOfMap(args["headers"]);
    return parseDate(line?.[1] ?? "", { nowMs: NOW_MS }) === undefined ? "no date" : "a date";
  },
  hasToken: (args) => hasToken(textOf(args["header"]), textOf(args["token"])),
  encode: (args) => {
    let text = "";
    const writer = new BodyWriter(
      {
        write: (octets) => {
          text += latin1Of(octets);
        },
        writeLatin1: (latin1) => {
          text += latin1;
        },
      },
      { kind: "chunked" },
    );
    for (const piece of textsOf(args["writes"])) writer.write(octetsOf(piece));
    writer.end();
    // The files leave out the CRLF that ends the trailer section.
    return text.endsWith("0\r\n\r\n") ? text.slice(0, -2) : text;
  },
};

/** 2026, for dates with two digits of a year. */
const NOW_MS = 1_767_225_600_000;

function headOf(lines: readonly (readonly [string, string])[]): RequestHead {
  const fields = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const head = scanRequestHead(octetsOf(`POST / HTTP/1.1\r\n${fields}\r\n`));
  if (head === "need-more") throw new Error("the head is not complete");
  return head;
}

/** Go sorts the fields when it writes them; ours stay as they are, so the lines are compared sorted. */
function sortedLines(text: string): string[] {
  return text.split("\r\n").toSorted();
}

/** How many octets the decoder takes for this size line; large ones are not tried out. */
function measuredSize(line: string): number {
  const last = octetsOf(`${line}\r\n\r\n`);
  if (new ChunkDecoder().step(last, 0, last.length) === "end") return 0;
  const decoder = new ChunkDecoder();
  decoder.step(last, 0, line.length + 2);
  const zeros = new Uint8Array(MEASURED_BYTES);
  decoder.step(zeros, 0, zeros.length);
  const size = decoder.dataEnd - decoder.dataStart;
  if (size === MEASURED_BYTES) throw new Error(`more than ${MEASURED_BYTES} octets: not measured`);
  return size;
}

const MEASURED_BYTES = 1_048_576;

const DECODING: ReadonlySet<string> = new Set(["decode", "decodeMessage", "overhead"]);

function runDecoding(input: CallInput): Promise<Run[]> {
  const { op, args } = input;
  const raw = op === "overhead" ? repeatedChunks(args) : textOf(args["input"]);
  return Promise.all(
    feedsOf(raw).map(async ({ way, pieces }) => ({
      way,
      outcome: await outcomeOf(() => ({ value: decoded(pieces, op) })),
    })),
  );
}

function repeatedChunks(args: JsonObject): string {
  return `${textOf(args["chunk"]).repeat(Number(args["times"]))}0\r\n`;
}

/** The data of a chunked body. "decode" leaves out the trailer section, so its end is added here. */
function decoded(pieces: readonly Uint8Array[], op: string): string {
  const decoder = new ChunkDecoder();
  let data = "";
  const feed = (octets: Uint8Array): "need-more" | "end" => {
    for (let from = 0; ; ) {
      const step = decoder.step(octets, from, octets.length);
      if (step === "data") data += latin1Of(octets.subarray(decoder.dataStart, decoder.dataEnd));
      else return step;
      from += decoder.consumed;
    }
  };
  let state: "need-more" | "end" = "need-more";
  for (const piece of pieces) state = feed(piece);
  if (op !== "decodeMessage" && state === "need-more" && endsAfterLastChunk(decoder)) state = "end";
  if (state === "need-more") throw new WireError("truncated-body");
  return data;
}

/** Is the empty line the only thing that is missing? The decoder is of no use after the question. */
function endsAfterLastChunk(decoder: ChunkDecoder): boolean {
  try {
    return decoder.step(octetsOf("\r\n"), 0, 2) === "end";
  } catch {
    return false;
  }
}
