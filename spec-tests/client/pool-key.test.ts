/**
 * The pool's keys: what may share a connection.
 *
 * Rule of this file: places in, keys out.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hostPort } from "../../lib/client/host-port.ts";
import { poolKey } from "../../lib/client/pool-key.ts";
import { table } from "../kit.ts";

const test = suite("pool keys");

const host = "a.example";

table(
  test,
  [
    { name: "direct http", place: { scheme: "http", host, port: 80 }, key: "|http|a.example:80" },
    {
      name: "direct https",
      place: { scheme: "https", host, port: 443 },
      key: "|https|a.example:443",
    },
    {
      name: "plain http through an http proxy: the target is in the request",
      place: { proxy: "http://p", scheme: "http", host, port: 80 },
      key: "http://p|http|",
    },
    {
      name: "and through an https proxy",
      place: { proxy: "https://p", scheme: "http", host, port: 80 },
      key: "https://p|http|",
    },
    {
      name: "https through a proxy is a tunnel of its own",
      place: { proxy: "http://p", scheme: "https", host, port: 443 },
      key: "http://p|https|a.example:443",
    },
    {
      name: "SOCKS leads to one target, whatever the scheme",
      place: { proxy: "socks5://p", scheme: "http", host, port: 80 },
      key: "socks5://p|http|a.example:80",
    },
    {
      name: "an IPv6 address gets brackets",
      place: { scheme: "http", host: "::1", port: 80 },
      key: "|http|[::1]:80",
    },
  ],
  ({ place, key }) => assert.is(poolKey(place), key),
);

test("host and port are joined", () => {
  assert.is(hostPort({ host: "[::1]", port: 1 }), "[::1]:1");
  assert.is(hostPort({ host: "a" }), "a");
});

test.run();
