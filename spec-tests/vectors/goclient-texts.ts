/**
 * The topics goclient-punycode, goclient-ascii and goclient-cookies: names, letters and cookies as text.
 * RFC 3492, RFC 6265 §4, §5.2 · vectors: goclient-punycode, goclient-ascii, goclient-cookies
 *
 * Rule of this file: each case is driven through what the client itself uses. It has no punycode of its own:
 * the URL class writes names beyond ASCII, as the WHATWG says, and so the labels go through it.
 */
import { canonicalHost } from "../../lib/client/jar/host.ts";
import { Response } from "../../lib/message/mod.ts";
import {
  type Cookie,
  formatCookies,
  parseSetCookie,
  parseSetCookies,
} from "../../lib/semantics/mod.ts";
import { allIn, charClass, equalsIgnoringCase, Header } from "../../lib/wire/mod.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";
import { outcomeOf } from "./wants.ts";

const PUNYCODE = "goclient-punycode";

export const CLIENT_TEXT_TOPICS: readonly Topic[] = [
  topic(PUNYCODE, punycodeCaseOf),
  topic("goclient-ascii", ({ id, fn, want, ...args }) => {
    const input: Input = { kind: "call", op: textOf(fn), args };
    return { id: textOf(id), input, want: { failed: false, value: want } };
  }),
  topic("goclient-cookies", cookieCaseOf),
];

function topic(name: string, caseOf: (one: JsonObject) => Case): Topic {
  return {
    name,
    file: name,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run,
  };
}

async function run(input: Input): Promise<Run[]> {
  const call = input.kind === "call" ? CALLS[input.op] : undefined;
  if (input.kind !== "call" || call === undefined) throw new Error("a call is wanted");
  return [{ way: "", outcome: await outcomeOf(() => ({ value: call(input.args) })) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Json>> = {
  label: (args) => {
    const text = `http://${textOf(args["in"])}.test/`;
    return URL.canParse(text) ? canonicalHost(new URL(text)).replace(/\.test$/, "") : "refused";
  },
  equalFold: ({ a, b }) => equalsIgnoringCase(textOf(a), textOf(b)),
  isPrint: (args) => allIn(PRINTABLE, textOf(args["in"])),
  "response.cookies": ({ setCookie, setCookieRepeat, maxCookies }) => {
    const values = isObject(setCookieRepeat) ? repeated(setCookieRepeat) : textsOf(setCookie);
    if (typeof maxCookies === "number") {
      // Go says 0 for no limit.
      return parseSetCookies(values, { maxCookies: maxCookies || Infinity }).map(goCookie);
    }
    const header = new Header(values.map((value): [string, string] => ["Set-Cookie", value]));
    return new Response({ status: 200, header }).cookies().map(goCookie);
  },
  parseSetCookie: ({ line }) => goCookie(parseSetCookie(textOf(line))),
  "request.addCookie": ({ cookies }) =>
    formatCookies(
      objectsOf(cookies).map(({ name, value, quoted }) => {
        return { name: textOf(name), value: textOf(value), quoted: quoted === true };
      }),
    ),
};

const PRINTABLE: Uint8Array = charClass(/[ -~]/);

/** The file wants the pure algorithm; a host's label has the prefix too. */
function punycodeCaseOf(one: JsonObject): Case {
  const input: Input = { kind: "call", op: "label", args: { in: one["in"] } };
  const want = { failed: false, value: `xn--${textOf(one["want"])}` };
  return { id: textOf(one["id"]), input, want };
}

function cookieCaseOf({ id, fn, want, wantCount, error, note: _note, ...args }: JsonObject): Case {
  const input: Input = { kind: "call", op: textOf(fn), args };
  return { id: textOf(id), input, want: cookieWant(want, wantCount, error) };
}

function cookieWant(want: Json, count: Json, error: Json): Outcome {
  if (typeof error === "string")
    return { failed: true, error: ERRORS[error] ?? `code of ${error}` };
  if (typeof count === "number") {
    return { failed: false, value: Array.from({ length: count }, () => ({})) };
  }
  if (isArray(want)) return { failed: false, value: want.map(filled) };
  return { failed: false, value: filled(want) };
}

const ERRORS: Readonly<Record<string, string>> = {
  blank: "blank-cookie",
  "no-equals-sign": "cookie-without-equals",
  "invalid-name": "malformed-cookie-name",
  "invalid-value": "malformed-cookie-value",
};

/** What is absent in the file is wanted to be absent. */
function filled(want: Json): Json {
  return isObject(want) ? { ...ABSENT, ...want } : want;
}

const ABSENT: JsonObject = {
  path: "",
  domain: "",
  expires: "",
  rawExpires: "",
  maxAge: 0,
  sameSite: "",
  unparsed: [],
};

/** One of our cookies as the file writes them. */
function goCookie(cookie: Cookie): JsonObject {
  const { expires, maxAge, sameSite } = cookie;
  return {
    name: cookie.name,
    value: cookie.value,
    quoted: cookie.quoted ?? false,
    path: cookie.path ?? "",
    domain: cookie.domain ?? "",
    expires: expires === undefined ? "" : new Date(expires).toISOString().replace(".000Z", "Z"),
    rawExpires: cookie.rawExpires ?? "",
    maxAge: maxAge === 0 ? -1 : (maxAge ?? 0),
    secure: cookie.secure ?? false,
    httpOnly: cookie.httpOnly ?? false,
    sameSite: sameSite === undefined ? "" : SITES[sameSite],
    partitioned: cookie.partitioned ?? false,
    raw: cookie.raw ?? "",
    unparsed: cookie.unparsed ?? [],
  };
}

const SITES = { default: "default", lax: "Lax", strict: "Strict", none: "None" } as const;

function repeated({ value, times }: JsonObject): string[] {
  return Array.from({ length: typeof times === "number" ? times : 0 }, () => textOf(value));
}

export const CLIENT_TEXT_RULES: readonly Rule[] = [
  {
    name: "a label of ASCII alone stands as it is, in lower case",
    section: "RFC 5890 §2.3.2.1, WHATWG URL: domain to ASCII",
    topics: [PUNYCODE],
    decides: (input) => !hasBeyondAscii(labelOf(input)) && !hasForbidden(labelOf(input)),
    outcome: (input) => ({ failed: false, value: labelOf(input).toLowerCase() }),
  },
  {
    name: "what no host may hold is refused",
    section: "RFC 3986 §3.2.2, WHATWG URL: forbidden domain code points",
    topics: [PUNYCODE],
    decides: (input) => hasForbidden(labelOf(input)),
    outcome: () => ({ failed: false, value: "refused" }),
  },
  {
    name: "letters are put in lower case before a label is encoded",
    section: "UTS #46 §4, WHATWG URL: domain to ASCII",
    topics: [PUNYCODE],
    decides: (input) => hasBeyondAscii(labelOf(input)) && /[A-Z]/.test(labelOf(input)),
    outcome: (_input, want) => ({ ...want, value: textOf(want["value"]).toLowerCase() }),
  },
];

function labelOf(input: Input): string {
  return input.kind === "call" ? textOf(input.args["in"]) : "";
}

function hasBeyondAscii(label: string): boolean {
  return /[^\0-\x7f]/.test(label);
}

function hasForbidden(label: string): boolean {
  return /[\0- #%/:<>?@[\\\]^|\x7f]/.test(label);
}
