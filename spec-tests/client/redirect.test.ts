// Redirects as pure steps: what the next request is made of, and when there is none.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type RedirectChain,
  chainOf,
  isDomainOrSubdomain,
  nextInChain,
  redirectMethod,
  refererFor,
  shouldCopyHeaderOnRedirect,
} from "../../lib/client/redirect.ts";
import { withoutPassword } from "../../lib/client/errors.ts";
import { basicFrom, userInfoOf, withoutUserInfo } from "../../lib/client/user-info.ts";
import { type BodyLike, Request, Response, newRequest, noBody } from "../../lib/message/mod.ts";
import { Header, type HeaderInit } from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";

/** Follows the answers one after the other. */
function follow(
  first: Request,
  answers: readonly (readonly [status: number, location: string, header?: HeaderInit])[],
  jar: "used" | "none" = "none",
): RedirectChain {
  let chain = chainOf(first, jar);
  for (const [status, location, header] of answers) {
    const next = step(chain, status, location, header);
    if (next === "stop") throw new Error(`${status} ${location} is not followed`);
    chain = next;
  }
  return chain;
}

function step(
  chain: RedirectChain,
  status: number,
  location: string | undefined,
  header: HeaderInit = {},
): RedirectChain | "stop" {
  const all = new Header(header);
  if (location !== undefined) all.set("Location", location);
  return nextInChain(chain, new Response({ status, header: all, request: chain.last }));
}

const method = suite("redirects, methods");

table(
  method,
  [
    { name: "GET stays after 301", method: "GET", status: 301, expect: "GET" },
    { name: "HEAD stays after 303", method: "HEAD", status: 303, expect: "HEAD" },
    { name: "POST becomes GET after 301", method: "POST", status: 301, expect: "GET" },
    { name: "POST becomes GET after 302", method: "POST", status: 302, expect: "GET" },
    { name: "DELETE becomes GET after 303", method: "DELETE", status: 303, expect: "GET" },
    { name: "an unknown method becomes GET", method: "get", status: 302, expect: "GET" },
    { name: "POST stays after 307", method: "POST", status: 307, expect: "POST" },
    { name: "POST stays after 308", method: "POST", status: 308, expect: "POST" },
    ...[200, 201, 300, 304, 305, 306, 309, 399, 400].map((status) => ({
      name: `${status} is not followed`,
      method: "GET",
      status,
      expect: undefined,
    })),
  ],
  (row) => {
    assert.is(redirectMethod(row.method, row.status), row.expect);
  },
);
method.run();

const place = suite("redirects, where to");

table(
  place,
  [
    {
      name: "an absolute Location",
      location: "https://b.example/x?y",
      expect: "https://b.example/x?y",
    },
    { name: "a path", location: "/x", expect: "http://a.example/x" },
    { name: "a relative path", location: "../x", expect: "http://a.example/x" },
    { name: "a query alone", location: "?x", expect: "http://a.example/d/e?x" },
    { name: "a host alone", location: "//b.example", expect: "http://b.example/" },
    {
      name: "a fragment is not asked for",
      section: "9110 §4.2.5",
      location: "/x#y",
      expect: "http://a.example/x",
    },
    { name: "an empty fragment neither", location: "/x#", expect: "http://a.example/x" },
    {
      name: "octets above 0x7F are UTF-8",
      location: "/\xc3\xa9",
      expect: "http://a.example/%C3%A9",
    },
    {
      name: "a host that is no ASCII becomes punycode",
      location: "http://b\xc3\xbccher.example/",
      expect: "http://xn--bcher-kva.example/",
    },
    {
      name: "another scheme is left to the transport",
      location: "ftp://b.example/",
      expect: "ftp://b.example/",
    },
  ] as { name: string; section?: string; location: string; expect: string }[],
  ({ location, expect }) => {
    const { last } = follow(newRequest("GET", "http://a.example/d/e?f"), [[302, location]]);
    assert.is(last.target, expect);
    assert.is(last.host, newRequest("GET", expect).host);
  },
);

