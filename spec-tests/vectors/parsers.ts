/**
 * The topics parser-*: the octets of other parsers' tests, with the verdict this project should reach.
 * RFC 9112 §2 to §7 · vectors: parser-h11, parser-http-parser-js, parser-httparse, parser-llhttp,
 * parser-picohttpparser
 *
 * own-requests.json beside this file has the same format, and our own octets.
 *
 * Rule of this file: it turns their cases into inputs and wants. The messages that those parsers saw are
 * wanted where the octets are accepted and a head is complete; how far an unfinished head was read is
 * nobody's outcome.
 */
import { isArray, isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, OctetsInput, Outcome, Run, Topic } from "./case.ts";
import { feedsOf } from "./cuts.ts";
import { feedMessages } from "./message-feed.ts";

const FILES: readonly string[] = [
  "parser-h11",
  "parser-http-parser-js",
  "parser-httparse",
  "parser-llhttp",
  "parser-picohttpparser",
  "own-requests",
];

export const PARSER_TOPICS: readonly Topic[] = FILES.flatMap((file) =>
  (["request", "response"] as const).map((role) => ({
    name: `${file}:${role}`,
    file,
    parallel: 1,
    cases: (content) =>
      objectsOf(content["cases"])
        .filter((one) => one["kind"] === role)
        .map((one) => caseOf(one, role)),
    run: runOctets,
  })),
);

/** Feeds the octets in every way. */
export function runOctets(input: Input): Run[] {
  if (input.kind !== "octets") throw new Error("octets are wanted");
  return feedsOf(input.raw).map(({ way, pieces }) => ({
    way,
    outcome: feedMessages(input, pieces),
  }));
}

function caseOf(one: JsonObject, role: "request" | "response"): Case {
  const flags = isObject(one["flags"]) ? one["flags"] : {};
  const raw = textOf(one["raw"]);
  // llhttp's switch for a message whose consumer wants no body: what HEAD is to a response.
  const skipsBody = flags["skipBody"] === true;
  const input: OctetsInput = {
    kind: "octets",
    role,
    raw,
    ending: flags["eof"] === true ? "eof" : "open",
    requestMethod: skipsBody || flags["head"] === true ? "HEAD" : "GET",
  };
  return {
    id: textOf(one["id"]),
    input,
    want: wantOf(one, raw, role === "request" && skipsBody ? "head" : "everything"),
    skip: one["lenient"] === true ? "lenient: a switch that we do not have" : undefined,
  };
}

function wantOf(one: JsonObject, raw: string, compare: "head" | "everything"): Outcome {
  if (one["expect"] === "reject") {
    // The status of a refusal is a server's; a client has none to send.
    return { failed: true, status: one["kind"] === "request" ? one["status"] : undefined };
  }
  const parsed = one["parsed"];
  const headIsComplete = /\n\r?\n/.test(raw.replace(/^(\r?\n)+/, ""));
  const llhttp = one["llhttp"];
  // Where llhttp gave up, it has seen the head only, and a body as far as it went.
  const seen = isObject(llhttp) && llhttp["ok"] === false ? "head" : compare;
  const first = isObject(parsed) && headIsComplete ? messageOf(parsed, seen, raw) : undefined;
  const messages = one["messages"];
  return {
    failed: false,
    complete: one["complete"],
    first,
    messages:
      seen === "everything" && isArray(messages)
        ? objectsOf(messages).map((message) => messageOf(message, seen, raw))
        : undefined,
    leftover: compare === "everything" ? (one["leftover"] ?? "") : undefined,
  };
}

function messageOf(parsed: JsonObject, compare: "head" | "everything", raw: string): Outcome {
  const { method, target, version, status, reason, headers, body, trailers } = parsed;
  const head = { method, target, version, status, reason, headers: linesOf(headers, raw) };
  return compare === "head" ? head : { ...head, body, trailers: linesOf(trailers, raw) };
}

/**
 * The field lines as they stand in the octets: some parsers hand on the blanks after a value for their
 * consumers to trim, and h11 folds the case of a transfer coding (RFC 9112 §5, §7).
 */
function linesOf(lines: Json, raw: string): Json {
  if (!isArray(lines)) return undefined;
  return lines.map((line) => {
    if (!isArray(line)) return line;
    const [name, value] = line;
    const trimmed = textOf(value).replace(/^[ \t]+|[ \t]+$/g, "");
    return [
      name,
      textOf(name).toLowerCase() === "transfer-encoding" ? spelled(trimmed, raw) : trimmed,
    ];
  });
}

/** The text with the letter case it has in the octets. */
function spelled(text: string, raw: string): string {
  const at = raw.toLowerCase().indexOf(text.toLowerCase());
  return at < 0 ? text : raw.slice(at, at + text.length);
}
