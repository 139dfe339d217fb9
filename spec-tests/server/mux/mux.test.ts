/**
 * ServeMux: which handler answers, what it is told, and what is answered where none does.
 *
 * Rule of this file: whole answers of the real ResponseWriter, without a connection.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ServeMux } from "../../../lib/server/mux/mod.ts";
import type { ServeMuxOptions } from "../../../lib/server/mux/mod.ts";
import type { Handler } from "../../../lib/server/handler.ts";
import { table } from "../../kit.ts";
import { ask, requestOf } from "./ask.ts";
import type { Asked } from "./ask.ts";

const test = suite("server/mux: mux");

interface Row extends Asked {
  readonly name: string;
  readonly patterns: readonly string[];
  readonly options?: ServeMuxOptions;
  readonly status: number;
  /** Of the pattern that the handler, or the redirect, belongs to. */
  readonly pattern?: string;
  readonly location?: string;
  readonly allow?: string;
}

const PAGES = ["/", "/foo/", "/foo", "/bar/", "/wild/{x}/deep/", "GET /only", "//odd"];
const OFF: ServeMuxOptions = { redirects: "off" };

table<Row>(
  test,
  [
    { name: "the root", patterns: PAGES, target: "/", status: 200, pattern: "/" },
    { name: "a path of its own", patterns: PAGES, target: "/foo", status: 200, pattern: "/foo" },
    {
      name: "a query is not part of the path",
      patterns: PAGES,
      target: "/foo?/bar",
      status: 200,
      pattern: "/foo",
    },
    { name: "a path below", patterns: PAGES, target: "/bar/x/y", status: 200, pattern: "/bar/" },
    {
      name: "an absolute target",
      patterns: PAGES,
      target: "http://h/foo",
      status: 200,
      pattern: "/foo",
    },
    {
      name: "an absolute target without a path",
      patterns: PAGES,
      target: "http://h",
      status: 200,
      pattern: "/",
    },
    { name: "an encoded path", patterns: PAGES, target: "/%66oo", status: 200, pattern: "/foo" },
    { name: "no pattern", patterns: ["/a"], target: "/b", status: 404, pattern: "" },

    {
      name: "a slash is added where a pattern wants it",
      patterns: PAGES,
      target: "/bar",
      status: 307,
      pattern: "/bar/",
      location: "/bar/",
    },
    {
      name: "the query is kept",
      patterns: PAGES,
      target: "/bar?a=b&c",
      status: 307,
      pattern: "/bar/",
      location: "/bar/?a=b&c",
    },
    {
      name: "an empty query is dropped",
      patterns: PAGES,
      target: "/bar?",
      status: 307,
      pattern: "/bar/",
      location: "/bar/",
    },
    {
      name: "the pattern of the redirect may have wildcards",
      patterns: PAGES,
      target: "/wild/a/deep",
      status: 307,
      pattern: "/wild/{x}/deep/",
      location: "/wild/a/deep/",
    },
    {
      name: "also for other methods",
      patterns: PAGES,
      method: "POST",
      target: "/bar",
      status: 307,
      pattern: "/bar/",
      location: "/bar/",
    },
    {
      name: "an encoded path stays encoded",
      patterns: ["/a%2fb/"],
      target: "/a%2fb",
      status: 307,
      pattern: "/a%2fb/",
      location: "/a%2fb/",
    },
    {
      name: "a path that ends a pattern needs no slash",
      patterns: ["/a", "/a/"],
      target: "/a",
      status: 200,
      pattern: "/a",
    },
    {
      name: "a wildcard is enough too",
      patterns: ["/{x}", "/a/"],
      target: "/a",
      status: 200,
      pattern: "/{x}",
    },
    {
      name: "a rest higher up is not",
      patterns: ["/{r...}", "/a/"],
      target: "/a",
      status: 307,
      pattern: "/a/",
      location: "/a/",
    },
    {
      name: "no slash for another method",
      patterns: ["POST /a/"],
      target: "/a",
      status: 405,
      pattern: "",
      allow: "POST",
    },

    {
      name: "an unclean path is cleaned",
      patterns: PAGES,
      target: "/foo/../bar/./..//baz?q",
      status: 307,
      pattern: "/",
      location: "/baz?q",
    },
    {
      name: "and told the pattern that it will meet",
      patterns: ["/a/"],
      target: "//a/b",
      status: 307,
      pattern: "/a/",
      location: "/a/b",
    },
    {
      name: "also if it will meet none",
      patterns: ["/a/"],
      target: "/a/..",
      status: 307,
      pattern: "",
      location: "/",
    },
    {
      name: "cleaned and its slash added at once",
      patterns: ["/a/"],
      target: "/./a",
      status: 307,
      pattern: "/a/",
      location: "/a/",
    },
    {
      name: "another host in front is not led to",
      patterns: ["/"],
      target: "//evil.example/a",
      status: 307,
      pattern: "/",
      location: "/evil.example/a",
    },
    {
      name: "nor by a backslash",
      patterns: ["/{x}/"],
      target: "/\\evil.example",
      status: 307,
      pattern: "/{x}/",
      location: "/%5cevil.example/",
    },
    {
      name: "nor behind dots",
      patterns: ["/"],
      target: "/.//evil.example",
      status: 307,
      pattern: "/",
      location: "/evil.example",
    },
    {
      name: "nor behind an encoded slash",
      patterns: ["/{x}/"],
      target: "/%2Fevil.example",
      status: 307,
      pattern: "/{x}/",
      location: "/%2Fevil.example/",
    },
    {
      name: "odd octets in query and path are encoded",
      patterns: ["/"],
      target: '//\xe9"?<#>',
      status: 307,
      pattern: "/",
      location: "/%e9%22?%3c%23%3e",
    },
    {
      name: "nothing at all is cleaned to the root",
      patterns: ["/"],
      target: "x",
      status: 307,
      pattern: "/",
      location: "/",
    },

    {
      name: "off: no slash is added",
      patterns: ["/a/"],
      options: OFF,
      target: "/a",
      status: 404,
      pattern: "",
    },
    {
      name: "off: a rest higher up takes it",
      patterns: ["/", "/a/"],
      options: OFF,
      target: "/a",
      status: 200,
      pattern: "/",
    },
    {
      name: "off: an unclean path is matched as it stands",
      patterns: ["/fetch/{u...}"],
      options: OFF,
      target: "/fetch/http://a.example//b",
      status: 200,
      pattern: "/fetch/{u...}",
    },
    {
      name: "off: dots are names",
      patterns: ["/a/{x}/c"],
      options: OFF,
      target: "/a/../c",
      status: 200,
      pattern: "/a/{x}/c",
    },
    {
      name: "off: unclean and encoded",
      patterns: ["/%2e//a"],
      options: OFF,
      target: "/.//%61",
      status: 200,
      pattern: "/%2e//a",
    },
    {
      name: "off: unclean, and no pattern",
      patterns: ["/a"],
      options: OFF,
      target: "//a",
      status: 404,
      pattern: "",
    },
    {
      name: "off: a slash that is missing allows no method",
      patterns: ["POST /a/"],
      options: OFF,
      target: "/a",
      status: 404,
      pattern: "",
    },
    {
      name: "off: other methods are told",
      patterns: ["POST /a"],
      options: OFF,
      target: "/a",
      status: 405,
      pattern: "",
      allow: "POST",
    },

    {
      name: "a method that no pattern has",
      patterns: PAGES.slice(3),
      method: "PUT",
      target: "/only",
      status: 405,
      pattern: "",
      allow: "GET, HEAD",
    },
    {
      name: "methods are sorted",
      patterns: ["POST /p", "PATCH /p", "DELETE /p"],
      target: "/p",
      status: 405,
      pattern: "",
      allow: "DELETE, PATCH, POST",
    },
    {
      name: "those of the host and of any host",
      patterns: ["POST example.com/p", "PUT /p", "DELETE b.example/p"],
      target: "/p",
      status: 405,
      pattern: "",
      allow: "POST, PUT",
    },
    {
      name: "any method allows all",
      patterns: ["POST /p", "/p"],
      target: "/p",
      status: 200,
      pattern: "/p",
    },
    {
      name: "HEAD takes what GET has",
      patterns: ["GET /g"],
      method: "HEAD",
      target: "/g",
      status: 200,
      pattern: "GET /g",
    },

    {
      name: "a pattern with the host of the request",
      patterns: ["example.com/a", "/a"],
      target: "/a",
      status: 200,
      pattern: "example.com/a",
    },
    {
      name: "its port does not matter",
      patterns: ["example.com/a", "/a"],
      host: "example.com:8080",
      target: "/a",
      status: 200,
      pattern: "example.com/a",
    },
    {
      name: "nor its case",
      patterns: ["Example.com/a", "/a"],
      host: "eXample.COM:1",
      target: "/a",
      status: 200,
      pattern: "Example.com/a",
    },
    {
      name: "an IPv6 address",
      patterns: ["[::1]/a", "/a"],
      host: "[::1]",
      target: "/a",
      status: 200,
      pattern: "[::1]/a",
    },
    {
      name: "an IPv6 address with a port",
      patterns: ["[::1]/a", "/a"],
      host: "[::1]:80",
      target: "/a",
      status: 200,
      pattern: "[::1]/a",
    },
    {
      name: "a bracket that does not close is no host",
      patterns: ["[/a", "/a"],
      host: "[",
      target: "/a",
      status: 200,
      pattern: "/a",
    },
    {
      name: "another host",
      patterns: ["example.com/a", "/a"],
      host: "b.example",
      target: "/a",
      status: 200,
      pattern: "/a",
    },
    {
      name: "no host",
      patterns: ["example.com/a", "/a"],
      host: "",
      target: "/a",
      status: 200,
      pattern: "/a",
    },
    {
      name: "a host that is a part of another",
      patterns: ["example.com/a"],
      host: "www.example.com",
      target: "/a",
      status: 404,
      pattern: "",
    },
    {
      name: "a slash for any host does not outweigh the host's own",
      patterns: ["example.com/", "/a/"],
      target: "/a",
      status: 200,
      pattern: "example.com/",
    },
    {
      name: "the host's own slash outweighs a rest for any host",
      patterns: ["example.com/a/", "/"],
      target: "/a",
      status: 307,
      pattern: "example.com/a/",
      location: "/a/",
    },

    {
      name: "CONNECT has no path and meets nothing",
      patterns: PAGES,
      method: "CONNECT",
      target: "a.example:443",
      host: "a.example:443",
      status: 404,
      pattern: "",
    },
    {
      name: "CONNECT: a path is not cleaned",
      patterns: PAGES,
      method: "CONNECT",
      target: "/bar/../x",
      status: 200,
      pattern: "/bar/",
    },
    {
      name: "CONNECT: an unclean pattern is met",
      patterns: PAGES,
      method: "CONNECT",
      target: "//odd",
      status: 200,
      pattern: "//odd",
    },
    {
      name: "CONNECT: its slash is added",
      patterns: PAGES,
      method: "CONNECT",
      target: "/bar",
      status: 307,
      pattern: "/bar/",
      location: "/bar/",
    },
    {
      name: "CONNECT: to a clean path",
      patterns: ["//evil/"],
      method: "CONNECT",
      target: "//evil",
      status: 307,
      pattern: "//evil/",
      location: "/evil/",
    },
    {
      name: "CONNECT: never to two slashes",
      patterns: ["/./"],
      method: "CONNECT",
      target: "/.",
      status: 307,
      pattern: "/./",
      location: "/",
    },
    {
      name: "CONNECT: the port matters",
      patterns: ["example.com:9000/a"],
      method: "CONNECT",
      host: "example.com:9000",
      target: "/a",
      status: 200,
      pattern: "example.com:9000/a",
    },
    {
      name: "GET: a pattern with a port meets nothing",
      patterns: ["example.com:9000/a"],
      host: "example.com:9000",
      target: "/a",
      status: 404,
      pattern: "",
    },

    {
      name: "a star is no resource",
      patterns: ["/", "OPTIONS /"],
      method: "OPTIONS",
      target: "*",
      status: 400,
      pattern: "",
    },
  ],
  async ({ patterns, options, status, pattern = "", location, allow, ...asked }) => {
    const mux = new ServeMux(options);
    for (const text of patterns) mux.handle(text, (w) => void w.write(text));
    const answer = await ask(mux, asked);
    assert.is(answer.status, status);
    assert.is(answer.request.pattern, pattern);
    assert.is(answer.field("location"), location);
    assert.is(answer.field("allow"), allow);
    if (status === 200 && asked.method !== "HEAD") assert.is(answer.body, pattern);

    const request = requestOf(asked);
    const found = mux.handler(request);
    assert.is(found.pattern, pattern, "handler(r) says the same");
    assert.is(request.pattern, "", "and leaves the request as it was");
  },
);

