/**
 * The topics go-helpers and go-csrf: what the helpers of a handler answer.
 * vectors: go-helpers, go-csrf · Go: serve_test.go, csrf_test.go
 *
 * Rule of this file: one operation of the files, one small function here. The answers are recorded from the
 * real helpers on requests made by hand.
 */
import type { Request } from "../../lib/message/mod.ts";
import type { Handler } from "../../lib/server/mod.ts";
import { crossOriginProtection, redirect, stripPrefix } from "../../lib/server/mod.ts";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { Case, Input, JsonObject, Operation, Outcome, Rule, Run, Topic } from "./case.ts";
import { octetsOf } from "./cuts.ts";
import { outcomeOf } from "./wants.ts";

export const HELPER_TOPICS: readonly Topic[] = [topic("go-helpers"), topic("go-csrf")];

export const HELPER_RULES: readonly Rule[] = [
  {
    name: "the answer of the error helper does not describe other content",
    section: "RFC 9110 §8.4, §8.8.3",
    topics: ["go-server-wire"],
    decides: (input) => input.kind === "exchange" && describesBeforeError(input.handler),
    outcome: (_input, want) => ({
      ...want,
      answers: objectsOf(want["answers"]).map((answer) => ({
        ...answer,
        fields: textsOf(answer["fields"]).filter(
          (field) => !/^(content-encoding|etag):/.test(field),
        ),
      })),
    }),
  },
  {
    name: "what stripPrefix leaves begins with a slash",
    section: "RFC 9112 §3.2.1",
    topics: ["go-helpers"],
    decides: (input) =>
      input.kind === "call" && input.op === "stripPrefix" && leavesNoSlash(input.args),
    outcome: (input, want) => {
      const { target, prefix } = input.kind === "call" ? input.args : {};
      const rest = textOf(target).slice(textOf(prefix).length);
      return { ...want, path: `/${decodeURIComponent(rest)}`, rawPath: `/${rest}` };
    },
  },
];

function topic(file: string): Topic {
  return {
    name: file,
    file,
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run,
  };
}

const ARGUMENTS: readonly string[] = [
  "to",
  "base",
  "code",
  "method",
  "presetContentType",
  "prefix",
  "target",
  "path",
  "secFetchSite",
  "origin",
  "trusted",
  "bypass",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args = Object.fromEntries(Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)));
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  switch (op) {
    case "redirect":
      return { location: one["want"] };
    case "redirectBody":
      return { type: one["wantContentType"], body: one["wantBody"] };
    case "stripPrefix": {
      const path = textOf(one["wantPath"]);
      if (path === "") return { status: 404 };
      // An empty RawPath says that the path is what stands in the target.
      return { status: 200, path, rawPath: textOf(one["wantRawPath"]) || path };
    }
    case "check":
      return { status: one["wantStatus"] };
    case "addTrustedOrigin":
      return one["wantError"] === true
        ? { failed: true, error: "bad-trusted-origin" }
        : { failed: false };
    default:
      throw new Error(`no operation ${op}`);
  }
}

async function run(input: Input): Promise<Run[]> {
  const call = input.kind === "call" ? CALLS[input.op] : undefined;
  if (input.kind !== "call" || call === undefined) throw new Error("a call is wanted");
  return [{ way: "", outcome: await call(input.args) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Promise<Outcome> | Outcome>> = {
  redirect: async (args) => {
    const to = new TextDecoder().decode(octetsOf(textOf(args["to"])));
    const base = textOf(args["base"]) || "http://example.com/qux/";
    const status = typeof args["code"] === "number" ? args["code"] : 302;
    const handler: Handler = (w, r) => redirect(w, r, to, status);
    const { header } = await record(handler, newTestRequest("GET", base));
    return { location: header.get("location") };
  },
  redirectBody: async (args) => {
    const { presetContentType: preset } = args;
    const handler: Handler = (w, r) => {
      const values = isObject(preset) ? textsOf(preset["values"]) : undefined;
      for (const value of values ?? []) w.header.add("Content-Type", value);
      if (values?.length === 0) w.omit("Content-Type");
      return redirect(w, r, "/foo", 302);
    };
    const { header, text } = await record(handler, newTestRequest(textOf(args["method"]), "/"));
    return { type: header.get("content-type") ?? "", body: text };
  },
  stripPrefix: async (args) => {
    let seen: Request | undefined;
    const inner: Handler = (_w, r) => {
      seen = r;
    };
    const handler = stripPrefix(textOf(args["prefix"]), inner);
    const { status } = await record(handler, newTestRequest("GET", textOf(args["target"])));
    return { status, path: seen?.path, rawPath: seen?.escapedPath };
  },
  check: async (args) => {
    const guarded = crossOriginProtection({
      trustedOrigins: textsOf(args["trusted"]),
      bypass: isArray(args["bypass"]) ? textsOf(args["bypass"]) : undefined,
    });
    const fields = { "Sec-Fetch-Site": args["secFetchSite"], Origin: args["origin"] };
    const header = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      textOf(value) === "" ? [] : [[name, textOf(value)]],
    );
    const path = textOf(args["path"]) || "/";
    const request = newTestRequest(textOf(args["method"]), `https://example.com${path}`, {
      header,
    });
    const { status } = await record(
      guarded(() => undefined),
      request,
    );
    return { status };
  },
  addTrustedOrigin: (args) =>
    outcomeOf(() => {
      crossOriginProtection({ trustedOrigins: [textOf(args["origin"])] });
      return {};
    }),
};

function describesBeforeError(operations: readonly Operation[]): boolean {
  const at = operations.findIndex(([name]) => name === "error");
  return operations
    .slice(0, Math.max(0, at))
    .some(([name, field]) => name === "set" && /^(content-encoding|etag)$/i.test(textOf(field)));
}

function leavesNoSlash({ target, prefix }: JsonObject): boolean {
  const rest = textOf(target).startsWith(textOf(prefix))
    ? textOf(target).slice(textOf(prefix).length)
    : "/";
  return !rest.startsWith("/");
}
