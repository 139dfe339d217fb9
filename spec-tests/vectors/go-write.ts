/**
 * The topics go-requestwrite and go-responsewrite, and what h11's serializer must write or refuse.
 * RFC 9112 §3 to §7 · vectors: go-requestwrite, go-responsewrite, parser-h11 (writers)
 *
 * Rule of this file: parts in, octets out, compared octet by octet: these writers keep Go's order.
 */
import { Reader, Writer, pipe } from "../../lib/bufio/mod.ts";
import {
  Request,
  Response,
  bodyFrom,
  noBody,
  writeRequest,
  writeResponse,
} from "../../lib/message/mod.ts";
import type { Body, TargetForm } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { isArray, isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { CallInput, Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";
import { codeOf, linesOfMap, wantError } from "./wants.ts";

export const WRITE_TOPICS: readonly Topic[] = [
  {
    name: "go-requestwrite",
    file: "go-requestwrite",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).flatMap(requestCases),
    run: runWriting,
  },
  {
    name: "go-responsewrite",
    file: "go-responsewrite",
    parallel: 1,
    cases: (content) => objectsOf(content["cases"]).map(responseCase),
    run: runWriting,
  },
];

/** Each request twice: as a server is asked, and as a proxy is asked; empty octets are not wanted. */
function requestCases(one: JsonObject): Case[] {
  const failure = wantError(one["wantError"]);
  return (["origin", "absolute"] as const).flatMap((form) => {
    const octets = textOf(one[form === "origin" ? "wantWrite" : "wantProxyWrite"]);
    if (octets === "" && (failure === undefined || form === "absolute")) return [];
    const args = { request: one["request"], form };
    const want = failure ?? { failed: false, octets };
    return [
      {
        id: `${textOf(one["id"])} ${form}`,
        input: { kind: "call", op: "writeRequest", args },
        want,
      },
    ];
  });
}

function responseCase(one: JsonObject): Case {
  return {
    id: textOf(one["id"]),
    input: { kind: "call", op: "writeResponse", args: { response: one["response"] } },
    want: wantError(one["wantError"]) ?? { failed: false, octets: one["wantWrite"] },
  };
}

async function runWriting(input: Input): Promise<Run[]> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  return [{ way: "", outcome: await writtenBy((writer) => write(input, writer)) }];
}

function write(input: CallInput, writer: Writer): Promise<void> {
  const { request, response, form } = input.args;
  if (isObject(request)) {
    const url = isObject(request["url"]) ? request["url"] : {};
    // What Go calls opaque is for the request line as it stands.
    const how: TargetForm = textOf(url["opaque"]) === "" ? (form as TargetForm) : "as-is";
    const options = { form: how, userAgent: "Go-http-client/1.1" };
    return writeRequest(writer, requestOf(request), options);
  }
  return writeResponse(writer, responseOf(isObject(response) ? response : {}));
}

/** What a writing function puts on the wire, or the code it rejects with. */
export async function writtenBy(fn: (writer: Writer) => Promise<void>): Promise<Outcome> {
  const [near, far] = pipe();
  const reader = new Reader(far);
  far.start(reader);
  let failure: string | undefined;
  const writing = (async () => fn(new Writer(near)))()
    .catch((error: unknown) => {
      failure = codeOf(error);
    })
    .finally(() => near.closeWrite());
  let octets = "";
  while ((await reader.more()) === "more") octets += latin1Of(reader.take(reader.buffered));
  await writing;
  return failure === undefined
    ? { failed: false, octets }
    : { failed: true, error: failure, octets };
}

/** Go's client request in our parts. Its URL becomes the target; `host` wins over the URL's host. */
function requestOf(parts: JsonObject): Request {
  const url = isObject(parts["url"]) ? parts["url"] : {};
  const method = textOf(parts["method"]) || "GET";
  const { body, contentLength } = requestBody(parts);
  return new Request({
    method,
    target: targetOf(method, url),
    host: textOf(parts["host"]) || textOf(url["host"]),
    header: new Header(linesOfMap(parts["headers"])),
    trailer: new Header(linesOfMap(parts["trailers"])),
    transferEncoding: textsOf(parts["transferEncoding"]),
    close: parts["close"] === true,
    body,
    contentLength,
  });
}

/** `opaque` overrides everything; CONNECT names an authority. */
function targetOf(method: string, url: JsonObject): string {
  const [scheme, host, path, opaque, rawPath, rawQuery] = [
    url["scheme"],
    url["host"],
    url["path"],
    url["opaque"],
    url["rawPath"],
    url["rawQuery"],
  ].map(textOf) as [string, string, string, string, string, string];
  const query = rawQuery === "" ? "" : `?${rawQuery}`;
  if (opaque !== "")
    return opaque.startsWith("//") ? `${scheme}:${opaque}${query}` : `${opaque}${query}`;
  if (method === "CONNECT" && path === "") return host;
  const local = `${rawPath || path}${query}`;
  if (scheme === "") return local.startsWith("/") ? local : `/${local}`;
  return `${scheme}://${host}${local}`;
}

/** Go takes a ContentLength of 0 with a body for "unknown", and finds out by one byte if there is any. */
function requestBody(parts: JsonObject): { body: Body; contentLength: number | undefined } {
  const body = isObject(parts["body"]) ? parts["body"] : {};
  const declared = Number(parts["contentLength"] ?? 0);
  const contentLength = declared > 0 ? declared : undefined;
  const failure = body["readError"];
  switch (body["kind"]) {
    case "bytes":
      return { body: bodyFrom(octetsOf(textOf(body["data"]))).body, contentLength };
    case "stream":
      // Go's tables say "a reader that is nil" so: there is no body.
      if (body["data"] === null) return { body: noBody, contentLength };
      return { body: bodyFrom(streamOf(body["data"], failure)).body, contentLength };
    default:
      return { body: noBody, contentLength };
  }
}

async function* streamOf(data: Json, failure: Json): AsyncIterable<Uint8Array> {
  const octets = octetsOf(textOf(data));
  if (octets.length > 0) yield octets;
  if (typeof failure === "string") throw new SourceFailure(failure);
}

/** What a body's own source fails with. */
class SourceFailure extends Error {
  readonly code = "body-failed";
}

function responseOf(parts: JsonObject): Response {
  const declared = Number(parts["contentLength"]);
  const body = parts["body"];
  const method = parts["requestMethod"];
  const status = textOf(parts["status"]).replace(/^\d+ /, "");
  const isStream = declared <= 0 && textOf(body) !== "";
  return new Response({
    status: Number(parts["statusCode"]),
    statusText: status === "" ? undefined : status,
    versionMinor: Number(parts["protoMinor"]),
    header: new Header(linesOfMap(parts["headers"])),
    trailer: new Header(linesOfMap(parts["trailers"])),
    transferEncoding: isArray(parts["transferEncoding"]) ? textsOf(parts["transferEncoding"]) : [],
    close: parts["close"] === true,
    contentLength: declared < 0 || isStream ? undefined : declared,
    body: bodyFrom(isStream ? streamOf(body, null) : octetsOf(textOf(body))).body,
    request:
      typeof method === "string" ? new Request({ method, target: "/", host: "a" }) : undefined,
  });
}
