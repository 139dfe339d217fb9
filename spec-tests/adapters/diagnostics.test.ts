/**
 * The channels of a client: what is published, in which order, and nothing where nobody listens.
 *
 * Rule of this file: a subscriber writes down names; messages are looked at where they say something.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { diagnosticsTrace, withDiagnostics } from "../../lib/adapters/diagnostics.ts";
import { Client, Transport, listenAndServe } from "../../lib/adapters/mod.ts";
import type { TransportOptions } from "../../lib/client/mod.ts";
import { type Response, newRequest } from "../../lib/mod.ts";
import { rejects, withDeadline } from "../kit.ts";

const test = suite("diagnostics");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(8_000, fn));

interface Told {
  readonly name: string;
  readonly message: Readonly<Record<string, unknown>>;
}

/** What is told on these channels while `fn` runs. */
async function toldIn(names: readonly string[], fn: () => Promise<void>): Promise<Told[]> {
  const told: Told[] = [];
  const listeners = names.map((name) => {
    const channel = `barewire:client:${name}`;
    const listener = (message: unknown): void =>
      void told.push({ name, message: message as Told["message"] });
    subscribe(channel, listener);
    return () => unsubscribe(channel, listener);
  });
  try {
    await fn();
  } finally {
    for (const stop of listeners) stop();
  }
  return told;
}

const names = (told: readonly Told[]): string[] => told.map(({ name }) => name);

async function withTransport(
  options: TransportOptions,
  fn: (transport: Transport, url: string) => Promise<void>,
): Promise<void> {
  const server = await listenAndServe("127.0.0.1:0", async (w, r) => {
    if (r.path === "/drop") return w.abort();
    if (r.path === "/hop") w.header.set("Location", "/");
    w.writeHeader(r.path === "/hop" ? 302 : 200);
    await w.write("hi");
  });
  const transport = new Transport(options);
  try {
    await fn(transport, `http://127.0.0.1:${server.addr?.port ?? 0}`);
  } finally {
    transport.close();
    await server.close();
  }
}

const TRACED = [
  "conn:want",
  "conn:got",
  "conn:idle",
  "dns:start",
  "dns:done",
  "connect:start",
  "connect:done",
  "tls:start",
  "tls:done",
  "request:head-sent",
  "request:wait-continue",
  "request:continue",
  "request:sent",
  "request:retry",
  "response:first-byte",
];

it("a trace tells the steps of a call, in their order", () =>
  withTransport({ trace: diagnosticsTrace() }, async (transport, url) => {
    const told = await toldIn(TRACED, async () => {
      for (let i = 0; i < 2; i++) {
        const response = await transport.roundTrip(newRequest("GET", `${url}/`));
        await response.body.text();
      }
    });
    const steps = [
      "conn:want",
      "conn:got",
      "request:head-sent",
      "request:sent",
      "response:first-byte",
    ];
    const [want, ...rest] = steps;
    const idle = "conn:idle";
    assert.equal(
      names(told).filter((name) => name !== idle),
      [want, "connect:start", "connect:done", ...rest, ...steps],
    );
    const of = (name: string): Told["message"][] =>
      told.filter((one) => one.name === name).map(({ message }) => message);
    assert.equal(of("conn:want")[0], { hostPort: url.slice("http://".length) });
    assert.equal(
      of("conn:got").map(({ reused }) => reused),
      [false, true],
    );
    assert.equal(of("request:sent")[0], { error: undefined });
  }));

it("a trace has no hook that nobody listens to, and none for interim responses", async () => {
  const trace = diagnosticsTrace();
  const heard = (): string[] =>
    Object.entries(trace).flatMap(([name, hook]) => (hook === undefined ? [] : [name]));
  assert.is(Object.keys(trace).length, TRACED.length);
  assert.equal(heard(), []);
  await toldIn(["conn:got"], async () => {
    assert.equal(heard(), ["gotConn"]);
  });
  assert.equal(heard(), []);
  assert.not.ok("got1xxResponse" in trace);
});

const REQUESTS = ["request:create", "request:headers", "request:end", "request:error"];

it("each round trip is told with its request", () =>
  withTransport({}, async (transport, url) => {
    const client = new Client({ transport: withDiagnostics(transport) });
    const told = await toldIn(REQUESTS, async () => {
      await (await client.get(`${url}/hop`)).body.text();
    });
    const one = ["request:create", "request:headers", "request:end"];
    assert.equal(names(told), [...one, ...one]);
    const [create, headers, end] = told;
    assert.is(create?.message["request"], end?.message["request"]);
    assert.is(headers?.message["response"], end?.message["response"]);
    assert.is((headers?.message["response"] as Response | undefined)?.status, 302);
  }));

it("a request that fails is told with its error", () =>
  withTransport({}, async (transport, url) => {
    const observed = withDiagnostics(transport);
    const told = await toldIn(REQUESTS, async () => {
      const error = await rejects(observed.roundTrip(newRequest("GET", `${url}/drop`)), "reset");
      assert.instance(error, Error);
    });
    assert.equal(names(told), ["request:create", "request:error"]);
    assert.is((told[1]?.message["error"] as { code?: string } | undefined)?.code, "reset");
  }));

it("where nobody listens, the transport's own promise is handed on", async () => {
  const promise = Promise.reject<Response>(new Error("no"));
  promise.catch(() => undefined);
  const observed = withDiagnostics({ roundTrip: () => promise });
  assert.is(observed.roundTrip(newRequest("GET", "http://a/")), promise);
  await toldIn(["request:end"], async () => {
    const other = observed.roundTrip(newRequest("GET", "http://a/"));
    other.catch(() => undefined);
    assert.is.not(other, promise);
  });
});

it("closing idle connections is handed on", async () => {
  let closed = 0;
  const roundTrip = (): Promise<Response> => Promise.reject(new Error("no"));
  withDiagnostics({
    roundTrip,
    closeIdleConnections: () => void closed++,
  }).closeIdleConnections?.();
  withDiagnostics({ roundTrip }).closeIdleConnections?.();
  assert.is(closed, 1);
});

test.run();
