/**
 * The topic attacks-responses: answers made to be read wrongly, to flood, to steal credentials, to be kept.
 * RFC 9112 §4 to §9, RFC 9110 §15.4, RFC 6265 §5.3 · DESIGN §2.3, §3 · vectors: attacks-responses
 *
 * Rule of this file: the server is the one that the file describes, on a real socket; whatever host is asked
 * for leads to it. The client is the whole Client of the front door at default settings, with a jar. Each case
 * that is small runs twice: its octets in one piece, and one by one; coded content once more for a client that
 * has asked for all codings.
 */
import type { Socket } from "node:net";
import { Client, Transport, nodeDecoders } from "../../lib/adapters/mod.ts";
import { CookieJar } from "../../lib/client/mod.ts";
import { type Request, type Response, newRequest } from "../../lib/message/mod.ts";
import { dial } from "../../lib/net/mod.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
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
import { textOfPieces } from "./attacks-requests.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { oneOf } from "./match.ts";
import { type ScriptServer, type Seen, scriptServer, sleep } from "./script-server.ts";
import { codeOf } from "./wants.ts";

const FILE = "attacks-responses";

export const ATTACK_RESPONSE_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    // Exchanges mostly wait, so many go on at once.
    parallel: 16,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: async (input): Promise<Run[]> => {
      const { args } = callOf(input);
      const runs: Run[] = [];
      for (const way of waysOf(args["raw"])) {
        runs.push({ way: way.name, outcome: await attack(args, way) });
      }
      return runs;
    },
  },
];

/** How a case is run. */
interface Way {
  readonly name: string;
  readonly speed: "whole" | "one by one";
  /** What the client asks for; undefined for its default. */
  readonly codings?: readonly string[];
}

/** Coded content meets a client that has asked for all that it can undo, too. */
function waysOf(raw: Json): Way[] {
  const ways: Way[] = [{ name: "whole", speed: "whole" }];
  if (octetsIn(raw) <= ONE_BY_ONE_OCTETS)
    ways.push({ name: "octet by octet", speed: "one by one" });
  if (!/^content-encoding:/im.test(textOfPieces(raw))) return ways;
  return [
    ...ways,
    { name: "all codings asked for", speed: "whole", codings: nodeDecoders.codings },
  ];
}

/** What is sent octet by octet too: each takes a turn of the loop. */
const ONE_BY_ONE_OCTETS = 400;

const PLAIN_URL = "http://a.test/";
const OVER: Outcome = { left: 0, next: "200 ok" };

/** What a caller says of itself, unless the case says what. */
const SECRETS: JsonObject = {
  Authorization: "Bearer t",
  Cookie: "s=1",
  "Proxy-Authorization": "Basic eA==",
  "Www-Authenticate": "x",
};

/** No case takes longer, whatever the server does. */
const DEADLINE_MS = 8_000;
/** How soon a connection that must not be kept is gone. */
const GONE_MS = 300;
/** What is still under way between two processes' sockets on one machine has come by then. */
const QUIET_MS = 15;

function callOf(input: Input): CallInput {
  if (input.kind !== "call") throw new Error("a call is wanted");
  return input;
}

