/**
 * The topic go-request-misc:max-bytes: what a body with a limit gives, and how it ends.
 * RFC 9110 §15.5.14 · vectors: go-request-misc · Go: serve_test.go TestMaxBytesReaderDifferentLimits
 *
 * Rule of this file: each body comes once with its length known and once without. Go gives the last octets
 * and the error in one answer, we in two: a reader that fills its buffer sees the same of both.
 */
import { bodyFrom } from "../../lib/message/mod.ts";
import type { Body } from "../../lib/message/mod.ts";
import { maxBytesReader } from "../../lib/server/mod.ts";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { objectsOf, textOf } from "./case.ts";
import type { Case, Input, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { octetsOf } from "./cuts.ts";
import { outcomeOf } from "./wants.ts";

export const MAX_BYTES_TOPICS: readonly Topic[] = [
  {
    name: "go-request-misc:max-bytes",
    file: "go-request-misc",
    parallel: 1,
    cases: (content) =>
      objectsOf(content["cases"])
        .filter((one) => one["op"] === "maxBytesReader")
        .map(caseOf),
    run,
  },
];

const ARGUMENTS: readonly string[] = ["limit", "readable", "readBufferSize", "source"];

function caseOf(one: JsonObject): Case {
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  const input: Input = { kind: "call", op: "maxBytesReader", args };
  return { id: textOf(one["id"]), input, want: wantOf(one) };
}

/** Those that tell no buffer are read to their end and on: how it has ended once it ends always. */
function wantOf(one: JsonObject): Outcome {
  if (one["readBufferSize"] !== undefined) {
    const tooLarge = one["wantError"] === true;
    return { count: one["wantN"], ending: tooLarge ? TOO_LARGE : undefined, failed: tooLarge };
  }
  const [limit, readable] = [Number(one["limit"]), Number(one["readable"])];
  const ending = readable > limit ? TOO_LARGE : "end";
  return { count: Math.min(limit, readable), endings: [ending, ending, ending] };
}

const TOO_LARGE = "body-too-large";
const ENDINGS = 3;

async function run(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const { args } = input;
  const octets = contentOf(args);
  const known = (): Body => bodyFrom(octets).body;
  const unknown = (): Body => bodyFrom(oneByOne(octets)).body;
  return [
    { way: "of known length", outcome: await outcomeWith(known(), args) },
    { way: "of unknown length", outcome: await outcomeWith(unknown(), args) },
  ];
}

/** The octets that the case describes: so many of any, or those in its quotes. */
function contentOf({ readable, source }: JsonObject): Uint8Array {
  if (typeof readable === "number") return new Uint8Array(readable);
  return octetsOf(/"([^"]*)"/.exec(textOf(source))?.[1] ?? "");
}

async function* oneByOne(octets: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const octet of octets) yield Uint8Array.of(octet);
}

async function outcomeWith(source: Body, args: JsonObject): Promise<Outcome> {
  let outcome: Outcome = {};
  const request = newTestRequest("POST", "/", { body: source });
  const recorded = await record(async (w, r) => {
    const body = maxBytesReader(w, r.body, Number(args["limit"]));
    const size = args["readBufferSize"];
    outcome = typeof size === "number" ? await filled(body, size) : await readOut(body);
  }, request);
  if (recorded.error !== undefined) throw recorded.error;
  return outcome;
}

/** Reads until the buffer is full, or the body ends in whatever way. */
async function filled(body: Body, size: number): Promise<Outcome> {
  let count = 0;
  const { failed, error } = await outcomeOf(async () => {
    while (count < size) {
      const step = await body.read(new Uint8Array(size - count));
      if (step === undefined) break;
      count += step;
    }
    return {};
  });
  return { count, ending: error, failed };
}

async function readOut(body: Body): Promise<Outcome> {
  let count = 0;
  const endings: string[] = [];
  while (endings.length < ENDINGS) {
    const read = await outcomeOf(async () => ({ step: await body.read(new Uint8Array(1000)) }));
    const { step } = read;
    if (typeof step === "number") count += step;
    else endings.push(read["failed"] === true ? textOf(read["error"]) : "end");
  }
  return { count, endings };
}
