/**
 * The topics goclient-cookiejar and goclient-cookiejar-helpers: what a jar keeps and gives, and by which rules.
 * RFC 6265 §5, draft-ietf-httpbis-rfc6265bis §5.7 · vectors: goclient-cookiejar, goclient-cookiejar-helpers
 *
 * Rule of this file: Go's jar takes hosts as text, ours takes what the URL class has parsed. So each host goes
 * through the URL class here too; what that refuses can be asked for by nobody, and gets no cookies. The rules
 * look at the steps with small readings of their own.
 */
import { domainKey, type PublicSuffixList } from "../../lib/client/jar/public-suffix.ts";
import { canonicalHost, isBelow, isIPAddress } from "../../lib/client/jar/host.ts";
import { CookieJar } from "../../lib/client/jar/mod.ts";
import { defaultPath, domainScope } from "../../lib/client/jar/scope.ts";
import { type CookiePair, formatCookies, parseSetCookies } from "../../lib/semantics/mod.ts";
import { objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";

const FILE = "goclient-cookiejar";
const HELPERS = "goclient-cookiejar-helpers";

export const JAR_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(jarCaseOf),
    run: (input): Run[] => [{ way: "", outcome: callOf(input, JAR_CALLS) }],
  },
  {
    name: HELPERS,
    file: HELPERS,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(helperCaseOf),
    run: (input): Run[] => [{ way: "", outcome: callOf(input, HELPER_CALLS) }],
  },
];

type Calls = Readonly<Record<string, (args: JsonObject) => Outcome>>;

function callOf(input: Input, calls: Calls): Outcome {
  const call = input.kind === "call" ? calls[input.op] : undefined;
  if (input.kind !== "call" || call === undefined) throw new Error("a call is wanted");
  return call(input.args);
}

/** The steps' wants apart from what goes in. */
function jarCaseOf(one: JsonObject): Case {
  const id = textOf(one["id"]);
  const { hostOnlyApi, setCookies, want } = one;
  if (hostOnlyApi !== undefined) {
    const input: Input = { kind: "call", op: "host", args: { host: hostOnlyApi, setCookies } };
    return { id, input, want: { before: [], after: want } };
  }
  const steps = objectsOf(one["steps"]);
  const args = {
    steps: steps.map((step) => ({
      fromURL: step["fromURL"],
      setCookies: step["setCookies"],
      urls: objectsOf(step["queries"]).map((query) => query["url"]),
    })),
  };
  const wants = steps.map((step) => ({
    content: step["content"],
    queries: objectsOf(step["queries"]).map((query) => query["cookies"]),
  }));
  return { id, input: { kind: "call", op: "steps", args }, want: { steps: wants } };
}

const START_MS = Date.UTC(2013, 0, 1, 12);
const STEP_MS = 1001;

const JAR_CALLS: Calls = {
  steps: ({ steps }) => {
    let now = START_MS;
    const jar = new CookieJar({ publicSuffixes: TEST_LIST, now: () => now });
    return {
      steps: objectsOf(steps).map((step) => {
        now = START_MS;
        const from = new URL(textOf(step["fromURL"]));
        jar.setCookies(from, parseSetCookies(textsOf(step["setCookies"])));
        now += STEP_MS;
        const content = Array.from(jar, shown).toSorted().join(" ");
        const queries = textsOf(step["urls"]).map((text) => {
          now += STEP_MS;
          return URL.canParse(text) ? jar.cookies(new URL(text)).map(shown).join(" ") : "";
        });
        return { content, queries };
      }),
    };
  },
  host: ({ host, setCookies }) => {
    const jar = new CookieJar();
    // No URL has an empty host; the jar reads no more of one than this.
    const place = { protocol: "http:", hostname: textOf(host), pathname: "/" } as URL;
    const before = jar.cookies(place).map(shown);
    jar.setCookies(place, parseSetCookies(textsOf(setCookies)));
    return { before, after: jar.cookies(place).map(shown) };
  },
};

function shown(cookie: CookiePair): string {
  return formatCookies([cookie]);
}

/** The list that the vectors' notes describe, with its two faults. */
const TEST_LIST: PublicSuffixList = {
  publicSuffix: (domain) => {
    if (domain === "co.uk" || domain.endsWith(".co.uk")) return "co.uk";
    if (domain === "www.buggy.psl") return "xy";
    if (domain === "www2.buggy.psl") return "com";
    return domain.slice(domain.lastIndexOf(".") + 1);
  },
};

