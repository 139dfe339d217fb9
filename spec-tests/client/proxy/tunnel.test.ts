/**
 * CONNECT through an HTTP proxy.
 *
 * Rule of this file: in-memory pipes; every failure leaves the proxy with a cut connection and no watch on
 * the clock or the signal.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  connectThrough,
  type ConnectOptions,
  type ProxyAnswer,
  PROXY_TIMEOUTS,
  ProxyError,
} from "../../../lib/client/proxy/mod.ts";
import { settle, WireClient } from "../../../lib/testing/mod.ts";
import { Header } from "../../../lib/wire/mod.ts";
import { rejects, withDeadline } from "../../kit.ts";
import { CUTS, countedSignal, scene, TARGET } from "./tools.ts";

const test = suite("connectThrough");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(3000, fn));

/** What the proxy is sent for these options. */
async function asked(options: Partial<ConnectOptions>): Promise<string> {
  const { conn, proxy, clock } = scene();
  const tunnel = connectThrough(conn, { target: TARGET, clock, ...options });
  const request = await proxy.readUntil("\r\n\r\n");
  proxy.send("HTTP/1.1 200 OK\r\n\r\n");
  (await tunnel).abort();
  return request;
}

it("the request names the target twice, then agent, further fields and credentials", async () => {
  const header = new Header({ "X-A": ["1", "2"], Host: "evil", "Content-Length": "5" });
  assert.is(
    await asked({ userAgent: "t/1", authorization: "Basic eA==", header }),
    "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\nUser-Agent: t/1\r\n" +
      "X-A: 1\r\nX-A: 2\r\nProxy-Authorization: Basic eA==\r\n\r\n",
  );
  assert.is(header.count, 4, "the caller's header is as it was");
});

it("further fields may say another agent, or none, and credentials of their own", async () => {
  const own = new Header({ "user-agent": "mine", "Proxy-Authorization": "Bearer x" });
  const plain = "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n";
  assert.is(
    await asked({ userAgent: "t/1", header: own }),
    `${plain}User-Agent: mine\r\nProxy-Authorization: Bearer x\r\n\r\n`,
  );
  assert.is(
    await asked({ userAgent: "t/1", header: new Header({ "User-Agent": "" }) }),
    `${plain}\r\n`,
  );
  const both = await asked({ authorization: "Basic eA==", header: own });
  assert.is(both.split("Proxy-Authorization").length, 2, "the URL's credentials win");
});

it("an IPv6 target has brackets", async () => {
  const request = await asked({ target: { host: "2001:db8::1", port: 80 } });
  assert.match(request, "CONNECT [2001:db8::1]:80 HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n");
});

for (const { way, options } of CUTS) {
  it(`fed ${way}: interim answers are passed over, and what follows the head comes first`, async () => {
    const { conn, proxy, clock } = scene(options);
    const tunnel = connectThrough(conn, { target: TARGET, clock });
    proxy.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 P\r\nA: b\r\n\r\n");
    // A length is of no meaning here (RFC 9110 §9.3.6).
    proxy.send("HTTP/1.0 201 Created\r\nContent-Length: 3\r\n\r\nearly");
    const through = new WireClient(await tunnel);
    proxy.send(" late");
    assert.is(await through.readUntil("late"), "early late");
    await proxy.readUntil("\r\n\r\n");
    through.send("up");
    assert.is((await proxy.readUntil("up")).length, 2);
    assert.is(clock.watched, 0);
    proxy.finish();
    assert.is(await through.ended(), "ended");
    through.close();
    assert.is(await proxy.ended(), "ended");
  });
}

it("a proxy that ends with its answer: the end is told behind the octets", async () => {
  const { conn, proxy, clock } = scene();
  const tunnel = connectThrough(conn, { target: TARGET, clock });
  proxy.send("HTTP/1.1 200 OK\r\n\r\nbye");
  proxy.finish();
  const through = new WireClient(await tunnel);
  assert.is(await through.ended(), "ended");
  assert.is(through.text, "bye");
});

it("the hook sees each final answer before its status counts", async () => {
  for (const status of ["200 OK", "407 Proxy Authentication Required"]) {
    const seen: ProxyAnswer[] = [];
    const { conn, proxy, clock } = scene();
    const tunnel = connectThrough(conn, {
      target: TARGET,
      clock,
      onProxyConnectResponse: (answer) => void seen.push(answer),
    });
    proxy.send(`HTTP/1.1 ${status}\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n`);
    await Promise.allSettled([tunnel]);
    assert.is(seen.length, 1);
    assert.is(`${seen[0]?.status} ${seen[0]?.statusText}`, status);
    assert.is(seen[0]?.header.get("proxy-authenticate"), 'Basic realm="x"');
  }
});