table(
  place,
  [
    { name: "without a Location the response is returned", location: undefined },
    { name: "with an empty one too", location: "" },
  ],
  ({ location }) => {
    assert.is(step(chainOf(newRequest("GET", "http://a/"), "none"), 301, location), "stop");
  },
);

table(
  place,
  [
    { name: "a Location that is no URL", location: "http://[" },
    { name: "a port that cannot be", location: "http://a:99999/" },
    { name: "a URL that nobody can ask for", location: "mailto:u@a" },
    { name: "a broken percent-encoding", location: "/%zz" },
  ],
  ({ location }) => {
    const chain = chainOf(newRequest("POST", "http://u:secret@a/"), "none");
    const error = throwsCode(() => step(chain, 302, location), "bad-location");
    const {
      message,
      phase,
      url,
      response,
      method: verb,
    } = error as unknown as Record<string, unknown>;
    assert.is(phase, "redirect");
    assert.is(verb, "POST");
    assert.is(url, "http://u:***@a/");
    assert.instance(response, Response);
    assert.not.match(String(message), "secret");
  },
);

place(
  "a relative Location is resolved against the URL, not against a Host of the caller's own",
  () => {
    const first = newRequest("GET", "http://127.0.0.1:8080/a").with({ host: "site.example" });
    const { last } = follow(first, [[302, "/b"]]);
    assert.is(last.target, "http://127.0.0.1:8080/b");
    assert.is(last.host, "site.example");
  },
);

place("a request without a Host has none of its own", () => {
  const first = new Request({ method: "GET", target: "http://a.example/a", host: "" });
  assert.is(follow(first, [[302, "/b"]]).last.host, "a.example");
});

table(
  place,
  [
    { name: "a Host of the caller's own is kept on a path", location: "/x", expect: "own.example" },
    { name: "also when the host is named again", location: "//a.example/x", expect: "own.example" },
    { name: "not on an absolute Location", location: "http://a.example/x", expect: "a.example" },
    { name: "not on another host", location: "//b.example/x", expect: "b.example" },
  ],
  ({ location, expect }) => {
    const first = newRequest("GET", "http://a.example/").with({ host: "own.example" });
    const chain = follow(first, [[302, location]]);
    assert.is(chain.last.host, expect);
    assert.is(
      follow(first, [
        [302, location],
        [302, "/y"],
      ]).last.host,
      expect,
      "and a hop later",
    );
  },
);

place("user information of the URL stays on a relative Location only", () => {
  const first = newRequest("GET", "http://u:p@a.example/");
  assert.is(follow(first, [[302, "/x"]]).last.target, "http://u:p@a.example/x");
  assert.is(follow(first, [[302, "http://a.example/x"]]).last.target, "http://a.example/x");
});

place("an address with a zone can be redirected, though no URL object holds it", () => {
  const first = newRequest("GET", "http://[fe80::1%25en0]:81/a");
  const { last } = follow(first, [[302, "b?c"]]);
  assert.is(last.target, "http://[fe80::1%25en0]:81/b?c");
  assert.is(last.host, first.host);
  const named = newRequest("GET", "http://u:$&@[fe80::1%25en0]/");
  assert.is(follow(named, [[302, "/b"]]).last.target, "http://u:$&@[fe80::1%25en0]/b");
  assert.is(follow(first, [[302, "http://b.example/"]]).last.target, "http://b.example/");
});

place("a target without a scheme is served by an absolute Location", () => {
  const first = new Request({ method: "GET", target: "/a", host: "a.example" });
  assert.is(follow(first, [[302, "http://b.example/"]]).last.target, "http://b.example/");
});
place.run();

const content = suite("redirects, content");

const TYPED = { "Content-Type": "x/y", "Content-Language": "de", "X-Kept": "1" };

function posting(body: BodyLike): Request {
  return newRequest("POST", "http://a/", body, { header: TYPED });
}

