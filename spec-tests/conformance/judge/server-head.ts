/**
 * The reference server reads a head: request line, fields, target and Host.
 * RFC 9112 §2, §3, §5; RFC 9110 §7.2
 *
 * Rule of this file: by the grammar, and refused where it does not fit. Each `is(…)` is one fault of
 * server-mutants.ts: what a server does that has this bug, and nothing beside it.
 */
import { type Input, TooLong } from "./input.ts";
import {
  countOf,
  type Field,
  FIELD_LINE,
  FIELD_TEXT,
  Fields,
  type Is,
  lowerCase,
  TOKEN,
} from "./message.ts";
import type { ServerFault } from "./server-mutants.ts";

/** The request is not processed: this status, and the end of the connection. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.status = status;
  }
}

export interface Head {
  readonly method: string;
  /** As it was sent. */
  readonly target: string;
  readonly path: string;
  readonly query: string;
  /** "1.1" */
  readonly version: string;
  readonly host: string;
  readonly fields: Fields;
}

export type ServerIs = Is<ServerFault>;

/** A request line of 8,000 octets is to be taken; this is more. */
const LINE_OCTETS = 8192;
const HEAD_OCTETS = 65_536;
const EMPTY_LINES = 8;
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([^ \\x00-\\x1f\\x7f]+) HTTP/([0-9])\\.([0-9])$`);

/** Reads a head; undefined when the connection ends in front of it. */
export async function readHead(input: Input, is: ServerIs): Promise<Head | undefined> {
  while (input.waiting === "" && input.side === "open") await input.more().catch(() => {});
  if (input.waiting === "") return undefined;
  const { method, target, version } = await readRequestLine(input, is);
  const list = await readFields(input, is);
  const fields = new Fields(list, is("case-sensitive-names") ? (name) => name : lowerCase);
  if (fields.list.some(({ name }) => is("refuses-unknown-fields") && /^x-/i.test(name))) {
    throw new Refusal(400, "a field that is unknown");
  }
  const host = hostOf(fields, version, is);
  return { ...addressOf(method, target, host, is), method, target, version, fields };
}

type RequestLine = Pick<Head, "method" | "target" | "version">;

async function readRequestLine(input: Input, is: ServerIs): Promise<RequestLine> {
  for (let empty = 0; ; empty++) {
    const line = await startLine(input, is);
    if (line === "" && empty < EMPTY_LINES && !is("no-empty-lines")) continue;
    const read = requestLineOf(line, is);
    if (read !== undefined) return read;
    if (!is("recovers-from-garbage")) throw new Refusal(400, "no request line");
  }
}

async function startLine(input: Input, is: ServerIs): Promise<string> {
  const max = is("unbounded-target") ? 8_388_608 : is("short-lines") ? 4096 : LINE_OCTETS;
  try {
    return cleanLine(await input.line(max));
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
    throw new Refusal(error.begin.includes(" ") ? 414 : 501, "a request line that is too long");
  }
}

/** Without its CR. A line that ends with LF alone, or has a CR inside, is none. */
function cleanLine(raw: string): string {
  if (!raw.endsWith("\r") || raw.indexOf("\r") < raw.length - 1) {
    throw new Refusal(400, "a line end that is not CRLF");
  }
  return raw.slice(0, -1);
}

function requestLineOf(line: string, is: ServerIs): RequestLine | undefined {
  let text = line;
  if (is("any-case-of-http")) text = text.replace(/http(?=\/\d\.\d$)/i, "HTTP");
  if (is("two-digit-minor")) text = text.replace(/(HTTP\/\d\.\d)\d+$/, "$1");
  if (is("version-optional") && !/ HTTP\//.test(text)) text = `${text} HTTP/1.1`;
  if (is("words-at-both-ends")) text = text.replace(/^(\S+) (\S+) .* (HTTP\S+)$/, "$1 $2 $3");
  if (is("nul-ends-target")) text = text.replace(/\x00\S*/, "");
  const read = REQUEST_LINE.exec(text);
  if (read === null) return undefined;
  const [, method = "", target = "", major = "", minor = ""] = read;
  if (major !== "1" && !is("any-major-version")) throw new Refusal(505, "another version");
  if (minor > "1" && is("no-higher-minor")) throw new Refusal(505, "another minor version");
  const sent = is("any-case-of-method") ? method.toUpperCase() : method;
  return { method: sent, target, version: `${major}.${minor}` };
}

/** Field lines up to the empty line; also of a trailer section. */
export async function readFields(input: Input, is: ServerIs): Promise<Field[]> {
  const fields: Field[] = [];
  let left = HEAD_OCTETS;
  for (;;) {
    const raw = await fieldLine(input, left, is);
    if (is("cr-ends-line") && raw.indexOf("\r") < raw.length - 1) {
      for (const piece of raw.split("\r")) if (piece !== "") fields.push(fieldOf(piece, is));
      continue;
    }
    const line = cleanLine(raw);
    if (line === "") return fields;
    left -= line.length + 2;
    if (/^[^:]*$/.test(line) && is("skips-lines-without-colon")) continue;
    fields.push(fieldOf(line, is));
  }
}

async function fieldLine(input: Input, max: number, is: ServerIs): Promise<string> {
  try {
    const line = input.line(max);
    if (!is("silence-ends-head")) return await line;
    // As the empty line, when nothing has come for a while.
    const silence = new Promise<string>((resolve) => void setTimeout(resolve, 100, "\r"));
    line.catch(() => {});
    return await Promise.race([line, silence]);
  } catch (error) {
    if (error instanceof TooLong) throw new Refusal(431, "a head that is too long");
    throw error;
  }
}

function fieldOf(line: string, is: ServerIs): Field {
  let text = line;
  if (is("joins-leading-blanks")) text = text.replace(/^[ \t]+/, "");
  if (is("trims-names")) text = text.replace(/^([^: \t]+)[ \t]+:/, "$1:");
  if (is("empty-names")) text = text.replace(/^:/, "nameless:");
  if (is("any-name"))
    text = text.replace(/^[^: \t]+:/, (name) => name.replace(/[[\](){}@,/?=<>\\";]/g, "x"));
  const [, name = "", value = ""] = FIELD_LINE.exec(text) ?? [];
  if (name === "") throw new Refusal(400, "no field line");
  if (!FIELD_TEXT.test(value)) throw new Refusal(400, "octets that no value has");
  if (is("keeps-blanks")) return { name, value: text.slice(name.length + 1).replace(/^ /, "") };
  if (is("values-as-utf-8")) return { name, value: Buffer.from(value, "latin1").toString("utf8") };
  return { name, value };
}

const UNRESERVED = "A-Za-z0-9._~!$&'()*+,;=\\-";
const REG_NAME = `(?:[${UNRESERVED}]|%[0-9A-Fa-f]{2})+`;
const H16 = "[0-9A-Fa-f]{1,4}";
const IP_LITERAL = `\\[(?:[0-9A-Fa-f:.]+|v[0-9A-Fa-f]+\\.[${UNRESERVED}:]+)\\]`;
const AUTHORITY = new RegExp(`^(?:${IP_LITERAL}|${REG_NAME})(?::[0-9]*)?$`);

function isAuthority(text: string): boolean {
  if (!AUTHORITY.test(text)) return false;
  const literal = /^\[([0-9A-Fa-f:.]+)\]/.exec(text)?.[1];
  return literal === undefined || isIPv6(literal);
}

/** RFC 3986 §3.2.2: eight groups, or fewer around one "::"; the last two may be an IPv4 address. */
function isIPv6(text: string): boolean {
  const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  const hex = text.replace(new RegExp(`(?:${octet}\\.){3}${octet}$`), "0:0");
  const halves = hex.split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (halves.length > 2 || !groups.every((g) => new RegExp(`^${H16}$`).test(g))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

function hostOf(fields: Fields, version: string, is: ServerIs): string {
  const hosts = fields.all("Host");
  const [host = ""] = hosts;
  const isEqual = hosts.every((other) => other === host);
  if (hosts.length > 1 && !(isEqual && is("equal-hosts")) && !(!isEqual && is("first-host"))) {
    throw new Refusal(400, "more than one Host");
  }
  if (hosts.length === 0) {
    if (version === "1.0" || is("host-optional")) return "";
    throw new Refusal(400, "no Host");
  }
  if (!isAuthority(host) && !is("any-host")) throw new Refusal(400, "no authority in Host");
  return host;
}

const PCHAR = `(?:[${UNRESERVED}:@]|%[0-9A-Fa-f]{2})`;
const PATH = `(?:/${PCHAR}*)+`;
const QUERY = `(?:\\?(?:${PCHAR}|[/?])*)?`;
const ORIGIN = new RegExp(`^(${PATH})(${QUERY})$`);
const ABSOLUTE = new RegExp(`^http://([^/?#@]+)(${PATH})?(${QUERY})$`, "i");

