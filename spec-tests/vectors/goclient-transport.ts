/**
 * The topic goclient-transport: single rules of a transport, and what it does on the wire.
 * RFC 9110 §10.1.1, RFC 9112 §9 · vectors: goclient-transport
 *
 * Rule of this file: one function of the file, one small function here, over a pipe whose far end is the server.
 */
import { gzipSync } from "node:zlib";
import { pipe } from "../../lib/bufio/mod.ts";
import { nodeDecoders } from "../../lib/adapters/content-decoders.ts";
import { says408 } from "../../lib/client/connection/exchange-rules.ts";
import type { RoundTripOptions } from "../../lib/client/contracts.ts";
import type { TransportOptions } from "../../lib/client/options.ts";
import { isReplayable, mayRetry } from "../../lib/client/retry.ts";
import { Transport } from "../../lib/client/transport.ts";
import { type BodyLike, type Request, newRequest, noBody } from "../../lib/message/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { bytes, text } from "../kit.ts";
import { isArray, isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Rule, Run, Topic } from "./case.ts";
import { codeOf, linesOfMap } from "./wants.ts";

const FILE = "goclient-transport";

export const TRANSPORT_TOPICS: readonly Topic[] = [
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

function caseOf(one: JsonObject): Case {
  const entries = Object.entries(one).filter(([name]) => name !== "id" && name !== "note");
  const args = Object.fromEntries(entries.filter(([name]) => !name.startsWith("want")));
  const op = textOf(one["fn"]);
  const input: Input = { kind: "call", op, args };
  const wants = Object.fromEntries(entries.filter(([name]) => name.startsWith("want")));
  return { id: textOf(one["id"]), input, want: wantOf(op, wants) };
}

/** Where the file names a sentence, that something failed is what counts: our sentences are our own. */
function wantOf(op: string, wants: JsonObject): Outcome {
  switch (op) {
    case "invalidRequest":
      return { failed: true, sent: "", bodyClosed: wants["wantBodyClosed"] };
    case "urlError":
      return { failed: true };
    case "oneXX":
      return wants["wantErrorAnyOf"] === undefined
        ? { hookCalls: wants["wantHookCalls"], status: wants["wantStatus"] }
        : { failed: true };
    case "requestHost":
      return { absent: true };
    default:
      return wants;
  }
}

/** A transport, the far ends of its connections, and its clock. */
interface Scene {
  readonly transport: Transport;
  readonly servers: WireClient[];
  readonly clock: TestClock;
  readonly logged: string[];
}

function scene(options: TransportOptions = {}): Scene {
  const servers: WireClient[] = [];
  const clock = new TestClock();
  const logged: string[] = [];
  const dial = async (): ReturnType<NonNullable<TransportOptions["dial"]>> => {
    const [near, far] = pipe();
    servers.push(new WireClient(far));
    return near;
  };
  const platform = {
    clock,
    dial,
    decoders: nodeDecoders,
    log: (line: string) => logged.push(line),
  };
  return { transport: new Transport(options, platform), servers, clock, logged };
}

/** Sends a request, lets the server answer, and tells what was on the wire. */
async function wireOf(
  request: () => Request,
  options: TransportOptions = {},
): Promise<{ sent: string; error: string | null }> {
  const { transport, servers } = scene(options);
  let error: string | null = null;
  try {
    const response = transport.roundTrip(request());
    response.catch(() => undefined);
    await settle(4);
    servers[0]?.send("HTTP/1.1 204 No Content\r\n\r\n");
    await response;
  } catch (thrown) {
    error = codeOf(thrown);
  }
  transport.close();
  return { sent: servers[0]?.text ?? "", error };
}

const SERVER = "http://test.server/";

function fieldLines(sent: string, name: string): string[] {
  const start = `${name.toLowerCase()}: `;
  const lines = sent.split("\r\n").filter((line) => line.toLowerCase().startsWith(start));
  return lines.map((line) => line.slice(start.length));
}

function headerOf(map: Json): Header {
  return new Header(linesOfMap(map));
}

/** A body by its kind, as the file names it. */
function bodyNamed(kind: Json): BodyLike {
  if (kind === "stream" || kind === "not-replayable") return ["x"];
  if (kind === "replayable") return "x";
  return kind === "none" ? noBody : undefined;
}

/** How far the attempt had come when it ended with this error. */
function attemptOf(args: JsonObject): Parameters<typeof mayRetry>[1] {
  return {
    connection: args["connReused"] === true ? "reused" : "fresh",
    written: args["error"] === "nothing-written" ? "nothing" : "something",
    received: "nothing",
  };
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome | Promise<Outcome>>> = {
  transparentGzip: async (args) => {
    const { transport, servers } = scene();
    const accept = textOf(args["acceptEncoding"]);
    const request = newRequest("GET", SERVER, undefined, {
      header: accept === "" ? {} : { "Accept-Encoding": accept },
    });
    const response = transport.roundTrip(request);
    await settle();
    const packed = text(gzipSync("test response body"));
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`;
    servers[0]?.send(head + packed);
    const got = await response;
    const content = await got.body.text();
    return {
      wantOnWire: fieldLines(servers[0]?.text ?? "", "accept-encoding").join(),
      wantContentEncoding: got.header.get("content-encoding") ?? "",
      staysCompressed: content !== "test response body",
      requestUnchanged: !request.header.has("accept-encoding"),
    };
  },
  is408Message: (args) => {
    const line = bytes(textOf(args["in"]));
    return { want: says408(line, 0, line.length) };
  },
  isReplayable: (args) => {
    const body = args["body"] === null ? undefined : bodyNamed(args["body"]);
    const header = headerOf(args["headers"]);
    return { want: isReplayable(newRequest(textOf(args["method"]), SERVER, body, { header })) };
  },
  shouldRetry: async (args) => {
    const request = newRequest(textOf(args["method"]), SERVER, bodyNamed(args["body"]));
    if (args["error"] === "missing-host") {
      // Refused before there is a connection, and so never asked about.
      return { want: (await wireOf(() => request.with({ target: "/" }))).error !== "bad-url" };
    }
    const attempt = attemptOf(args);
    const unsent = args["error"] === "no-cached-connection";
    return {
      want: mayRetry(request, unsent ? { ...attempt, written: "nothing" } : attempt, "safe"),
    };
  },
  invalidRequest: async (args) => {
    const { url, trailers } = args;
    const target = isObject(url) ? `${textOf(url["scheme"])}://host/` : SERVER;
    const request = newRequest("POST", SERVER, ["x"]).with({
      method: textOf(args["method"]),
      target: url === null ? "" : target,
      header: headerOf(args["headers"]),
      ...(trailers === undefined ? {} : { trailer: headerOf(trailers) }),
    });
    const { error, sent } = await wireOf(() => request);
    const read = await request.body.next().then(String, codeOf);
    return { failed: error !== null, sent, bodyClosed: read === "body-used" };
  },
  headerAllowed: async (args) => {
    const line: [string, string] = [textOf(args["name"]), textOf(args["value"])];
    const { error } = await wireOf(() => newRequest("GET", SERVER, undefined, { header: [line] }));
    return { want: error === null };
  },
  userAgentOnWire: async (args) => {
    const headers = isObject(args["headers"]) ? args["headers"] : {};
    const agent = headers["User-Agent"];
    // Without a value Go sends none; a name without a value is here one with an empty value.
    const header: [string, string][] = isArray(agent) ? linesOfMap(headers) : [["User-Agent", ""]];
    const { sent } = await wireOf(() => newRequest("GET", SERVER, undefined, { header }));
    return { want: fieldLines(sent, "user-agent") };
  },
  connectTarget: async (args) => {
    const host = textOf(args["urlHost"]).replace("PORT", "8080");
    const { requestHost } = args;
    const { sent } = await wireOf(() => {
      const made = newRequest("CONNECT", `http://${host}/`);
      return requestHost === undefined ? made : made.with({ host: textOf(requestHost) });
    });
    const target = /^CONNECT (\S+) HTTP\/1\.1\r\nHost: \1\r\n/.exec(sent)?.[1] ?? sent;
    return { wantTargetAndHost: target.replace("8080", "PORT") };
  },
  oneXX: async (args) => {
    const { transport, servers } = scene({
      maxResponseHeaderBytes: Number(args["maxResponseHeaderBytes"]),
    });
    let hookCalls = 0;
    const trace = { got1xxResponse: (): void => void hookCalls++ };
    const options: RoundTripOptions = args["hook"] === true ? { trace } : {};
    const response = transport.roundTrip(newRequest("GET", SERVER), options);
    response.catch(() => undefined);
    await settle();
    const each = `HTTP/1.1 ${Number(args["status"])} X\r\nX-Header: ${"a".repeat(100)}\r\n\r\n`;
    servers[0]?.send(each.repeat(Number(args["count"])));
    servers[0]?.send(`HTTP/1.1 ${Number(args["final"])} OK\r\n\r\n`);
    try {
      const { status } = await response;
      return { hookCalls, status };
    } catch {
      return { failed: true };
    }
  },
  expectContinue: async (args) => {
    const { transport, servers, clock } = scene({
      expectContinueTimeout: Number(args["expectContinueTimeoutMs"]),
      responseHeaderTimeout: 1e9,
    });
    const body = textOf(args["body"]);
    const header = { Expect: "100-continue" };
    const response = transport.roundTrip(
      newRequest(textOf(args["method"]), SERVER, body, { header }),
    );
    response.catch(() => undefined);
    await settle();
    for (const step of isArray(args["serverSteps"]) ? args["serverSteps"] : []) {
      if (step === null) clock.advance(Number(args["expectContinueTimeoutMs"]));
      else servers[0]?.send(`${textOf(step)}\r\n\r\n`);
      await settle();
    }
    const { status } = await response;
    return { wantStatus: status, wantBodySent: servers[0]?.text.endsWith(body) };
  },
  connectionCloseOnWire: async (args) => {
    const made = newRequest("GET", SERVER);
    const { sent } = await wireOf(
      () => (args["close"] === true ? made.with({ close: true }) : made),
      { disableKeepAlives: args["disableKeepAlives"] === true },
    );
    return {
      wantCount: fieldLines(sent, "connection").filter((value) => value === "close").length,
    };
  },
  urlError: async (args) => ({
    failed: (await wireOf(() => newRequest("GET", textOf(args["url"])))).error !== null,
  }),
  requestHost: async (args) => {
    const host = textOf(args["requestHost"]);
    const { sent } = await wireOf(() => newRequest("GET", SERVER).with({ host }));
    return { absent: !sent.includes("X-Evil") };
  },
  idleData: async (args) => {
    const { transport, servers, logged } = scene();
    const response = transport.roundTrip(newRequest("GET", SERVER));
    await settle();
    servers[0]?.send(textOf(args["raw"]));
    const wantBody = await (await response).body.text();
    await settle();
    return { wantBody, wantIdleAfter: transport.stats().idle, wantLog: logged[0] ?? null };
  },
};

export const TRANSPORT_RULES: readonly Rule[] = [
  {
    name: "characters above U+00FF in a field value are refused",
    section: "DESIGN §2.4",
    topics: [FILE],
    decides: (input) =>
      input.kind === "call" &&
      input.op === "headerAllowed" &&
      [...textOf(input.args["value"])].some((char) => char > "\u00ff"),
    outcome: () => ({ want: false }),
  },
];
