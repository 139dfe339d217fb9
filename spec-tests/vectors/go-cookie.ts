/**
 * The topic go-cookie: cookies read and written.
 * RFC 6265 §4, §5.2 · vectors: go-cookie
 *
 * Rule of this file: one operation of the file, one call. Go mends what it cannot write, we refuse it: the
 * rules that say so look at the cookie that goes in, with tables of their own.
 */
import {
  type Cookie,
  formatCookies,
  formatSetCookie,
  parseCookies,
  parseSetCookie,
} from "../../lib/semantics/mod.ts";
import { Request, Response } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";
import { linesOfMap, outcomeOf, wantError } from "./wants.ts";

export const COOKIE_TOPICS: readonly Topic[] = [
  {
    name: "go-cookie",
    file: "go-cookie",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: runCall,
  },
];

/** What a case gives in. */
const ARGUMENTS: readonly string[] = [
  "cookie",
  "cookies",
  "headers",
  "filter",
  "line",
  "in",
  "quoted",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  const want = wantError(one["error"]) ?? { failed: false, value: one["want"] };
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want };
}

async function runCall(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const call = CALLS[input.op];
  if (call === undefined) throw new Error(`no operation ${input.op}`);
  return [{ way: "", outcome: await outcomeOf(() => ({ value: call(input.args) })) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Json>> = {
  serializeSetCookie: (args) => formatSetCookie(cookieOf(args["cookie"])),
  addCookies: (args) => formatCookies(objectsOf(args["cookies"]).map(cookieOf)),
  readSetCookies: ({ headers }) =>
    new Response({ status: 200, header: new Header(linesOfMap(headers)) }).cookies().map(goCookie),
  readCookies: ({ headers, filter }) => {
    const parts = { method: "GET", target: "/", host: "a" };
    const request = new Request({ ...parts, header: new Header(linesOfMap(headers)) });
    const name = textOf(filter);
    return pairs(name === "" ? request.cookies() : request.cookiesNamed(name));
  },
  parseCookie: (args) => pairs(parseCookies(textOf(args["line"]), { invalid: "throw" })),
  parseSetCookie: (args) => goCookie(parseSetCookie(textOf(args["line"]))),
  // What Go's sanitisers give is what stands in the field.
  sanitizeValue: (args) => {
    const quoted = args["quoted"] === true;
    return formatSetCookie({ name: "a", value: textOf(args["in"]), quoted }).slice("a=".length);
  },
  sanitizePath: (args) =>
    formatSetCookie({ name: "a", value: "", path: textOf(args["in"]) }).slice("a=; Path=".length),
  valid: (args) => {
    formatSetCookie(cookieOf(args["cookie"]));
    return true;
  },
};

/** A cookie of the file as one of ours; null is one without a name. */
function cookieOf(json: Json): Cookie {
  const one = isObject(json) ? json : {};
  const { expires, maxAge, sameSite } = one;
  return {
    name: textOf(one["name"]),
    value: textOf(one["value"]),
    quoted: one["quoted"] === true,
    path: textOf(one["path"]),
    domain: textOf(one["domain"]),
    expires: typeof expires === "string" ? Date.parse(expires) : undefined,
    maxAge: typeof maxAge === "number" && maxAge !== 0 ? maxAge : undefined,
    secure: one["secure"] === true,
    httpOnly: one["httpOnly"] === true,
    sameSite: SITES.find((site) => site === sameSite),
    partitioned: one["partitioned"] === true,
  };
}

const SITES = ["default", "lax", "strict", "none"] as const;

function pairs(cookies: readonly Pick<Cookie, "name" | "value" | "quoted">[]): Json {
  return cookies.map(({ name, value, quoted }) => ({ name, value, quoted }));
}

/** One of our cookies as the file writes them. */
function goCookie(cookie: Cookie): JsonObject {
  const { expires, maxAge } = cookie;
  return {
    name: cookie.name,
    value: cookie.value,
    quoted: cookie.quoted ?? false,
    path: cookie.path ?? "",
    domain: cookie.domain ?? "",
    expires: expires === undefined ? null : new Date(expires).toISOString().replace(".000Z", "Z"),
    rawExpires: cookie.rawExpires ?? "",
    maxAge: maxAge === 0 ? -1 : (maxAge ?? 0),
    secure: cookie.secure ?? false,
    httpOnly: cookie.httpOnly ?? false,
    sameSite: cookie.sameSite ?? "unset",
    partitioned: cookie.partitioned ?? false,
    raw: cookie.raw ?? "",
    unparsed: cookie.unparsed ?? null,
  };
}

export const COOKIE_RULES: readonly Rule[] = [
  {
    name: "a cookie that cannot be sent as it is is refused, not mended and not dropped",
    section: "RFC 6265 §4.1.1; DESIGN §2.4",
    topics: ["go-cookie"],
    decides: (input) => fault(input) !== undefined,
    outcome: (input) => ({ failed: true, error: fault(input) }) satisfies Outcome,
  },
];

const FIRST_YEAR = 1601;
const VALUE = /^[\x20\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const PATH = /^[\x20-\x3a\x3c-\x7e]*$/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const DOMAIN =
  /^\.?((?=[^]*[A-Za-z])[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*|(\d{1,3}\.){3}\d{1,3})$/;

/** What is wrong with the first cookie that is to be written. */
function fault(input: Input): string | undefined {
  if (input.kind !== "call") return undefined;
  const { op, args } = input;
  switch (op) {
    case "serializeSetCookie":
    case "valid":
      return faultOf(isObject(args["cookie"]) ? args["cookie"] : {});
    case "addCookies":
      return objectsOf(args["cookies"])
        .map(pairFault)
        .find((code) => code !== undefined);
    case "sanitizeValue":
      return pairFault({ name: "a", value: args["in"] });
    case "sanitizePath":
      return faultOf({ name: "a", path: args["in"] });
    default:
      return undefined;
  }
}

function pairFault(cookie: JsonObject): string | undefined {
  if (!NAME.test(textOf(cookie["name"]))) return "bad-cookie-name";
  return VALUE.test(textOf(cookie["value"])) ? undefined : "bad-cookie-value";
}

function faultOf(cookie: JsonObject): string | undefined {
  const pair = pairFault(cookie);
  if (pair !== undefined) return pair;
  if (!PATH.test(textOf(cookie["path"]))) return "bad-cookie-path";
  const domain = textOf(cookie["domain"]);
  if (domain !== "" && !DOMAIN.test(domain)) return "bad-cookie-domain";
  const expires = textOf(cookie["expires"]);
  if (expires !== "" && Number(expires.slice(0, 4)) < FIRST_YEAR) return "bad-cookie-expires";
  const isInsecure = cookie["partitioned"] === true && cookie["secure"] !== true;
  return isInsecure ? "insecure-partitioned-cookie" : undefined;
}
