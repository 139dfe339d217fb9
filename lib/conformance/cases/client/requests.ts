/**
 * Cases for clients: what they send.
 * RFC 9112 §2, §3, §6; RFC 9110 §7, §8.6, §10.1
 *
 * Rule of this file: data, by requirement. The answer is always a good one; what arrived is judged.
 * Single fields are in request-fields.ts.
 */
import type { ClientCase, FieldSeen, RequestSeen } from "../../case.ts";
import { type ClientRow, clientCases, message, okWith, replyAt } from "../../write.ts";
import { gets, heads, sends } from "./words.ts";

const GET: Pick<ClientRow, "ask" | "answers"> = gets(okWith("hello"));
export const ABSENT = (name: string): FieldSeen => ({ name, is: "absent" });

/** A request with content. */
export function uploads(does: "post" | "put", content: string): Pick<ClientRow, "ask" | "answers"> {
  return { ask: { do: does, content }, answers: [replyAt("", okWith("there"))] };
}

/** A plain GET whose request is like this. */
export function plain(
  id: string,
  level: ClientRow["level"],
  sent: Omit<RequestSeen, "nth">,
  title: string,
  rationale: string,
): ClientRow {
  return { id, level, title, rationale, ...GET, outcomes: [sends({ nth: 0, ...sent })] };
}

/** The second of two addresses, which is the first with this behind it. */
function address(
  id: string,
  level: ClientRow["level"],
  second: string,
  target: string,
  title: string,
  rationale: string,
): ClientRow {
  return {
    id,
    level,
    title,
    rationale,
    ask: { do: "get-twice", second },
    answers: [{ times: 2, acts: [{ do: "send", text: okWith("hello") }] }],
    outcomes: [sends({ nth: 1, target })],
  };
}

const HOST: FieldSeen = { name: "Host", equals: "{host}" };
export const ONE_HOST: FieldSeen = { name: "Host", lines: 1 };

