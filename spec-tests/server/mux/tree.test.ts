/**
 * The routing tree: its pictures, and what it finds.
 *
 * Rule of this file: trees are made from lists of patterns; the leaves hold nothing else.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RoutingTree, parsePattern } from "../../../lib/server/mux/mod.ts";
import type { Leaf } from "../../../lib/server/mux/mod.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: tree");

table(
  test,
  [
    { name: "an empty tree has no picture", patterns: [], picture: [] },
    {
      name: "a node that only leads on has no pattern",
      patterns: ["/a/b/z", "/a/{x}/c"],
      picture: [
        "any host",
        "  any method",
        "    /a",
        "      /b",
        "        /z → /a/b/z",
        "      /{}",
        "        /c → /a/{x}/c",
      ],
    },
    {
      name: "end before literals, literals by name, wildcard and rest last",
      patterns: ["/a/{r...}", "/a/{x}", "/a/c", "/a/b", "/a/{$}", "/a"],
      picture: [
        "any host",
        "  any method",
        "    /a → /a",
        "      /{$} → /a/{$}",
        "      /b → /a/b",
        "      /c → /a/c",
        "      /{} → /a/{x}",
        "      /{...} → /a/{r...}",
      ],
    },
    {
      name: "hosts and methods by name, any of them first",
      patterns: ["b.example/", "POST /p", "GET /g", "/", "DELETE a.example/", "GET b.example/g"],
      picture: [
        "any host",
        "  any method",
        "    /{...} → /",
        "  GET",
        "    /g → GET /g",
        "  POST",
        "    /p → POST /p",
        "a.example",
        "  DELETE",
        "    /{...} → DELETE a.example/",
        "b.example",
        "  any method",
        "    /{...} → b.example/",
        "  GET",
        "    /g → GET b.example/g",
      ],
    },
    {
      name: "a host without patterns for any host",
      patterns: ["a.example/{x}"],
      picture: ["a.example", "  any method", "    /{} → a.example/{x}"],
    },
  ],
  ({ patterns, picture }) => {
    assert.is(treeOf(patterns).toString(), picture.join("\n"));
    assert.is(treeOf(patterns.toReversed()).toString(), picture.join("\n"), "in another order");
  },
);

const ITEMS = [
  "/item/",
  "POST /item/{user}",
  "GET /item/{user}",
  "/item/{user}",
  "/item/{user}/{id}",
  "/item/{user}/new",
  "/item/{$}",
  "POST alt.example/item/{user}",
  "GET /headwins",
  "HEAD /headwins",
  "/path/{p...}",
  "POST /only/{x}/a",
];
const BACK = ["/a/b/z", "/a/{x}/c", "/{y}/b/d", "/a/", "/a/b/{q}/{r}/e"];
const TEXTS = ["/é", "/a%2Fb/{x}", "/a%2Fb/{$}", "/%2F/x", "/{x}/plain"];

table(
  test,
  [
    {
      name: "a literal before a wildcard",
      patterns: ITEMS,
      path: "/item/jba/new",
      finds: "/item/{user}/new",
      values: ["jba"],
    },
    {
      name: "a wildcard where no literal fits",
      patterns: ITEMS,
      path: "/item/jba/17",
      finds: "/item/{user}/{id}",
      values: ["jba", "17"],
    },
    {
      name: "an end where the path ends with its slash",
      patterns: ITEMS,
      path: "/item/",
      finds: "/item/{$}",
    },
    { name: "a rest for all else", patterns: ITEMS, path: "/item/jba/17/line2", finds: "/item/" },
    {
      name: "a rest for a slash behind a wildcard",
      patterns: ITEMS,
      path: "/item/jba/",
      finds: "/item/",
    },
    {
      name: "a named rest",
      patterns: ITEMS,
      path: "/path/to/file",
      finds: "/path/{p...}",
      values: ["to/file"],
    },
    {
      name: "a named rest of nothing",
      patterns: ITEMS,
      path: "/path/",
      finds: "/path/{p...}",
      values: [""],
    },
    {
      name: "a named rest of slashes",
      patterns: ITEMS,
      path: "/path///",
      finds: "/path/{p...}",
      values: ["//"],
    },
    {
      name: "a star is a name like any other",
      patterns: ITEMS,
      path: "/path/*",
      finds: "/path/{p...}",
      values: ["*"],
    },
    {
      name: "a method before any method",
      patterns: ITEMS,
      path: "/item/jba",
      finds: "GET /item/{user}",
      values: ["jba"],
    },
    {
      name: "HEAD takes what GET has",
      patterns: ITEMS,
      method: "HEAD",
      path: "/item/jba",
      finds: "GET /item/{user}",
      values: ["jba"],
    },
    {
      name: "HEAD takes its own first",
      patterns: ITEMS,
      method: "HEAD",
      path: "/headwins",
      finds: "HEAD /headwins",
    },
    {
      name: "HEAD takes that for any method where GET has none",
      patterns: ITEMS,
      method: "HEAD",
      path: "/item/a/b",
      finds: "/item/{user}/{id}",
      values: ["a", "b"],
    },
    {
      name: "another method takes that for any",
      patterns: ITEMS,
      method: "PUT",
      path: "/item/jba",
      finds: "/item/{user}",
      values: ["jba"],
    },
    {
      name: "methods are compared with their case",
      patterns: ITEMS,
      method: "get",
      path: "/item/jba",
      finds: "/item/{user}",
      values: ["jba"],
    },
    {
      name: "a method whose paths do not fit",
      patterns: ITEMS,
      method: "POST",
      path: "/item/a/b",
      finds: "/item/{user}/{id}",
      values: ["a", "b"],
    },
    {
      name: "a host's own pattern before those for any host",
      patterns: ITEMS,
      method: "POST",
      host: "alt.example",
      path: "/item/jba",
      finds: "POST alt.example/item/{user}",
      values: ["jba"],
    },
    {
      name: "those for any host where the host has none",
      patterns: ITEMS,
      method: "GET",
      host: "alt.example",
      path: "/item/jba",
      finds: "GET /item/{user}",
      values: ["jba"],
    },
    {
      name: "another host",
      patterns: ITEMS,
      method: "POST",
      host: "b.example",
      path: "/item/jba",
      finds: "POST /item/{user}",
      values: ["jba"],
    },
    { name: "no pattern for the path", patterns: ITEMS, path: "/other" },
    { name: "no pattern for the method", patterns: ITEMS, path: "/only/x/a" },
    { name: "no pattern in an empty tree", patterns: [], path: "/" },
    { name: "an empty path leads nowhere", patterns: ["/", "/{x...}"], path: "" },
    { name: "a path may be shorter than a pattern", patterns: ["/a/b"], path: "/a" },
    { name: "a path may be longer than a pattern", patterns: ["/a"], path: "/a/b" },
    { name: "a literal that only begins like another", patterns: ["/abc"], path: "/ab" },
    { name: "a literal that another begins with", patterns: ["/ab"], path: "/abc" },
    { name: "a wildcard does not take the slash at the end", patterns: ["/a/{x}"], path: "/a/" },
    {
      name: "a wildcard takes an empty segment",
      patterns: ["/a/{x}/b"],
      path: "/a//b",
      finds: "/a/{x}/b",
      values: [""],
    },
    { name: "an empty literal is not a wildcard", patterns: ["//b"], path: "/a/b" },
    { name: "an empty literal", patterns: ["//b", "/{x}/b"], path: "//b", finds: "//b" },
    { name: "an end does not take more", patterns: ["/a/{$}"], path: "/a/b" },
    {
      name: "the search turns back from a literal to a wildcard",
      patterns: BACK,
      path: "/a/b/c",
      finds: "/a/{x}/c",
      values: ["b"],
    },
    {
      name: "it turns back over two levels",
      patterns: BACK,
      path: "/x/b/d",
      finds: "/{y}/b/d",
      values: ["x"],
    },
    {
      name: "it turns back to a rest, and wildcards on the way are forgotten",
      patterns: BACK,
      path: "/a/b/1/2/f",
      finds: "/a/",
    },
    {
      name: "wildcards keep their order",
      patterns: BACK,
      path: "/a/b/1/2/e",
      finds: "/a/b/{q}/{r}/e",
      values: ["1", "2"],
    },
    { name: "a text beyond ASCII, encoded", patterns: TEXTS, path: "/%C3%A9", finds: "/é" },
    { name: "a text beyond ASCII, as octets", patterns: TEXTS, path: "/\xc3\xa9", finds: "/é" },
    {
      name: "a wildcard's value is decoded",
      patterns: TEXTS,
      path: "/caf%c3%a9%2Fx/plain",
      finds: "/{x}/plain",
      values: ["café/x"],
    },
    {
      name: "a rest's value is decoded as a whole",
      patterns: ["/{r...}"],
      path: "/a%20b/c%2Fd",
      finds: "/{r...}",
      values: ["a b/c/d"],
    },
    {
      name: "octets are decoded in values where no literal has such",
      patterns: ["/{x}"],
      path: "/\xc3\xa9",
      finds: "/{x}",
      values: ["é"],
    },
    {
      name: "decoded once only",
      patterns: ["/{x}"],
      path: "/%2541",
      finds: "/{x}",
      values: ["%41"],
    },
    {
      name: "an encoded letter is that letter",
      patterns: ["/a", "/b/c", "/b/d"],
      path: "/%62/%64",
      finds: "/b/d",
    },
    {
      name: "an encoded slash is no slash",
      patterns: ["/a/b", "/{x}"],
      path: "/a%2Fb",
      finds: "/{x}",
      values: ["a/b"],
    },
    {
      name: "an encoded slash in a pattern",
      patterns: TEXTS,
      path: "/a%2fb/c",
      finds: "/a%2Fb/{x}",
      values: ["c"],
    },
    {
      name: "an encoded slash is not the end",
      patterns: TEXTS,
      path: "/a%2fb/%2f",
      finds: "/a%2Fb/{x}",
      values: ["/"],
    },
    { name: "a literal that is a slash", patterns: TEXTS, path: "/%2f/x", finds: "/%2F/x" },
    {
      name: "a text that is not UTF-8",
      patterns: ["/{x}"],
      path: "/%ff",
      finds: "/{x}",
      values: ["\ufffd"],
    },
  ].map((row) => ({ method: "GET", host: "", values: [], finds: undefined, ...row })),
  ({ patterns, method, host, path, finds, values }) => {
    const tree = treeOf(patterns);
    const reading = path.includes("%") ? "encoded" : "plain";
    for (const way of new Set([reading, "encoded"] as const)) {
      const leaf = tree.match(host, method, path, way);
      assert.is(leaf?.pattern.text, finds, way);
      const names = leaf?.pattern.names ?? [];
      assert.equal(
        names.map((_, i) => tree.wildcard(i)),
        values,
        way,
      );
    }
  },
);

table(
  test,
  [
    { name: "a trailing slash", patterns: ["/a/"], path: "/a", slashed: "/a/" },
    { name: "an end", patterns: ["/a/{$}"], path: "/a", slashed: "/a/{$}" },
    {
      name: "an end before a trailing slash",
      patterns: ["/a/{$}", "/a/"],
      path: "/a",
      slashed: "/a/{$}",
    },
    { name: "a named rest", patterns: ["/a/{r...}"], path: "/a", slashed: "/a/{r...}" },
    { name: "behind a wildcard", patterns: ["/{x}/", "/"], path: "/a", slashed: "/{x}/" },
    { name: "the more specific of two", patterns: ["/{x}/", "/a/"], path: "/a", slashed: "/a/" },
    { name: "of the own method", patterns: ["GET /a/", "/"], path: "/a", slashed: "GET /a/" },
    { name: "of the own host", patterns: ["h/a/", "/a/"], host: "h", path: "/a", slashed: "h/a/" },
    { name: "none for another method", patterns: ["POST /a/"], path: "/a" },
    { name: "none for a path with a slash", patterns: ["/a/"], path: "/a/" },
    { name: "none below a trailing slash", patterns: ["/a/"], path: "/a/b" },
    { name: "none for an empty path", patterns: ["/"], path: "" },
    { name: "none where a pattern ends at the path", patterns: ["/a", "/a/"], path: "/a" },
  ].map((row) => ({ host: "", slashed: undefined, ...row })),
  ({ patterns, host, path, slashed }) => {
    const tree = treeOf(patterns);
    tree.match(host, "GET", path, "plain");
    assert.is(tree.slashed?.pattern.text, slashed);
    tree.match(host, "GET", "/nothing/like/it", "plain");
    assert.is(tree.slashed, undefined, "it is forgotten with the next search");
  },
);

const MIXED = [
  "GET a.example/",
  "PUT b.example/",
  "POST /foo/{x}",
  "DELETE /foo/",
  "/any",
  "PATCH /é",
];

table(
  test,
  [
    { name: "GET brings HEAD", patterns: ["GET /"], path: "/a", methods: "GET, HEAD" },
    { name: "others come alone", patterns: ["POST /"], path: "/a", methods: "POST" },
    {
      name: "sorted, of the host and of any",
      patterns: MIXED,
      host: "b.example",
      path: "/foo/x",
      methods: "DELETE, POST, PUT",
    },
    { name: "of no other host", patterns: MIXED, path: "/foo", methods: "" },
    {
      name: "a slash forgiven",
      patterns: MIXED,
      path: "/foo",
      slash: "forgiven",
      methods: "DELETE",
    },
    { name: "a pattern for any method is none", patterns: MIXED, path: "/any", methods: "" },
    { name: "a path that is decoded", patterns: MIXED, path: "/%c3%a9", methods: "PATCH" },
    { name: "an empty path", patterns: MIXED, path: "", methods: "" },
    { name: "an empty tree", patterns: [], path: "/", methods: "" },
  ].map((row) => ({ host: "", slash: "required", ...row })),
  ({ patterns, host, path, slash, methods }) => {
    const found = treeOf(patterns).methods(host, path, slash as "required" | "forgiven");
    assert.is(found.join(", "), methods);
  },
);

test("a tree tells if it has hosts", () => {
  assert.is(treeOf(["/"]).hasHosts, false);
  assert.is(treeOf(["/", "a.example/"]).hasHosts, true);
});

test("no path makes the search visit a node twice", () => {
  // Each level has the literal a and a wildcard, and no pattern ends: 2^12 ways, and as many nodes.
  const depth = 12;
  const patterns: string[] = [];
  for (let bits = 0; bits < 2 ** depth; bits++) {
    const segments = Array.from({ length: depth }, (_, i) => ((bits >> i) & 1 ? "a" : `{w${i}}`));
    patterns.push(`/${segments.join("/")}/${bits}`);
  }
  const tree = treeOf(patterns);
  const started = process.cpuUsage();
  for (let i = 0; i < 10; i++) {
    assert.is(tree.match("", "GET", `${"/a".repeat(depth)}/none`, "plain"), undefined);
    assert.is(tree.match("", "GET", "/a".repeat(8000), "plain"), undefined);
  }
  const { user, system } = process.cpuUsage(started);
  assert.ok((user + system) / 1000 < 500, `${(user + system) / 1000} ms for 20 searches`);
});

function treeOf(patterns: readonly string[]): RoutingTree<Leaf> {
  const tree = new RoutingTree<Leaf>();
  for (const pattern of patterns) tree.add({ pattern: parsePattern(pattern) });
  return tree;
}

test.run();
