/**
 * Cases for clients: which connection the next request goes on, and what is made of octets that nobody asked for.
 * RFC 9112 §9.2, §9.3, §9.6
 *
 * Rule of this file: data, by requirement. What happens when a connection goes is in retries.ts.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  chunks,
  clientCases,
  delivers,
  message,
  okWith,
} from "../../write.ts";
import { bothOn, chunked200, gets, getsTwice, ok200 } from "./words.ts";

const NEEDS = ["reuse"] as const;

/** The connection is used again; a new one costs time only. */
const REUSED: readonly ClientOutcome[] = [
  bothOn(0, "firstsecond", "conforming"),
  bothOn(1, "firstsecond", "tolerated"),
];
/** The connection is not used again. */
const FRESH: readonly ClientOutcome[] = [bothOn(1, "firstsecond", "conforming")];

function reused(variant: string, first: string, title: string, rationale: string): ClientRow {
  const id = `9112-9.3-02/${variant}`;
  return {
    id,
    level: "SHOULD",
    title,
    rationale,
    needs: NEEDS,
    ...getsTwice(first),
    outcomes: REUSED,
  };
}

/** A first response with these fields, after which the server keeps the connection open all the same. */
function closing(
  id: string,
  fields: readonly string[],
  title: string,
  rationale: string,
): ClientRow {
  const deeds = getsTwice(okWith("first", fields));
  return { id, level: "MUST", title, rationale, needs: NEEDS, ...deeds, outcomes: FRESH };
}

/** Octets behind a first response: the second request gets its own answer, on another connection. */
function behind(id: string, octets: string, title: string, rationale: string): ClientRow {
  const deeds = getsTwice(`${okWith("first")}${octets}`);
  const refuses: ClientOutcome = {
    class: "conforming",
    exit: "error",
    output: { lacks: "POISON" },
  };
  const outcomes = [
    bothOn(1, "firstsecond", "conforming"),
    bothOn(0, "firstsecond", "tolerated"),
    refuses,
  ];
  return { id, level: "SHOULD", title, rationale, needs: NEEDS, ...deeds, outcomes };
}

