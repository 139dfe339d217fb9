/**
 * Cases for clients: where the content of a response ends, and what is behind it.
 * RFC 9112 §6.3, §8, §9.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  chunks,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
  reply,
} from "../../write.ts";

export const FRAMING_CASES: readonly ClientCase[] = clientCases("framing", [
  {
    id: "9112-6.3-12/two-lines",
    level: "MUST",
    title: "two Content-Length lines with different values",
    rationale:
      "Which one frames is a guess: the response is thrown away, the connection closed, and the caller told.",
    ask: { do: "get" },
    answers: [
      reply(
        message("HTTP/1.1 200 OK", ["Content-Length: 5", "Content-Length: 8"], "helloabc"),
        CLOSE,
      ),
    ],
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-15/cut",
    also: ["9112-8-02"],
    level: "MUST",
    title: "five octets of ten, then the end",
    rationale:
      "A part must not be passed off as the whole: the client tells that something is missing.",
    ask: { do: "get" },
    answers: [reply(message("HTTP/1.1 200 OK", ["Content-Length: 10"], "hello"), CLOSE)],
    outcomes: [fails()],
  },
  {
    id: "9112-8-03/no-last-chunk",
    level: "MUST",
    title: "a chunk, and the end in place of the last one",
    rationale: "Every chunk is whole, and still the content is not: only the last chunk says so.",
    ask: { do: "get" },
    answers: [
      reply(message("HTTP/1.1 200 OK", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n"), CLOSE),
    ],
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-17/until-close",
    level: "MUST",
    title: "no length at all: the content ends with the connection",
    rationale: "The oldest framing there is; nothing is missing here.",
    ask: { do: "get" },
    answers: [reply(message("HTTP/1.1 200 OK", ["Date: {date:0}"], "hello"), CLOSE)],
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-6.1-03/octets",
    level: "MUST",
    title: "chunked content in segments of one octet",
    rationale: "Where octets are cut says nothing, in sizes, line ends and data alike.",
    ask: { do: "get" },
    answers: [
      {
        acts: [
          {
            do: "send",
            text: message(
              "HTTP/1.1 200 OK",
              ["Transfer-Encoding: chunked"],
              chunks("hello", " world"),
            ),
            cut: "octets",
          },
        ],
      },
    ],
    outcomes: [delivers("hello world")],
  },
  {
    id: "9112-9.2-02/behind-the-answer",
    also: ["9112-6.3-23"],
    level: "MUST",
    title: "a second response that nobody asked for, in the same segment",
    rationale: "Kept for the next request it would answer what it does not belong to.",
    ask: { do: "get-twice", second: "/second" },
    needs: ["reuse"],
    answers: [
      {
        path: "",
        acts: [{ do: "send", text: `${okWith("first")}${okWith("POISON")}` }],
      },
      { path: "/second", acts: [{ do: "send", text: okWith("second") }] },
    ],
    outcomes: [
      delivers("firstsecond"),
      { class: "conforming", exit: "error", output: { lacks: "POISON" } },
    ],
  },
]);
