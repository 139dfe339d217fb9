/**
 * How two patterns relate, whether they conflict, and the words for it.
 * Go: pattern.go conflictsWith, describeConflict, commonPath, differencePath
 *
 * Rule of this file: two patterns in, one of five words or a description out; it knows no tree and no
 * request.
 *
 * A pattern is a set of requests. Of two that share requests the more specific one, the subset, takes
 * precedence. Where neither is, they conflict, and cannot both be registered.
 */
import { escapeSegment } from "./escape.ts";
import { type Pattern, type Segment, endsInRest } from "./pattern.ts";

/**
 * The first pattern matches, compared with the second: the same requests; more than those; some of those;
 * no common ones; some common ones while each also matches others.
 */
export type PatternRelation =
  | "equivalent"
  | "moreGeneral"
  | "moreSpecific"
  | "disjoint"
  | "overlaps";

/** A pattern, and where the program registered it. */
export interface Registered {
  readonly pattern: Pattern;
  /** "file:line", or "unknown location". */
  readonly place: string;
}

/**
 * How the requests of one pattern relate to those of another. Patterns with different hosts never compete:
 * a host's own patterns are asked first, and those for any host only after them.
 */
export function relationOf(first: Pattern, second: Pattern): PatternRelation {
  if (first.host !== second.host) return "disjoint";
  return COMBINED[compareMethods(first.method, second.method)][comparePaths(first, second)];
}

/** May they not both be registered? Symmetric. Go: conflictsWith */
export function conflicts(first: Pattern, second: Pattern): boolean {
  const relation = relationOf(first, second);
  return relation === "equivalent" || relation === "overlaps";
}

/** Undefined is any method; GET takes HEAD requests too. */
export function compareMethods(
  first: string | undefined,
  second: string | undefined,
): PatternRelation {
  if (first === second) return "equivalent";
  if (first === undefined) return "moreGeneral";
  if (second === undefined) return "moreSpecific";
  if (first === "GET" && second === "HEAD") return "moreGeneral";
  if (first === "HEAD" && second === "GET") return "moreSpecific";
  return "disjoint";
}

/** How the paths that they match relate, methods and hosts aside. */
export function comparePaths(first: Pattern, second: Pattern): PatternRelation {
  const shared = Math.min(first.segments.length, second.segments.length);
  let relation: PatternRelation = "equivalent";
  for (let i = 0; i < shared; i++) {
    relation = COMBINED[relation][compareSegments(first.segments[i]!, second.segments[i]!)];
  }
  if (first.segments.length === second.segments.length) return relation;
  // The longer one wants more segments; only a rest at the end of the shorter one takes them.
  const [shorter, tail] =
    first.segments.length === shared
      ? ([first, "moreGeneral"] as const)
      : ([second, "moreSpecific"] as const);
  return endsInRest(shorter) ? COMBINED[relation][tail] : "disjoint";
}

/**
 * Why two patterns that conflict do so, with paths to try: one that both match, and one for each that only
 * it matches. Go: registerErr, describeConflict
 */
export function describeConflict(first: Registered, second: Registered): string {
  return (
    `pattern ${JSON.stringify(first.pattern.text)} (registered at ${first.place}) conflicts with ` +
    `pattern ${JSON.stringify(second.pattern.text)} (registered at ${second.place}):\n` +
    reasonOf(first.pattern, second.pattern)
  );
}

/** A path that both match; there must be one. */
export function commonPath(first: Pattern, second: Pattern): string {
  const [longer, shorter] =
    first.segments.length >= second.segments.length ? [first, second] : [second, first];
  return longer.segments
    .map((segment, i) => {
      const other = shorter.segments[i] ?? segment;
      return exampleOf(WIDTH[other.kind] < WIDTH[segment.kind] ? other : segment);
    })
    .join("");
}

