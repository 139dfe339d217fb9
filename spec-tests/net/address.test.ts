// Addresses to listen on are read as Go reads them, and anything unclear is refused.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ListenAddress, type ListenTarget, parseListenAddr } from "../../lib/net/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("parseListenAddr");

const tcp = (port: number, host?: string): ListenTarget => ({ kind: "tcp", host, port });

table(
  test,
  [
    { name: "a port alone: all addresses", input: ":8080", expect: tcp(8080) },
    { name: "nothing: the scheme's port", input: "", expect: tcp(80) },
    { name: "a port by name", input: ":http", expect: tcp(80) },
    { name: "a port by name, in capitals", input: ":HTTPS", expect: tcp(443) },
    { name: "an empty port: any free one", input: "127.0.0.1:", expect: tcp(0, "127.0.0.1") },
    { name: "any free port", input: "127.0.0.1:0", expect: tcp(0, "127.0.0.1") },
    { name: "a name", input: "localhost:80", expect: tcp(80, "localhost") },
    { name: "IPv6 in brackets", input: "[::1]:80", expect: tcp(80, "::1") },
    { name: "IPv6 with a zone", input: "[fe80::1%eth0]:80", expect: tcp(80, "fe80::1%eth0") },
    { name: "empty brackets", input: "[]:80", expect: tcp(80) },
    { name: "the highest port", input: ":65535", expect: tcp(65_535) },
    { name: "leading zeros in a port", input: ":00080", expect: tcp(80) },
    {
      name: "an object",
      input: { host: "::", port: 1, ipv6Only: true, backlog: 5 },
      expect: { kind: "tcp", host: "::", port: 1, ipv6Only: true, backlog: 5 },
    },
    { name: "an object with an empty host", input: { host: "", port: 1 }, expect: tcp(1) },
    {
      name: "a path",
      input: { path: "/tmp/x" },
      expect: { kind: "unix", path: "/tmp/x", backlog: undefined },
    },
    { name: "a descriptor", input: { fd: 3 }, expect: { kind: "fd", fd: 3 } },
  ] satisfies { name: string; input: ListenAddress; expect: ListenTarget }[],
  ({ input, expect }) => assert.equal(parseListenAddr(input), expect),
);

test("the empty address of a TLS server is port 443", () => {
  assert.equal(parseListenAddr("", "https"), tcp(443));
});

table(
  test,
  [
    { name: "a port without its colon is refused", input: "8080" },
    { name: "a host without a port is refused", input: "localhost" },
    { name: "IPv6 without brackets is refused", input: "::1:80" },
    { name: "an open bracket is refused", input: "[::1:80" },
    { name: "brackets without a port are refused", input: "[::1]" },
    { name: "brackets with more behind them are refused", input: "[::1]x:80" },
    { name: "a name in brackets is refused", input: "[localhost]:80" },
    { name: "a port above 65535 is refused", input: ":65536" },
    { name: "a port of six digits is refused", input: ":000080" },
    { name: "a negative port is refused", input: ":-1" },
    { name: "a signed port is refused", input: ":+80" },
    { name: "a port in hex is refused", input: ":0x50" },
    { name: "an unknown service is refused", input: ":gopher" },
    { name: "blanks are refused", input: " :80" },
    { name: "a URL is refused", input: "http://localhost:80" },
    { name: "a port that is no integer is refused", input: { port: 80.5 } },
    { name: "a port that is NaN is refused", input: { port: Number.NaN } },
    { name: "an empty path is refused", input: { path: "" } },
    { name: "a path with a NUL is refused", input: { path: "a\0b" } },
    { name: "a negative descriptor is refused", input: { fd: -1 } },
  ] satisfies { name: string; input: ListenAddress }[],
  ({ input }) => {
    const error = throwsCode(() => parseListenAddr(input), "bad-address");
    assert.match(error.message, ": ");
  },
);

test.run();