/** RFC 9112 §3.2: four forms, two of them for one method each. */
function addressOf(
  method: string,
  target: string,
  host: string,
  is: ServerIs,
): Pick<Head, "path" | "query" | "host"> {
  const wrong = new Refusal(400, "a target that does not fit");
  const slash = { path: "/", query: "", host };
  if (target === "*" && method === "GET" && is("asterisk-for-all")) return slash;
  if (target === "*" && method !== "OPTIONS") throw wrong;
  if (target === "*") return { path: "*", query: "", host };
  if (method === "CONNECT") {
    const port = countOf(/:([0-9]+)$/.exec(target)?.[1] ?? "0", 10) ?? 0;
    if (port < 1 || port > 65_535 || !isAuthority(target)) throw wrong;
    return { path: "", query: "", host: target };
  }
  const sent = is("cuts-fragments") ? target.replace(/#.*/s, "") : target;
  const origin = ORIGIN.exec(sent);
  if (origin !== null) return { path: origin[1] ?? "", query: origin[2] ?? "", host };
  const [whole, authority = "", path = "/", query = ""] = ABSOLUTE.exec(sent) ?? [];
  if (whole !== undefined && isAuthority(authority)) {
    if (is("no-absolute-form")) throw wrong;
    return { path, query, host: is("host-beats-target") ? host : authority };
  }
  if (/^https:/i.test(target)) throw new Refusal(421, "secured content, and no TLS");
  if (is("authority-for-all") && isAuthority(target)) return slash;
  throw wrong;
}
