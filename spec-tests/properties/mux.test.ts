/**
 * Properties of routing: any two patterns either conflict, or one wins on every path that both match.
 * Go: pattern.go comparePathsAndMethods, routing_tree.go
 *
 * Rule of this file: what a pattern matches is told by a matcher of its own, eleven lines that read the
 * pattern's text. Patterns have three segments at the most, so that the paths of up to four segments, with a
 * letter that no pattern knows, show every difference there can be between two of them.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Request } from "../../lib/message/mod.ts";
import { MuxError, ServeMux, parsePattern, relationOf } from "../../lib/server/mod.ts";
import {
  commonPath,
  comparePaths,
  differencePath,
  type PatternRelation,
} from "../../lib/server/mux/mod.ts";
import { holds } from "./check.ts";

const test = suite("properties: mux");

interface Asked {
  readonly method: string;
  readonly host: string;
  readonly path: string;
}

/** A pattern as it was put together. */
interface Made {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly text: string;
}

const METHODS = ["GET", "HEAD", "POST", "PUT"] as const;
const HOSTS = ["a.example", "b.example"] as const;
/** "/", and one to four segments with and without a slash after them. */
const PATHS: readonly string[] = ["/", ...pathsOf(4).flatMap((path) => [path, `${path}/`])];

const made: fc.Arbitrary<Made> = fc
  .record({
    method: fc.constantFrom("", "", "GET", "HEAD", "POST"),
    host: fc.constantFrom("", "", "", "a.example"),
    segments: fc.array(fc.constantFrom("a", "b", "%61", "{}", "{}"), { maxLength: 3 }),
    tail: fc.constantFrom("", "", "/", "/{$}", "/{r...}"),
    // A wildcard may be called like a literal: example paths must not fall for it.
    names: fc.shuffledSubarray(["a", "b", "x"], { minLength: 3 }),
  })
  .map(({ method, host, segments, tail, names }) => {
    const named = segments.map((segment, i) => (segment === "{}" ? `{${names[i]}}` : segment));
    const path = `${named.map((segment) => `/${segment}`).join("")}${tail}` || "/";
    return { method, host, path, text: `${method} ${host}${path}`.trimStart() };
  });

test("the relation of two patterns is that of the sets of requests they match", () => {
  holds(
    fc.property(made, made, (first, second) => {
      const [one, two] = [parsePattern(first.text), parsePattern(second.text)];
      const paths = relationOfSets(pathsMatched(first), pathsMatched(second));
      assert.is(comparePaths(one, two), paths);
      const sameHost = first.host === second.host;
      const sets = sameHost ? relationOfSets(asksMatched(first), asksMatched(second)) : "disjoint";
      assert.is(relationOf(one, two), sets, `${first.text} and ${second.text}`);
    }),
    1_000,
  );
});

test("two patterns conflict, or one wins on every request that both match", () => {
  const seen = { conflicts: 0, contests: 0 };
  holds(
    fc.property(made, made, (first, second) => {
      const relation = relationOf(parsePattern(first.text), parsePattern(second.text));
      const refused = relation === "equivalent" || relation === "overlaps";
      const orders = [muxOf([first, second]), muxOf([second, first])];
      for (const { accepted } of orders) assert.is(accepted.length, refused ? 1 : 2);
      seen.conflicts += refused ? 1 : 0;
      if (refused) return;
      const winner = winnerOf(first, second, relation);
      for (const asked of requestsOfBoth(first, second)) {
        seen.contests++;
        for (const { mux } of orders) assert.is(patternFor(mux, asked), winner.text);
      }
    }),
    1_000,
  );
  assert.ok(seen.conflicts > 50 && seen.contests > 1_000, JSON.stringify(seen));
});

test("of many patterns the one wins whose requests all others of its host match too", () => {
  const patterns = fc.array(made, { minLength: 3, maxLength: 12 });
  holds(
    fc.property(patterns, fc.infiniteStream(fc.nat()), (wanted, random) => {
      const { accepted, mux } = muxOf(wanted);
      const reversed = muxOf(accepted.toReversed());
      assert.is(reversed.accepted.length, accepted.length, "their order means nothing");
      for (const place of random.take(60)) {
        const asked = EVERY_REQUEST[place % EVERY_REQUEST.length]!;
        const matching = accepted.filter((one) => matches(one, asked));
        const atHost = matching.filter(({ host }) => host !== "");
        const rivals = atHost.length > 0 ? atHost : matching;
        const best = rivals.filter((one) => rivals.every((other) => isWithin(one, other)));
        assert.is(best.length, rivals.length > 0 ? 1 : 0, "there is just one");
        for (const each of [mux, reversed.mux]) {
          assert.is(patternFor(each, asked), best[0]?.text ?? "");
        }
      }
    }),
    300,
  );
});

