/**
 * Finding the pattern that conflicts: the same answer as asking all of them, with far fewer questions.
 *
 * Rule of this file: lists of patterns made from a few segments, tried against each other.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findConflict } from "../../../lib/server/mux/index.ts";
import { RoutingTree, conflicts, parsePattern, relationOf } from "../../../lib/server/mux/mod.ts";
import type { Leaf, Pattern } from "../../../lib/server/mux/mod.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: index");

table(
  test,
  [
    { name: "the same pattern", old: ["/a/b"], add: "/a/b", finds: "/a/b" },
    { name: "the same end", old: ["/a/{$}", "/a/"], add: "/a/{$}", finds: "/a/{$}" },
    { name: "the same rest", old: ["/a/{$}", "/a/{x}", "/a/b"], add: "/a/", finds: undefined },
    { name: "a rest and another", old: ["/a/{$}", "/a/"], add: "/a/{x...}", finds: "/a/" },
    { name: "a literal against a wildcard", old: ["/{x}/b"], add: "/a/{y}", finds: "/{x}/b" },
    {
      name: "a wildcard against a literal",
      old: ["/c/d", "/a/{y}"],
      add: "/{x}/b",
      finds: "/a/{y}",
    },
    {
      name: "a wildcard against a wildcard",
      old: ["/a/c", "/{y}/b"],
      add: "/{x}/b",
      finds: "/{y}/b",
    },
    {
      name: "a rest against an end below a wildcard",
      old: ["/{x}/{$}"],
      add: "/a/",
      finds: "/{x}/{$}",
    },
    {
      name: "a rest against a literal below a wildcard",
      old: ["/{x}/b/c"],
      add: "/a/",
      finds: "/{x}/b/c",
    },
    {
      name: "a rest against an end at its place",
      old: ["GET /a/{$}"],
      add: "HEAD /a/",
      finds: "GET /a/{$}",
    },
    {
      name: "a narrower method against an end at its place",
      old: ["/a/{$}"],
      add: "GET /a/",
      finds: "/a/{$}",
    },
    {
      name: "a narrower method against a rest far below",
      old: ["/a/b/{c}/d/"],
      add: "GET /a/",
      finds: "/a/b/{c}/d/",
    },
    {
      name: "a rest far above against a narrower method",
      old: ["GET /"],
      add: "/a/b/c",
      finds: "GET /",
    },
    { name: "HEAD against GET", old: ["GET /foo"], add: "HEAD /", finds: "GET /foo" },
    { name: "any method against one", old: ["GET /{x}"], add: "/a", finds: "GET /{x}" },
    { name: "other methods never", old: ["GET /a", "POST /b"], add: "PUT /a", finds: undefined },
    { name: "other hosts never", old: ["a.example/a", "/a"], add: "b.example/a", finds: undefined },
    { name: "the host's own", old: ["a.example/a"], add: "A.example/a", finds: "a.example/a" },
    { name: "nothing in an empty tree", old: [], add: "/", finds: undefined },
  ],
  ({ old, add, finds }) => {
    const tree = new RoutingTree<Leaf>();
    for (const text of old) tree.add({ pattern: parsePattern(text) });
    assert.is(findConflict(tree, parsePattern(add))?.pattern.text, finds);
  },
);

test("it finds a conflict exactly where comparing with all finds one", () => {
  const paths = ["", "/a", "/b", "/{x}"].flatMap((first) =>
    ["/a", "/b", "/{y}", "/", "/{$}", "/{r...}", "/a/{$}", "/{y}/b"].map((rest) => first + rest),
  );
  const all = ["", "GET ", "HEAD ", "POST "]
    .flatMap((method) => ["", "h"].flatMap((host) => paths.map((path) => method + host + path)))
    .map((text) => parsePattern(text));
  let [added, refused] = [0, 0];
  for (let round = 0; round < 20; round++) {
    const tree = new RoutingTree<Leaf>();
    const known: Pattern[] = [];
    for (const pattern of shuffled(all, round)) {
      const found = findConflict(tree, pattern);
      const wanted = known.some((other) => conflicts(pattern, other));
      assert.is(found !== undefined, wanted, pattern.text);
      if (found !== undefined) {
        refused++;
        assert.ok(conflicts(pattern, found.pattern));
        continue;
      }
      added++;
      known.push(pattern);
      tree.add({ pattern });
    }
    assertFound(tree, known);
  }
  assert.ok(added > 500 && refused > 2000, `${added} added, ${refused} refused`);
});

/** Every request goes to the most specific of the patterns that match it, and there is one. */
function assertFound(tree: RoutingTree<Leaf>, known: readonly Pattern[]): void {
  const paths = ["/", "/a", "/a/", "/b/a", "/c", "/c/b", "/a/b/", "/c/b/c", "/b/a/b"];
  for (const path of paths) {
    for (const method of ["GET", "HEAD", "POST", "PUT"]) {
      const fits = known.filter((pattern) => matchesAlone(pattern, method, path));
      const found = tree.match("h", method, path, "plain")?.pattern;
      assert.is(found === undefined, fits.length === 0, `${method} ${path}`);
      if (found === undefined) continue;
      for (const rival of fits) {
        if (rival === found || rival.host !== found.host) continue;
        assert.is(relationOf(found, rival), "moreSpecific", `${found.text} before ${rival.text}`);
      }
      assert.ok(found.host === "h" || fits.every((pattern) => pattern.host === undefined));
    }
  }
}

function matchesAlone(pattern: Pattern, method: string, path: string): boolean {
  const tree = new RoutingTree<Leaf>();
  tree.add({ pattern });
  return tree.match("h", method, path, "plain") !== undefined;
}

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed * 7919 + 1;
  const random = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

test.run();
