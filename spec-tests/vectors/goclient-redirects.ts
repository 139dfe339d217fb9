/**
 * The topic goclient-redirects: redirects, cookies on the way, credentials from URLs, errors of a call.
 * vectors: goclient-redirects · Go: client_test.go, response_test.go
 *
 * Rule of this file: no sockets. The server that a case describes is a RoundTripper, whose answers are octets that
 * readResponse reads.
 */
import { Client } from "../../lib/client/client.ts";
import type { RoundTripper } from "../../lib/client/contracts.ts";
import { ClientError } from "../../lib/client/errors.ts";
import { CookieJar } from "../../lib/client/jar/mod.ts";
import {
  redirectMethod,
  refererFor,
  shouldCopyHeaderOnRedirect,
} from "../../lib/client/redirect.ts";
import { Reader } from "../../lib/bufio/mod.ts";
import { type Request, Response, newRequest, readResponse } from "../../lib/message/mod.ts";
import { formatBasic, parseBasic } from "../../lib/semantics/mod.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import { Header, canonicalHeaderKey, formatField } from "../../lib/wire/mod.ts";
import { bytes, text } from "../kit.ts";
import { objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";
import { linesOfMap, mapOfLines } from "./wants.ts";

const FILE = "goclient-redirects";

export const REDIRECT_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: async (input): Promise<Run[]> => {
      const call = input.kind === "call" ? CALLS[input.op] : undefined;
      if (input.kind !== "call" || call === undefined) throw new Error("a call is wanted");
      return [{ way: "", outcome: await call(input.args) }];
    },
  },
];

export const REDIRECT_RULES: readonly Rule[] = [
  {
    name: "a Referer is the URL as the caller wrote it",
    section: "RFC 9110 §10.1.3",
    topics: [FILE],
    // The case's note: Go's caller gave no final slash, the file writes one.
    decides: (input) =>
      input.kind === "call" && input.op === "hop" && textOf(input.args["initial"]).endsWith("/"),
    outcome: (input, want) => {
      const { initial } = input.kind === "call" ? input.args : {};
      const fields = want["fields"];
      return { ...want, fields: { ...(fields as JsonObject), Referer: [textOf(initial)] } };
    },
  },
  {
    name: "response.location() of an empty Location is the page itself",
    section: "RFC 3986 §4.4",
    topics: [FILE],
    decides: (input) =>
      input.kind === "call" &&
      input.op === "response.location" &&
      textOf(input.args["location"]) === "",
    outcome: (input) => ({
      location: input.kind === "call" ? input.args["requestURL"] : undefined,
    }),
  },
];

/** What the file says beside the input. */
const WANTS: ReadonlySet<string> = new Set(["id", "fn", "note", "error"]);

function caseOf(one: JsonObject): Case {
  const op = textOf(one["fn"]);
  const isArgument = ([name]: [string, Json]): boolean =>
    !WANTS.has(name) && !name.startsWith("want");
  const args: Record<string, Json> = Object.fromEntries(Object.entries(one).filter(isArgument));
  if (op === "cookieChain") {
    const hops = objectsOf(one["hops"]);
    args["hops"] = hops.map(({ status, location, setCookie }) => ({ status, location, setCookie }));
  }
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  switch (op) {
    case "chain":
      return { status: one["wantStatus"], requests: one["wantRequests"] };
    case "errorText":
      return errorWant(textOf(one["want"]));
    case "exchange":
      return {
        status: one["wantStatus"],
        contentLength: one["wantContentLength"],
        body: one["wantBody"],
        requests: 1,
        location: one["location"],
      };
    case "hop":
      return { fields: one["wantCheckRedirectHeaders"] };
    case "cookieChain":
      return { hops: objectsOf(one["hops"]).map((hop) => hop["want"]) };
    case "limit":
      return { requests: one["wantRequests"], says: true, body: "closed" };
    case "response.location":
      return one["error"] === null ? { location: one["want"] } : { failed: true };
    case "authorization":
      return { credentials: one["wantDecoded"] };
    default:
      return { value: one["want"] ?? one["wantMethod"] };
  }
}

/** Go's text is Op "URL": cause; ours has the same parts in fields of the error. */
function errorWant(sentence: string): Outcome {
  const [, op = "", url, cause] = /^(\w+) "(.*)": (.*)$/.exec(sentence) ?? [];
  return { method: op.toUpperCase(), url, cause };
}

type Answers = (request: Request, count: number) => string | Promise<string>;

