/**
 * Cases for clients: responses that have no content whatever their fields say: to HEAD, 204 and 304.
 * RFC 9112 §6.3; RFC 9110 §9.3.2, §15.3.5, §15.4.5
 *
 * Rule of this file: data, by requirement. The connection stays open, so that who waits for content hangs.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  message,
  okWith,
  replyAt,
} from "../../write.ts";
import { bothOn, getsTwice, gets, heads, SECOND } from "./words.ts";

const ID = "9112-6.3-01";
/** What a client prints of a head is not prescribed. */
const ENDS: ClientOutcome = { class: "conforming", exit: "ok", requests: 1 };
/** A 304 that nobody asked for may be told as an error. */
const NOTHING: readonly ClientOutcome[] = [
  delivers(""),
  { class: "conforming", exit: "error", requests: 1 },
];

/** The answer to HEAD with these fields, and nothing more. */
function head(
  variant: string,
  fields: readonly string[],
  title: string,
  rationale: string,
): ClientRow {
  const deeds = heads(message("HTTP/1.1 200 OK", fields));
  return { id: `${ID}/${variant}`, level: "MUST", title, rationale, ...deeds, outcomes: [ENDS] };
}

/** A response without content, then another one on the connection. */
function thenSecond(
  variant: string,
  line: string,
  fields: readonly string[],
  rationale: string,
): ClientRow {
  return {
    id: `${ID}/${variant}-then-second`,
    level: "MUST",
    title: `${line.slice(9)} with ${fields.join(", ") || "no fields"}, then another request`,
    rationale,
    needs: ["reuse"],
    ...getsTwice(message(line, fields)),
    outcomes: [
      { class: "conforming", output: { equals: "second" } },
      { class: "tolerated", exit: "error", output: { equals: "" }, requests: 1 },
    ],
  };
}

export const HEAD_CASES: readonly ClientCase[] = clientCases("head", [
  head(
    "head-length",
    ["Content-Length: 5"],
    "HEAD answered with a length",
    "The length that GET would have got; no octet of it comes.",
  ),
  head(
    "head-chunked",
    ["Transfer-Encoding: chunked"],
    "HEAD answered with chunked",
    "No chunk comes, and no last one either.",
  ),
  head(
    "head-bare",
    ["Date: {date:0}"],
    "HEAD answered without a length",
    "For GET it would mean until the end; here there is nothing to wait for.",
  ),
  head(
    "head-both",
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    "HEAD answered with a length and chunked",
    "An error for content, and there is none.",
  ),
  head(
    "head-zero",
    ["Content-Length: 0"],
    "HEAD answered with a length of 0",
    "What servers send that count the content that they do not send.",
  ),
  {
    id: `${ID}/head-coded`,
    level: "MUST",
    title: "HEAD answered with a content coding",
    rationale: "Nothing to decode, and an empty stream of gzip would be an error.",
    needs: ["decompression"],
    ...heads(message("HTTP/1.1 200 OK", ["Content-Encoding: gzip", "Content-Length: 25"])),
    outcomes: [ENDS],
  },
  {
    id: `${ID}/head-with-content`,
    also: ["9112-6.3-23"],
    level: "MUST",
    title: "HEAD answered with content all the same",
    rationale: "The response ends with its head: what follows is shown to nobody.",
    ...heads(okWith("POISON"), CLOSE),
    outcomes: [
      { class: "conforming", exit: "ok", output: { lacks: "POISON" } },
      { class: "conforming", exit: "error", output: { lacks: "POISON" } },
    ],
  },
  {
    id: `${ID}/head-404`,
    level: "MUST",
    title: "HEAD answered with 404 and a length",
    rationale: "Errors have no content here either; their length is that of the page left out.",
    ...heads(message("HTTP/1.1 404 Not Found", ["Content-Length: 5"])),
    outcomes: [ENDS, { class: "conforming", exit: "error", requests: 1 }],
  },
  {
    id: "9110-9.3.2-03/head",
    level: "SHOULD",
    title: "what a HEAD request carries",
    rationale: "The method, and no content: it would mean nothing, and some servers close.",
    ...heads(message("HTTP/1.1 200 OK", ["Content-Length: 7"])),
    outcomes: [
      {
        class: "conforming",
        excess: "none",
        sent: [{ nth: 0, method: "HEAD", target: "{path}", content: { equals: "" } }],
      },
    ],
  },
]);