test("the values of wildcards are decoded, and other names are empty", async () => {
  const mux = new ServeMux();
  const seen: string[] = [];
  mux.handle("/{a}/is/{b}/{c...}", (_, r) => {
    seen.push(...["a", "b", "c", "d"].map((name) => r.pathValue(name)));
    r.setPathValue("d", "set");
    seen.push(r.pathValue("d"));
  });
  await ask(mux, { target: "/n%6fw/is/the%2Ftime/for/all%20of?x" });
  assert.equal(seen, ["now", "the/time", "for/all of", "", "set"]);
});

test("the values of one request do not leak into another's", async () => {
  const mux = new ServeMux();
  const seen: string[] = [];
  mux.handle("/{a}/{b}", async (_, r) => {
    await Promise.resolve();
    seen.push(`${r.pathValue("a")} ${r.pathValue("b")}`);
  });
  await Promise.all([ask(mux, { target: "/1/2" }), ask(mux, { target: "/3/4" })]);
  assert.equal(seen, ["1 2", "3 4"]);
});

test("a mux is a handler of another mux, which sees the inner pattern at the end", async () => {
  const inner = new ServeMux();
  inner.handle("/api/{id}", (w, r) => void w.write(`${r.pattern} ${r.pathValue("id")}`));
  const outer = new ServeMux();
  outer.handle("/api/", inner);
  const answer = await ask(outer, { target: "/api/7" });
  assert.is(answer.body, "/api/{id} 7");
  assert.is(answer.request.pattern, "/api/{id}");
});

