/**
 * Patterns parsed, and each way in which one can be wrong.
 *
 * Rule of this file: segments are written as the picture of the tree writes them.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MuxError, parsePattern } from "../../../lib/server/mux/mod.ts";
import type { Segment } from "../../../lib/server/mux/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("server/mux: pattern");

table(
  test,
  [
    { name: "the root takes everything", input: "/", segments: "{...}" },
    { name: "the root alone", input: "/{$}", segments: "{$}" },
    { name: "a literal", input: "/a", segments: "a" },
    { name: "literals", input: "/path/to/something", segments: "path to something" },
    { name: "a trailing slash is a rest without a name", input: "/a/", segments: "a {...}" },
    { name: "a wildcard", input: "/{a}", segments: "{a}", names: ["a"] },
    {
      name: "wildcards between literals",
      input: "/{w1}/lit/{w2}",
      segments: "{w1} lit {w2}",
      names: ["w1", "w2"],
    },
    { name: "a rest with a name", input: "/{a}/{b...}", segments: "{a} {b...}", names: ["a", "b"] },
    { name: "a path that ends with its slash", input: "/foo/{$}", segments: "foo {$}" },
    {
      name: "a name beyond ASCII",
      input: "/{größe_2}/{_}",
      segments: "{größe_2} {_}",
      names: ["größe_2", "_"],
    },
    { name: "an empty segment", input: "//", segments: " {...}" },
    { name: "dot segments", input: "/./..", segments: ". .." },
    { name: "encodings in literals", input: "/%61%62/%7b/%", segments: "ab { %" },
    { name: "an encoded slash does not end a path", input: "/a/%2F", segments: "a /" },
    { name: "a closing brace alone", input: "/a}", segments: "a}" },
    { name: "a method", input: "GET /", method: "GET", segments: "{...}" },
    {
      name: "any token is a method, as it is written",
      input: "pAt!CH /",
      method: "pAt!CH",
      segments: "{...}",
    },
    { name: "tabs and blanks after the method", input: "GET\t  /a", method: "GET", segments: "a" },
    { name: "blanks in front", input: " \t/a", segments: "a" },
    { name: "a blank in the path", input: "GET /a b", method: "GET", segments: "a b" },
    { name: "a host", input: "a.example/b", host: "a.example", segments: "b" },
    {
      name: "hosts are taken in lower case",
      input: "A.Example/B",
      host: "a.example",
      segments: "B",
    },
    {
      name: "a host with its port",
      input: "a.example:3000/",
      host: "a.example:3000",
      segments: "{...}",
    },
    { name: "an IPv6 address", input: "[::1]/", host: "[::1]", segments: "{...}" },
    {
      name: "all at once",
      input: "POST a.example/x/{y}",
      method: "POST",
      host: "a.example",
      segments: "x {y}",
      names: ["y"],
    },
    {
      name: "CONNECT with an unclean path",
      input: "CONNECT //a/../b",
      method: "CONNECT",
      segments: " a .. b",
    },
  ],
  ({ input, method, host, segments, names = [] }) => {
    const pattern = parsePattern(input);
    assert.is(pattern.text, input);
    assert.is(pattern.method, method);
    assert.is(pattern.host, host);
    assert.is(pattern.segments.map(shown).join(" "), segments);
    assert.equal(pattern.names, names);
  },
);

table(
  test,
  [
    { name: "nothing", input: "", words: "empty pattern" },
    { name: "a method that is no token", input: "A=B /", offset: 0, words: 'invalid method "A=B"' },
    {
      name: "a word that is no method",
      input: "a.example/b c",
      offset: 0,
      words: 'invalid method "a.example/b"',
    },
    { name: "no path", input: " ", offset: 1, words: "host/path missing /" },
    { name: "a method only", input: "GET ", offset: 4, words: "host/path missing /" },
    { name: "a host only", input: "example.com", offset: 0, words: "host/path missing /" },
    {
      name: "a host after a method",
      input: "GET  a.example",
      offset: 5,
      words: "host/path missing /",
    },
    {
      name: "a wildcard in the host",
      input: "GET a{b}/",
      offset: 5,
      words: "host contains '{' (missing initial '/'?)",
    },
    {
      name: "a wildcard that does not begin its segment",
      input: "/a/b{c}",
      offset: 3,
      words: "bad wildcard segment (must start with '{')",
    },
    {
      name: "a wildcard that does not end its segment",
      input: "/{w}x",
      offset: 1,
      words: "bad wildcard segment (must end with '}')",
    },
    {
      name: "an open brace at the end",
      input: "/{w",
      offset: 1,
      words: "bad wildcard segment (must end with '}')",
    },
    {
      name: "braces over two segments",
      input: "/a/{/}/c",
      offset: 3,
      words: "bad wildcard segment (must end with '}')",
    },
    { name: "a wildcard without a name", input: "/{}", offset: 1, words: "empty wildcard" },
    { name: "a rest without a name", input: "/a/{...}", offset: 3, words: "empty wildcard" },
    {
      name: "offsets count from the very beginning",
      input: "POST a.com/x/{}/y",
      offset: 13,
      words: "empty wildcard",
    },
    {
      name: "an encoding in a name",
      input: "/a/{%61}/c",
      offset: 3,
      words: 'bad wildcard name "%61"',
    },
    { name: "a digit first in a name", input: "/{1a}", offset: 1, words: 'bad wildcard name "1a"' },
    { name: "the end sign in a rest", input: "/{$...}", offset: 1, words: 'bad wildcard name "$"' },
    { name: "a brace in a name", input: "/{a{}", offset: 1, words: 'bad wildcard name "a{"' },
    { name: "an end before the end", input: "/abc/{$}/x", offset: 5, words: "{$} not at end" },
    { name: "an end before a slash", input: "/{$}/", offset: 1, words: "{$} not at end" },
    {
      name: "a rest before the end",
      input: "/a/{b...}/c",
      offset: 3,
      words: "{...} wildcard not at end",
    },
    { name: "a name twice", input: "/{a}/b/{a}", offset: 7, words: 'duplicate wildcard name "a"' },
    {
      name: "a name twice, once for a rest",
      input: "/{a}/{a...}",
      offset: 5,
      words: 'duplicate wildcard name "a"',
    },
    {
      name: "empty segments after a method",
      input: "GET //",
      offset: 4,
      words: "non-CONNECT pattern with unclean path can never match",
    },
    {
      name: "dots after a method",
      input: "GET  a.example/b/../c",
      offset: 14,
      words: "non-CONNECT pattern with unclean path can never match",
    },
  ],
  ({ input, offset, words }) => {
    const error = throwsCode(() => parsePattern(input), "bad-pattern");
    assert.instance(error, MuxError);
    assert.is((error as MuxError).offset, offset);
    assert.is((error as MuxError).pattern, input);
    const where =
      offset === undefined ? "" : `parsing ${JSON.stringify(input)}: at offset ${offset}: `;
    assert.is(error.message, `this is not a pattern: ${where}${words}`);
  },
);

function shown(segment: Segment): string {
  switch (segment.kind) {
    case "literal":
      return segment.text;
    case "wild":
      return `{${segment.name}}`;
    case "rest":
      return `{${segment.name}...}`;
    case "end":
      return "{$}";
  }
}

test.run();
