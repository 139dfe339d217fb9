/**
 * URLs of proxies.
 *
 * Rule of this file: URL in, the parts out; no error shows a password.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseProxy, type ProxyServer } from "../../../lib/client/proxy/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("parseProxy");

const good: readonly { name: string; url: string; server: Partial<ProxyServer> }[] = [
  {
    name: "http on port 80",
    url: "http://P.example/",
    server: {
      kind: "http",
      host: "p.example",
      port: 80,
      href: "http://p.example:80",
      authorization: undefined,
    },
  },
  { name: "https on port 443", url: "https://p", server: { kind: "https", port: 443 } },
  {
    name: "a port of its own",
    url: "http://p:3128",
    server: { port: 3128, href: "http://p:3128" },
  },
  {
    name: "socks5 on port 1080",
    url: "socks5://P.example",
    server: { kind: "socks5", host: "p.example", port: 1080, credentials: undefined },
  },
  {
    name: "socks5h is socks5",
    url: "socks5h://p:80",
    server: { kind: "socks5", host: "p", port: 80, href: "socks5://p:80" },
  },
  { name: "IPv6", url: "http://[::1]:1", server: { host: "::1", port: 1, href: "http://[::1]:1" } },
  {
    name: "IPv6 for SOCKS",
    url: "socks5://[::1]",
    server: { host: "::1", href: "socks5://[::1]:1080" },
  },
  {
    name: "a name with other letters",
    url: "socks5://bücher.example",
    server: { host: "xn--bcher-kva.example" },
  },
  {
    name: "user and password",
    url: "http://foo:b%C3%A4r@p",
    server: { authorization: "Basic Zm9vOmLDpHI=", href: "http://foo:b%C3%A4r@p:80" },
  },
  { name: "a user alone", url: "http://foo@p", server: { authorization: "Basic Zm9vOg==" } },
  {
    name: "a password with a colon",
    url: "http://foo:b:r@p",
    server: { authorization: "Basic Zm9vOmI6cg==" },
  },
  {
    name: "credentials for SOCKS",
    url: "socks5://us%65r:p%40ss@p",
    server: { credentials: { username: "user", password: "p@ss" } },
  },
];

table(test, good, ({ url, server }) => {
  for (const given of [url, new URL(url)]) {
    const parsed = parseProxy(given);
    for (const [name, value] of Object.entries(server)) {
      assert.equal(parsed[name as keyof ProxyServer], value, name);
    }
  }
});

table(
  test,
  [
    { name: "no URL", url: "//u:secret@p", code: "bad-proxy-url" },
    { name: "empty", url: "", code: "bad-proxy-url" },
    { name: "no host", url: "socks5:///x", code: "bad-proxy-url" },
    { name: "a host that is none", url: "socks5://a%20b", code: "bad-proxy-url" },
    { name: "another scheme", url: "ftp://u:secret@p", code: "unsupported-proxy-scheme" },
    { name: "socks4", url: "socks4://p", code: "unsupported-proxy-scheme" },
    { name: "a user name with a colon", url: "http://a%3Ab:secret@p", code: "bad-proxy-url" },
  ],
  ({ url, code }) => {
    const { message } = throwsCode(() => parseProxy(url), code);
    assert.not.match(message, "secret");
  },
);

test.run();