/** A server that answers in octets, and what it was asked. */
class Played implements RoundTripper {
  readonly requests: { method: string; target: string; body: string; request: Request }[] = [];
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async roundTrip(request: Request): Promise<Response> {
    const body = text(await request.body.bytes());
    const target = request.target.replace(/^https?:\/\/[^/]*/, "");
    this.requests.push({ method: request.method, target, body, request });
    const octets = bytes(await this.#answers(request, this.requests.length));
    const response = await readResponse(Reader.of(octets), { request });
    if (response === undefined) throw new Error("the server said nothing");
    return response;
  }
}

function clientFor(transport: RoundTripper, more: object = {}): Client {
  return new Client({ transport, clock: new TestClock(), ...more });
}

function answer(status: Json, fields: Iterable<readonly [string, string]> = []): string {
  const lines = [...fields].map(([name, value]) => formatField(name, value)).join("");
  return `HTTP/1.1 ${Number(status)} \r\n${lines}\r\n`;
}

/** The body of a case: text that can be sent again, or pieces that cannot. */
function bodyOf(args: JsonObject): string | string[] | undefined {
  const body = args["body"] === undefined ? undefined : textOf(args["body"]);
  return args["bodyReplayable"] === false && body !== undefined ? [body] : body;
}

const BASE = "http://server.example";

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome | Promise<Outcome>>> = {
  redirectMethod: ({ method, status }) => ({
    value: redirectMethod(textOf(method), Number(status)),
  }),
  referer: ({ last, next, explicit }) => ({
    value: refererFor(textOf(last), textOf(next), textOf(explicit)) ?? "",
  }),
  copySensitiveHeaders: ({ initial, dest }) => ({
    value: shouldCopyHeaderOnRedirect(textOf(initial), textOf(dest)),
  }),
  chain: runChain,
  errorText: async (args) => {
    const failing: RoundTripper = {
      roundTrip: () => Promise.reject(new Error(textOf(args["transportError"]))),
    };
    const error = await failureOf(clientFor(failing).get(textOf(args["url"])));
    const cause = error.cause instanceof Error ? error.cause.message : "";
    return { method: error.method, url: error.url, cause };
  },
  exchange: runExchange,
  hop: runHop,
  cookieChain: runCookieChain,
  limit: async () => {
    const server = new Played(
      () =>
        `${answer(302, [
          ["Location", "/"],
          ["Content-Length", "1"],
        ])}x`,
    );
    const error = await failureOf(clientFor(server).get(`${BASE}/`));
    const ended = error.response?.body.ended === true ? "closed" : "open";
    const says = error.message.includes("stopped after 10 redirects");
    return { requests: server.requests.length, says, body: ended };
  },
  "response.location": ({ location, requestURL }) => {
    const header = new Header({ Location: textOf(location) });
    const request = newRequest("GET", textOf(requestURL));
    return { location: new Response({ status: 302, header, request }).location()?.href ?? "none" };
  },
  authorization: async ({ url, explicitBasic }) => {
    const server = new Played(() => answer(200, [["Content-Length", "0"]]));
    const [username = "", password = ""] = textsOf(explicitBasic);
    const given =
      explicitBasic === undefined ? {} : { Authorization: formatBasic({ username, password }) };
    await clientFor(server).get(textOf(url), { header: given });
    const sent = parseBasic(server.requests[0]?.request.header.get("authorization") ?? "");
    return { credentials: `${sent?.username}:${sent?.password}` };
  },
};

/** The server of the file's note: `code` is its answer, `next` what comes after it. */
async function runChain(args: JsonObject): Promise<Outcome> {
  const server = new Played((request) => {
    const code = request.query.get("code") ?? "200";
    if (!code.startsWith("3")) return answer(code, [["Content-Length", "0"]]);
    const [first, ...rest] = (request.query.get("next") ?? "").split(",");
    const next = rest.length === 0 ? "" : `&next=${rest.join(",")}`;
    const location = first === "" ? BASE : `${BASE}?code=${first}${next}`;
    return answer(code, [
      ["Location", location],
      ["Content-Length", "0"],
    ]);
  });
  const url = `${BASE}${textOf(args["target"])}`;
  const request = newRequest(textOf(args["method"]), url, bodyOf(args));
  const { status } = await clientFor(server).do(request);
  return {
    status,
    requests: server.requests.map(({ method, target, body }) => ({ method, target, body })),
  };
}

async function runExchange(args: JsonObject): Promise<Outcome> {
  const { status = 200, location, responseHeaders } = args;
  const fields = linesOfMap(responseHeaders);
  if (location !== undefined) fields.push(["Location", textOf(location)]);
  const server = new Played(() => answer(status, fields));
  const request = newRequest(textOf(args["method"]), `${BASE}/`, bodyOf(args));
  const response = await clientFor(server).do(request);
  return {
    status: response.status,
    contentLength: response.contentLength,
    body: await response.body.text(),
    requests: server.requests.length,
    location: response.header.get("location"),
  };
}

async function runHop(args: JsonObject): Promise<Outcome> {
  const [initial, next] = [args["initial"], args["next"]].map((url) =>
    textOf(url ?? "")
      .replace("PORT1", "8001")
      .replace("PORT2", "8002"),
  );
  let fields: JsonObject = {};
  const server = new Played((_, count) =>
    count === 1
      ? answer(args["status"], [
          ["Location", next ?? ""],
          ["Content-Length", "0"],
        ])
      : answer(200, [["Content-Length", "0"]]),
  );
  const client = clientFor(server, {
    checkRedirect: (request: Request) => {
      fields = mapOfLines(request.header, canonicalHeaderKey);
    },
  });
  await client.get(initial ?? "", { header: linesOfMap(args["requestHeaders"]) });
  return {
    fields: JSON.parse(
      JSON.stringify(fields).replaceAll("8001", "PORT1").replaceAll("8002", "PORT2"),
    ) as JsonObject,
  };
}

async function runCookieChain(args: JsonObject): Promise<Outcome> {
  const clock = new TestClock();
  const jar = new CookieJar({ now: () => clock.now() });
  const before = new Header({ "Set-Cookie": textsOf(args["jarBefore"]) });
  jar.setCookies(new URL(`${BASE}/`), new Response({ status: 200, header: before }).cookies());
  const hops = objectsOf(args["hops"]);
  const server = new Played((_, count) => {
    const { status, location, setCookie } = hops[count - 1] ?? {};
    const fields = textsOf(setCookie).map((value): [string, string] => ["Set-Cookie", value]);
    if (location !== undefined) fields.push(["Location", textOf(location)]);
    return answer(status, [...fields, ["Content-Length", "0"]]);
  });
  const header = { Cookie: textOf(args["requestCookieHeader"]) };
  await clientFor(server, { jar }).get(`${BASE}/`, { header });
  return {
    hops: server.requests.map(({ request }) =>
      mapOfLines(
        request.cookies().map(({ name, value }) => [name, value] as const),
        (name) => name,
      ),
    ),
  };
}

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
  throw new Error("the call succeeded");
}
