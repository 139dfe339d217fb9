/**
 * realIp: whose word counts.
 *
 * Rule of this file: a peer, fields, and what the handler sees. Each attack is a row.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Addr } from "../../../lib/bufio/mod.ts";
import type { Request } from "../../../lib/message/mod.ts";
import type { RealIpOptions } from "../../../lib/server/mod.ts";
import { forwarded, realIp } from "../../../lib/server/mod.ts";
import { parseForwarded } from "../../../lib/server/handlers/forwarded.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { Header } from "../../../lib/wire/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("realIp");

interface Row {
  readonly name: string;
  readonly section?: string;
  readonly options?: Partial<RealIpOptions>;
  /** Default: the trusted proxy 10.0.0.1. */
  readonly peer?: string;
  readonly fields: readonly (readonly [string, string])[];
  readonly host: string;
  readonly port?: number;
  readonly told?: { readonly proto?: string; readonly host?: string; readonly hops: number };
  readonly seenHost?: string;
}

const FOR = "X-Forwarded-For";
const PROTO = "X-Forwarded-Proto";
const HOST = "X-Forwarded-Host";
const OF_RFC = { field: "forwarded" } as const;

const rows: readonly Row[] = [
  { name: "one proxy", fields: [[FOR, "203.0.113.9"]], host: "203.0.113.9", told: { hops: 1 } },
  {
    name: "two proxies",
    fields: [[FOR, "203.0.113.9, 10.0.0.2"]],
    host: "203.0.113.9",
    told: { hops: 2 },
  },
  {
    name: "in two lines",
    fields: [
      [FOR, "203.0.113.9"],
      [FOR, "10.0.0.2"],
    ],
    host: "203.0.113.9",
    told: { hops: 2 },
  },
  {
    name: "what the client wrote before is not believed",
    fields: [[FOR, "127.0.0.1, 203.0.113.9"]],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "a peer that is not trusted says nothing",
    peer: "203.0.113.5",
    fields: [[FOR, "127.0.0.1"]],
    host: "203.0.113.5",
  },
  {
    name: "all are trusted: the first is the client",
    fields: [[FOR, "10.0.0.9, 10.0.0.2"]],
    host: "10.0.0.9",
    told: { hops: 2 },
  },
  { name: "no field: the proxy itself asks", fields: [], host: "10.0.0.1" },
  {
    name: "nonsense ends the way at the proxy that wrote it",
    fields: [[FOR, "203.0.113.9, x"]],
    host: "10.0.0.1",
  },
  {
    name: "an empty element too",
    fields: [[FOR, "203.0.113.9, , 10.0.0.2"]],
    host: "10.0.0.2",
    told: { hops: 1 },
  },
  {
    name: "a port",
    fields: [[FOR, "203.0.113.9:4711"]],
    host: "203.0.113.9",
    port: 4711,
    told: { hops: 1 },
  },
  { name: "IPv6 bare", fields: [[FOR, "2001:DB8::1"]], host: "2001:db8::1", told: { hops: 1 } },
  {
    name: "IPv6 with a port",
    fields: [[FOR, "[2001:db8::1]:80"]],
    host: "2001:db8::1",
    port: 80,
    told: { hops: 1 },
  },
  { name: "a bracket that does not close", fields: [[FOR, "[2001:db8::1"]], host: "10.0.0.1" },
  {
    name: "a port beyond all",
    fields: [[FOR, "203.0.113.9:65536"]],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "a mapped peer is the same proxy",
    peer: "::ffff:10.0.0.1",
    fields: [[FOR, "203.0.113.9"]],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "a scheme, the nearest proxy's",
    fields: [
      [FOR, "203.0.113.9"],
      [PROTO, "http, https"],
    ],
    host: "203.0.113.9",
    told: { hops: 1, proto: "https" },
  },
  {
    name: "a scheme for every hop",
    fields: [
      [FOR, "203.0.113.9, 10.0.0.2"],
      [PROTO, "https, http"],
    ],
    host: "203.0.113.9",
    told: { hops: 2, proto: "https" },
  },
  {
    name: "one scheme for all hops",
    fields: [
      [FOR, "203.0.113.9, 10.0.0.2"],
      [PROTO, "HTTPS"],
    ],
    host: "203.0.113.9",
    told: { hops: 2, proto: "https" },
  },
  {
    name: "a scheme that is none",
    fields: [
      [FOR, "203.0.113.9"],
      [PROTO, "gopher"],
    ],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "a host is told and not taken",
    fields: [
      [FOR, "203.0.113.9"],
      [HOST, "shop.example"],
    ],
    host: "203.0.113.9",
    told: { hops: 1, host: "shop.example" },
  },
  {
    name: "or taken",
    options: { host: "replace" },
    fields: [
      [FOR, "203.0.113.9"],
      [HOST, "shop.example"],
    ],
    host: "203.0.113.9",
    told: { hops: 1, host: "shop.example" },
    seenHost: "shop.example",
  },
  {
    name: "not where it is none",
    options: { host: "replace" },
    fields: [
      [FOR, "203.0.113.9"],
      [HOST, "a/b"],
    ],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "nor where nothing was said",
    options: { host: "replace" },
    fields: [[FOR, "203.0.113.9"]],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "Forwarded is the client's when the proxies write the other field",
    fields: [
      ["Forwarded", "for=127.0.0.1"],
      [FOR, "203.0.113.9"],
    ],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "and the other way round",
    options: OF_RFC,
    fields: [
      ["Forwarded", "for=203.0.113.9"],
      [FOR, "127.0.0.1"],
    ],
    host: "203.0.113.9",
    told: { hops: 1 },
  },
  {
    name: "Forwarded with everything",
    section: "RFC 7239 §4",
    options: OF_RFC,
    fields: [["Forwarded", 'For="[2001:db8::1]:4711";Proto=https;host="shop.example:80";by=_x']],
    host: "2001:db8::1",
    port: 4711,
    told: { hops: 1, proto: "https", host: "shop.example:80" },
  },
  {
    name: "Forwarded of two hops",
    options: OF_RFC,
    fields: [["Forwarded", "for=203.0.113.9;proto=https, for=10.0.0.2;proto=http"]],
    host: "203.0.113.9",
    told: { hops: 2, proto: "https" },
  },
  {
    name: "hidden and unknown nodes end the way",
    section: "RFC 7239 §6",
    options: OF_RFC,
    fields: [["Forwarded", "for=203.0.113.9, for=_hidden, for=10.0.0.2"]],
    host: "10.0.0.2",
    told: { hops: 1 },
  },
  {
    name: "a broken element says nothing",
    options: OF_RFC,
    fields: [["Forwarded", "for=203.0.113.9, for"]],
    host: "10.0.0.1",
  },
  {
    name: "a quote that never ends swallows what follows",
    options: OF_RFC,
    fields: [["Forwarded", 'for="127.0.0.1, for=203.0.113.9']],
    host: "10.0.0.1",
  },
];

