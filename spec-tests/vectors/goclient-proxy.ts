/**
 * The topic goclient-proxy: which proxy a URL goes through, and what a proxy's refusal is called.
 * vectors: goclient-proxy · Go: transport_test.go, proxy_test.go, x/net httpproxy
 *
 * Rule of this file: one function of the file, one small function here. CONNECT is asked over a pipe.
 */
import { pipe, TimerClock } from "../../lib/bufio/mod.ts";
import { poolKey } from "../../lib/client/pool-key.ts";
import {
  connectThrough,
  parseNoProxy,
  ProxyError,
  proxyAuthorization,
  proxyFromEnvironment,
  readProxyEnvironment,
} from "../../lib/client/proxy/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";
import { isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { outcomeOf } from "./wants.ts";

export const PROXY_TOPICS: readonly Topic[] = [
  {
    name: "goclient-proxy",
    file: "goclient-proxy",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run,
  },
];

const ARGUMENTS: readonly string[] = [
  "env",
  "url",
  "noProxy",
  "hostport",
  "proxy",
  "proxyRaw",
  "scheme",
  "addr",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["fn"]);
  const args = Object.fromEntries(Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)));
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(one) };
}

function wantOf(one: JsonObject): Outcome {
  const part = one["wantErrorContains"];
  if (part !== undefined) return { failed: true, says: part };
  const error = textOf(one["error"]);
  return error === "" ? { failed: false, value: one["want"] } : { failed: true, error };
}

async function run(input: Input): Promise<Run[]> {
  const calls = input.kind === "call" ? CALLS[input.op] : undefined;
  if (input.kind !== "call" || calls === undefined) throw new Error("a call is wanted");
  const runs = calls(input.args).map(async ([way, call]) => ({ way, outcome: await call() }));
  return Promise.all(runs);
}

type Way = readonly [way: string, call: () => Outcome | Promise<Outcome>];

const CALLS: Readonly<Record<string, (args: JsonObject) => readonly Way[]>> = {
  proxyForURL: (args) => {
    const url = new URL(textOf(args["url"]));
    const rule = (environment: Record<string, string>) => (): Promise<Outcome> =>
      outcomeOf(() => ({ value: proxyFromEnvironment(environment)(url) ?? null }));
    const env = environmentOf(args["env"]);
    return [
      ["upper case", rule(env)],
      ["lower case", rule(lowerNames(env))],
    ];
  },
  useProxy: (args) => {
    const [, host = "", port = ""] = /^(.*):(.*)$/.exec(textOf(args["hostport"])) ?? [];
    const way = parseNoProxy(textOf(args["noProxy"]))(host.replace(/^\[(.*)\]$/, "$1"), port);
    return [["", () => ({ failed: false, value: way === "proxy" })]];
  },
  poolKey: (args) => {
    const [proxy, scheme, host] = [args["proxy"], args["scheme"], args["addr"]].map(textOf);
    const key = poolKey({ proxy, scheme: scheme ?? "", host: host ?? "" });
    return [["", () => ({ failed: false, value: key })]];
  },
  proxyAuthorization: (args) => {
    const proxy = textOf(args["proxy"]);
    const value = proxy === "" ? "" : (proxyAuthorization(new URL(proxy)) ?? "");
    return [["", () => ({ failed: false, value })]];
  },
  configFromEnvironment: (args) => {
    const { program, ...names } = readProxyEnvironment(environmentOf(args["env"]));
    return [["", () => ({ failed: false, value: { ...names, cgi: program === "cgi" } })]];
  },
  connect: (args) => [["", () => connectOutcome(args)]],
};

/** `says`: what the message tells of the refusal, Go's words where the proxy has none. */
async function connectOutcome(args: JsonObject): Promise<Outcome> {
  const [conn, far] = pipe();
  const proxy = new WireClient(far);
  const target = { host: new URL(textOf(args["url"])).hostname, port: 443 };
  const tunnel = connectThrough(conn, { target, clock: new TimerClock() });
  void proxy.readUntil("\r\n\r\n").then(() => proxy.send(textOf(args["proxyRaw"])));
  try {
    await tunnel;
    return { failed: false };
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    const reason = error.statusText === "" ? "unknown status code" : error.statusText;
    const told = reason !== undefined && error.message.includes(reason);
    return { failed: true, says: told ? reason : error.message };
  }
}

function environmentOf(env: Json): Record<string, string> {
  if (!isObject(env)) return {};
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, textOf(value)]));
}

/** The file says that each case holds for the names in lower case too; REQUEST_METHOD has none. */
function lowerNames(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name.endsWith("_PROXY") ? name.toLowerCase() : name,
      value,
    ]),
  );
}