test("the example paths of a conflict are matched by both, and by one alone", () => {
  let overlaps = 0;
  holds(
    fc.property(made, made, (first, second) => {
      const [one, two] = [parsePattern(first.text), parsePattern(second.text)];
      if (comparePaths(one, two) !== "overlaps") return;
      overlaps++;
      const both = commonPath(one, two);
      assert.ok(matchesPath(first.path, both) && matchesPath(second.path, both), both);
      const onlyFirst = differencePath(one, two);
      assert.ok(matchesPath(first.path, onlyFirst), onlyFirst);
      assert.not.ok(matchesPath(second.path, onlyFirst), onlyFirst);
    }),
    1_000,
  );
  assert.ok(overlaps > 50, `${overlaps} overlaps`);
});

function pathsOf(count: number): string[] {
  if (count === 0) return [];
  const shorter = pathsOf(count - 1);
  const stems = count === 1 ? [""] : shorter.filter((path) => path.length === 2 * (count - 1));
  return [...shorter, ...stems.flatMap((stem) => ["a", "b", "c"].map((name) => `${stem}/${name}`))];
}

const EVERY_REQUEST: readonly Asked[] = PATHS.flatMap((path) =>
  METHODS.flatMap((method) => HOSTS.map((host) => ({ method, host, path }))),
);

function requestsOfBoth(first: Made, second: Made): Asked[] {
  const paths = pathsMatched(second);
  const common = [...pathsMatched(first)].filter((path) => paths.has(path));
  // Of many paths every seventh will do: the relation above has been held against all of them.
  const some = common.filter((_, i) => common.length < 20 || i % 7 === 0);
  return some
    .flatMap((path) => METHODS.flatMap((method) => HOSTS.map((host) => ({ method, host, path }))))
    .filter((asked) => matches(first, asked) && matches(second, asked));
}

function matches(pattern: Made, asked: Asked): boolean {
  if (pattern.host !== "" && pattern.host !== asked.host) return false;
  return matchesMethod(pattern.method, asked.method) && pathsMatched(pattern).has(asked.path);
}

function matchesMethod(wanted: string, method: string): boolean {
  return wanted === "" || wanted === method || (wanted === "GET" && method === "HEAD");
}

/** Go's words on patterns, read off the text, segment by segment. */
function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.slice(1).split("/");
  const found = path.slice(1).split("/").map(decodeURIComponent);
  for (const [i, segment] of wanted.entries()) {
    const last = i === wanted.length - 1;
    if (last && (segment === "" || segment.endsWith("...}"))) return found.length > i;
    if (segment === "{$}") return found.length === i + 1 && found[i] === "";
    if (found[i] === undefined || found[i] === "") return false;
    if (!segment.startsWith("{") && decodeURIComponent(segment) !== found[i]) return false;
  }
  return found.length === wanted.length;
}

const matchedBy = new Map<string, ReadonlySet<string>>();
const pathsWithin = new Map<string, boolean>();

/** Kept, for there are some hundred patterns and many more pairs of them. */
function pathsMatched({ path }: Made): ReadonlySet<string> {
  const known = matchedBy.get(path);
  if (known !== undefined) return known;
  const found = new Set(PATHS.filter((each) => matchesPath(path, each)));
  matchedBy.set(path, found);
  return found;
}

/** Hosts aside. */
function asksMatched(pattern: Made): ReadonlySet<string> {
  const methods = METHODS.filter((method) => matchesMethod(pattern.method, method));
  const paths = [...pathsMatched(pattern)];
  return new Set(methods.flatMap((method) => paths.map((path) => `${method} ${path}`)));
}

function relationOfSets(first: ReadonlySet<string>, second: ReadonlySet<string>): PatternRelation {
  const common = [...first].filter((one) => second.has(one)).length;
  if (common === 0) return "disjoint";
  if (common === first.size) return common === second.size ? "equivalent" : "moreSpecific";
  return common === second.size ? "moreGeneral" : "overlaps";
}

/** Does the other pattern, hosts aside, match all that this one matches? */
function isWithin(one: Made, other: Made): boolean {
  const methods = METHODS.filter((method) => matchesMethod(one.method, method));
  if (!methods.every((method) => matchesMethod(other.method, method))) return false;
  const key = `${one.path} ${other.path}`;
  const known = pathsWithin.get(key);
  if (known !== undefined) return known;
  const paths = pathsMatched(other);
  const within = [...pathsMatched(one)].every((path) => paths.has(path));
  pathsWithin.set(key, within);
  return within;
}

function winnerOf(first: Made, second: Made, relation: PatternRelation): Made {
  if (first.host !== second.host) return first.host !== "" ? first : second;
  return relation === "moreSpecific" ? first : second;
}

/** A mux of those that do not conflict with one before them; redirects would hide who wins. */
function muxOf(patterns: readonly Made[]): { mux: ServeMux; accepted: Made[] } {
  const mux = new ServeMux({ redirects: "off" });
  const accepted = patterns.filter(({ text }) => {
    try {
      mux.handle(text, () => undefined);
      return true;
    } catch (error) {
      if (error instanceof MuxError && error.code === "pattern-conflict") return false;
      throw error;
    }
  });
  return { mux, accepted };
}

function patternFor(mux: ServeMux, { method, host, path }: Asked): string {
  return mux.handler(new Request({ method, target: path, host, versionMinor: 1 })).pattern;
}

test.run();