export const NO_CONTENT_CASES: readonly ClientCase[] = clientCases("no-content", [
  {
    id: `${ID}/204`,
    level: "MUST",
    title: "204 without fields of framing",
    rationale: "A success, empty and complete: it does not run to the end of the connection.",
    ...gets(message("HTTP/1.1 204 No Content", ["Date: {date:0}"])),
    outcomes: [delivers("")],
  },
  {
    id: `${ID}/204-length`,
    level: "MUST",
    title: "204 with a length",
    rationale: "A server must not send it; a client that believes it waits for ever.",
    ...gets(message("HTTP/1.1 204 No Content", ["Content-Length: 5"])),
    outcomes: [delivers("")],
  },
  {
    id: `${ID}/204-chunked`,
    level: "MUST",
    title: "204 with chunked",
    rationale: "The same by the other field, where a last chunk would be waited for.",
    ...gets(message("HTTP/1.1 204 No Content", ["Transfer-Encoding: chunked"])),
    outcomes: [delivers("")],
  },
  {
    id: `${ID}/204-coded`,
    level: "MUST",
    title: "204 with a content coding",
    rationale: "No octets are no gzip stream, and need not be one.",
    needs: ["decompression"],
    ...gets(message("HTTP/1.1 204 No Content", ["Content-Encoding: gzip"])),
    outcomes: [delivers("")],
  },
  {
    id: `${ID}/304-length`,
    level: "MUST",
    title: "304 with the length of the representation",
    rationale: "It is allowed to say how long a 200 would have been; nothing of it comes.",
    ...gets(message("HTTP/1.1 304 Not Modified", ['ETag: "a"', "Content-Length: 3"])),
    outcomes: NOTHING,
  },
  {
    id: `${ID}/304-chunked`,
    level: "MUST",
    title: "304 with chunked",
    rationale: "Allowed too, for what a 200 would have had.",
    ...gets(message("HTTP/1.1 304 Not Modified", ['ETag: "a"', "Transfer-Encoding: chunked"])),
    outcomes: NOTHING,
  },
  {
    id: `${ID}/304-bare`,
    level: "MUST",
    title: "304 without a length",
    rationale: "Until the end, for any other status of its class.",
    ...gets(message("HTTP/1.1 304 Not Modified", ['ETag: "a"'])),
    outcomes: NOTHING,
  },
  thenSecond(
    "204-length",
    "HTTP/1.1 204 No Content",
    ["Content-Length: 6"],
    "Six octets of the next response would be taken for this one's content.",
  ),
  thenSecond(
    "204-chunked",
    "HTTP/1.1 204 No Content",
    ["Transfer-Encoding: chunked"],
    "Read on, the next status line is no chunk size, and the answer is lost.",
  ),
  thenSecond(
    "304-length",
    "HTTP/1.1 304 Not Modified",
    ["Content-Length: 9"],
    "The length belongs to another response; the next one begins at once.",
  ),
  {
    id: `${ID}/204-with-content`,
    also: ["9112-9.2-02"],
    level: "MUST",
    title: "204 with content all the same, then another request",
    rationale: "Octets that belong to nothing: never an answer to what is asked later.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", `${message("HTTP/1.1 204 No Content")}${okWith("POISON")}`),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [
      bothOn(1, "second", "conforming"),
      bothOn(0, "second", "tolerated"),
      { class: "conforming", exit: "error", output: { lacks: "POISON" } },
    ],
  },
  {
    id: "9112-9.2-01/205",
    level: "MUST",
    title: "205 with an empty content in chunks, then another request",
    rationale: "Unlike 204 it is framed as others are: its last chunk has to be read.",
    needs: ["reuse"],
    ...getsTwice(
      message("HTTP/1.1 205 Reset Content", ["Transfer-Encoding: chunked"], "0\r\n\r\n"),
    ),
    outcomes: [delivers("second")],
  },
]);
