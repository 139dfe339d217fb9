/**
 * The jar gives each request the cookies that belong to it, and guards those that are Secure.
 *
 * Rule of this file: a row is a history: who set what, and what is asked for then.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CookieJar } from "../../../lib/client/jar/mod.ts";
import { parseSetCookie } from "../../../lib/semantics/mod.ts";
import { table } from "../../kit.ts";
import { TestJar } from "./tools.ts";

const test = suite("client/jar: jar");

type History = readonly (readonly [url: string, ...values: string[]])[];

interface Row {
  readonly name: string;
  readonly section?: string;
  readonly history: History;
  readonly asks: Readonly<Record<string, string>>;
}

const SENDING: readonly Row[] = [
  {
    name: "without Domain only the host itself gets it",
    history: [["http://www.a.test/", "a=1"]],
    asks: { "http://www.a.test/": "a=1", "http://a.test/": "", "http://x.www.a.test/": "" },
  },
  {
    name: "with Domain all names below it get it",
    history: [["http://www.a.test/", "a=1; Domain=a.test"]],
    asks: { "https://a.test/": "a=1", "http://x.y.a.test/": "a=1", "http://ba.test/": "" },
  },
  {
    name: "sites below a public suffix do not share",
    history: [["http://a.co.uk/", "a=1; Domain=co.uk", "b=2; Domain=a.co.uk"]],
    asks: { "http://a.co.uk/": "b=2", "http://b.co.uk/": "", "http://co.uk/": "" },
  },
  {
    name: "an address has cookies for itself alone",
    history: [["http://10.0.0.1/", "a=1", "b=2; Domain=10.0.0.1", "c=3; Domain=0.0.1"]],
    asks: { "http://10.0.0.1/": "a=1; b=2", "http://11.0.0.1/": "" },
  },
  {
    name: "an IPv6 address too, however it is written",
    history: [["http://[2001:db8::1]/", "a=1"]],
    asks: { "http://[2001:DB8:0::0:1]:81/": "a=1", "http://[2001:db8::2]/": "" },
  },
  {
    name: "ports and schemes are one place",
    section: "6265 §8.5",
    history: [["http://a.test:8080/", "a=1"]],
    asks: { "https://a.test/": "a=1" },
  },
  {
    name: "a host in capitals, beyond ASCII, or with a dot at its end is the same host",
    history: [["http://WWW.BÜCHER.test./", "a=1"]],
    asks: { "http://www.xn--bcher-kva.test/": "a=1", "http://www.bücher.test/": "a=1" },
  },
  {
    name: "longer paths come first, then those that were set first",
    section: "6265 §5.4",
    history: [["http://a.test/", "a=1", "b=2; Path=/x", "c=3", "d=4; Path=/x/y"]],
    asks: { "http://a.test/x/y": "d=4; b=2; a=1; c=3", "http://a.test/xy": "a=1; c=3" },
  },
  {
    name: "set again, a cookie keeps its place",
    section: "6265 §5.3",
    history: [
      ["http://a.test/", "a=1", "b=2"],
      ["http://a.test/", "a=3"],
    ],
    asks: { "http://a.test/": "a=3; b=2" },
  },
  {
    name: "one for the host and one for its domain are two",
    section: "6265bis §5.7 step 23",
    history: [["http://a.test/", "a=1", "a=2; Domain=a.test"]],
    asks: { "http://a.test/": "a=1; a=2", "http://b.a.test/": "a=2" },
  },
  {
    name: "names are told apart by case",
    history: [["http://a.test/", "a=1", "A=2"]],
    asks: { "http://a.test/": "a=1; A=2" },
  },
  {
    name: "a Max-Age of 0 deletes",
    history: [
      ["http://a.test/", "a=1", "b=2"],
      ["http://a.test/", "a=; Max-Age=0"],
    ],
    asks: { "http://a.test/": "b=2" },
  },
  {
    name: "another path deletes nothing",
    history: [
      ["http://a.test/", "a=1; Path=/x"],
      ["http://a.test/", "a=; Max-Age=0"],
    ],
    asks: { "http://a.test/x": "a=1" },
  },
  {
    name: "Secure cookies go to https",
    history: [["https://a.test/", "a=1; Secure"]],
    asks: { "https://a.test/": "a=1", "http://a.test/": "" },
  },
  {
    name: "and by http to this machine",
    section: "Go 1.26",
    history: [
      ["https://localhost/", "a=1; Secure"],
      ["https://127.0.0.1/", "b=2; Secure"],
    ],
    asks: { "http://localhost:3000/": "a=1", "http://127.0.0.1/": "b=2" },
  },
  {
    name: "other schemes get nothing",
    history: [["http://a.test/", "a=1"]],
    asks: { "ftp://a.test/": "", "ws://a.test/": "" },
  },
];

/** What a listener on the way can answer in the server's name, over http, once https has set `s`. */
const GUARDED: readonly Row[] = [
  guard("it is not overwritten", "s=1; Secure", "s=evil", "s=1"),
  guard("it is not overwritten by a Secure one", "s=1; Secure", "s=evil; Secure", "s=1"),
  guard("it is not deleted", "s=1; Secure", "s=; Max-Age=0", "s=1"),
  guard("it is not shadowed for the domain", "s=1; Secure", "s=evil; Domain=a.test", "s=1"),
  guard("nor for the host", "s=1; Secure; Domain=a.test", "s=evil", "s=1"),
  guard("nor by a longer path", "s=1; Secure", "s=evil; Path=/x/y", "s=1"),
  guard("another name is free", "s=1; Secure", "t=2", "s=1; t=2"),
  guard("a path beside it is free", "s=1; Secure; Path=/x", "s=2; Path=/", "s=1; s=2"),
  guard("one that is not Secure is not guarded", "s=1", "s=2", "s=2"),
];

