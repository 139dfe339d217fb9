/**
 * stripPrefix: which targets begin with a prefix, and what is left of them.
 *
 * Rule of this file: the prefix is text, the target octets.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Request } from "../../../lib/message/mod.ts";
import { stripPrefix } from "../../../lib/server/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, withDeadline } from "../../kit.ts";

const test = suite("stripPrefix");

table(
  test,
  [
    { name: "the rest keeps its encoding", prefix: "/a", target: "/a/b%20c", expect: "/b%20c" },
    { name: "the query stays", prefix: "/a", target: "/a/b?/a/?x", expect: "/b?/a/?x" },
    {
      name: "an encoded letter is that letter",
      prefix: "/a b",
      target: "/%61%20b/c",
      expect: "/c",
    },
    { name: "UTF-8 is compared by octets", prefix: "/\u00e9", target: "/%C3%A9/c", expect: "/c" },
    { name: "an encoded slash is no slash", prefix: "/a/b", target: "/a%2Fb/c", expect: undefined },
    { name: "a slash is put where none is left", prefix: "/a/", target: "/a/b", expect: "/b" },
    { name: "nothing left is the root", prefix: "/a", target: "/a", expect: "/" },
    { name: "nothing but a query left", prefix: "/a", target: "/a?q", expect: "/?q" },
    { name: "another path is not found", prefix: "/a", target: "/b", expect: undefined },
    { name: "a shorter path is not found", prefix: "/a/b", target: "/a", expect: undefined },
    { name: "half an encoding is no match", prefix: "/a%2", target: "/a%25", expect: undefined },
    { name: "the empty prefix changes nothing", prefix: "", target: "/a", expect: "/a" },
    {
      name: "an absolute target keeps scheme and host",
      prefix: "/a",
      target: "https://h.example/a/b?c",
      expect: "https://h.example/b?c",
    },
    {
      name: "also where it ends with the host",
      prefix: "/",
      target: "https://h.example",
      expect: "https://h.example/",
    },
    {
      name: "the asterisk has no path",
      prefix: "/a",
      target: "*",
      method: "OPTIONS",
      expect: undefined,
    },
  ],
  async ({
    prefix,
    target,
    method,
    expect,
  }: {
    prefix: string;
    target: string;
    method?: string;
    expect: string | undefined;
    name: string;
  }) => {
    let seen: Request | undefined;
    const handler = stripPrefix(prefix, (_w, r) => void (seen = r));
    const { status } = await record(handler, newTestRequest(method ?? "GET", target));
    assert.is(status, expect === undefined ? 404 : 200);
    assert.is(seen?.target, expect);
  },
);

test(
  "the handler's request is a copy, with values and pattern",
  withDeadline(2000, async () => {
    const request = newTestRequest("GET", "/a/b");
    request.setPathValue("x", "1");
    let seen: Request | undefined;
    await record(
      stripPrefix("/a", (_w, r) => void (seen = r)),
      request,
    );
    assert.is(seen?.pathValue("x"), "1");
    assert.is(request.target, "/a/b");
    assert.is(seen?.host, "example.com");
  }),
);

test.run();