content("307 sends the content again, with its fields", async () => {
  const { last } = follow(posting("hello"), [
    [307, "/b"],
    [308, "/c"],
  ]);
  assert.is(last.method, "POST");
  assert.is(last.contentLength, 5);
  assert.is(await last.body.text(), "hello");
  assert.is(await last.getBody?.().text(), "hello");
  assert.is(last.header.get("content-type"), "x/y");
});

content("303 drops it, with its fields", () => {
  const { last } = follow(posting("hello"), [[303, "/b"]]);
  assert.is(last.method, "GET");
  assert.is(last.body, noBody);
  assert.is(last.getBody, undefined);
  assert.is(last.contentLength, 0);
  assert.equal(
    [...last.header].map(([name]) => name),
    ["X-Kept", "Referer"],
  );
});

content("what was dropped once stays dropped", () => {
  const { last } = follow(posting("hello"), [
    [302, "/b"],
    [307, "/c"],
  ]);
  assert.is(last.method, "GET");
  assert.is(last.body, noBody);
  assert.is(last.header.has("content-type"), false);
});

content("content that comes only once stops at 307", () => {
  const once = posting(["hello"]);
  assert.is(step(chainOf(once, "none"), 307, "/b"), "stop");
  assert.is(step(chainOf(once, "none"), 308, "/b"), "stop");
});

content("a request without content goes on, also where nobody can make it again", () => {
  const none = new Request({ method: "POST", target: "http://a/", host: "a" });
  const { last } = follow(none, [[307, "/b"]]);
  assert.equal([last.method, last.target], ["POST", "http://a/b"]);
  assert.is(last.body, noBody);
});

content("but not when it was dropped before: nothing is to be sent again", () => {
  const { last } = follow(posting(["hello"]), [
    [303, "/b"],
    [307, "/c"],
  ]);
  assert.is(last.target, "http://a/c");
});

content("what getBody throws ends the call", () => {
  const cause = new Error("gone");
  const first = posting("hello").with({
    getBody: () => {
      throw cause;
    },
  });
  const error = throwsCode(() => follow(first, [[307, "/b"]]), "body-cannot-be-resent");
  assert.is(error.cause, cause);
});

content("framing, trailers and the wish to close stay with the message", async () => {
  const trailer = new Header({ "X-Sum": "1" });
  const first = posting(() => ["he", "llo"]).with({
    transferEncoding: ["chunked"],
    trailer,
    close: true,
  });
  const kept = follow(first, [[307, "/b"]]).last;
  assert.equal(kept.transferEncoding, ["chunked"]);
  assert.is(kept.trailer, trailer);
  assert.is(kept.contentLength, undefined);
  assert.is(kept.close, true);
  assert.is(await kept.body.text(), "hello");
  const dropped = follow(first, [[302, "/b"]]).last;
  assert.equal(dropped.transferEncoding, []);
  assert.is(dropped.trailer.count, 0);
  assert.is(dropped.close, true);
});
content.run();

const fields = suite("redirects, fields");

const SECRETS = {
  Authorization: "Basic x",
  "WWW-Authenticate": "x",
  Cookie: "a=b",
  Cookie2: "x",
  "Proxy-Authorization": "x",
  "Proxy-Authenticate": "x",
};

function namesAfter(...locations: string[]): string[] {
  const header = { ...SECRETS, "x-app": "1" };
  const first = newRequest("GET", "http://a.example/", undefined, { header });
  const { last } = follow(
    first,
    locations.map((location) => [302, location] as const),
  );
  assert.is(first.header.count, 7, "the caller's fields are left alone");
  return [...last.header].map(([name]) => name).filter((name) => name !== "Referer");
}

const ALL = [...Object.keys(SECRETS), "x-app"];

