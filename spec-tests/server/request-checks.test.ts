// What a server asks of a head beyond its grammar.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  answerGeneralOptions,
  asksAboutServer,
  checkScheme,
  expected,
  hostOf,
} from "../../lib/server/request-checks.ts";
import { Header, type RequestHead, requestFraming, scanRequestHead } from "../../lib/wire/mod.ts";
import { type Row, bytes, table, throwsCode } from "../kit.ts";

function headOf(fields: string, version = "1.1"): RequestHead {
  const head = scanRequestHead(bytes(`POST / HTTP/${version}\r\n${fields}\r\n`));
  if (head === "need-more") throw new Error("the head is not whole");
  return head;
}

// --- the scheme -----------------------------------------------------------------------------------

interface SchemeRow extends Row {
  readonly target: string;
  readonly tls?: "tls";
  readonly takes?: boolean;
  readonly refused?: boolean;
}

const scheme = suite("checkScheme");

const schemes: readonly SchemeRow[] = [
  { name: "a path", target: "/https://a/" },
  { name: "an http target in absolute form", target: "http://a/" },
  {
    name: "an https target without TLS",
    section: "RFC 9110 §7.4",
    target: "https://a/",
    refused: true,
  },
  { name: "the scheme has no case", target: "HttpS://a/", refused: true },
  { name: "with TLS", target: "https://a/", tls: "tls" },
  { name: "behind a proxy that ends TLS", target: "https://a/", takes: true },
  { name: "an authority that begins like it", target: "https:443" },
  { name: "the asterisk", target: "*" },
  { name: "a longer scheme", target: "httpsx://a/" },
];

table(scheme, schemes, ({ target, tls, takes = false, refused = false }) => {
  const conn = { tls: tls === undefined ? undefined : { protocol: "TLSv1.3" } };
  const check = (): void => checkScheme(target, conn as never, { takesHttpsOverPlain: takes });
  if (refused) throwsCode(check, "https-over-plain");
  else check();
});

// --- the Host -------------------------------------------------------------------------------------

interface HostRow extends Row {
  readonly fields: string;
  readonly version?: string;
  readonly known?: string;
  readonly host?: string;
  readonly code?: string;
}

const host = suite("hostOf");

const hosts: readonly HostRow[] = [
  { name: "a name with a port", fields: "Host: a.example:80\r\n", host: "a.example:80" },
  { name: "an empty one", section: "RFC 9110 §7.2", fields: "Host:\r\n", host: "" },
  { name: "none in HTTP/1.1", section: "RFC 9112 §3.2", fields: "", code: "missing-host" },
  { name: "none in HTTP/1.0", fields: "", version: "1.0", host: "" },
  { name: "two, even the same", fields: "Host: a\r\nHost: a\r\n", code: "duplicate-host" },
  {
    name: "two in HTTP/1.0",
    fields: "Host: a\r\nhost: b\r\n",
    version: "1.0",
    code: "duplicate-host",
  },
  { name: "a bad one", fields: "Host: a b\r\n", code: "bad-host" },
  { name: "a bad one in HTTP/1.0", fields: "Host: a/b\r\n", version: "1.0", code: "bad-host" },
  {
    name: "another than the known one is looked at",
    fields: "Host: a b\r\n",
    known: "a",
    code: "bad-host",
  },
  {
    name: "the known one is not looked at again",
    fields: "Host: a b\r\n",
    known: "a b",
    host: "a b",
  },
];

table(host, hosts, ({ fields, version, known, host: is, code }) => {
  const head = headOf(fields, version);
  if (code === undefined) assert.is(hostOf(head, known), is);
  else throwsCode(() => hostOf(head, known), code);
});

// --- who waits for a word -------------------------------------------------------------------------

interface ExpectRow extends Row {
  readonly fields: string;
  readonly version?: string;
  readonly expects?: "continue" | "nothing";
  readonly code?: string;
}

const expecting = suite("expected");
const EXPECT = "Host: a\r\nExpect: 100-continue\r\n";

const expectations: readonly ExpectRow[] = [
  { name: "a body of some length", fields: `${EXPECT}Content-Length: 1\r\n`, expects: "continue" },
  {
    name: "a body in chunks",
    fields: `${EXPECT}Transfer-Encoding: chunked\r\n`,
    expects: "continue",
  },
  { name: "a body of no length", fields: `${EXPECT}Content-Length: 0\r\n`, expects: "nothing" },
  { name: "no body", section: "RFC 9110 §10.1.1", fields: EXPECT, expects: "nothing" },
  {
    name: "HTTP/1.0 is not waiting",
    fields: `${EXPECT}Content-Length: 1\r\n`,
    version: "1.0",
    expects: "nothing",
  },
  { name: "nothing said", fields: "Host: a\r\nContent-Length: 1\r\n", expects: "nothing" },
  { name: "what nobody knows", fields: "Host: a\r\nExpect: tea\r\n", code: "unknown-expectation" },
];

table(expecting, expectations, ({ fields, version, expects, code }) => {
  const head = headOf(fields, version);
  const answer = (): string => expected(head, requestFraming(head, "strict"));
  if (code === undefined) assert.is(answer(), expects);
  else throwsCode(answer, code);
});

// --- OPTIONS * ------------------------------------------------------------------------------------

const options = suite("OPTIONS *");

options("the method and the asterisk together ask about the server (RFC 9110 §9.3.7)", () => {
  assert.is(asksAboutServer({ method: "OPTIONS", target: "*" }), true);
  assert.is(asksAboutServer({ method: "OPTIONS", target: "/" }), false);
  assert.is(asksAboutServer({ method: "GET", target: "*" }), false);
});

options("the answer is a 200 without a body", () => {
  const header = new Header();
  const statuses: number[] = [];
  answerGeneralOptions({ header, writeHeader: (status) => void statuses.push(status) });
  assert.equal([...header], [["Content-Length", "0"]]);
  assert.equal(statuses, [200]);
});

scheme.run();
host.run();
expecting.run();
options.run();
