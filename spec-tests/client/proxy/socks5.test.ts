/**
 * SOCKS5: the steps by themselves, fed three ways, then the talk over a pipe.
 *
 * Rule of this file: octets in hexadecimal where they are the subject.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { connectThroughSocks, type SocksOptions } from "../../../lib/client/proxy/mod.ts";
import {
  connectMessage,
  greeting,
  offeredMethods,
  passwordMessage,
  readConnectReply,
  readMethod,
  readPasswordReply,
  type SocksStep,
} from "../../../lib/client/proxy/socks5.ts";
import { settle, WireClient } from "../../../lib/testing/mod.ts";
import {
  type Feed,
  joined,
  rejects,
  table,
  threeWays,
  threeWaysFail,
  throwsCode,
  withDeadline,
} from "../../kit.ts";
import { CUTS, countedSignal, scene, TARGET } from "./tools.ts";

const steps = suite("SOCKS5 steps");

const octets = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Calls the step again with all that has come, as its contract says. */
function feeding<T>(step: (bytes: Uint8Array) => SocksStep<T>): Feed<T> {
  return (pieces) => {
    let all: Uint8Array = new Uint8Array(0);
    for (const piece of pieces) {
      all = joined([all, piece]);
      const result = step(all);
      if (result !== "need-more")
        return { value: result.value, rest: all.subarray(result.byteLength) };
    }
    throw new Error("it still needs more");
  };
}

const withPassword = { username: "user", password: "pässword" };
const both = offeredMethods(withPassword);
const none = offeredMethods(undefined);

type Reading = (bytes: Uint8Array) => SocksStep<string>;
const method: Reading = (bytes) => readMethod(bytes, both);
const methodOfNone: Reading = (bytes) => readMethod(bytes, none);

const readings: readonly { name: string; step: Reading; hex: string; value: string }[] = [
  { name: "the method none", step: method, hex: "05 00", value: "none" },
  { name: "the method password", step: method, hex: "05 02", value: "password" },
  { name: "password accepted", step: readPasswordReply, hex: "01 00", value: "accepted" },
  {
    name: "bound to IPv4",
    step: readConnectReply,
    hex: "05 00 00 01 00000000 0000",
    value: "connected",
  },
  {
    name: "bound to IPv6",
    step: readConnectReply,
    hex: `05 00 00 04 ${"00".repeat(16)} 1234`,
    value: "connected",
  },
  {
    name: "bound to a name",
    step: readConnectReply,
    hex: "05 00 00 03 03 616263 1234",
    value: "connected",
  },
  {
    name: "bound to an empty name",
    step: readConnectReply,
    hex: "05 00 00 03 00 1234",
    value: "connected",
  },
];

for (const { name, step, hex, value } of readings) {
  steps(`read: ${name}`, () =>
    threeWays(octets(hex), feeding(step), (actual) => assert.is(actual, value)),
  );
}

const refusals: readonly {
  name: string;
  step: Reading;
  hex: string;
  code: string;
  says?: string;
}[] = [
  { name: "no method is acceptable", step: method, hex: "05 ff", code: "socks-auth-required" },
  { name: "a method not offered", step: methodOfNone, hex: "05 02", code: "bad-socks-reply" },
  { name: "GSSAPI, which nobody offered", step: method, hex: "05 01", code: "bad-socks-reply" },
  { name: "SOCKS4", step: method, hex: "04 00", code: "bad-socks-reply" },
  { name: "HTTP", step: method, hex: "48", code: "bad-socks-reply", says: "version 72" },
  { name: "password refused", step: readPasswordReply, hex: "01 01", code: "socks-auth-failed" },
  {
    name: "another version of passwords",
    step: readPasswordReply,
    hex: "05 00",
    code: "bad-socks-reply",
  },
  { name: "a reply of SOCKS4", step: readConnectReply, hex: "00 5a", code: "bad-socks-reply" },
  {
    name: "a reserved octet that is not 0",
    step: readConnectReply,
    hex: "05 00 01 01",
    code: "bad-socks-reply",
  },
  {
    name: "an unknown kind of address",
    step: readConnectReply,
    hex: "05 00 00 02",
    code: "bad-socks-reply",
  },
  ...[
    "general failure",
    "rules do not allow",
    "network cannot be reached",
    "host cannot be reached",
    "refused the connection",
    "time to live",
    "the command",
    "kind of address",
    "reply 9",
  ].map((says, i) => ({
    name: `reply ${i + 1}: ${says}`,
    step: readConnectReply as Reading,
    hex: `05 0${i + 1}`,
    code: "socks-refused",
    says,
  })),
];

for (const { name, step, hex, code, says } of refusals) {
  steps(`refused: ${name}`, () =>
    threeWaysFail(octets(hex), feeding(step), code, (error) =>
      assert.match(error.message, says ?? ""),
    ),
  );
}

