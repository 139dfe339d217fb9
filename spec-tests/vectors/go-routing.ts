/**
 * The topic go-routing: what the tree finds, and what a ServeMux answers.
 * vectors: go-routing · Go: routing_tree_test.go, server_test.go, serve_test.go
 *
 * Rule of this file: one operation of the file, one small function here. Answers are those of the real
 * ServeMux to requests made by hand, since most of them never pass a server (a path for CONNECT).
 */
import { Request } from "../../lib/message/mod.ts";
import type { Handler } from "../../lib/server/mod.ts";
import {
  MuxError,
  RoutingTree,
  ServeMux,
  cleanPath,
  parsePattern,
} from "../../lib/server/mux/mod.ts";
import type { Leaf } from "../../lib/server/mux/mod.ts";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { oneOf } from "./match.ts";

export const ROUTING_TOPICS: readonly Topic[] = [
  {
    name: "go-routing",
    file: "go-routing",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: runCall,
  },
];

const ARGUMENTS: readonly string[] = [
  "patterns",
  "pattern",
  "alreadyRegistered",
  "nilHandler",
  "method",
  "host",
  "path",
  "paths",
  "url",
  "target",
  "followRedirects",
  "handlerStatus",
  "handlerWrites",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  // Which values are asked for belongs to the question.
  const names = isObject(one["want"]) ? Object.keys(one["want"]) : [];
  const input: Input = { kind: "call", op, args: { ...args, names } };
  return { id: textOf(one["id"]), input, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  switch (op) {
    case "match":
      return { pattern: one["wantPattern"], values: one["wantValues"] };
    case "mux":
      return {
        status: one["wantStatus"],
        pattern: one["wantPattern"] === null ? "" : one["wantPattern"],
        location: one["wantLocation"],
        allow: one["wantAllow"],
        body: one["wantBody"],
      };
    case "escaped":
      return { value: textsOf(one["paths"]).map(() => one["pattern"]) };
    case "registerError": {
      const wanted = new RegExp(textOf(one["wantRegexp"]));
      return {
        says: oneOf(refusalsOf(textOf(one["pattern"])).filter((text) => wanted.test(text))),
      };
    }
    default:
      return { value: one["want"] };
  }
}

/** What Go says of a registration that it refuses. */
function refusalsOf(pattern: string): readonly string[] {
  return [
    "nil handler",
    `parsing "${pattern}": at offset 1: bad wildcard segment (must end with '}')`,
    "conflicts with pattern",
  ];
}

async function runCall(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const call = CALLS[input.op];
  if (call === undefined) throw new Error(`no operation ${input.op}`);
  return [{ way: "", outcome: await call(input.args) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome | Promise<Outcome>>> = {
  firstSegments: (args) => ({ value: segmentsOf(textOf(args["path"])) }),
  match: (args) => {
    const tree = treeOf(textsOf(args["patterns"]));
    const [host, method, path] = [args["host"], args["method"], args["path"]].map(textOf);
    const leaf = tree.match(host!, method!, path!, "encoded");
    const values = leaf?.pattern.names.map((_, i) => tree.wildcard(i)) ?? [];
    return { pattern: leaf?.pattern.text ?? null, values };
  },
  matchingMethods: (args) => {
    const tree = treeOf(textsOf(args["patterns"]));
    return { value: tree.methods(textOf(args["host"]), textOf(args["path"]), "required") };
  },
  exactMatch: (args) => ({ value: isExact(textOf(args["pattern"]), textOf(args["path"])) }),
  cleanPath: (args) => ({ value: cleanPath(textOf(args["path"])) }),
  escaped: (args) => {
    const mux = new ServeMux();
    mux.handle(textOf(args["pattern"]), () => {});
    const found = textsOf(args["paths"]).map(
      (target) => mux.handler(new Request({ method: "GET", target, host: "" })).pattern,
    );
    return { value: found };
  },
  pathValues: async (args) => {
    const mux = new ServeMux();
    mux.handle(textOf(args["pattern"]), () => {});
    const request = new Request({ method: "GET", target: textOf(args["target"]), host: "a" });
    await answerOf(mux, request);
    const names = textsOf(args["names"]);
    return { value: Object.fromEntries(names.map((name) => [name, request.pathValue(name)])) };
  },
  registerError: (args) => {
    const mux = new ServeMux();
    for (const pattern of textsOf(args["alreadyRegistered"])) mux.handle(pattern, () => {});
    const handler = args["nilHandler"] === true ? undefined : () => {};
    try {
      mux.handle(textOf(args["pattern"]), handler as Handler);
      return { says: "nothing" };
    } catch (error) {
      if (!(error instanceof MuxError)) throw error;
      return { says: /nil handler|parsing .*|conflicts with pattern/.exec(error.message)?.[0] };
    }
  },
  mux: runMux,
};

async function runMux(args: JsonObject): Promise<Outcome> {
  const mux = new ServeMux();
  for (const pattern of textsOf(args["patterns"])) mux.handle(pattern, handlerFor(pattern, args));
  const method = textOf(args["method"]);
  const url = textOf(args["url"]);
  let target = url || textOf(args["target"]) || textOf(args["path"]);
  const host = url === "" ? textOf(args["host"]) : url.slice("http://".length).split("/")[0]!;
  for (;;) {
    const request = new Request({ method, target, host });
    const { status, header, text } = await answerOf(mux, request);
    const location = header.get("location");
    if (status === 307 && args["followRedirects"] === true && location !== undefined) {
      target = location;
      continue;
    }
    const allow = header.get("allow") ?? null;
    return { status, pattern: request.pattern, location, allow, body: text };
  }
}

/** Answers the status that the case has for the pattern, or writes what it says. */
function handlerFor(pattern: string, args: JsonObject): Handler {
  const statuses: Json = args["handlerStatus"];
  const writes: Json = args["handlerWrites"];
  return (w, r) => {
    const status = isObject(statuses) ? statuses[pattern] : undefined;
    if (typeof status === "number") w.writeHeader(status);
    const what = isObject(writes) ? textOf(writes[pattern]) : "";
    if (what.startsWith("raw query")) void w.write(r.rawQuery);
    if (what.endsWith("':bar'")) void w.write(":bar");
  };
}

/** The mux gets the request as it is; what is recorded is an answer to one that every server takes. */
async function answerOf(mux: ServeMux, request: Request): ReturnType<typeof record> {
  const method = request.method === "CONNECT" ? "GET" : request.method;
  const recorded = await record((w) => mux.serveHTTP(w, request), newTestRequest(method, "/"));
  if (recorded.error !== undefined) throw recorded.error;
  return recorded;
}

function treeOf(patterns: readonly string[]): RoutingTree<Leaf> {
  const tree = new RoutingTree<Leaf>();
  for (const text of patterns) tree.add({ pattern: parsePattern(text) });
  return tree;
}

/** The segments of a path as the wildcards of patterns see them; "/" for the slash at the end. */
function segmentsOf(path: string): string[] {
  const most = 8;
  const tree = new RoutingTree<Leaf>();
  for (let count = 0; count <= most; count++) {
    const wild = Array.from({ length: count }, (_, i) => `/{w${i}}`).join("");
    if (count > 0) tree.add({ pattern: parsePattern(wild) });
    tree.add({ pattern: parsePattern(`${wild}/{$}`) });
  }
  const pattern = tree.match("", "GET", path, "encoded")?.pattern;
  const values = pattern?.names.map((_, i) => tree.wildcard(i)) ?? [];
  return pattern?.segments.at(-1)?.kind === "end" ? [...values, "/"] : values;
}

/** Exact is what keeps a path from being redirected, and what such a redirect is to. Go: exactMatch */
function isExact(text: string, path: string): boolean {
  if (text === "") return false;
  const pattern = parsePattern(text);
  const tree = treeOf([text]);
  if (path.endsWith("/")) {
    tree.match("", "GET", path.slice(0, -1), "encoded");
    return tree.slashed !== undefined;
  }
  const leaf = tree.match("", "GET", path, "encoded");
  return leaf !== undefined && pattern.segments.at(-1)?.kind !== "rest";
}
