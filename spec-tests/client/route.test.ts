// Where a request goes: the origin in its URL, and the name of the way there.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseProxy } from "../../lib/client/proxy/mod.ts";
import { authorityEnd, originOf, routeTo, schemeOfURL } from "../../lib/client/route.ts";
import { table } from "../kit.ts";

const it = suite("originOf");

table(
  it,
  [
    { name: "http://a.test/", is: "http a.test 80" },
    { name: "https://a.test", is: "https a.test 443" },
    { name: "HTTP://A.Test:8080?q@x:1", is: "http a.test 8080" },
    { name: "http://a.test:/", is: "http a.test 80" },
    { name: "http://u:p@a.test:81/x@y", is: "http a.test 81" },
    { name: "http://u@v@a.test/", is: "http a.test 80" },
    { name: "http://[::1]/", is: "http ::1 80" },
    { name: "http://[fe80::1%25eth0]:8080/", is: "http fe80::1%eth0 8080" },
    { name: "http://a.test:0/", is: "http a.test 0" },
    { name: "http://a.test:65535/", is: "http a.test 65535" },
    { name: "http://a.test:65536/", is: undefined },
    { name: "http://a.test:99999999999999999999/", is: undefined },
    { name: "http://a.test:+1/", is: undefined },
    { name: "http://a.test:1e3/", is: undefined },
    { name: "http:///path", is: undefined },
    { name: "http://:80/", is: undefined },
    { name: "ftp://a.test/", is: undefined },
    { name: "/path", is: undefined },
    { name: "a.test:80", is: undefined },
  ],
  ({ name, is }) => {
    const origin = originOf(name);
    const found =
      origin === undefined ? undefined : `${origin.scheme} ${origin.host} ${origin.port}`;
    assert.is(found, is);
  },
);

it("schemes are told in lower case, and authorities end at path, query or fragment", () => {
  assert.is(schemeOfURL("HTTPS://a/"), "https");
  assert.is(schemeOfURL("://a/"), undefined);
  assert.is(schemeOfURL("/a"), undefined);
  for (const end of ["", "/x", "?x", "#x"]) assert.is(authorityEnd(`http://a.b:1${end}`), 12);
});

it("routes with the same key may share connections", () => {
  const [a, b] = ["http://a.test/", "http://b.test/"].map((url) => originOf(url)!);
  const secure = originOf("https://a.test/")!;
  const proxy = parseProxy("http://proxy.test:3128");
  const socks = parseProxy("socks5://proxy.test:1080");
  assert.is(routeTo(a!, proxy).key, routeTo(b!, proxy).key);
  const others = [
    routeTo(a!, undefined),
    routeTo(b!, undefined),
    routeTo(secure, undefined),
    routeTo(a!, proxy),
    routeTo(secure, proxy),
    routeTo(a!, socks),
    routeTo(b!, socks),
  ];
  assert.is(new Set(others.map(({ key }) => key)).size, others.length);
});

it.run();