function caseOf(one: JsonObject): Case {
  const { raw, eof, layer, request, request_headers, from_url, url, sent_headers, chain } = one;
  const args = {
    raw,
    eof,
    layer,
    method: isObject(request) ? request["method"] : undefined,
    fields: isObject(request_headers) ? request_headers : sent_headers,
    url: from_url ?? url,
    chain,
    maxMs: one["max_ms"],
    unseen: one["next_request_must_not_see"],
    has: one["second_request_has"],
    lacks: secretsOf(one),
  };
  return { id: textOf(one["id"]), input: { kind: "call", op: FILE, args }, want: wantOf(one) };
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** The fields that must not go on. */
function secretsOf(one: JsonObject): string[] {
  const fromUserInfo = one["no_authorization_from_userinfo"] === true ? ["Authorization"] : [];
  return [...textsOf(one["second_request_lacks"]), ...fromUserInfo];
}

function wantOf(one: JsonObject): Outcome {
  const rejected: Outcome = {
    ...OVER,
    failed: true,
    closed: true,
    inTime: true,
    ...whenFollowed(one),
  };
  switch (one["expect"]) {
    case "accept":
      return accepted(one);
    case "reject":
      return rejected;
    default:
      return oneOf([accepted(one), rejected]);
  }
}

function accepted(one: JsonObject): Outcome {
  const framing = isObject(one["framing"]) ? one["framing"] : {};
  const { reuse, stored, expect_note } = one;
  const isTunnel = isObject(one["request"]) && one["request"]["method"] === "CONNECT";
  return {
    ...OVER,
    failed: false,
    inTime: true,
    status: framing["status"],
    body: textOfPieces(framing["body"]),
    // What belongs to a tunnel is its owner's; elsewhere what is left over is nobody's.
    tunnel: isTunnel ? framing["remaining"] : undefined,
    reused: reuse,
    closed: reuse === false && !isTunnel ? true : undefined,
    seesOld: false,
    stored: expect_note === "either" ? undefined : stored,
    ...whenFollowed(one),
  };
}

/** A redirect: what goes to the next host, and that something has gone to the first. */
function whenFollowed(one: JsonObject): Outcome {
  if (one["layer"] !== "client-redirect") return {};
  const chain = textsOf(one["chain"]);
  const follows = one["expect"] === "accept";
  return {
    requests: follows ? 1 + Math.max(1, chain.length) : 1,
    sentAll: true,
    missing: [],
    leaked: [],
    // The next request is the one that was followed.
    next: undefined,
    seesOld: undefined,
    method: one["second_method"],
    bodiesFit: true,
  };
}

// --- the server -----------------------------------------------------------------------------------

/** Octets that are sent at once, or what is done in between. */
type Step =
  | { readonly octets: string; readonly times: number }
  | { readonly waitMs: number }
  | "close";

/** The steps of a script; when it begins is told apart. */
function stepsOf(raw: Json): Step[] {
  const pieces = isArray(raw)
    ? raw
    : [isObject(raw) && raw["bytes"] !== undefined ? raw["bytes"] : raw];
  return pieces.flatMap((piece): Step[] => {
    if (isArray(piece)) return stepsOf(piece);
    if (!isObject(piece)) return [{ octets: textOf(piece), times: 1 }];
    if (piece["close"] === true) return ["close"];
    if (piece["wait_ms"] !== undefined) return [{ waitMs: Number(piece["wait_ms"]) }];
    const [octets, times] = isArray(piece["repeat"]) ? piece["repeat"] : [];
    return [{ octets: textOf(octets), times: Number(times) }];
  });
}

function octetsIn(raw: Json): number {
  const sizes = stepsOf(raw).map((step) =>
    typeof step === "object" && "octets" in step ? step.octets.length * step.times : 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const PIECE_OCTETS = 65_536;

/** Plays the script to a client for as long as it listens. */
async function play(socket: Socket, { raw, eof }: JsonObject, { speed }: Way): Promise<void> {
  for (const step of stepsOf(raw)) {
    if (step === "close") socket.end();
    else if ("waitMs" in step) await sleep(step.waitMs);
    else if (speed === "one by one") await sendSlowly(socket, step.octets.repeat(step.times));
    else await sendRepeated(socket, step.octets, step.times);
    if (socket.destroyed) return;
  }
  if (eof === true) socket.end();
}

async function sendSlowly(socket: Socket, octets: string): Promise<void> {
  for (const octet of octetsOf(octets)) {
    if (!socket.writable) return;
    socket.write(Uint8Array.of(octet));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** In pieces, at the pace of the client, so that a flood fills no memory of ours. */
async function sendRepeated(socket: Socket, octets: string, times: number): Promise<void> {
  const inPiece = Math.max(
    1,
    Math.min(times, Math.floor(PIECE_OCTETS / Math.max(1, octets.length))),
  );
  const piece = octetsOf(octets.repeat(inPiece));
  for (let left = times; left > 0 && socket.writable; left -= inPiece) {
    const rest = left < inPiece ? piece.subarray(0, left * octets.length) : piece;
    if (!socket.write(rest)) await drainedOrGone(socket);
  }
}

function drainedOrGone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
  });
}

/** The first request, or connection, gets the script; what follows a redirect its way; the rest "ok". */
async function serve(
  args: JsonObject,
  way: Way,
): Promise<{ server: ScriptServer; played: Promise<void> }> {
  const { raw, layer } = args;
  const isGreeting = isObject(raw) && raw["on_connect"] === true;
  const hops = layer === "client-redirect" ? textsOf(args["chain"]) : [];
  let ended: (value: Promise<void>) => void = () => undefined;
  const played = new Promise<void>((resolve) => (ended = resolve));
  let count = 0;
  const server = await scriptServer(
    (seen) => {
      const turn = ++count;
      if (turn <= hops.length) seen.send(leadingTo(textOfPieces(raw), hops[turn - 1] ?? ""));
      else if (turn === 1 && hops.length === 0 && !isGreeting) ended(play(seen.socket, args, way));
      else seen.send(layer === "client-redirect" ? EMPTY : OK);
    },
    (socket, connection) => {
      if (isGreeting && connection === 1) ended(play(socket, args, way));
    },
  );
  if (hops.length > 0) ended(Promise.resolve());
  return { server, played };
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** The same answer for another step of a chain. */
function leadingTo(answer: string, location: string): string {
  return answer.replace(/^Location: .*(?=\r$)/m, () => `Location: ${location}`);
}

// --- the client -----------------------------------------------------------------------------------

async function attack(args: JsonObject, way: Way): Promise<Outcome> {
  const { server, played } = await serve(args, way);
  const toServer: typeof dial = (where) => dial({ ...where, host: "127.0.0.1", port: server.port });
  const transport = new Transport({
    dial: toServer,
    dialTLS: toServer,
    acceptEncodings: way.codings,
    errorLog: () => undefined,
  });
  const jar = new CookieJar({ publicSuffixes: { publicSuffix: suffixOf } });
  const client = new Client({ transport, jar });
  try {
    const from = performance.now();
    const first = await exchange(client, requestOf(args));
    const maxMs = args["maxMs"] === undefined ? DEADLINE_MS : Number(args["maxMs"]);
    const inTime = performance.now() - from < maxMs;
    const followed = args["layer"] === "client-redirect" ? await seenOf(server.requests, args) : {};
    const stored = [...jar].length > 0;
    // It ends with its octets, or with the connection.
    if (server.requests.length > 0) await played;
    await sleep(QUIET_MS);
    const next = await again(client, server, args);
    const isKept = next["reused"] === true || first["tunnel"] !== undefined;
    const { busy, dialing, waiting } = transport.stats();
    return {
      ...first,
      ...followed,
      ...next,
      stored,
      inTime,
      closed: !isKept && (await isGone(server.requests[0])),
      left: busy + dialing + waiting,
    };
  } finally {
    transport.close();
    await server.close();
  }
}

function requestOf(args: JsonObject): Request {
  const { fields, layer } = args;
  const method = textOf(args["method"] ?? "GET");
  const secrets = layer === "client-redirect" ? SECRETS : {};
  const given = Object.entries(isObject(fields) ? fields : secrets);
  const length = given.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const hasBody = method === "POST" || length !== undefined;
  const body = hasBody ? "hello".repeat(100).slice(0, Number(length ?? 5)) : undefined;
  return newRequest(method, textOf(args["url"] ?? PLAIN_URL), body, {
    header: given
      .filter(([name]) => name.toLowerCase() !== "content-length")
      .map(([name, value]) => [name, textOf(value)] as const),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
}

/** Asks, and reads to the end. */
async function exchange(client: Client, request: Request): Promise<Outcome> {
  try {
    const response = await client.do(request);
    const { status } = response;
    if (request.method === "CONNECT" && response.ok) {
      const tunnel = await tunnelOf(response);
      return { failed: false, status, body: "", tunnel };
    }
    const pieces: string[] = [];
    for await (const piece of response.body) pieces.push(latin1Of(piece));
    const fields = Array.from(response.header, ([name, value]) => `${name}: ${value}`);
    return { failed: false, status, body: pieces.join(""), fields };
  } catch (error) {
    return { failed: true, error: codeOf(error) };
  }
}

/** What the owner of a tunnel finds in it after a moment. */
async function tunnelOf(response: Response): Promise<string> {
  const { conn, head } = response.hijack();
  let came = latin1Of(head);
  conn.start({
    onBytes: (octets) => {
      came += latin1Of(octets);
      return "more";
    },
    onEnd: () => undefined,
    onError: () => undefined,
  });
  await sleep(QUIET_MS);
  conn.abort();
  return came;
}

/** The next request: it must be answered, and with its own answer. */
async function again(client: Client, server: ScriptServer, args: JsonObject): Promise<Outcome> {
  if (args["layer"] === "client-redirect") return {};
  const body = server.requests[0]?.body;
  const url = textOf(args["url"] ?? PLAIN_URL);
  const {
    status,
    body: content,
    fields,
  } = await exchange(
    client,
    newRequest("GET", `${url}?again`, undefined, { signal: AbortSignal.timeout(DEADLINE_MS) }),
  );
  const next = `${Number(status)} ${textOf(content)}`;
  const seen = server.requests.at(-1);
  const unseen = textOf(args["unseen"]);
  const isReused =
    seen !== server.requests[0] && seen?.connection === server.requests[0]?.connection;
  return {
    next,
    seesOld: unseen !== "" && [next, ...textsOf(fields)].some((text) => text.includes(unseen)),
    reused: isReused,
    // Only a request that is all there lets another follow it.
    sentBody: isReused ? await body : undefined,
  };
}

/** What went to the first host, and what to those after it. */
async function seenOf(requests: readonly Seen[], args: JsonObject): Promise<Outcome> {
  const [first, ...others] = requests;
  const sent = Object.keys(isObject(args["fields"]) ? args["fields"] : SECRETS);
  const holds = ({ head }: Seen, name: string): boolean => new RegExp(`^${name}:`, "im").test(head);
  const bodies = await Promise.all(requests.map((seen) => seen.body));
  return {
    requests: requests.length,
    sentAll: first !== undefined && sent.every((name) => holds(first, name)),
    missing: others.flatMap((seen) => textsOf(args["has"]).filter((name) => !holds(seen, name))),
    leaked: others.flatMap((seen) => textsOf(args["lacks"]).filter((name) => holds(seen, name))),
    method: others.at(0)?.method,
    // Content goes with its method, and with no other.
    bodiesFit: requests.every(
      ({ method }, i) => bodies[i] === (method === first?.method ? bodies[0] : ""),
    ),
  };
}

/** Has the client let go of the connection? */
async function isGone(seen: Seen | undefined): Promise<boolean> {
  if (seen === undefined) return true;
  for (let waited = 0; waited < GONE_MS; waited += QUIET_MS) {
    if (seen.socket.destroyed || seen.socket.readableEnded) return true;
    await sleep(QUIET_MS);
  }
  return false;
}

/** A list of public suffixes as small as it can be: `Domain=co.uk` is nobody's. */
function suffixOf(domain: string): string {
  const listed = ["co.uk", "github.io"].find((one) => domain === one || domain.endsWith(`.${one}`));
  return listed ?? domain.slice(domain.lastIndexOf(".") + 1);
}

export const ATTACK_RESPONSE_RULES: readonly Rule[] = [
  {
    name: "a body that waited for 100 is sent after a final response: then the connection is kept",
    section: "RFC 9110 §10.1.1; DESIGN §2.2 (Go)",
    topics: [FILE],
    decides: (input) => {
      const fields = objectOf(callOf(input).args["fields"]);
      const answer = textOfPieces(callOf(input).args["raw"]);
      return (
        Object.keys(fields).some((name) => /^expect$/i.test(name)) &&
        /^HTTP\/1\.1 [2-5]\d\d /.test(answer) &&
        !/^connection: *close/im.test(answer)
      );
    },
    outcome: (_input, want) => ({ ...want, reused: true, closed: false, sentBody: "hello" }),
  },
  {
    name: "417 is answered once more without the expectation, and that answer is the caller's",
    section: "RFC 9110 §10.1.1",
    topics: [FILE],
    decides: (input) => {
      const fields = objectOf(callOf(input).args["fields"]);
      const expects = Object.keys(fields).some((name) => /^expect$/i.test(name));
      return expects && textOfPieces(callOf(input).args["raw"]).startsWith("HTTP/1.1 417 ");
    },
    outcome: (_input, want) => ({ ...want, status: 200, body: "ok" }),
  },
  {
    name: "a redirect that leads nowhere is a whole response, and keeps its connection",
    section: "RFC 9112 §9.3",
    topics: [FILE],
    decides: (input) => {
      const { layer, raw } = callOf(input).args;
      const location = /^Location: (.*)\r$/m.exec(textOfPieces(raw))?.[1] ?? "";
      return layer === "client-redirect" && !/^https?:\/\/[^/:]+(:\d{1,4})?\//.test(location);
    },
    outcome: (_input, want) => ({ ...want, closed: false }),
  },
  {
    name: "a response with a control character in a field is refused as a whole",
    section: "RFC 9110 §5.5; DESIGN §2.3 (Go)",
    topics: [FILE],
    decides: (input) => CONTROL.test(textOfPieces(callOf(input).args["raw"]).split("\r\n\r\n")[0]!),
    outcome: () => ({
      ...OVER,
      failed: true,
      error: "bad-field-value",
      closed: true,
      stored: false,
      inTime: true,
    }),
  },
];

/** Controls that a field may not have, but for those that end lines and NUL, which nobody may let pass. */
const CONTROL = /^[!-9;-~]+:.*[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/m;