table(
  steps,
  [
    { name: "greeting without credentials", bytes: () => greeting(none), hex: "050100" },
    { name: "greeting with credentials", bytes: () => greeting(both), hex: "05020002" },
    {
      name: "password, in UTF-8",
      bytes: () => passwordMessage(withPassword),
      hex: "010475736572 0970c3a473 73776f7264",
    },
    {
      name: "an empty password",
      bytes: () => passwordMessage({ username: "u", password: "" }),
      hex: "01017500",
    },
    {
      name: "a name",
      bytes: () => connectMessage(TARGET),
      hex: "05010003 09612e6578616d706c65 01bb",
    },
    {
      name: "IPv4",
      bytes: () => connectMessage({ host: "192.0.2.1", port: 80 }),
      hex: "05010001 c0000201 0050",
    },
    {
      name: "IPv6",
      bytes: () => connectMessage({ host: "2001:db8::1", port: 80 }),
      hex: "05010004 20010db8000000000000000000000001 0050",
    },
    {
      name: "IPv4 in IPv6 form is IPv4",
      bytes: () => connectMessage({ host: "::ffff:192.0.2.1", port: 80 }),
      hex: "05010001 c0000201 0050",
    },
    {
      name: "an address with a zone is a name",
      bytes: () => connectMessage({ host: "fe80::1%a", port: 80 }),
      hex: "05010003 09666538303a3a312561 0050",
    },
  ],
  ({ bytes, hex }) => assert.is(hexOf(bytes()), hex.replaceAll(" ", "")),
);

steps("what does not fit is refused", () => {
  const long = "x".repeat(256);
  throwsCode(() => connectMessage({ host: long, port: 80 }), "bad-socks-target");
  throwsCode(() => connectMessage({ host: "", port: 80 }), "bad-socks-target");
  throwsCode(() => connectMessage({ host: "a", port: 65_536 }), "bad-socks-target");
  throwsCode(() => passwordMessage({ username: "", password: "x" }), "bad-socks-credentials");
  throwsCode(() => passwordMessage({ username: long, password: "x" }), "bad-socks-credentials");
  throwsCode(() => passwordMessage({ username: "u", password: long }), "bad-socks-credentials");
  assert.is(connectMessage({ host: long.slice(1), port: 80 }).length, 262);
});

steps.run();

const test = suite("connectThroughSocks");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(3000, fn));

const REQUEST = "0501000309612e6578616d706c6501bb";
const REPLY = "05000001000000000000";

for (const { way, options } of CUTS) {
  it(`fed ${way}: with a password, and the first octets of the target behind the reply`, async () => {
    const { conn, proxy, clock } = scene(options);
    const tunnel = connectThroughSocks(conn, { target: TARGET, credentials: withPassword, clock });
    assert.is(hexOf(await proxy.read(4)), "05020002");
    proxy.send(octets("0502"));
    assert.is(hexOf(await proxy.read(16)), hexOf(passwordMessage(withPassword)));
    proxy.send(octets("0100"));
    assert.is(hexOf(await proxy.read(16)), REQUEST);
    proxy.send(octets(`${REPLY}68656c6c6f`));
    const through = new WireClient(await tunnel);
    assert.is(await through.readUntil("hello"), "hello");
    assert.is(clock.watched, 0);
    through.send("up");
    await proxy.readUntil("up");
    through.close();
  });
}

it("a proxy that wants no password is not told it", async () => {
  const { conn, proxy, clock } = scene();
  const tunnel = connectThroughSocks(conn, { target: TARGET, credentials: withPassword, clock });
  await proxy.read(4);
  proxy.send(octets("0500"));
  assert.is(hexOf(await proxy.read(16)), REQUEST);
  proxy.send(octets(REPLY));
  (await tunnel).abort();
});

const failures: readonly {
  name: string;
  say: string;
  after?: "FIN" | "RESET";
  code: string;
  options?: Partial<SocksOptions>;
}[] = [
  { name: "it refuses the target", say: "0500 0505", code: "socks-refused" },
  { name: "it wants a password", say: "05ff", code: "socks-auth-required" },
  {
    name: "the password is wrong",
    say: "0502 0101",
    code: "socks-auth-failed",
    options: { credentials: withPassword },
  },
  { name: "it speaks HTTP", say: "485454502f", code: "bad-socks-reply" },
  { name: "it ends early", say: "05", after: "FIN", code: "proxy-closed" },
  { name: "it resets", say: "", after: "RESET", code: "reset" },
  {
    name: "the host is too long",
    say: "",
    code: "bad-socks-target",
    options: { target: { host: "x".repeat(256), port: 1 } },
  },
];

for (const { name, say, after, code, options } of failures) {
  it(`${name}: "${code}", and the connection is cut`, async () => {
    const { conn, proxy, clock } = scene();
    const { controller, listeners } = countedSignal();
    const { signal } = controller;
    const tunnel = connectThroughSocks(conn, { target: TARGET, clock, signal, ...options });
    proxy.send(octets(say));
    if (after === "FIN") proxy.finish();
    if (after === "RESET") proxy.reset();
    await rejects(tunnel, code);
    if (after !== "RESET") assert.is(await proxy.ended(), "reset");
    if (code === "bad-socks-target") assert.is(proxy.text, "", "nothing was said");
    assert.is(clock.watched, 0);
    assert.is(listeners(), 0);
  });
}

it("a silent proxy ends by the timeout, an aborted talk with the signal's reason", async () => {
  const late = scene();
  const { clock } = late;
  const tunnel = connectThroughSocks(late.conn, { target: TARGET, clock, timeoutMs: 70 });
  await settle();
  clock.advance(70);
  await rejects(tunnel, "proxy-timed-out");
  const reason = new Error("enough");
  const controller = new AbortController();
  const { conn, proxy } = scene();
  const { signal } = controller;
  const aborted = connectThroughSocks(conn, { target: TARGET, clock, signal });
  await proxy.read(3);
  controller.abort(reason);
  const [result] = await Promise.allSettled([aborted]);
  assert.is(result?.status === "rejected" && result.reason, reason);
  assert.is(await proxy.ended(), "reset");
});

test.run();