function guard(name: string, good: string, evil: string, sent: string): Row {
  return {
    name: `over http, ${name}`,
    section: "6265bis §5.7 step 16",
    history: [
      ["https://www.a.test/", good],
      ["http://www.a.test/", evil],
    ],
    asks: { "https://www.a.test/x/y": sent },
  };
}

table(test, [...SENDING, ...GUARDED], ({ history, asks }) => {
  const jar = new TestJar();
  for (const [url, ...values] of history) jar.set(url, ...values);
  for (const [url, sent] of Object.entries(asks)) assert.is(jar.get(url), sent, url);
});

test("over http, a host beside that of a Secure cookie has its own of that name", () => {
  const jar = new TestJar().set("https://x.a.test/", "s=1; Secure").set("http://y.a.test/", "s=2");
  assert.is(jar.get("https://x.a.test/"), "s=1");
  assert.is(jar.get("https://y.a.test/"), "s=2");
});

test("over https a Secure cookie is overwritten by one that is not", () => {
  const jar = new TestJar().set("https://a.test/", "s=1; Secure").set("https://a.test/", "s=2");
  assert.is(jar.get("http://a.test/"), "s=2");
});

test("a Secure cookie whose life is over guards nothing", () => {
  const jar = new TestJar().set("https://a.test/", "s=1; Secure; Max-Age=1");
  jar.nowMs += 1_000;
  assert.is(jar.set("http://a.test/", "s=2").get("http://a.test/"), "s=2");
});

test("a life ends at its millisecond, for requests and for who looks in", () => {
  const jar = new TestJar().set("http://a.test/", "a=1; Max-Age=10", "b=2");
  jar.nowMs += 9_999;
  assert.is(jar.get("http://a.test/"), "a=1; b=2");
  assert.is(jar.content(), "a=1; b=2");
  jar.nowMs += 1;
  assert.is(jar.get("http://a.test/"), "b=2");
  assert.is(jar.content(), "b=2");
});

