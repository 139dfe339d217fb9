/**
 * Cases for clients: fields behind the last chunk.
 * RFC 9112 §7.1.2; RFC 9110 §6.5
 *
 * Rule of this file: data, by requirement. A trailer that acts as if it had stood in the head is the fault.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  message,
  okWith,
  reply,
  replyAt,
} from "../../write.ts";
import {
  chunked200,
  deliversOrFails,
  deliversOrTolerablyFails,
  failsOrTolerably,
  gets,
  ok200,
  SECOND,
} from "./words.ts";

/** "hello" in a chunk, and these trailer lines as they stand. */
function trailing(lines: string): string {
  return chunked200(`5\r\nhello\r\n0\r\n${lines}\r\n`);
}

/** A trailer field that would change the response if it stood in the head. */
function inert(variant: string, line: string, title: string, rationale: string): ClientRow {
  const deeds = gets(trailing(`${line}\r\n`));
  const id = `9112-7.1.2-03/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [delivers("hello")] };
}

export const TRAILER_CASES: readonly ClientCase[] = clientCases("trailers", [
  inert(
    "unknown",
    "X-Sum: 1",
    "a trailer field that nobody knows",
    "Kept apart or dropped; the content is what the chunks say.",
  ),
  inert(
    "content-length",
    "Content-Length: 3",
    "a length among the trailers",
    "It comes when all is counted, and counts nothing.",
  ),
  inert(
    "transfer-encoding",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding among the trailers",
    "Merged, it would begin another body where the message has ended.",
  ),
  {
    id: "9112-7.1.2-03/content-encoding",
    level: "MUST",
    title: "Content-Encoding among the trailers",
    rationale:
      "Content that has been given out is not decoded afterwards, nor is an error made of it.",
    needs: ["decompression"],
    ...gets(trailing("Content-Encoding: gzip\r\n")),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-7.1.2-03/set-cookie",
    also: ["9110-6.5.1-02"],
    level: "MUST",
    title: "Set-Cookie among the trailers, then another request",
    rationale: "A cookie is set by a header field; merged, anybody who writes trailers sets one.",
    needs: ["cookies"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", trailing("Set-Cookie: poison=1; Path=/\r\n")),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [
      { class: "conforming", sent: [{ nth: 1, fields: [{ name: "Cookie", is: "absent" }] }] },
    ],
  },
  {
    id: "9112-7.1.2-03/location",
    level: "MUST",
    title: "302 with its Location among the trailers",
    rationale: "Nowhere to go when the head was read, and the trailers do not change that.",
    needs: ["redirects"],
    ...gets([
      replyAt(
        "",
        message(
          "HTTP/1.1 302 Found",
          ["Transfer-Encoding: chunked"],
          "5\r\nhello\r\n0\r\nLocation: {path}/next\r\n\r\n",
        ),
      ),
      replyAt("/next", okWith("POISON")),
    ]),
    outcomes: [
      { class: "conforming", exit: "ok", output: { equals: "hello" }, requests: 1 },
      { class: "conforming", exit: "error", requests: 1 },
    ],
  },
  {
    id: "9112-9.2-01/after-trailers",
    level: "MUST",
    title: "trailers, then another request",
    rationale: "The next response begins behind the empty line, and not behind the last chunk.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", trailing("X-Sum: 1\r\nX-Other: 2\r\n")),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [delivers("hellosecond")],
  },
  {
    id: "9112-6.3-23/behind-trailers",
    level: "MUST",
    title: "a second response behind the trailers of the first",
    rationale: "Octets behind the end of a chunked message are no more an answer than others.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", `${trailing("X-Sum: 1\r\n")}${okWith("POISON")}`),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [
      delivers("hellosecond"),
      { class: "conforming", exit: "error", output: { lacks: "POISON" } },
    ],
  },
  {
    id: "9112-7.1-07/trailer-without-colon",
    level: "MUST",
    title: "a trailer line without a colon",
    rationale: "No field; the content was whole before it, so that dropping the line does no harm.",
    ...gets(trailing("X-Sum 1\r\n"), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-7.1-07/trailer-lf",
    level: "MUST",
    title: "an empty line of LF alone behind the last chunk",
    rationale: "Fields may be ended so by leave of section 2.2; nothing may wait for the CR.",
    ...gets(chunked200("5\r\nhello\r\n0\r\n\n"), CLOSE),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-7.1-07/trailer-octets",
    level: "MUST",
    title: "two octets that are no empty line behind the last chunk",
    rationale: "Skipped unread they let the next response begin in the wrong place.",
    ...gets(chunked200("5\r\nhello\r\n0\r\nXX"), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-2.2-05/trailer",
    level: "MUST",
    title: "CR in a trailer value",
    rationale: "Invalid or a blank here as in the head, and no end of the section.",
    ...gets(trailing("X-Sum: 1\r\r\r\n"), CLOSE),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-5.2-04/trailer",
    level: "MUST",
    title: "a folded line among the trailers",
    rationale: "Trailers are fields, and a fold in them a blank.",
    ...gets(trailing("X-Sum: 1\r\n 2\r\n")),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-7.1.2-04/mebibyte",
    level: "MUST",
    title: "a mebibyte of trailers",
    rationale: "The section ends: it may be read, and it may be too much. It must not stall.",
    ...gets([
      reply([
        chunked200("5\r\nhello\r\n0\r\n"),
        { repeat: "X-Sum: 0123456789abcdef0123456789\r\n", times: 30_000 },
        "\r\n",
      ]),
    ]),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-7.1.2-04/announced",
    level: "MUST",
    title: "trailers announced in Trailer, and none sent",
    rationale: "A promise that frames nothing: the empty line ends the message.",
    ...gets(ok200(["Trailer: X-Sum", "Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n")),
    outcomes: [delivers("hello")],
  },
]);