table(test, rows, async (row) => {
  const peer = row.peer ?? "10.0.0.1";
  const remoteAddr: Addr = { network: "tcp", host: peer, port: 5 };
  const request = newTestRequest("GET", "/", { header: row.fields, remoteAddr });
  const { addr, told, host } = await seen(request, { trust: ["10.0.0.0/8"], ...row.options });
  assert.is(addr?.host, row.host);
  assert.is(addr?.port, row.host === peer ? 5 : (row.port ?? 0));
  const expected = row.told;
  assert.equal(
    told,
    expected === undefined ? undefined : { proto: undefined, host: undefined, ...expected },
  );
  assert.is(host, row.seenHost ?? "example.com");
});

async function seen(
  request: Request,
  options: RealIpOptions,
): Promise<{ addr: Addr | undefined; told: unknown; host: string; context: unknown }> {
  let r!: Request;
  await record(
    realIp(options)((_w, inner) => void (r = inner)),
    request,
  );
  assert.is(r.signal.aborted, true, "the signal is that of the request, which is over");
  return { addr: r.remoteAddr, told: forwarded.get(request), host: r.host, context: r.context };
}

test("peers on Unix sockets are trusted by name", async () => {
  const remoteAddr: Addr = { network: "unix", host: "/run/x", port: 0 };
  const request = (): Request =>
    newTestRequest("GET", "/", { header: [[FOR, "203.0.113.9"]], remoteAddr, context: 7 });
  const trusted = await seen(request(), { trust: ["unix"] });
  assert.is(trusted.addr?.host, "203.0.113.9");
  assert.is(trusted.context, 7);
  assert.is((await seen(request(), { trust: ["loopback"] })).addr, remoteAddr);
});

test("a trust list that cannot be read is refused", () => {
  throwsCode(() => realIp({ trust: ["everybody"] }), "bad-trust-list");
});

test("an empty Forwarded has no hops", () => {
  assert.equal(parseForwarded(new Header([["Forwarded", ", ,"]]).values("forwarded")), []);
});

test.run();