/** A failing talk: what the proxy does, and the error. */
const failures: readonly {
  name: string;
  say: string;
  after?: "FIN" | "RESET";
  code: string;
  options?: Partial<ConnectOptions>;
}[] = [
  { name: "another status", say: "HTTP/1.1 403 Forbidden\r\n\r\nno", code: "proxy-refused" },
  { name: "a status that is no 2xx", say: "HTTP/1.1 300 Many\r\n\r\n", code: "proxy-refused" },
  { name: "101, which nobody asked for", say: "HTTP/1.1 101 S\r\n\r\n", code: "proxy-refused" },
  { name: "no HTTP", say: "SSH-2.0-x\r\n", code: "bad-status-line" },
  { name: "an end before the answer", say: "", after: "FIN", code: "proxy-closed" },
  { name: "an end within the answer", say: "HTTP/1.1 200", after: "FIN", code: "truncated-head" },
  { name: "a reset", say: "", after: "RESET", code: "reset" },
  {
    name: "a head too large",
    say: `HTTP/1.1 200 OK\r\nA: ${"b".repeat(300_000)}\r\n\r\n`,
    code: "head-too-large",
  },
  {
    name: "interim answers without end",
    say: "HTTP/1.1 100 C\r\n\r\n".repeat(10),
    code: "head-too-large",
    options: { maxResponseHeaderBytes: 100 },
  },
  {
    name: "a target that cannot be said",
    say: "",
    code: "bad-target",
    options: { target: { host: "a b", port: 1 } },
  },
  {
    name: "a field that may not be sent",
    say: "",
    code: "bad-field-value",
    options: { header: new Header({ A: "b\r\nc: d" }) },
  },
];

for (const { name, say, after, code, options } of failures) {
  it(`${name}: "${code}", and the connection is cut`, async () => {
    const { conn, proxy, clock } = scene();
    const { controller, listeners } = countedSignal();
    const { signal } = controller;
    const tunnel = connectThrough(conn, { target: TARGET, clock, signal, ...options });
    proxy.send(say);
    if (after === "FIN") proxy.finish();
    if (after === "RESET") proxy.reset();
    await rejects(tunnel, code);
    if (after !== "RESET") assert.is(await proxy.ended(), "reset");
    assert.is(clock.watched, 0);
    assert.is(listeners(), 0);
  });
}

it("a refusal carries status and reason, the reason shown escaped", async () => {
  for (const [line, status, statusText, shown] of [
    ["407 Who are you?", 407, "Who are you?", '407 "Who are you?"'],
    ["502 \xe9\x80", 502, "\xe9\x80", '502 "\\xe9\\x80"'],
    ["400", 400, "", "400 unknown status code"],
  ] as const) {
    const { conn, proxy, clock } = scene();
    const tunnel = connectThrough(conn, { target: TARGET, clock });
    proxy.send(`HTTP/1.1 ${line}\r\n\r\n`);
    const error = await rejects(tunnel, "proxy-refused");
    assert.ok(error instanceof ProxyError);
    assert.is(error.status, status);
    assert.is(error.statusText, statusText);
    assert.ok(error.message.endsWith(shown), error.message);
  }
});

it("what the hook throws, also later, ends the attempt", async () => {
  const reason = new Error("not this proxy");
  const hooks = [
    () => {
      throw reason;
    },
    () => Promise.reject(reason),
  ];
  for (const onProxyConnectResponse of hooks) {
    const { conn, proxy, clock } = scene();
    const tunnel = connectThrough(conn, { target: TARGET, clock, onProxyConnectResponse });
    proxy.send("HTTP/1.1 200 OK\r\n\r\n");
    const [result] = await Promise.allSettled([tunnel]);
    assert.is(result?.status === "rejected" && result.reason, reason);
    assert.is(await proxy.ended(), "reset");
  }
});

it("a silent proxy ends by the timeout: 60 s, one's own, or never", async () => {
  for (const [timeoutMs, waits] of [
    [undefined, PROXY_TIMEOUTS.proxyConnectTimeout.default],
    [50, 50],
  ] as const) {
    const { conn, proxy, clock } = scene();
    const tunnel = connectThrough(conn, { target: TARGET, clock, timeoutMs });
    clock.advance(waits - 1);
    await settle();
    assert.is(proxy.end, "open");
    clock.advance(1);
    await rejects(tunnel, "proxy-timed-out");
    assert.is(await proxy.ended(), "reset");
  }
  const { conn, proxy, clock } = scene();
  const tunnel = connectThrough(conn, { target: TARGET, clock, timeoutMs: Infinity });
  clock.advance(1e12);
  proxy.send("HTTP/1.1 200 OK\r\n\r\n");
  (await tunnel).abort();
});

it("an aborted signal ends it with its reason: before, within, and beside another error", async () => {
  const reason = new Error("enough");
  for (const when of ["before", "within", "beside"] as const) {
    const { conn, proxy, clock } = scene();
    const { controller, listeners } = countedSignal();
    if (when === "before") controller.abort(reason);
    const { signal } = controller;
    const onProxyConnectResponse = (): void => {
      // The hook's error comes first, the signal in the same turn.
      queueMicrotask(() => controller.abort(reason));
      throw new Error("beside");
    };
    const options = { target: TARGET, clock, signal, onProxyConnectResponse };
    const tunnel = connectThrough(conn, options);
    if (when === "beside") proxy.send("HTTP/1.1 200 OK\r\n\r\n");
    if (when === "within") controller.abort(reason);
    const [result] = await Promise.allSettled([tunnel]);
    assert.is(result?.status === "rejected" && result.reason, reason, when);
    assert.is(await proxy.ended(), "reset");
    assert.is(listeners(), 0);
    assert.is(clock.watched, 0);
  }
});

test.run();
