/**
 * The topic go-pattern: patterns parsed, compared, and described where they conflict.
 * vectors: go-pattern · Go: pattern_test.go
 *
 * Rule of this file: one operation of the file, one small function here. Where the file wants words of
 * Go's, all that Go can say is listed, and what comes must be the one that holds those words.
 */
import {
  MuxError,
  commonPath,
  compareMethods,
  comparePaths,
  conflicts,
  describeConflict,
  differencePath,
  parsePattern,
} from "../../lib/server/mux/mod.ts";
import type { Pattern, Segment } from "../../lib/server/mux/mod.ts";
import { isMethod } from "../../lib/semantics/mod.ts";
import { objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { oneOf } from "./match.ts";

export const PATTERN_TOPICS: readonly Topic[] = [
  {
    name: "go-pattern",
    file: "go-pattern",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: runCall,
  },
];

const ARGUMENTS: readonly string[] = ["pattern", "p1", "p2", "value"];

const INVERSE: Readonly<Record<string, string>> = {
  equivalent: "equivalent",
  moreGeneral: "moreSpecific",
  moreSpecific: "moreGeneral",
  disjoint: "disjoint",
  overlaps: "overlaps",
};

/** What Go says of a pattern that is none, without the word that it quotes at the end. */
const GO_SAYS: readonly string[] = [
  "empty pattern",
  "invalid method",
  "host/path missing /",
  "host contains '{' (missing initial '/'?)",
  "bad wildcard segment (must start with '{')",
  "bad wildcard segment (must end with '}')",
  "bad wildcard name",
  "empty wildcard",
  "{$} not at end",
  "{...} wildcard not at end",
  "duplicate wildcard name",
  "non-CONNECT pattern with unclean path can never match",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  const { want } = one;
  const contains = textOf(one["contains"]);
  switch (op) {
    case "parseError":
      return { says: oneOf(sentencesWith(contains)), offset: offsetIn(contains) };
    case "describeConflict": {
      const [p1, p2] = [textOf(one["p1"]), textOf(one["p2"])];
      return { says: oneOf(reasonsOf(p1, p2).filter((words) => words.includes(contains))) };
    }
    case "compareMethods":
    case "comparePaths":
      return { value: want, inverse: INVERSE[textOf(want)] };
    default:
      return { value: want };
  }
}

/** Those of Go's sentences that hold what stands behind the offset. */
function sentencesWith(contains: string): readonly string[] {
  const words = contains.replace(/^at offset \d+: /, "");
  return GO_SAYS.filter((sentence) => sentence.includes(words));
}

function offsetIn(contains: string): Json {
  const digits = /^at offset (\d+): /.exec(contains)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function reasonsOf(p1: string, p2: string): readonly string[] {
  return [
    `${p1} matches the same requests as ${p2}`,
    `${p1} and ${p2} both match some paths, like`,
    `${p1} matches more methods than ${p2}, but has a more specific path pattern`,
    `${p1} matches fewer methods than ${p2}, but has a more general path pattern`,
  ];
}

function runCall(input: Input): Run[] {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const call = CALLS[input.op];
  if (call === undefined) throw new Error(`no operation ${input.op}`);
  return [{ way: "", outcome: call(input.args) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome>> = {
  parse: (args) => ({ value: shown(parsePattern(textOf(args["pattern"]))) }),
  parseError: (args) => {
    try {
      return { value: shown(parsePattern(textOf(args["pattern"]))) };
    } catch (error) {
      if (!(error instanceof MuxError)) throw error;
      const words = error.message.replace(
        /^this is not a pattern: (parsing .*: at offset \d+: )?/,
        "",
      );
      return { says: words.replace(/ "[^"]*"$/, ""), offset: error.offset };
    }
  },
  compareMethods: (args) => {
    const [one, two] = pairOf(args);
    return {
      value: compareMethods(one.method, two.method),
      inverse: compareMethods(two.method, one.method),
    };
  },
  comparePaths: (args) => {
    const [one, two] = pairOf(args);
    return { value: comparePaths(one, two), inverse: comparePaths(two, one) };
  },
  conflicts: (args) => {
    const [one, two] = pairOf(args);
    const both = conflicts(one, two);
    return { value: both === conflicts(two, one) ? both : "not symmetric" };
  },
  describeConflict: (args) => {
    const [one, two] = pairOf(args);
    const place = "unknown location";
    const text = describeConflict({ pattern: one, place }, { pattern: two, place });
    return { says: text.split("\n")[1]?.replace(/, like ".*"\.$/, ", like") };
  },
  commonPath: (args) => ({ value: commonPath(...pairOf(args)) }),
  differencePath: (args) => ({ value: differencePath(...pairOf(args)) }),
  validToken: (args) => ({ value: isMethod(textOf(args["value"])) }),
};

function pairOf(args: JsonObject): [Pattern, Pattern] {
  return [parsePattern(textOf(args["p1"])), parsePattern(textOf(args["p2"]))];
}

function shown(pattern: Pattern): Outcome {
  return {
    method: pattern.method ?? "",
    host: pattern.host ?? "",
    segments: pattern.segments.map(shownSegment),
  };
}

/** As Go keeps a segment. */
function shownSegment(segment: Segment): JsonObject {
  switch (segment.kind) {
    case "literal":
      return { s: segment.text, wild: false, multi: false };
    case "wild":
      return { s: segment.name, wild: true, multi: false };
    case "rest":
      return { s: segment.name, wild: true, multi: true };
    case "end":
      return { s: "/", wild: false, multi: false };
  }
}
