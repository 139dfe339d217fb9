/**
 * Conditions of cases, held against what was seen.
 *
 * Rule of this file: pure. The answer is one of three: it fits; it differs, and in what; or the peer gives nothing
 * to judge by, which makes the case not applicable.
 */
import type {
  ContentSeen,
  Count,
  FieldFormat,
  FieldSeen,
  ParseSeen,
  RequestSeen,
  ResponseSeen,
  StatusPattern,
} from "../case.ts";
import { type Field, membersOf, valueOf, valuesOf } from "./fields.ts";
import { readImfDate } from "./http-date.ts";
import { parseSeenBy } from "./parse-seen.ts";
import type { JudgedRequest, JudgedResponse } from "./reader.ts";
import { type Blanks, escapeText, fill } from "./text.ts";

export type Fit =
  | { readonly kind: "fits" }
  | { readonly kind: "differs"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

export const FITS: Fit = { kind: "fits" };

export function differs(why: string): Fit {
  return { kind: "differs", why };
}

function unknown(why: string): Fit {
  return { kind: "unknown", why };
}

/** The first that does not fit, or that all do. */
function all(checks: Iterable<Fit>): Fit {
  for (const fit of checks) if (fit.kind !== "fits") return fit;
  return FITS;
}

/** A response as it came, with the interim ones before it. */
export interface SeenResponse {
  readonly response: JudgedResponse;
  readonly interims: readonly number[];
}

export function fitResponse(seen: SeenResponse, wanted: ResponseSeen, blanks: Blanks): Fit {
  return all(responseChecks(seen, wanted, blanks));
}

function* responseChecks(
  { response, interims }: SeenResponse,
  wanted: ResponseSeen,
  blanks: Blanks,
): Generator<Fit> {
  const { status, version, framing } = response;
  if (wanted.status !== undefined && !wanted.status.some((pattern) => isStatus(status, pattern))) {
    yield differs(`status ${status}`);
  }
  if (wanted.version !== undefined) yield same("version", version, wanted.version);
  if (wanted.framing !== undefined) yield same("framing", framing, wanted.framing);
  if (wanted.interims !== undefined) {
    yield same("interim responses", interims.join(" "), wanted.interims.join(" "));
  }
  if (wanted.syntax === "clean" && response.faults.length > 0) {
    yield differs(response.faults.join("; "));
  }
  for (const field of wanted.fields ?? []) yield fitField(response.fields, field, blanks);
  for (const field of wanted.trailers ?? []) yield fitField(response.trailers, field, blanks);
  if (wanted.content !== undefined) yield fitContent(response.content, wanted.content, blanks);
  if (wanted.parse !== undefined) yield fitParse(response.content, wanted.parse, blanks);
}

function isStatus(status: number, pattern: StatusPattern): boolean {
  if (typeof pattern === "number") return status === pattern;
  return `${status}`[0] === pattern[0];
}

function same(what: string, actual: string, wanted: string): Fit {
  return actual === wanted ? FITS : differs(`${what} ${escapeText(actual)}`);
}

/** One field against one condition. */
export function fitField(fields: readonly Field[], wanted: FieldSeen, blanks: Blanks): Fit {
  const { name } = wanted;
  const value = valueOf(fields, name);
  const shown = value === undefined ? `no ${name}` : `${name}: ${escapeText(value)}`;
  const when = (holds: boolean): Fit => (holds ? FITS : differs(shown));
  if ("is" in wanted) return when((value !== undefined) === (wanted.is === "present"));
  if ("lines" in wanted) return when(valuesOf(fields, name).length === wanted.lines);
  if ("format" in wanted) {
    return when(value !== undefined && hasFormat(value, wanted.format, blanks.nowMs));
  }
  if ("lacks" in wanted) return when(!(value ?? "").includes(wanted.lacks));
  if ("member" in wanted) return when(membersOf(value ?? "").includes(wanted.member.toLowerCase()));
  if ("contains" in wanted)
    return filled(wanted.contains, blanks, (text) => when(value?.includes(text) === true));
  if ("equals" in wanted) return filled(wanted.equals, blanks, (text) => when(value === text));
  return filled(wanted.differs, blanks, (text) => when(value !== text));
}

function filled(text: string, blanks: Blanks, check: (filled: string) => Fit): Fit {
  const whole = fill(text, blanks);
  return whole === undefined ? unknown(`the peer sent nothing for ${text}`) : check(whole);
}

/** How far the peer's clock may be off for a date to be recent. */
const CLOCK_SLACK_MS = 5000;

function hasFormat(value: string, format: FieldFormat, nowMs: number): boolean {
  if (format === "decimal") return /^[0-9]+$/.test(value);
  if (format === "etag") return /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/.test(value);
  if (format === "token-list") {
    return membersOf(value).every((member) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(member));
  }
  const ms = readImfDate(value);
  if (ms === undefined || format === "date") return ms !== undefined;
  const ahead = ms - nowMs <= CLOCK_SLACK_MS;
  return format === "past-date" ? ahead : ahead && nowMs - ms <= CLOCK_SLACK_MS;
}

export function fitContent(content: string, wanted: ContentSeen, blanks: Blanks): Fit {
  if ("length" in wanted) {
    return content.length === wanted.length ? FITS : differs(`${content.length} octets of content`);
  }
  const text =
    "equals" in wanted ? wanted.equals : "differs" in wanted ? wanted.differs : undefined;
  const part = "contains" in wanted ? wanted.contains : "lacks" in wanted ? wanted.lacks : "";
  const whole = fill(text ?? part, blanks);
  if (whole === undefined)
    return unknown("the peer did not send what the content is compared with");
  const isAsSaid = text === undefined ? content.includes(whole) : content === whole;
  const isWanted = "equals" in wanted || "contains" in wanted;
  return isAsSaid === isWanted ? FITS : differs(`content "${escapeText(content)}"`);
}

function fitParse(content: string, wanted: ParseSeen, blanks: Blanks): Fit {
  const parse = parseSeenBy(content);
  if (parse === undefined) return unknown("the content is not the JSON of contract 2");
  const left = (
    ["method", "target", "version", "host", "fields", "body", "trailers"] as const
  ).find((member) => wanted[member] !== undefined && parse[member] === undefined);
  if (left !== undefined) return unknown(`the peer's JSON has no ${left}`);
  return all(parseChecks(parse, wanted, blanks));
}

function* parseChecks(
  parse: NonNullable<ReturnType<typeof parseSeenBy>>,
  wanted: ParseSeen,
  blanks: Blanks,
): Generator<Fit> {
  for (const member of ["method", "target", "version", "host"] as const) {
    const text = wanted[member];
    if (text === undefined) continue;
    yield filled(text, blanks, (whole) => same(`${member} seen as`, parse[member] ?? "", whole));
  }
  for (const field of wanted.fields ?? []) yield fitField(parse.fields ?? [], field, blanks);
  for (const field of wanted.trailers ?? []) yield fitField(parse.trailers ?? [], field, blanks);
  if (wanted.body !== undefined) yield fitContent(parse.body ?? "", wanted.body, blanks);
}

export function fitCount(what: string, actual: number, wanted: Count): Fit {
  const min = typeof wanted === "number" ? wanted : (wanted.min ?? 0);
  const max = typeof wanted === "number" ? wanted : (wanted.max ?? Number.POSITIVE_INFINITY);
  return actual >= min && actual <= max ? FITS : differs(`${actual} ${what}`);
}

/** A request that a client sent, and on which connection. */
export interface SeenRequest {
  readonly request: JudgedRequest;
  readonly connection: number;
}

export function fitRequest(
  seen: SeenRequest | undefined,
  wanted: RequestSeen,
  blanks: Blanks,
): Fit {
  if (seen === undefined) return differs(`no request number ${wanted.nth}`);
  const fit = all(requestChecks(seen, wanted, blanks));
  return fit.kind === "differs" ? differs(`request ${wanted.nth}: ${fit.why}`) : fit;
}

function* requestChecks(
  { request, connection }: SeenRequest,
  wanted: RequestSeen,
  blanks: Blanks,
): Generator<Fit> {
  if (wanted.method !== undefined) yield same("method", request.method, wanted.method);
  if (wanted.version !== undefined) yield same("version", request.version, wanted.version);
  if (wanted.target !== undefined) {
    const target = fill(wanted.target, blanks);
    yield target === undefined ? unknown("no target") : same("target", request.target, target);
  }
  if (wanted.connection !== undefined) {
    yield same("connection", `${connection}`, `${wanted.connection}`);
  }
  if (wanted.syntax === "clean" && request.faults.length > 0) {
    yield differs(request.faults.join("; "));
  }
  if (wanted.firstField !== undefined) {
    const first = request.fields[0]?.name.toLowerCase() ?? "none";
    yield same("first field", first, wanted.firstField.toLowerCase());
  }
  for (const field of wanted.fields ?? []) yield fitField(request.fields, field, blanks);
  if (wanted.content !== undefined) yield fitContent(request.content, wanted.content, blanks);
}
