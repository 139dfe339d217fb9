/**
 * The five relations, conflicts, and the descriptions of them, for every shape that a conflict can have.
 *
 * Rule of this file: each relation is tried both ways round, and each example path is given to a tree.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  RoutingTree,
  commonPath,
  compareMethods,
  comparePaths,
  conflicts,
  describeConflict,
  differencePath,
  parsePattern,
  relationOf,
} from "../../../lib/server/mux/mod.ts";
import type { PatternRelation } from "../../../lib/server/mux/mod.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: relation");

const INVERSE: Readonly<Record<PatternRelation, PatternRelation>> = {
  equivalent: "equivalent",
  moreGeneral: "moreSpecific",
  moreSpecific: "moreGeneral",
  disjoint: "disjoint",
  overlaps: "overlaps",
};

interface Pair {
  readonly first: string;
  readonly second: string;
  readonly expect: PatternRelation;
}

const METHODS: readonly Pair[] = [
  { first: "/", second: "/", expect: "equivalent" },
  { first: "GET /", second: "GET /", expect: "equivalent" },
  { first: "GET /", second: "/", expect: "moreSpecific" },
  { first: "HEAD /", second: "/", expect: "moreSpecific" },
  { first: "GET /", second: "HEAD /", expect: "moreGeneral" },
  { first: "GET /", second: "POST /", expect: "disjoint" },
  { first: "HEAD /", second: "POST /", expect: "disjoint" },
  { first: "get /", second: "GET /", expect: "disjoint" },
];

const PATHS: readonly Pair[] = [
  { first: "/a", second: "/a", expect: "equivalent" },
  { first: "/a", second: "/%61", expect: "equivalent" },
  { first: "/a", second: "/b", expect: "disjoint" },
  { first: "/a", second: "/a/b", expect: "disjoint" },
  { first: "/a", second: "/a/", expect: "disjoint" },
  { first: "/a", second: "/a/{$}", expect: "disjoint" },
  { first: "/a", second: "/{x}", expect: "moreSpecific" },
  { first: "/a", second: "/", expect: "moreSpecific" },
  { first: "/a/b", second: "/{x...}", expect: "moreSpecific" },
  { first: "/{x}", second: "/{y}", expect: "equivalent" },
  { first: "/{x}", second: "/{$}", expect: "disjoint" },
  { first: "/{x}", second: "/{y}/{z}", expect: "disjoint" },
  { first: "/{x}", second: "/", expect: "moreSpecific" },
  { first: "/{x}", second: "//", expect: "disjoint" },
  { first: "/{x}/", second: "//", expect: "moreGeneral" },
  { first: "/{$}", second: "/{$}", expect: "equivalent" },
  { first: "/{$}", second: "/", expect: "moreSpecific" },
  { first: "/{$}", second: "/%2F", expect: "disjoint" },
  { first: "/a/", second: "/a/{x...}", expect: "equivalent" },
  { first: "/a/", second: "/a/b/", expect: "moreGeneral" },
  { first: "/a/", second: "/b/", expect: "disjoint" },
  { first: "/a/", second: "/b/c/d", expect: "disjoint" },
  { first: "/{z}/a", second: "/b/{y}", expect: "overlaps" },
  { first: "/a/{z}/", second: "/{z}/a/", expect: "overlaps" },
  { first: "/a/", second: "/{z}/{$}", expect: "overlaps" },
  { first: "/a/", second: "/{z}/b", expect: "overlaps" },
  { first: "/{x}/", second: "/a/b/c", expect: "moreGeneral" },
  { first: "/{x}/b/", second: "/a/{y}/c", expect: "overlaps" },
  { first: "/{x}/b/c", second: "/a/{y}/d", expect: "disjoint" },
];

const pair = ({ first, second, expect }: Pair) => ({
  name: `${first} is ${expect} compared with ${second}`,
  one: parsePattern(first),
  two: parsePattern(second),
  expect,
});

table(test, METHODS.map(pair), ({ one, two, expect }) => {
  assert.is(compareMethods(one.method, two.method), expect);
  assert.is(compareMethods(two.method, one.method), INVERSE[expect]);
});

table(test, PATHS.map(pair), ({ one, two, expect }) => {
  assert.is(comparePaths(one, two), expect);
  assert.is(comparePaths(two, one), INVERSE[expect]);
});

table(
  test,
  [
    { first: "/a", second: "/a", expect: "equivalent" },
    { first: "/a", second: "/{x}", expect: "moreSpecific" },
    { first: "GET /a", second: "/{x}", expect: "moreSpecific" },
    { first: "GET /a", second: "/a", expect: "moreSpecific" },
    { first: "GET /a", second: "POST /a", expect: "disjoint" },
    { first: "GET /a", second: "POST /{x}", expect: "disjoint" },
    { first: "GET /{x}", second: "/a", expect: "overlaps" },
    { first: "GET /a", second: "HEAD /{x}", expect: "overlaps" },
    { first: "GET /{x}/a", second: "/b/{x}", expect: "overlaps" },
    { first: "GET /a", second: "/b", expect: "disjoint" },
    { first: "a.example/b", second: "b.example/b", expect: "disjoint" },
    { first: "a.example/b", second: "/b", expect: "disjoint" },
    { first: "a.example/b", second: "A.EXAMPLE/b", expect: "equivalent" },
  ].map((row) => pair(row as Pair)),
  ({ one, two, expect }) => {
    assert.is(relationOf(one, two), expect);
    assert.is(relationOf(two, one), INVERSE[expect]);
    const wanted = expect === "equivalent" || expect === "overlaps";
    assert.is(conflicts(one, two), wanted);
    assert.is(conflicts(two, one), wanted);
  },
);

table(
  test,
  [
    {
      name: "the same requests",
      first: "/a/{x}",
      second: "/a/{y}",
      says: "/a/{x} matches the same requests as /a/{y}",
    },
    {
      name: "the same requests with method and host",
      first: "GET h/",
      second: "GET H/{m...}",
      says: "GET h/ matches the same requests as GET H/{m...}",
    },
    {
      name: "paths that overlap",
      first: "/a/{x}",
      second: "/{y}/b",
      says: [
        '/a/{x} and /{y}/b both match some paths, like "/a/b".',
        "But neither is more specific than the other.",
        `/a/{x} matches "/a/x", but /{y}/b doesn't.`,
        `/{y}/b matches "/y/b", but /a/{x} doesn't.`,
      ].join("\n"),
    },
    {
      name: "paths that overlap, and one method",
      first: "GET /a/{x}",
      second: "/{y}/b",
      says: [
        'GET /a/{x} and /{y}/b both match some paths, like "/a/b".',
        "But neither is more specific than the other.",
        `GET /a/{x} matches "/a/x", but /{y}/b doesn't.`,
        `/{y}/b matches "/y/b", but GET /a/{x} doesn't.`,
      ].join("\n"),
    },
    {
      name: "more methods but a more specific path",
      first: "/a",
      second: "GET /{x}",
      says: "/a matches more methods than GET /{x}, but has a more specific path pattern",
    },
    {
      name: "GET is more than HEAD",
      first: "GET /a",
      second: "HEAD /",
      says: "GET /a matches more methods than HEAD /, but has a more specific path pattern",
    },
    {
      name: "fewer methods but a more general path",
      first: "POST /",
      second: "/a",
      says: "POST / matches fewer methods than /a, but has a more general path pattern",
    },
  ],
  ({ first, second, says }) => {
    const text = describeConflict(
      { pattern: parsePattern(first), place: "a.ts:1" },
      { pattern: parsePattern(second), place: "unknown location" },
    );
    assert.is(
      text,
      `pattern "${first}" (registered at a.ts:1) conflicts with pattern "${second}" ` +
        `(registered at unknown location):\n${says}`,
    );
  },
);

table(
  test,
  [
    {
      name: "literals on both sides",
      first: "/a/{x}",
      second: "/{y}/b",
      common: "/a/b",
      only: "/a/x",
    },
    {
      name: "a wildcard with the name of the literal",
      first: "/a/{b}",
      second: "/{y}/b",
      common: "/a/b",
      only: "/a/bx",
    },
    {
      name: "wildcards at the same place",
      first: "/{p}/a/{x}",
      second: "/{q}/{y}/b",
      common: "/p/a/b",
      only: "/p/a/x",
    },
    {
      name: "the same literal at the same place",
      first: "/p/a/{x}",
      second: "/p/{y}/b",
      common: "/p/a/b",
      only: "/p/a/x",
    },
    {
      name: "rests on both sides",
      first: "/a/{x}/",
      second: "/{y}/b/",
      common: "/a/b/",
      only: "/a/x/",
    },
    {
      name: "the rest of the shorter one",
      first: "/a/",
      second: "/{y}/b",
      common: "/a/b",
      only: "/a/",
    },
    {
      name: "the rest of the longer one",
      first: "/a/{x}/{r...}",
      second: "/{y}/b/",
      common: "/a/b/",
      only: "/a/x/",
    },
    {
      name: "a wildcard beside a rest",
      first: "/a/{x}/{z}/c",
      second: "/{y}/b/",
      common: "/a/b/z/c",
      only: "/a/x/z/c",
    },
    {
      name: "a rest beside a wildcard",
      first: "/{y}/b/",
      second: "/a/{x}/{z}/c",
      common: "/a/b/z/c",
      only: "/y/b/",
    },
    { name: "a rest beside an end", first: "/a/", second: "/{y}/{$}", common: "/a/", only: "/a/x" },
    {
      name: "a named rest beside an end",
      first: "/a/{r...}",
      second: "/{y}/{$}",
      common: "/a/",
      only: "/a/r",
    },
    { name: "an end beside a rest", first: "/{y}/{$}", second: "/a/", common: "/a/", only: "/y/" },
    {
      name: "ends on both sides",
      first: "/a/{x}/{$}",
      second: "/{y}/b/{$}",
      common: "/a/b/",
      only: "/a/x/",
    },
    {
      name: "literals that are not plain",
      first: "/ä%20b/{x}",
      second: "/{y}/c%2fd",
      common: "/%c3%a4%20b/c%2fd",
      only: "/%c3%a4%20b/x",
    },
    {
      name: "names that are not plain",
      first: "/a/{größe}",
      second: "/{y}/gr%C3%B6%C3%9Fe",
      common: "/a/gr%c3%b6%c3%9fe",
      only: "/a/gr%c3%b6%c3%9fex",
    },
    {
      name: "empty literals",
      first: "/{x}/a/b",
      second: "//{y}/b",
      common: "//a/b",
      only: "/x/a/b",
    },
  ],
  ({ first, second, common, only }) => {
    const [one, two] = [parsePattern(first), parsePattern(second)];
    assert.is(comparePaths(one, two), "overlaps");
    assert.is(commonPath(one, two), common);
    assert.is(differencePath(one, two), only);
    const matches = (pattern: string, path: string): boolean => {
      const tree = new RoutingTree();
      tree.add({ pattern: parsePattern(pattern) });
      return tree.match("", "GET", path, "encoded") !== undefined;
    };
    assert.ok(matches(first, common) && matches(second, common), "both match the common path");
    const turned = commonPath(two, one);
    assert.ok(matches(first, turned) && matches(second, turned), turned);
    const other = differencePath(two, one);
    assert.ok(matches(first, only) && !matches(second, only), only);
    assert.ok(matches(second, other) && !matches(first, other), other);
  },
);

test.run();
