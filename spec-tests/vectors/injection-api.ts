/**
 * The topic injection-api: values that programs hand to an API and that end up on the wire.
 * RFC 9110 §5.5, RFC 9112 §11.1 · DESIGN §2.4 · vectors: injection-api
 *
 * Rule of this file: each case runs once for each of our ways to hand the value in (injection-calls.ts, and
 * injection-client.ts for the whole Client), as a case of its own. What went out is compared with what a harmless
 * value gives: as many lines, and the element as it is wanted. An API that we do not offer is skipped.
 */
import { objectsOf, textOf, textsOf } from "./case.ts";
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
import { CALLS, HARMLESS } from "./injection-calls.ts";
import { CLIENT_CALLS } from "./injection-client.ts";
import { Refused, SURPLUS, asText } from "./injection-wire.ts";
import type { ApiCall, Sent } from "./injection-wire.ts";
import { oneOf } from "./match.ts";
import { codeOf } from "./wants.ts";

const TOPIC = "injection-api";

export const INJECTION_TOPICS: readonly Topic[] = [
  {
    name: TOPIC,
    file: TOPIC,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).flatMap(casesOf),
    run,
  },
];

function casesOf(one: JsonObject): Case[] {
  const api = textOf(one["api"]);
  const id = textOf(one["id"]);
  const { value, must_not_contain, must_not_start_with, body_must_not_contain } = one;
  const args = {
    value,
    without: must_not_contain,
    start: must_not_start_with,
    body: body_must_not_contain,
  };
  const ways = Object.keys(callsOf(api));
  if (ways.length === 0) {
    const input: CallInput = { kind: "call", op: api, args };
    return [{ id, input, want: {}, skip: `an API that we do not offer: ${api}` }];
  }
  return ways.map((way) => ({
    id: `${id} by ${way}`,
    input: { kind: "call", op: api, args: { ...args, way } },
    want: wantOf(one),
  }));
}

/** Our ways for an API: through the messages and the server, and through the whole Client. */
function callsOf(api: string): Readonly<Record<string, ApiCall>> {
  return { ...CALLS[api], ...CLIENT_CALLS[api] };
}

function wantOf(one: JsonObject): Outcome {
  const { value, wire, encoded } = one;
  switch (one["expect"]) {
    case "throw":
      return THROWN;
    case "accept":
      return { failed: false, element: asText(wire ?? value), faults: [] };
    case "encode":
    case "clean":
      return { failed: false, element: encoded, faults: [] };
    case "close":
      return oneOf([THROWN, { failed: false, faults: [] }]);
    case "throw-or-drop":
      return oneOf([THROWN, { failed: false, element: null }]);
    default:
      return oneOf([THROWN, { failed: false, element: encoded, faults: [] }]);
  }
}

/** Refused, and nothing of it on the wire. */
const THROWN: Outcome = { failed: true, spilled: false };

async function run(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const { value, way } = input.args;
  const call = callsOf(input.op)[textOf(way)];
  if (call === undefined) throw new Error(`no call ${input.op} by ${textOf(way)}`);
  const harmless = HARMLESS[input.op];
  const usual = harmless === undefined ? undefined : await call(harmless);
  try {
    const sent = await call(value);
    const faults = [...faultsOf(sent, usual ?? sent), ...heldBy(sent, input.args)];
    return [{ way: "", outcome: { failed: false, element: sent.element ?? null, faults } }];
  } catch (error) {
    const octets = error instanceof Refused ? error.octets : "";
    const spilled = spills(octets, value, usual?.octets ?? "");
    return [{ way: "", outcome: { failed: true, error: codeOf(error), spilled } }];
  }
}

/** Is more of a refused value on the wire than a harmless one puts there: as it is, or cut to octets? */
function spills(octets: string, value: Json, usual: string): boolean {
  const text = asText(value);
  const cut = Array.from(text.split(""), (unit) => String.fromCharCode(unit.charCodeAt(0) & 0xff));
  return (
    text.length > 1 &&
    [text, cut.join(""), SURPLUS].some((one) => count(octets, one) > count(usual, one))
  );
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What a peer would find wrong, whatever the value is. */
function faultsOf(sent: Sent, harmless: Sent): string[] {
  const lines = linesIn(sent.octets);
  const usual = linesIn(harmless.octets);
  const more = lines === usual ? [] : [`${lines} lines instead of ${usual}`];
  return [...more, ...(sent.faults ?? [])];
}

/** Any kind of line end counts: some peer may take it for one. */
function linesIn(octets: string): number {
  return octets.split(/\r\n|\r|\n/).length;
}

/** What the element, or the content of the answer, must not hold. */
function heldBy(sent: Sent, { without, start, body }: JsonObject): string[] {
  const element = sent.element ?? "";
  return [
    ...textsOf(without).filter((text) => element.includes(text)),
    ...textsOf(start).filter((text) => element.startsWith(text)),
    ...textsOf(body).filter((text) =>
      sent.octets.slice(sent.octets.indexOf("\r\n\r\n")).includes(text),
    ),
  ].map((text) => `holds ${JSON.stringify(text)}`);
}

export const INJECTION_RULES: readonly Rule[] = [
  {
    name: "the empty method is GET for newRequest, and none for a Request",
    section: "API.md (newRequest); RFC 9110 §9.1",
    topics: [TOPIC],
    decides: (input) => callOf(input).op === "request.method" && callOf(input).value === "",
    outcome: (input) =>
      callOf(input).way.endsWith("newRequest")
        ? { failed: false, element: "GET", faults: [] }
        : THROWN,
  },
  {
    name: "blanks at the ends of a value are refused, not cut off",
    section: "RFC 9110 §5.5; DESIGN §2.4",
    topics: [TOPIC],
    decides: (input) => {
      const { op, value } = callOf(input);
      return /^(header|trailer|early-hints)\.value$/.test(op) && /^ .* $/.test(textOf(value));
    },
    outcome: () => THROWN,
  },
  {
    name: "100 to 199 are interim heads, and after 101 no request is read",
    section: "RFC 9110 §15.2; DESIGN §2.2 (Go)",
    topics: [TOPIC],
    decides: (input) => callOf(input).op === "response.status.final",
    outcome: (input) => ({ failed: false, element: asText(callOf(input).value), faults: [] }),
  },
  {
    name: "a Content-Length of the handler's that is no number is logged and left out",
    section: "DESIGN §2.2 (Go)",
    topics: [TOPIC],
    decides: (input) => {
      const { op, way } = callOf(input);
      return op === "content-length (option or header)" && way === "w.header";
    },
    outcome: () => ({ failed: false, faults: [] }),
  },
  {
    name: "a Content-Length among a request's fields is left out: its body's own is sent",
    section: "RFC 9110 §8.6; DESIGN §2.2 (Go)",
    topics: [TOPIC],
    decides: (input) => {
      const { op, way } = callOf(input);
      return op === "content-length (option or header)" && way === "client.do with a field";
    },
    outcome: () => ({ failed: false, element: "5", faults: [] }),
  },
];

function callOf(input: Input): { op: string; way: string; value: Json } {
  if (input.kind !== "call") return { op: "", way: "", value: null };
  return { op: input.op, way: textOf(input.args["way"]), value: input.args["value"] };
}