table(
  fields,
  [
    { name: "the same host gets all, in the caller's order and spelling", to: ["/"], expect: ALL },
    { name: "a host below it too", to: ["http://b.a.example/"], expect: ALL },
    { name: "another port and scheme too", to: ["https://a.example:81/"], expect: ALL },
    { name: "another host gets no credentials", to: ["http://b.example/"], expect: ["x-app"] },
    { name: "a host above neither", to: ["http://example/"], expect: ["x-app"] },
    {
      name: "what was stripped never comes back",
      to: ["http://b.example/", "http://a.example/"],
      expect: ["x-app"],
    },
    {
      name: "the first host counts, not the last",
      to: ["http://b.a.example/", "http://a.example/"],
      expect: ALL,
    },
  ],
  (row) => {
    assert.equal(namesAfter(...row.to), row.expect);
  },
);

fields("what a hook adds to one hop does not travel to the next", () => {
  const chain = follow(newRequest("GET", "http://a/"), [[302, "/b"]]);
  chain.last.header.set("X-Hook", "1");
  const next = step(chain, 302, "/c");
  assert.is(next === "stop" ? undefined : next.last.header.has("x-hook"), false);
});

fields("each request knows the response that led to it, and keeps the caller's signal", () => {
  const { signal } = new AbortController();
  const { last } = follow(newRequest("GET", "http://a/", undefined, { signal }), [
    [302, "/b"],
    [307, "/c"],
  ]);
  assert.is(last.response?.status, 307);
  assert.is(last.response?.request?.response?.status, 302);
  assert.is(last.signal, signal);
});

table(
  fields,
  [
    { name: "the last URL", last: "http://a/b?c", next: "http://d/", expect: "http://a/b?c" },
    { name: "as it was written", last: "http://a", next: "http://d/", expect: "http://a" },
    {
      name: "without user information",
      last: "http://u:p@a/@",
      next: "http://d/",
      expect: "http://a/@",
    },
    {
      name: "nothing from https to http",
      last: "https://a/",
      next: "http://d/",
      expect: undefined,
    },
    {
      name: "not even an explicit one",
      last: "HTTPS://a/",
      next: "http://d/",
      explicit: "http://e/",
      expect: undefined,
    },
    { name: "from http to https", last: "http://a/", next: "https://d/", expect: "http://a/" },
    { name: "an explicit one", last: "http://a/", next: "http://d/", explicit: "x", expect: "x" },
    {
      name: "an empty one is none",
      last: "http://a/",
      next: "http://d/",
      explicit: "",
      expect: "http://a/",
    },
  ] as { name: string; last: string; next: string; explicit?: string; expect?: string }[],
  ({ last, next, explicit, expect }) => {
    assert.is(refererFor(last, next, explicit), expect);
  },
);

fields("the Referer is always that of the hop before", () => {
  const first = newRequest("GET", "https://a/1");
  const { last } = follow(first, [
    [302, "/2"],
    [302, "/3"],
  ]);
  assert.equal(last.header.values("referer"), ["https://a/2"]);
  assert.is(follow(first, [[302, "http://a/"]]).last.header.has("referer"), false);
});

table(
  fields,
  [
    {
      name: "a cookie of the caller gives way to one that is set, the rest is sorted",
      cookie: "b=2; a=1; c=3",
      set: ["c=new; Path=/"],
      expect: "a=1; b=2",
    },
    { name: "all of that name do", cookie: "a=1; a=2; b=3", set: ["a=x"], expect: "b=3" },
    { name: "none left, no field", cookie: "a=1", set: ["a=; Max-Age=0"], expect: undefined },
    { name: "others change nothing", cookie: "b=2; a=1", set: ["c=x"], expect: "b=2; a=1" },
    { name: "quotes are kept", cookie: 'a=1; b="2 3"', set: ["a=x"], expect: 'b="2 3"' },
  ] as { name: string; cookie: string; set: string[]; expect?: string }[],
  ({ cookie, set, expect }) => {
    const first = newRequest("GET", "http://a/", undefined, { header: { Cookie: cookie } });
    const answer = [302, "/b", { "Set-Cookie": set }] as const;
    assert.is(follow(first, [answer], "used").last.header.get("cookie"), expect);
    assert.is(
      follow(first, [answer, [302, "/c"]], "used").last.header.get("cookie"),
      expect,
      "later",
    );
    assert.is(follow(first, [answer], "none").last.header.get("cookie"), cookie, "without a jar");
  },
);
fields.run();