/** A path that the first matches and the second does not; their paths must overlap. */
export function differencePath(first: Pattern, second: Pattern): string {
  let path = "";
  for (const [i, segment] of first.segments.entries()) {
    const other = second.segments[i];
    if (segment.kind === "rest" && other !== undefined && other.kind !== "rest") {
      // A lone slash tells them apart, unless that is what the other one wants.
      return other.kind === "end" ? `${path}/${segment.name || "x"}` : `${path}/`;
    }
    if (segment.kind === "wild" && other?.kind === "literal" && other.text === segment.name) {
      path += `/${escapeSegment(`${segment.name}x`)}`;
    } else {
      path += exampleOf(segment);
    }
  }
  // Where the first one ends and the second goes on, anything that the first matches will do.
  return path;
}

type Row = Readonly<Record<PatternRelation, PatternRelation>>;

/**
 * The relation of two pairs taken together: `COMBINED[of the parts so far][of the next part]`.
 * Disjoint in one part is disjoint as a whole; more general here and more specific there is an overlap.
 */
const COMBINED: Readonly<Record<PatternRelation, Row>> = {
  equivalent: {
    equivalent: "equivalent",
    moreGeneral: "moreGeneral",
    moreSpecific: "moreSpecific",
    disjoint: "disjoint",
    overlaps: "overlaps",
  },
  moreGeneral: {
    equivalent: "moreGeneral",
    moreGeneral: "moreGeneral",
    moreSpecific: "overlaps",
    disjoint: "disjoint",
    overlaps: "overlaps",
  },
  moreSpecific: {
    equivalent: "moreSpecific",
    moreGeneral: "overlaps",
    moreSpecific: "moreSpecific",
    disjoint: "disjoint",
    overlaps: "overlaps",
  },
  disjoint: {
    equivalent: "disjoint",
    moreGeneral: "disjoint",
    moreSpecific: "disjoint",
    disjoint: "disjoint",
    overlaps: "disjoint",
  },
  overlaps: {
    equivalent: "overlaps",
    moreGeneral: "overlaps",
    moreSpecific: "overlaps",
    disjoint: "disjoint",
    overlaps: "overlaps",
  },
};

/** How wide a kind of segment is; equal ones are compared by their text. */
const WIDTH: Readonly<Record<Segment["kind"], number>> = { rest: 2, wild: 1, literal: 0, end: 0 };

function compareSegments(first: Segment, second: Segment): PatternRelation {
  const wider = WIDTH[first.kind] - WIDTH[second.kind];
  if (wider === 0) return sameWidth(first, second);
  const [wide, narrow] = wider > 0 ? [first, second] : [second, first];
  // A single wildcard does not match the slash that ends a path.
  if (wide.kind === "wild" && narrow.kind === "end") return "disjoint";
  return wider > 0 ? "moreGeneral" : "moreSpecific";
}

function sameWidth(first: Segment, second: Segment): PatternRelation {
  if (first.kind !== second.kind) return "disjoint";
  if (first.kind !== "literal" || second.kind !== "literal") return "equivalent";
  return first.text === second.text ? "equivalent" : "disjoint";
}

function reasonOf(first: Pattern, second: Pattern): string {
  const methods = compareMethods(first.method, second.method);
  const paths = comparePaths(first, second);
  const [one, two] = [first.text, second.text];
  if (paths === "overlaps") {
    const both = JSON.stringify(commonPath(first, second));
    return (
      `${one} and ${two} both match some paths, like ${both}.\n` +
      `But neither is more specific than the other.\n` +
      `${one} matches ${JSON.stringify(differencePath(first, second))}, but ${two} doesn't.\n` +
      `${two} matches ${JSON.stringify(differencePath(second, first))}, but ${one} doesn't.`
    );
  }
  if (methods === "equivalent") return `${one} matches the same requests as ${two}`;
  return methods === "moreGeneral"
    ? `${one} matches more methods than ${two}, but has a more specific path pattern`
    : `${one} matches fewer methods than ${two}, but has a more general path pattern`;
}

/** What a segment adds to a path that shall match it; wildcards take their name. */
function exampleOf(segment: Segment): string {
  switch (segment.kind) {
    case "literal":
      return `/${escapeSegment(segment.text)}`;
    case "wild":
      return `/${escapeSegment(segment.name)}`;
    case "rest":
    case "end":
      return "/";
  }
}