export const REUSE_CASES: readonly ClientCase[] = clientCases("reuse", [
  reused(
    "length",
    okWith("first"),
    "a response with a length, then another request",
    "Whole and persistent: the connection is there to be used.",
  ),
  reused(
    "chunked",
    chunked200(chunks("fir", "st")),
    "a response in chunks, then another request",
    "The last chunk is as good an end as a length.",
  ),
  reused(
    "split-end",
    chunked200("5\r\nfirst\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "a response with trailers, then a request on its connection",
    "The content was whole before the trailers: the connection is free behind them.",
  ),
  reused(
    "keep-alive",
    okWith("first", ["Connection: keep-alive", "Keep-Alive: timeout=60, max=100"]),
    "keep-alive said in HTTP/1.1, then another request",
    "What is the rule anyway may be said, and changes nothing.",
  ),
  {
    ...reused(
      "empty",
      ok200(["Content-Length: 0"]),
      "an empty response, then another request",
      "Nothing to read is nothing to wait for.",
    ),
    outcomes: [bothOn(0, "second", "conforming"), bothOn(1, "second", "tolerated")],
  },
  {
    ...reused(
      "no-content",
      message("HTTP/1.1 204 No Content"),
      "204, then another request on its connection",
      "The head is the whole response: the connection is free at once.",
    ),
    outcomes: [bothOn(0, "second", "conforming"), bothOn(1, "second", "tolerated")],
  },
  {
    ...reused(
      "404",
      message("HTTP/1.1 404 Not Found", ["Content-Length: 5"], "first"),
      "404, then another request",
      "An error of the request, not of the connection.",
    ),
    outcomes: [
      { class: "conforming", sent: [{ nth: 1, connection: 0 }] },
      { class: "tolerated", requests: 2, connections: 2 },
    ],
  },
  closing(
    "9112-9.6-09/close",
    ["Connection: close"],
    "Connection: close, and the server waits",
    "No more requests here, though nobody stops the client from sending one.",
  ),
  closing(
    "9110-7.6.1-06/case",
    ["Connection: CLOSE"],
    "Connection: CLOSE",
    "Options mind no case, and this one is to be obeyed.",
  ),
  closing(
    "9112-9.6-09/in-list",
    ["Connection: keep-alive, close"],
    "close behind keep-alive",
    "close wins, wherever it stands in the list.",
  ),
  closing(
    "9112-9.6-09/second-line",
    ["Connection: keep-alive", "X-A: b", "Connection: close"],
    "close on a second line of Connection",
    "Two lines are one list; the first one alone says the contrary.",
  ),
  closing(
    "9110-5.6.1.2-02/connection",
    ["Connection: ,close ,"],
    "close between empty members",
    "Empty members are skipped, and what is left is close.",
  ),
  {
    ...closing(
      "9112-9.6-09/chunked",
      [],
      "Connection: close and chunks",
      "The end of the content is known, and the connection is still not used again.",
    ),
    ...getsTwice(ok200(["Connection: close", "Transfer-Encoding: chunked"], chunks("first"))),
  },
  {
    id: "9112-9.6-09/not-an-option",
    level: "SHOULD",
    title: "an option that only contains close",
    rationale: "A member of the list is compared whole: this one is unknown, and says nothing.",
    needs: NEEDS,
    ...getsTwice(okWith("first", ["Connection: not-close, closed"])),
    outcomes: REUSED,
  },
  {
    ...closing(
      "9112-9.3-07/length",
      [],
      "HTTP/1.0 with a length, then another request",
      "Without keep-alive a connection of 1.0 ends with its response, whatever the server does.",
    ),
    ...getsTwice(message("HTTP/1.0 200 OK", ["Content-Length: 5"], "first")),
  },
  {
    id: "9112-9.3-02/http-1.0-keep-alive",
    level: "SHOULD",
    title: "HTTP/1.0 with keep-alive, then another request",
    rationale: "Both sides know the option: used again or not, the answers are the right ones.",
    needs: NEEDS,
    ...getsTwice(
      message("HTTP/1.0 200 OK", ["Connection: keep-alive", "Content-Length: 5"], "first"),
    ),
    outcomes: [delivers("firstsecond")],
  },
  {
    id: "9112-9.6-03/ends",
    also: ["9112-9.6-09"],
    level: "MUST",
    title: "Connection: close, and who ends the connection",
    rationale:
      "The client has what it wanted: it closes, and does not wait for the server to do so.",
    ...gets(okWith("hello", ["Connection: close"])),
    outcomes: [{ ...delivers("hello"), ended: "client" }],
  },
  behind(
    "9112-9.2-03/response",
    okWith("POISON"),
    "a second response behind the first, then another request",
    "It answers nothing: the connection has lost its place.",
  ),
  behind(
    "9112-9.2-03/timeout",
    message("HTTP/1.1 408 Request Timeout", ["Connection: close", "Content-Length: 6"], "POISON"),
    "408 behind the first response",
    "What servers send before they close an idle connection: not the answer to what comes next.",
  ),
  behind(
    "9112-9.2-03/garbage",
    "POISON, and no HTTP",
    "octets that are no HTTP behind the first response",
    "Put before the next status line they spoil it, or hide it.",
  ),
  behind(
    "9112-9.2-03/half-a-response",
    "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nPOI",
    "half a response behind the first one",
    "Continued by the next answer it would swallow its beginning.",
  ),
  {
    id: "9112-9.2-03/crlf",
    level: "SHOULD",
    title: "an empty line behind the first response",
    rationale:
      "The one thing that may be skipped: whichever connection is taken, the answer is right.",
    needs: NEEDS,
    ...getsTwice(`${okWith("first")}\r\n`),
    outcomes: [delivers("firstsecond")],
  },
  {
    id: "9112-9.3-03/or-reused",
    level: "MUST",
    title: "two requests by a client that uses no connection twice",
    rationale: "Who always closes has to say so; who does neither may only have been in a hurry.",
    ...getsTwice(okWith("first")),
    outcomes: [
      bothOn(0, "firstsecond", "conforming"),
      {
        class: "conforming",
        sent: [{ nth: 0, fields: [{ name: "Connection", member: "close" }] }],
      },
      {
        class: "conforming",
        sent: [{ nth: 0, version: "1.0" }],
      },
      {
        class: "tolerated",
        exit: "ok",
        output: { equals: "firstsecond" },
        note: "a new connection without close: persistent at other times, perhaps",
      },
    ],
  },
  {
    id: "9112-9.6-02/after-close",
    level: "MUST",
    title: "a further request by a client that has said close",
    rationale: "Nothing is sent on a connection behind one's own close.",
    ...getsTwice(okWith("first")),
    outcomes: [
      {
        class: "not-applicable",
        note: "the client does not say close",
        sent: [{ nth: 0, fields: [{ name: "Connection", lacks: "close" }] }],
      },
      bothOn(1, "firstsecond", "conforming"),
    ],
  },
  {
    id: "9112-9.6-09/end-unannounced",
    level: "MUST",
    title: "content until the end of the connection, then another request",
    rationale: "The end of the content was the end of the connection: there is none to be used.",
    needs: NEEDS,
    ...getsTwice(ok200(["Date: {date:0}"], "first"), CLOSE),
    outcomes: FRESH,
  },
]);
