/**
 * redirect: where a reference leads, and what is said about it.
 *
 * Rule of this file: Go's cases are in the vectors; here is what browsers could misread, and the rest.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { redirect, redirectHandler } from "../../../lib/server/mod.ts";
import { locationFor } from "../../../lib/server/handlers/redirect.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, withDeadline } from "../../kit.ts";

const test = suite("redirect");

table(
  test,
  [
    {
      name: "an absolute URL stays",
      base: "/a",
      to: "https://b.example/../x",
      expect: "https://b.example/../x",
    },
    {
      name: "so does a host without a scheme",
      base: "/a",
      to: "//b.example/x",
      expect: "//b.example/x",
    },
    { name: "three slashes name no host", base: "/a", to: "///b.example", expect: "/b.example" },
    { name: "a backslash is no slash", base: "/a", to: "/\\b.example", expect: "/%5cb.example" },
    {
      name: "nor behind a slash that is cleaned",
      base: "/a",
      to: "/.//\\b.example",
      expect: "/%5cb.example",
    },
    { name: "two dots do not climb out", base: "/a/b", to: "../../../c/", expect: "/c/" },
    { name: "a name replaces the last segment", base: "/a/b", to: "c", expect: "/a/c" },
    { name: "the query is not cleaned", base: "/a/", to: "x?q=/../y", expect: "/a/x?q=/../y" },
    { name: "nor the fragment", base: "/a/", to: "x#/../y?", expect: "/a/x#/../y?" },
    {
      name: "a query alone stays on the page",
      section: "RFC 3986 §5.2.2",
      base: "/a/b",
      to: "?q",
      expect: "/a/b?q",
    },
    { name: "nothing is the directory", section: "as Go", base: "/a/b", to: "", expect: "/a/" },
    {
      name: "a space is encoded, wherever it stands",
      section: "RFC 9110 §10.2.2",
      base: "/a",
      to: "/b c?d e#f g",
      expect: "/b%20c?d%20e#f%20g",
    },
    {
      name: "also in an absolute URL",
      base: "/a",
      to: "https://b.example/c d",
      expect: "https://b.example/c%20d",
    },
    {
      name: "raw octets of the base are octets",
      base: "/\xe9/",
      to: "\u00e9",
      expect: "/%e9/%c3%a9",
    },
    {
      name: "a tab is no way to two slashes",
      base: "/a",
      to: "/\t/b.example",
      expect: "/%09/b.example",
    },
    {
      name: "a request for //b.example does not lead there",
      base: "//b.example/",
      to: "?q",
      expect: "/b.example/?q",
    },
    { name: "nor by nothing", base: "//b.example/c", to: "", expect: "/b.example/" },
    {
      name: "nor by a backslash of its own",
      base: "/\\b.example/c",
      to: "d",
      expect: "/%5cb.example/d",
    },
    { name: "an encoded base is not decoded", base: "/a%2Fb/", to: "c", expect: "/a%2Fb/c" },
    { name: "a request without a path has the root", base: "", to: "c", expect: "/c" },
    {
      name: "a colon in the first segment is left to the client",
      base: "/a/",
      to: "b:c",
      expect: "b:c",
    },
    { name: "a colon later is part of a name", base: "/a/", to: "x/b:c", expect: "/a/x/b:c" },
    {
      name: "other scripts are encoded",
      base: "/",
      to: "/\u00e9?\u00e9",
      expect: "/%c3%a9?%c3%a9",
    },
  ],
  ({ base, to, expect }) => assert.is(locationFor(base, to), expect),
);

table(
  test,
  [
    {
      name: "GET gets a page with the link",
      method: "GET",
      body: '<a href="/x?a&amp;&#34;&#39;&lt;&gt;">See Other</a>.\n\n',
    },
    { name: "HEAD hears of it", method: "HEAD", body: "" },
    { name: "POST gets none", method: "POST", body: "" },
  ],
  async ({ method, body }) => {
    const { status, header, text } = await record(
      redirectHandler(`/x?a&"'<>`, 303),
      newTestRequest(method, "/"),
    );
    assert.is(status, 303);
    assert.is(header.get("location"), `/x?a&"'<>`);
    assert.is(
      header.get("content-type"),
      method === "POST" ? undefined : "text/html; charset=utf-8",
    );
    assert.is(text, body);
  },
);

test(
  "a line end in the target fails the handler, and splits no answer",
  withDeadline(2000, async () => {
    const { status, error, wire } = await record(
      (w, r) => redirect(w, r, "/x\r\nSet-Cookie: a=b", 302),
      newTestRequest("GET", "/"),
    );
    assert.is(status, 500);
    assert.is((error as { code?: string }).code, "bad-field-value");
    assert.not.match(wire, /Set-Cookie/);
  }),
);

test.run();