test("one who looks in first finds expired ones gone too", () => {
  const jar = new TestJar().set("http://a.test/", "a=1; Max-Age=10", "b=2; Max-Age=20");
  jar.nowMs += 10_000;
  assert.is(jar.content(), "b=2");
  jar.nowMs += 10_000;
  assert.is(jar.content(), "");
});

test("set again after its end, a cookie is a new one", () => {
  const jar = new TestJar().set("http://a.test/", "a=1; Max-Age=10", "b=2");
  jar.nowMs += 10_000;
  assert.is(jar.set("http://a.test/", "a=3").get("http://a.test/"), "b=2; a=3");
});

test("a clock that is set back breaks nothing", () => {
  const jar = new TestJar().set("http://a.test/", "a=1; Max-Age=10");
  jar.nowMs -= 3_600_000;
  jar.set("http://a.test/", "b=2; Max-Age=10");
  assert.is(jar.get("http://a.test/"), "b=2; a=1");
});

test("without a list nothing is set for a single label, and two labels are free", () => {
  const jar = new TestJar({ publicSuffixes: undefined });
  jar.set("http://a.test/", "a=1; Domain=test", "b=2; Domain=a.test");
  jar.set("http://localhost/", "c=3; Domain=localhost").set("http://a.co.uk/", "d=4; Domain=co.uk");
  assert.is(jar.get("http://www.a.test/"), "b=2");
  assert.is(jar.get("http://localhost/"), "c=3");
  assert.is(jar.get("http://x.localhost/"), "", "for the host alone");
  assert.is(jar.get("http://b.co.uk/"), "d=4", "as the doc says");
});

test("all is cleared, or what is of a domain and below it", () => {
  const filled = (): TestJar =>
    new TestJar()
      .set("http://a.test/", "a=1; Domain=a.test", "b=2")
      .set("http://www.a.test/", "c=3")
      .set("http://ba.test/", "d=4")
      .set("http://xn--bcher-kva.test/", "e=5")
      .set("http://[::1]/", "f=6");
  const after = (domain?: string): string => {
    const jar = filled();
    jar.jar.clear({ domain });
    return jar.content();
  };
  assert.is(after(), "");
  assert.is(after("a.test"), "d=4; e=5; f=6");
  assert.is(after(".A.TEST"), "d=4; e=5; f=6");
  assert.is(after("www.a.test"), "a=1; b=2; d=4; e=5; f=6");
  assert.is(after("test"), "f=6");
  assert.is(after("bücher.test"), "a=1; b=2; c=3; d=4; f=6");
  assert.is(after("::1"), "a=1; b=2; c=3; d=4; e=5");
  assert.is(after("no host"), "a=1; b=2; c=3; d=4; e=5; f=6");
});

test("who looks in gets copies, and may use the jar meanwhile", () => {
  const jar = new TestJar().set("http://a.test/", "a=1", "b=2");
  const seen: string[] = [];
  for (const cookie of jar.jar) {
    seen.push(cookie.name);
    (cookie as { value: string }).value = "changed";
    jar.get("http://a.test/");
  }
  assert.equal(seen, ["a", "b"]);
  assert.is(jar.content(), "a=1; b=2");
});

test("sending a cookie is noted", () => {
  const jar = new TestJar().set("http://a.test/", "a=1", "b=2; Path=/x");
  jar.nowMs += 5;
  jar.get("http://a.test/");
  assert.equal(
    Array.from(jar.jar, ({ lastAccess, creation }) => lastAccess - creation),
    [5, 0],
  );
});

test("the time is that of the system when nobody says another", () => {
  const jar = new CookieJar();
  jar.setCookies(new URL("http://a.test/"), [parseSetCookie("a=1; Max-Age=60")]);
  const [cookie] = jar;
  assert.ok(Math.abs((cookie?.creation ?? 0) - Date.now()) < 60_000);
});

test.run();