export const REQUEST_CASES: readonly ClientCase[] = clientCases("requests", [
  {
    ...plain(
      "9112-3.2-03/get",
      "MUST",
      { fields: [HOST, ONE_HOST] },
      "Host of a GET",
      "Host and port of the address, once: the port is not the usual one, and may not be left out.",
    ),
    also: ["9112-3.2-04", "9110-7.2-01"],
  },
  {
    id: "9112-3.2-03/head",
    level: "MUST",
    title: "Host of a HEAD",
    rationale: "No method goes without it, also where no content is asked for.",
    ...heads(message("HTTP/1.1 200 OK", ["Content-Length: 5"])),
    outcomes: [sends({ nth: 0, fields: [HOST, ONE_HOST] })],
  },
  {
    id: "9112-3.2-03/post",
    level: "MUST",
    title: "Host of a POST",
    rationale: "The head of a request with content is often put together elsewhere.",
    ...uploads("post", "hello"),
    outcomes: [sends({ nth: 0, fields: [HOST, ONE_HOST] })],
  },
  plain(
    "9110-7.2-02/get",
    "SHOULD",
    { firstField: "Host" },
    "the first field of a GET",
    "Whoever routes requests reads no further than it must.",
  ),
  {
    ...plain(
      "9110-6.2-01/get",
      "SHOULD",
      { version: "1.1" },
      "the version of a request",
      "The highest that this peer is known to speak; 1.0 gives up connections and chunks.",
    ),
    also: ["9110-6.2-02"],
  },
  plain(
    "9112-2.3-01/get",
    "MUST",
    { method: "GET", syntax: "clean" },
    "the grammar of a GET",
    "Method, blank, target, blank, version, and fields without a fault.",
  ),
  plain(
    "9112-3.2.1-01/get",
    "MUST",
    { target: "{path}" },
    "the target of a GET",
    "The path alone: scheme and authority are for proxies.",
  ),
  address(
    "9112-3.2.1-01/query",
    "MUST",
    "?a=1&b=%2F%3f+c",
    "{path}?a=1&b=%2F%3f+c",
    "the target of an address with a query",
    "Sent as it stands, escapes and all: none is undone or put into another case.",
  ),
  address(
    "9112-3.2.1-03/address",
    "MUST",
    "?a#part/of?it",
    "{path}?a",
    "the target of an address with a fragment",
    "What is behind '#' is not the server's, whatever it contains.",
  ),
  address(
    "9112-3-04/8000",
    "SHOULD",
    `/${"a".repeat(7900)}`,
    `{path}/${"a".repeat(7900)}`,
    "a target of about 8,000 octets",
    "So long a request line everybody should manage.",
  ),
  {
    id: "9110-4.2.4-01/target",
    also: ["9112-3.2-04"],
    level: "MUST",
    title: "a request to an address with name and password",
    rationale:
      "They are no part of the target and none of Host: they would be seen by everybody on the way.",
    ask: { do: "get", user: "user:secret" },
    answers: [replyAt("", okWith("hello"))],
    outcomes: [
      sends({ nth: 0, target: "{path}", fields: [HOST, { name: "Referer", lacks: "secret" }] }),
      { class: "not-applicable", exit: "error", requests: 0, note: "no such addresses" },
    ],
  },
  {
    id: "9112-2.2-06/get",
    level: "MUST",
    title: "octets behind a GET",
    rationale: "None: an empty line behind a request is the beginning of the next.",
    ...GET,
    outcomes: [{ class: "conforming", requests: 1, excess: "none" }],
  },
  {
    id: "9112-2.2-06/post",
    level: "MUST",
    title: "octets behind the content of a POST",
    rationale: "Old clients put CRLF there, which is neither content nor a request.",
    ...uploads("post", "hello"),
    outcomes: [{ class: "conforming", requests: 1, excess: "none" }],
  },
  {
    id: "9112-2.2-07/post",
    level: "MUST",
    title: "a POST whose content ends with CRLF",
    rationale: "The line end is content, and counted with it.",
    ...uploads("post", "a\r\n"),
    outcomes: [
      { class: "conforming", excess: "none", sent: [{ nth: 0, content: { equals: "a\r\n" } }] },
    ],
  },
  {
    id: "9112-6.3-20/post",
    also: ["9112-6.2-02", "9110-8.6-10"],
    level: "SHOULD",
    title: "the length of a POST whose content is known",
    rationale: "Said before, and right; chunks are for what is not known.",
    ...uploads("post", "hello"),
    outcomes: [
      sends({
        nth: 0,
        content: { equals: "hello" },
        fields: [{ name: "Content-Length", equals: "5" }],
      }),
    ],
  },
  {
    id: "9112-6.3-21/put",
    also: ["9112-6.2-01"],
    level: "MUST",
    title: "the framing of a PUT",
    rationale: "A length or chunks, and never both.",
    ...uploads("put", "hello"),
    outcomes: [
      sends({
        nth: 0,
        method: "PUT",
        content: { equals: "hello" },
        fields: [{ name: "Content-Length", lines: 1 }, ABSENT("Transfer-Encoding")],
      }),
      sends({
        nth: 0,
        method: "PUT",
        content: { equals: "hello" },
        fields: [{ name: "Transfer-Encoding", lines: 1 }, ABSENT("Content-Length")],
      }),
    ],
  },
  {
    id: "9110-8.6-01/post",
    level: "SHOULD",
    title: "a POST without content",
    rationale: "The method foresees content, so that its absence is said: a length of 0.",
    ...uploads("post", ""),
    outcomes: [
      sends({ nth: 0, method: "POST", fields: [{ name: "Content-Length", equals: "0" }] }),
    ],
  },
  {
    id: "9110-8.3-01/post",
    level: "SHOULD",
    title: "the type of what a POST carries",
    rationale: "Left out, the server has to guess.",
    ...uploads("post", "hello"),
    outcomes: [sends({ nth: 0, fields: [{ name: "Content-Type", lines: 1 }] })],
  },
  {
    id: "9110-12.5.3-01/not-asked",
    level: "MUST",
    title: "gzip that the client has not asked for",
    rationale:
      "Without Accept-Encoding the octets are what the caller gets, or an error; with it they may be undone.",
    ...gets(
      okWith(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\x07\x00\x86\xa6\x106\x05\x00\x00\x00",
        ["Content-Encoding: gzip"],
      ),
    ),
    outcomes: [
      {
        class: "conforming",
        exit: "ok",
        output: {
          equals:
            "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\x07\x00\x86\xa6\x106\x05\x00\x00\x00",
        },
      },
      {
        class: "conforming",
        exit: "ok",
        output: { equals: "hello" },
        sent: [{ nth: 0, fields: [{ name: "Accept-Encoding", contains: "gzip" }] }],
      },
      { class: "tolerated", exit: "ok", output: { equals: "hello" }, note: "undone unasked" },
      { class: "conforming", exit: "error" },
    ],
  },
  {
    id: "9112-9.2-01/two",
    also: ["9110-6-01"],
    level: "MUST",
    title: "two addresses, answered unlike",
    rationale: "Each answer goes to its own request, in the order of asking.",
    ask: { do: "get-twice", second: "/b" },
    answers: [replyAt("/b", okWith("second")), replyAt("", okWith("first"))],
    outcomes: [{ class: "conforming", exit: "ok", output: { equals: "firstsecond" } }],
  },
]);
