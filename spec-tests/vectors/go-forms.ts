/**
 * The topic go-request-misc:reading: credentials, cookies and forms of a request.
 * RFC 7617 §2, RFC 6265 §4.2, RFC 7578 · vectors: go-request-misc
 *
 * Rule of this file: requests are made of parts, no connection. The other operations of that file, on a
 * client's Host and on a body with a limit, are topics of their own.
 */
import { Request, bodyFrom } from "../../lib/message/mod.ts";
import { formatCookies } from "../../lib/semantics/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { octetsOf } from "./cuts.ts";
import { linesOfMap, outcomeOf } from "./wants.ts";

export const FORM_TOPICS: readonly Topic[] = [
  {
    name: "go-request-misc:reading",
    file: "go-request-misc",
    parallel: 1,
    cases: (content) =>
      objectsOf(content["cases"])
        .filter((one) => CALLS[textOf(one["op"])] !== undefined)
        .map(caseOf),
    run: runCall,
  },
];

/** What a case gives in. */
const ARGUMENTS: readonly string[] = [
  "header",
  "contentType",
  "method",
  "headers",
  "body",
  "query",
  "target",
  "cookiesOnRequest",
  "filter",
];

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)),
  );
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  switch (op) {
    case "basicAuthHeader":
      return { ok: one["ok"], username: one["username"], password: one["password"] };
    case "multipartReader":
      return { failed: one["wantError"] === true };
    case "parseFormContentType":
      return { failed: typeof one["wantError"] === "string" };
    case "querySemicolon":
      return { x: one["formX"], xAllow: one["formXAllow"], parseError: one["parseError"] };
    default:
      return { failed: false, value: one["want"] };
  }
}

async function runCall(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const { args, op } = input;
  const call = CALLS[op];
  if (call === undefined) throw new Error(`no operation ${op}`);
  return [{ way: "", outcome: await outcomeOf(() => call(args)) }];
}

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome | Promise<Outcome>>> = {
  basicAuthHeader: (args) => {
    const headers = { Authorization: [textOf(args["header"])] };
    const credentials = requestOf({ headers }).basicAuth();
    const { username = "", password = "" } = credentials ?? {};
    return { ok: credentials !== undefined, username, password };
  },
  multipartReader: (args) => {
    const headers = { "Content-Type": [textOf(args["contentType"])] };
    requestOf({ method: "POST", headers }).multipartReader();
    return {};
  },
  parseFormContentType: async (args) => {
    await requestOf(args).parseForm();
    return {};
  },
  querySemicolon: async (args) => {
    const target = `/${textOf(args["query"])}`;
    const request = requestOf({ target });
    const allowing = requestOf({ target: target.replaceAll(";", "&") });
    const x = (await request.formValue("x")) ?? "";
    const xAllow = (await allowing.formValue("x")) ?? "";
    const parsed = await outcomeOf(async () => ({ value: formOf(await request.parseForm()) }));
    return { x, xAllow, parseError: parsed["failed"] };
  },
  form: async (args) => {
    const request = requestOf(args);
    await request.parseForm();
    return { value: { form: formOf(request.form), postForm: formOf(request.postForm) } };
  },
  cookieByName: (args) => {
    const cookies = objectsOf(args["cookiesOnRequest"]);
    const field = formatCookies(
      cookies.map((one) => ({ name: textOf(one["name"]), value: textOf(one["value"]) })),
    );
    const found = requestOf({ headers: { Cookie: [field] } }).cookiesNamed(textOf(args["filter"]));
    return { value: found.map(({ name, value }) => ({ name, value })) };
  },
};

function requestOf(parts: JsonObject): Request {
  return new Request({
    method: textOf(parts["method"]) || "GET",
    target: textOf(parts["target"]) || "/",
    host: "a",
    header: new Header(linesOfMap(parts["headers"])),
    body: bodyFrom(octetsOf(textOf(parts["body"]))).body,
  });
}

/** A form as the file writes it: values by name. */
function formOf(form: URLSearchParams): Json {
  const values = new Map<string, string[]>();
  for (const [name, value] of form) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}
