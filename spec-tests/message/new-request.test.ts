/**
 * Requests made from a URL: what they say, and what is refused.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newRequest } from "../../lib/message/mod.ts";
import { table, throwsCode } from "../kit.ts";

const it = suite("message/new-request");

table(
  it,
  [
    {
      name: "an empty method is GET",
      method: "",
      url: "http://a.example/b?c=d",
      expect: { method: "GET", target: "http://a.example/b?c=d", host: "a.example", path: "/b" },
    },
    {
      name: "an empty port is left out of the Host",
      section: "9110 §4.2.1",
      method: "PUT",
      url: "http://a.example:/",
      expect: { method: "PUT", target: "http://a.example:/", host: "a.example", path: "/" },
    },
    {
      name: "a fragment is not sent",
      section: "9110 §4.2.5",
      method: "GET",
      url: "https://a.example/b#c",
      expect: { method: "GET", target: "https://a.example/b", host: "a.example", path: "/b" },
    },
    {
      name: "user information is no part of the Host",
      section: "9110 §4.2.4",
      method: "GET",
      url: "http://u:p@a.example/",
      expect: { method: "GET", target: "http://u:p@a.example/", host: "a.example", path: "/" },
    },
  ],
  ({ method, url, expect }) => {
    const r = newRequest(method, url);
    assert.equal({ method: r.method, target: r.target, host: r.host, path: r.path }, expect);
    assert.is(r.contentLength, 0);
  },
);

table(
  it,
  [
    {
      name: "a method that is no token is refused",
      method: "a b",
      url: "http://a/",
      code: "bad-method",
    },
    {
      name: "a URL without a host is refused",
      method: "GET",
      url: "http:///b",
      code: "bad-target",
    },
    { name: "a path alone is refused", method: "GET", url: "/b", code: "bad-target" },
    {
      name: "a line end in the URL is refused",
      method: "GET",
      url: "http://a/\r\nX: 1",
      code: "bad-target",
    },
  ],
  ({ method, url, code }) => {
    throwsCode(() => newRequest(method, url), code);
  },
);

it("a body brings its length, its type, and a way to get it again", async () => {
  const r = newRequest("POST", "http://a/", new URLSearchParams({ b: "c" }));
  assert.is(r.contentLength, 3);
  assert.is(r.header.get("content-type"), "application/x-www-form-urlencoded");
  assert.is(await r.body.text(), "b=c");
  assert.is(await r.getBody?.().text(), "b=c");
});

it("a type in the header stays", () => {
  const header = { "Content-Type": "text/x" };
  const r = newRequest("POST", "http://a/", new URLSearchParams({ b: "c" }), { header });
  assert.equal(r.header.values("content-type"), ["text/x"]);
});

it("the signal is the caller's", () => {
  const { signal } = new AbortController();
  assert.is(newRequest("GET", "http://a/", undefined, { signal }).signal, signal);
  assert.is(newRequest("GET", "http://a/").signal.aborted, false);
});

it.run();
