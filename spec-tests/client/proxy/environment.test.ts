/**
 * The proxy of the environment, and the hosts that NO_PROXY excepts.
 *
 * Rule of this file: tables beside the vectors goclient-proxy, for what those leave out.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseNoProxy, proxyFromEnvironment } from "../../../lib/client/proxy/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("proxyFromEnvironment");

interface Choice {
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly url: string;
  readonly proxy: string | undefined;
}

const choices: readonly Choice[] = [
  { name: "nothing set", env: {}, url: "http://a/", proxy: undefined },
  {
    name: "upper case goes before lower case",
    env: { HTTP_PROXY: "upper", http_proxy: "lower" },
    url: "http://a/",
    proxy: "http://upper",
  },
  {
    name: "an empty upper case lets the lower one count",
    env: { HTTP_PROXY: "", http_proxy: "lower" },
    url: "http://a/",
    proxy: "http://lower",
  },
  { name: "no ALL_PROXY", env: { ALL_PROXY: "p" }, url: "http://a/", proxy: undefined },
  {
    name: "HTTP_PROXY is not for https",
    env: { HTTP_PROXY: "p" },
    url: "https://a/",
    proxy: undefined,
  },
  {
    name: "HTTPS_PROXY is not for http",
    env: { HTTPS_PROXY: "p" },
    url: "http://a/",
    proxy: undefined,
  },
  { name: "other schemes have none", env: { HTTP_PROXY: "p" }, url: "ftp://a/", proxy: undefined },
  {
    name: "a user without a scheme",
    env: { HTTP_PROXY: "u:p@h:1" },
    url: "http://a/",
    proxy: "http://u:p@h:1",
  },
  {
    name: "a value that is no URL is ignored",
    env: { HTTP_PROXY: "http://[::1" },
    url: "http://a/",
    proxy: undefined,
  },
  {
    name: "also one with a bad port",
    env: { HTTP_PROXY: "h:port" },
    url: "http://a/",
    proxy: undefined,
  },
  {
    name: "CGI: HTTPS_PROXY is still trusted",
    env: { HTTPS_PROXY: "p", REQUEST_METHOD: "GET" },
    url: "https://a/",
    proxy: "http://p",
  },
  {
    name: "CGI without HTTP_PROXY",
    env: { REQUEST_METHOD: "GET" },
    url: "http://a/",
    proxy: undefined,
  },
  {
    name: "localhost in any case",
    env: { HTTP_PROXY: "p" },
    url: "http://LOCALHOST/",
    proxy: undefined,
  },
  {
    name: "loopback in another spelling",
    env: { HTTP_PROXY: "p" },
    url: "http://0x7f.1/",
    proxy: undefined,
  },
  {
    name: "loopback of IPv6",
    env: { HTTP_PROXY: "p" },
    url: "http://[::1]:8080/",
    proxy: undefined,
  },
  {
    name: "the port of the scheme is compared",
    env: { HTTPS_PROXY: "p", NO_PROXY: "a.example:443" },
    url: "https://a.example/",
    proxy: undefined,
  },
];

table(test, choices, ({ env, url, proxy }) =>
  assert.is(proxyFromEnvironment(env)(new URL(url)), proxy),
);

test("in a CGI program HTTP_PROXY is refused, also for hosts that NO_PROXY names", () => {
  const rule = proxyFromEnvironment({ HTTP_PROXY: "p", REQUEST_METHOD: "GET", NO_PROXY: "*" });
  throwsCode(() => rule(new URL("http://a/")), "refused-in-cgi");
});

test.run();

const exceptions = suite("NO_PROXY");

interface Exception {
  readonly name: string;
  readonly list: string;
  readonly host: string;
  readonly port?: string;
  readonly way: "proxy" | "direct";
}

const rows: readonly Exception[] = [
  { name: "an empty list", list: "", host: "a.example", way: "proxy" },
  { name: "empty entries", list: " , ,", host: "a.example", way: "proxy" },
  { name: "blanks and case", list: " A.Example ", host: "a.EXAMPLE", way: "direct" },
  { name: "a star behind others", list: "x, *", host: "a.example", way: "direct" },
  { name: "a domain and its subdomains", list: "example", host: "a.example", way: "direct" },
  { name: "not its ending alone", list: "xample", host: "a.example", way: "proxy" },
  { name: ".domain: the subdomains", list: ".b.example", host: "a.b.example", way: "direct" },
  { name: ".domain: not itself", list: ".b.example", host: "b.example", way: "proxy" },
  { name: "*.domain: the subdomains", list: "*.b.example", host: "a.b.example", way: "direct" },
  { name: "*.domain: not itself", list: "*.b.example", host: "b.example", way: "proxy" },
  { name: "a star elsewhere is a letter", list: "a*.example", host: "ab.example", way: "proxy" },
  {
    name: "a domain on its port",
    list: "b.example:81",
    host: "a.b.example",
    port: "81",
    way: "direct",
  },
  { name: "a domain on another port", list: "b.example:81", host: "b.example", way: "proxy" },
  { name: "a port without a host", list: ":80", host: "a.example", way: "proxy" },
  {
    name: "IDNA in the list",
    list: "bücher.example",
    host: "xn--bcher-kva.example",
    way: "direct",
  },
  {
    name: "IDNA in the host",
    list: "xn--bcher-kva.example",
    host: "www.bücher.example",
    way: "direct",
  },
  { name: "a name that has no IDNA form", list: "ü/x", host: "a.example", way: "proxy" },
  { name: "an address", list: "192.0.2.1", host: "192.0.2.1", way: "direct" },
  { name: "an address in IPv6 form", list: "::ffff:192.0.2.1", host: "192.0.2.1", way: "direct" },
  { name: "an address on its port", list: "192.0.2.1:80", host: "192.0.2.1", way: "direct" },
  { name: "an address on another port", list: "192.0.2.1:81", host: "192.0.2.1", way: "proxy" },
  { name: "IPv6 on its port", list: "[2001:db8::1]:80", host: "2001:db8::1", way: "direct" },
  { name: "IPv6 without a port", list: "2001:DB8:0::1", host: "2001:db8::1", way: "direct" },
  { name: "IPv6 with a zone", list: "fe80::/10", host: "fe80::1%eth0", way: "direct" },
  {
    name: "brackets without a port are malformed",
    list: "[2001:db8::1]",
    host: "2001:db8::1",
    way: "proxy",
  },
  { name: "an address is no domain", list: "2.1", host: "192.0.2.1", way: "proxy" },
  { name: "a block", list: "192.0.2.0/25", host: "192.0.2.127", way: "direct" },
  { name: "behind the block", list: "192.0.2.0/25", host: "192.0.2.128", way: "proxy" },
  { name: "a block of IPv6 holds no IPv4", list: "::/0", host: "192.0.2.1", way: "proxy" },
  { name: "a block has no port", list: "192.0.2.0/24:80", host: "192.0.2.1", way: "proxy" },
  { name: "a block too long", list: "192.0.2.1/33", host: "192.0.2.1", way: "proxy" },
  { name: "a block's name is no domain", list: "10.0.0.0/8", host: "a.10.0.0.0", way: "proxy" },
  {
    name: "localhost with a domain behind it is a host",
    list: "",
    host: "localhost.example",
    way: "proxy",
  },
  { name: "loopback in IPv6 form", list: "", host: "::ffff:127.0.0.1", way: "direct" },
];

table(exceptions, rows, ({ list, host, port = "80", way }) =>
  assert.is(parseNoProxy(list)(host, port), way),
);

exceptions.run();
