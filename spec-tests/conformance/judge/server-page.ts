/**
 * What the reference server answers: a page with validators and ranges, an echo, and its parse as JSON.
 * RFC 9110 §9, §13, §14
 *
 * Rule of this file: a request that was read in, an answer out; nothing of framing. Each `is(…)` is one fault of
 * server-mutants.ts.
 */
import { dateOf, dateText, type Field, membersOf, trimBlanks } from "./message.ts";
import type { Content } from "./server-content.ts";
import type { Head, ServerIs } from "./server-head.ts";

export interface Answer {
  readonly status: number;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly content: string;
}

export const PAGE = "The page that the reference has for all.\n";
const TAG = '"reference"';
const MODIFIED_MS = Date.UTC(2024, 1, 29, 12, 0, 0);
const VALIDATORS = [
  ["ETag", TAG],
  ["Last-Modified", dateText(MODIFIED_MS)],
] as const;
const KNOWN = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

export function answerTo(head: Head, content: Content, is: ServerIs): Answer {
  const { method, path } = head;
  const isUnmet = head.fields.has("Expect") && !head.fields.lists("Expect", "100-continue");
  if (isUnmet && head.version !== "1.0") return bare(417);
  if (path === "/parse") return { ...parseOf(head, content, is), status: 200 };
  const isGet = method === "GET" || method === "HEAD" || is("any-method");
  if (!KNOWN.includes(method) && !is("any-method")) return bare(501);
  if (method === "CONNECT" || method === "TRACE") return bare(501);
  if (path === "*") return text("");
  if (path === "/echo") {
    return method === "POST" ? text(content.text) : { ...bare(405), fields: [["Allow", "POST"]] };
  }
  if (path !== "/") return bare(404);
  if (method === "OPTIONS") return { status: 204, fields: [["Allow", "GET, HEAD"]], content: "" };
  return isGet ? page(head, is) : { ...bare(405), fields: [["Allow", "GET, HEAD"]] };
}

/** An answer that is its status and a word about it. */
export function bare(status: number): Answer {
  return { status, fields: [], content: `${status}\n` };
}

function text(content: string): Answer {
  return { status: 200, fields: [["Content-Type", "application/octet-stream"]], content };
}

function parseOf(head: Head, content: Content, is: ServerIs): Omit<Answer, "status"> {
  const { method, version, host } = head;
  const target = is("decodes-targets") ? unescape(head.target) : head.target;
  const pairs = (fields: readonly Field[]): string[][] => fields.map((f) => [f.name, f.value]);
  const merged = is("merges-trailers") ? content.trailers : [];
  const parse = {
    method,
    target,
    version,
    host,
    fields: pairs([...head.fields.list, ...merged]),
    body: content.text,
    trailers: pairs(content.trailers),
  };
  const json = JSON.stringify(parse).replace(/[\x7f-\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return { fields: [["Content-Type", "application/json"]], content: json };
}

/** Escapes undone, which no target should see before its parts are apart. */
function unescape(target: string): string {
  return target.replace(/%([0-9A-F]{2})/gi, (_, hex: string) => {
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}

/** RFC 9110 §13.2.2, §14.2 */
function page(head: Head, is: ServerIs): Answer {
  const whole: Answer = {
    status: 200,
    fields: [["Content-Type", "text/plain"], ["Accept-Ranges", "bytes"], ...VALIDATORS],
    content: PAGE,
  };
  const failed = preconditionOf(head, is);
  if (failed === 304) return { status: 304, fields: VALIDATORS, content: "" };
  if (failed !== undefined) return bare(failed);
  const range = head.fields.get("Range");
  if (range === undefined || head.method !== "GET" || !isSame(head.fields.get("If-Range"))) {
    return whole;
  }
  // Whoever sends If-Range has the other fields already.
  const { fields } = whole;
  const few = fields.filter(([name]) => name !== "Last-Modified" && name !== "Content-Type");
  return ranged(head.fields.has("If-Range") ? { ...whole, fields: few } : whole, range, is);
}

function preconditionOf({ fields, method }: Head, is: ServerIs): 304 | 412 | 400 | undefined {
  const match = fields.get("If-Match");
  if (match !== undefined && !is("no-if-match")) {
    if (match !== "*" && !membersOf(match).includes(TAG)) return 412;
  } else {
    const since = dateOf(fields.get("If-Unmodified-Since") ?? "");
    if (since !== undefined && MODIFIED_MS > since) return 412;
  }
  const isGet = method === "GET" || method === "HEAD";
  const none = fields.get("If-None-Match");
  if (none !== undefined) {
    const tags = membersOf(none).map((tag) => tag.replace(/^W\//, ""));
    const isKnown = none === "*" || tags.includes(TAG);
    if (isKnown && !is("no-if-none-match")) return isGet ? 304 : 412;
    if (!is("date-beats-tag")) return undefined;
  }
  const value = fields.get("If-Modified-Since");
  if (value === undefined || !isGet) return undefined;
  const since = is("one-form-of-dates") && !value.endsWith("GMT") ? undefined : dateOf(value);
  const isOld = is("one-form-of-dates") && value.includes("-");
  if (since === undefined && is("bad-dates-refused")) return 400;
  return since !== undefined && !isOld && MODIFIED_MS <= since ? 304 : undefined;
}

/** If-Range compares strongly, and dates by being the same. */
function isSame(condition: string | undefined): boolean {
  return condition === undefined || condition === TAG || dateOf(condition) === MODIFIED_MS;
}

function ranged(whole: Answer, range: string, is: ServerIs): Answer {
  const unit = is("any-range-unit") ? /^[a-z]+=/i : /^bytes=/i;
  if (!unit.test(range)) return whole;
  const specs = range
    .replace(unit, "")
    .split(",")
    .map(trimBlanks)
    .filter((spec) => spec !== "");
  const parts = specs.map((spec) => partOf(spec, is));
  if (parts.length === 0 || parts.includes(undefined)) return whole;
  const good = parts.filter((part) => part !== undefined && part.first < PAGE.length);
  const [part] = good;
  if (part === undefined) {
    return { ...bare(416), fields: [["Content-Range", `bytes */${PAGE.length}`]] };
  }
  // A server may leave Range alone: one part is sent, several are not.
  if (good.length > 1) return whole;
  const last = is("ranges-without-last") ? part.last : part.last + 1;
  const fields = [
    ["Content-Range", `bytes ${part.first}-${part.last}/${PAGE.length}`] as const,
    ...whole.fields,
  ];
  return { status: 206, fields, content: PAGE.slice(part.first, last) };
}

/** One range of octets: `first` may lie behind the end, then it is none of this page. */
function partOf(spec: string, is: ServerIs): { first: number; last: number } | undefined {
  const [, from = "", to = ""] = /^([0-9]*)-([0-9]*)$/.exec(spec) ?? [];
  if (from === "" && to === "") return undefined;
  const count = (digits: string): number =>
    is("64-bit-ranges") ? Number(BigInt.asUintN(64, BigInt(digits))) : Number(digits);
  const end = PAGE.length - 1;
  if (from === "") {
    const length = Math.min(count(to), PAGE.length);
    return { first: length === 0 ? PAGE.length : PAGE.length - length, last: end };
  }
  const last = to === "" ? end : Math.min(count(to), end);
  if (to !== "" && BigInt(to) < BigInt(from)) return undefined;
  return { first: count(from), last };
}