function helperCaseOf({ id, fn, want, error, ...args }: JsonObject): Case {
  const op = textOf(fn);
  const failed = error === true || typeof error === "string";
  return {
    id: textOf(id),
    input: { kind: "call", op, args },
    want: failed ? { failed: true } : { failed: false, value: want },
  };
}

const HELPER_CALLS: Calls = {
  canonicalHost: ({ host }) => {
    const url = urlOf(textOf(host));
    return url === undefined ? { failed: true } : value(canonicalHost(url));
  },
  hasPort: ({ host }) => {
    const url = urlOf(textOf(host));
    return url === undefined ? { failed: true } : value(url.port !== "");
  },
  jarKey: ({ host, psl }) => value(domainKey(textOf(host), psl === null ? undefined : TEST_LIST)),
  isIP: ({ host }) => value(isIPAddress(textOf(host))),
  defaultPath: ({ path }) => value(defaultPath(textOf(path))),
  domainAndType: ({ host, domainAttr }) => {
    const scope = domainScope(textOf(host), textOf(domainAttr), TEST_LIST);
    return scope === undefined ? { failed: true } : value({ ...scope });
  },
  hasDotSuffix: ({ s, suffix }) => value(isBelow(textOf(s), textOf(suffix))),
};

function value(of: Json): Outcome {
  return { failed: false, value: of };
}

/** A host by the URL class; of https, so that the port 80 is not left out as the default one. */
function urlOf(host: string): URL | undefined {
  const text = `https://${isBareIPv6(host) ? `[${host}]` : host}/`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Go takes an IPv6 address without the brackets that a URL has. */
function isBareIPv6(host: string): boolean {
  return host.split(":").length > 2 && !host.startsWith("[");
}

export const JAR_RULES: readonly Rule[] = [
  {
    name: "a Secure cookie that comes without TLS is refused",
    section: "draft-ietf-httpbis-rfc6265bis §5.7 step 13",
    topics: [FILE],
    decides: (input) => refusedOf(input).some((names) => names.size > 0),
    outcome: (input, want) => withoutRefused(refusedOf(input), want),
  },
  {
    name: "what is no address between brackets is refused by the URL class",
    section: "RFC 3986 §3.2.2",
    topics: [HELPERS],
    decides: (input) => {
      const host = input.kind === "call" ? textOf(input.args["host"]) : "";
      return isURLOp(input) && host.startsWith("[") && host.includes(":::");
    },
    outcome: () => ({ failed: true }),
  },
];

function isURLOp(input: Input): boolean {
  return input.kind === "call" && ["canonicalHost", "hasPort"].includes(input.op);
}

/** For each step the names of the cookies that it sets as Secure without TLS, other than to this machine. */
function refusedOf(input: Input): ReadonlySet<string>[] {
  if (input.kind !== "call") return [];
  return objectsOf(input.args["steps"]).map((step) => {
    const lines = PLAIN_URL.test(`${textOf(step["fromURL"])}/`) ? textsOf(step["setCookies"]) : [];
    return new Set(lines.filter((line) => SECURE.test(line)).map(nameOf));
  });
}

const PLAIN_URL = /^http:\/\/(?!([^/:]+\.)?localhost[:/]|127\.|\[::1\])/i;
const SECURE = /;\s*secure\s*(;|$)/i;

function nameOf(line: string): string {
  return line.slice(0, line.indexOf("="));
}

/**
 * The wants without the cookies that a step has refused and none since has set. Those that one has set since
 * are younger than Go's, and come last.
 */
function withoutRefused(refused: readonly ReadonlySet<string>[], want: Outcome): Outcome {
  const missing = new Map<string, string>();
  const late = new Set<string>();
  const steps = objectsOf(want["steps"]).map((step, index) => {
    const content = textOf(step["content"]).split(" ");
    for (const name of refused[index] ?? []) {
      const pair = content.find((one) => nameOf(one) === name);
      if (pair !== undefined) missing.set(name, pair);
      late.add(name);
    }
    const isKept = (pair: string): boolean => missing.get(nameOf(pair)) !== pair;
    const ours = (pairs: string): string => {
      const kept = pairs.split(" ").filter(isKept);
      const [first, last] = [false, true].map((isLate) =>
        kept.filter((pair) => late.has(nameOf(pair)) === isLate),
      );
      return [...(first ?? []), ...(last ?? [])].join(" ");
    };
    return {
      content: content.filter(isKept).join(" "),
      queries: Array.isArray(step["queries"]) ? textsOf(step["queries"]).map(ours) : [],
    };
  });
  return { ...want, steps };
}
