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

it("a refused URL is shown without its password", () => {
  const { message } = throwsCode(() => newRequest("GET", "http://u:secret@a b/"), "bad-target");
  assert.not.match(message, "secret");
  assert.match(message, "http://***@a b/");
});

it("a form brings its length, its type with the boundary, and a way to get it again", async () => {
  const form = new FormData();
  form.append("b", "c");
  const r = newRequest("POST", "http://a/", form);
  assert.match(r.header.get("content-type") ?? "", /^multipart\/form-data; boundary=/);
  const content = await r.body.text();
  assert.is(r.contentLength, content.length);
  assert.is(await r.getBody?.().text(), content);
});

it("spaces and what is not ASCII are encoded in path and query (Go: URL.EscapedPath)", () => {
  const r = newRequest("GET", "http://a/caf\u00e9 \u{1f600}?\u0100 %20+#\u00e9");
  assert.is(r.target, "http://a/caf%C3%A9%20%F0%9F%98%80?%C4%80%20%20+");
  assert.is(newRequest("GET", "http://a?b c").target, "http://a?b%20c");
  assert.is(newRequest("GET", "http://a/\ud800").target, "http://a/%EF%BF%BD");
});

it("controls are not encoded but refused, and nothing is encoded in a host", () => {
  for (const url of [
    "http://a/\t",
    "http://a/\r\nX: 1",
    "http://a/\x7f",
    "http://a b/",
    "http://\u00e9 b/",
    "http://\u00e9:8:9/",
    "http://\u00e9\\b/",
    "http://\u00e9%2f/",
  ]) {
    throwsCode(() => newRequest("GET", url), "bad-target");
  }
});

it("a host beyond ASCII is written as DNS has it, with its port and its user", () => {
  const r = newRequest("GET", "http://u:p@b\u00fccher.example:81?q");
  assert.is(r.target, "http://u:p@xn--bcher-kva.example:81?q");
  assert.is(r.host, "xn--bcher-kva.example:81");
});

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
