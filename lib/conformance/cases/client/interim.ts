/**
 * Cases for clients: interim responses before the final one.
 * RFC 9110 §15.2, §7.8; RFC 9112 §6.3
 *
 * Rule of this file: data, by requirement. Those that a client has asked for by Expect are in expect.ts.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
  reply,
  replyAt,
} from "../../write.ts";
import { bothOn, deliversOrTolerablyFails, gets, heads, SECOND } from "./words.ts";

const CONTINUE = message("HTTP/1.1 100 Continue");
const HINTS = message("HTTP/1.1 103 Early Hints", ["Link: </style.css>; rel=preload"]);

export const INTERIM_CASES: readonly ClientCase[] = clientCases("interim", [
  {
    id: "9110-15.2.1-01/get",
    level: "SHOULD",
    title: "100 that nobody asked for",
    rationale: "Thrown away: the answer to the request is the one behind it.",
    ...gets(`${CONTINUE}${okWith("hello")}`),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15.2-02/several",
    level: "MUST",
    title: "100, 102 and 103 before the final response",
    rationale: "One or more, of any kind; who expects at most one takes the second for the answer.",
    ...gets(`${CONTINUE}${message("HTTP/1.1 102 Processing")}${HINTS}${okWith("hello")}`),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15.2-02/early",
    level: "MUST",
    title: "103 long before the final response",
    rationale:
      "In a segment of its own: the head of an interim response starts no wait for content.",
    ...gets(HINTS, { do: "pause", ms: 200 }, { do: "send", text: okWith("hello") }),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15.2-02/octets",
    level: "MUST",
    title: "100 and 200 in segments of one octet",
    rationale: "The border between the two heads may lie anywhere in what is read.",
    ...gets([{ acts: [{ do: "send", text: `${CONTINUE}${okWith("hello")}`, cut: "octets" }] }]),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15.2-02/fifty",
    level: "MUST",
    title: "fifty interim responses",
    rationale: "More than anybody sends: read through, or refused as too many.",
    ...gets([reply([{ repeat: HINTS, times: 50 }, okWith("hello")])]),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-15.2-02/no-final",
    level: "MUST",
    title: "ten thousand interim responses, and the end",
    rationale: "Given up early, or told at the end that the answer has not come.",
    ...gets([
      { path: "", acts: [{ do: "send", text: [{ repeat: HINTS, times: 10_000 }] }, CLOSE] },
    ]),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-01/interim-length",
    level: "MUST",
    title: "100 with a length",
    rationale: "A 1xx has no content, whatever its fields say: the next octets are a status line.",
    ...gets(`${message("HTTP/1.1 100 Continue", ["Content-Length: 5"])}${okWith("hello")}`),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-6.3-01/interim-chunked",
    level: "MUST",
    title: "103 with Transfer-Encoding",
    rationale: "The same by the other field, which no server may send there.",
    ...gets(
      `${message("HTTP/1.1 103 Early Hints", ["Transfer-Encoding: chunked"])}${okWith("hello")}`,
    ),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-6.3-01/interim-close",
    level: "MUST",
    title: "100 with Connection: close",
    rationale: "Only a final response ends an exchange: the answer is still read.",
    ...gets(`${message("HTTP/1.1 100 Continue", ["Connection: close"])}${okWith("hello")}`),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-15.2-02/before-head",
    level: "MUST",
    title: "100 before the answer to HEAD",
    rationale: "Two heads, no content: the second one is the answer.",
    ...heads(`${CONTINUE}${message("HTTP/1.1 200 OK", ["Content-Length: 5"])}`),
    outcomes: [{ class: "conforming", exit: "ok", requests: 1 }],
  },
  {
    id: "9112-9.2-01/interims",
    level: "MUST",
    title: "two requests, each answered with 103 and 200",
    rationale: "Four heads on the connection, and each request gets its own final one.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", `${HINTS}${okWith("first")}`),
      replyAt(SECOND, `${HINTS}${okWith("second")}`),
    ],
    outcomes: [delivers("firstsecond")],
  },
  {
    id: "9112-9.2-01/interim-late",
    level: "MUST",
    title: "100 behind the final response, then another request",
    rationale:
      "It came when nothing was asked: dropped with its connection, or skipped as interim.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [replyAt("", `${okWith("first")}${CONTINUE}`), replyAt(SECOND, okWith("second"))],
    outcomes: [bothOn(1, "firstsecond", "conforming"), delivers("firstsecond", "tolerated")],
  },
  {
    id: "9110-7.8-05/octets",
    level: "MUST",
    title: "101 to a request without Upgrade, and another protocol behind it",
    rationale: "Nobody has asked: an error, and what follows is no content.",
    ...gets(
      `${message("HTTP/1.1 101 Switching Protocols", ["Connection: upgrade", "Upgrade: x"])}hello`,
      CLOSE,
    ),
    outcomes: [fails()],
  },
  {
    id: "9110-7.8-05/then-200",
    level: "MUST",
    title: "101 to a request without Upgrade, and 200 behind it",
    rationale:
      "After 101 HTTP is over; a client that skips it as interim has at least not switched.",
    ...gets(
      `${message("HTTP/1.1 101 Switching Protocols", ["Connection: upgrade", "Upgrade: x"])}${okWith("hello")}`,
      CLOSE,
    ),
    outcomes: [fails(), delivers("hello", "tolerated")],
  },
]);