test("routes may be added while requests are served", async () => {
  const mux = new ServeMux();
  mux.handleFunc("/add", () => mux.handle("/added", (w) => void w.write("here")));
  assert.is((await ask(mux, { target: "/added" })).status, 404);
  await ask(mux, { target: "/add" });
  assert.is((await ask(mux, { target: "/added" })).body, "here");
});

test("what a handler returns is handed on, and nothing is made where it returns nothing", () => {
  const mux = new ServeMux();
  const promise = Promise.resolve();
  mux.handle("/async", () => promise);
  mux.handle("/sync", () => {});
  const w = undefined as unknown as Parameters<typeof mux.serveHTTP>[0];
  assert.is(mux.serveHTTP(w, requestOf({ target: "/async" })), promise);
  assert.is(mux.serveHTTP(w, requestOf({ target: "/sync" })), undefined);
});

test("handler(r) gives the handler as it was registered", () => {
  const mux = new ServeMux();
  const object: Handler = { serveHTTP: () => {} };
  const notFound: Handler = { serveHTTP: () => {} };
  mux.handle("/a", object);
  assert.is(mux.handler(requestOf({ target: "/a" })).handler, object);
  const other = new ServeMux({ notFound });
  assert.is(other.handler(requestOf({ target: "/a" })).handler, notFound);
});

test.run();