const hosts = suite("redirects, hosts");

table(
  hosts,
  [
    { name: "equal", sub: "a.b", parent: "a.b", expect: true },
    { name: "below", sub: "x.a.b", parent: "a.b", expect: true },
    { name: "only the letters are", sub: "xa.b", parent: "a.b", expect: false },
    { name: "above", sub: "b", parent: "a.b", expect: false },
    { name: "a zone that looks like it", sub: "::1%.a.b", parent: "a.b", expect: false },
  ],
  ({ sub, parent, expect }) => {
    assert.is(isDomainOrSubdomain(sub, parent), expect);
  },
);

table(
  hosts,
  [
    { name: "case plays no part", from: "http://FOO.com/", to: "http://foo.com/", expect: true },
    {
      name: "user information neither",
      from: "http://u@foo.com/",
      to: "http://foo.com/",
      expect: true,
    },
    {
      name: "a userinfo is no host",
      from: "http://foo.com/",
      to: "http://foo.com@bar/",
      expect: false,
    },
    { name: "a zone", from: "http://foo.com/", to: "http://[::1%25.foo.com]/", expect: false },
    { name: "the same zone", from: "http://[::1%25a]/", to: "http://[::1%25a]:8/", expect: true },
    { name: "a bad port", from: "http://foo:99999/", to: "http://foo/", expect: true },
    {
      name: "a name and its punycode are one",
      from: "http://b\xfccher.example/",
      to: "http://xn--bcher-kva.example/",
      expect: true,
    },
  ],
  (row) => {
    assert.is(shouldCopyHeaderOnRedirect(row.from, row.to), row.expect);
  },
);

table(
  hosts,
  [
    { name: "none", url: "http://a/b@c", info: undefined, bare: "http://a/b@c" },
    { name: "none before a query", url: "http://a?b@c", info: undefined, bare: "http://a?b@c" },
    { name: "an empty one", url: "http://@a/", info: undefined, bare: "http://a/" },
    { name: "a name", url: "http://u@a/", info: "u", bare: "http://a/" },
    { name: "both, with a second @", url: "http://u:p@p@a/@", info: "u:p@p", bare: "http://a/@" },
    { name: "no URL at all", url: "u@a", info: undefined, bare: "u@a" },
  ] as { name: string; url: string; info?: string; bare: string }[],
  ({ url, info, bare }) => {
    assert.is(userInfoOf(url), info);
    assert.is(withoutUserInfo(url), bare);
  },
);

hosts("user information becomes Basic credentials", () => {
  assert.is(basicFrom("My%20User:My%20Pass"), `Basic ${btoa("My User:My Pass")}`);
  assert.is(basicFrom("u"), `Basic ${btoa("u:")}`);
  assert.is(basicFrom("u:p:q"), `Basic ${btoa("u:p:q")}`);
  throwsCode(() => basicFrom("u%3A:p"), "bad-basic-username");
});

table(
  hosts,
  [
    { name: "an absolute URL", url: "http://u:p@a/b:c@d", expect: "http://u:***@a/b:c@d" },
    { name: "with a second @", url: "http://u:p@p@a/", expect: "http://u:***@a/" },
    { name: "a Location without a scheme", url: "//u:p@a/", expect: "//u:***@a/" },
    { name: "one that only a URL class reads", url: "http:\\u:p@a", expect: "http:\\u:***@a" },
    { name: "no password", url: "http://u@a/", expect: "http://u@a/" },
    { name: "a port", url: "http://a:1/b@c", expect: "http://a:1/b@c" },
  ],
  ({ url, expect }) => {
    assert.is(withoutPassword(url), expect);
  },
);
hosts.run();
