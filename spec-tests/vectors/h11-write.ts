/**
 * The topic parser-h11:write: what h11's serializer must write or refuse, where we have a counterpart.
 * RFC 9112 §3, §7; RFC 9110 §5 · vectors: parser-h11 (writers)
 *
 * Rule of this file: request heads go through `requestHead`, bodies through BodyWriter. Responses that h11
 * frames by itself have their counterpart in the server (go-server-wire); no function of ours takes them.
 */
import { BodyWriter, Request, requestHead } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import type { Framing } from "../../lib/wire/mod.ts";
import { isArray, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Run, Topic } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { outcomeOf } from "./wants.ts";

export const H11_TOPICS: readonly Topic[] = [
  {
    name: "parser-h11:write",
    file: "parser-h11",
    parallel: 1,
    cases: (content) => objectsOf(content["writers"]).filter(hasCounterpart).map(caseOf),
    run,
  },
];

/** Requests of HTTP/1.1, and bodies whose framing is told. */
function hasCounterpart(one: JsonObject): boolean {
  const [event] = objectsOf(one["events"]);
  const isRequest = event?.["type"] === "request" && event["version"] === undefined;
  return isRequest || one["framing"] !== undefined;
}

function caseOf(one: JsonObject): Case {
  const { events, framing, error, octets } = one;
  return {
    id: textOf(one["id"]),
    input: { kind: "call", op: framing === undefined ? "head" : "body", args: { events, framing } },
    want: error === true ? { failed: true } : { failed: false, octets },
  };
}

async function run(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const { events, framing } = input.args;
  const write = input.op === "head" ? writtenHead : writtenBody;
  return [
    {
      way: "",
      outcome: await outcomeOf(() => ({ octets: write(objectsOf(events), textOf(framing)) })),
    },
  ];
}

function writtenHead(events: readonly JsonObject[]): string {
  const [event = {}] = events;
  const header = new Header(linesOf(event["headers"]));
  const host = header.get("host") ?? "";
  header.delete("host");
  const [method, target] = [textOf(event["method"]), textOf(event["target"])];
  const request = new Request({ method, target, host, header });
  return requestHead(request, { form: "as-is", userAgent: "" }).text;
}

function writtenBody(events: readonly JsonObject[], framing: string): string {
  let octets = "";
  const sink = {
    write: (piece: Uint8Array): void => {
      octets += latin1Of(piece);
    },
    writeLatin1: (text: string): void => {
      octets += text;
    },
  };
  const writer = new BodyWriter(sink, framingOf(framing));
  for (const event of events) {
    if (event["type"] === "data") writer.write(octetsOf(textOf(event["data"])));
    else writer.end(trailersOf(event["trailers"]));
  }
  return octets;
}

/** "chunked", "close" or "content-length: 5". */
function framingOf(text: string): Framing {
  if (text === "chunked") return { kind: "chunked" };
  const [, length] = /^content-length: (\d+)$/.exec(text) ?? [];
  return length === undefined
    ? { kind: "until-close" }
    : { kind: "length", length: Number(length) };
}

function trailersOf(lines: Json): Header | undefined {
  return isArray(lines) && lines.length > 0 ? new Header(linesOf(lines)) : undefined;
}

function linesOf(lines: Json): [string, string][] {
  if (!isArray(lines)) return [];
  return lines.filter(isArray).map(([name, value]) => [textOf(name), textOf(value)]);
}
