/**
 * Cases for clients: responses that end too early, and those that only seem to.
 * RFC 9112 §6.3, §8
 *
 * Rule of this file: data, by requirement. A part that is passed off as the whole is the fault in all of them.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  fails,
  message,
  reply,
  replyAt,
} from "../../write.ts";
import { chunked200, failsOrTolerably, gets, heads, ok200 } from "./words.ts";

/** Octets that are not the whole of a response, and the end. */
function cut(id: string, text: string, title: string, rationale: string): ClientRow {
  return { id, level: "MUST", title, rationale, ...gets(text, CLOSE), outcomes: [fails()] };
}

export const TRUNCATION_CASES: readonly ClientCase[] = clientCases("truncation", [
  {
    id: "9112-8-02/nothing",
    level: "MUST",
    title: "the end in place of a response",
    rationale: "On every attempt: no status and no content is no empty success.",
    ...gets([replyAt("", "", CLOSE)]),
    outcomes: [fails()],
  },
  {
    id: "9112-8-02/reset-at-once",
    level: "MUST",
    title: "a reset in place of a response",
    rationale: "The other way in which a connection goes, told by another error of the system.",
    ...gets([{ path: "", acts: [{ do: "reset" }] }]),
    outcomes: [fails()],
  },
  cut(
    "9112-8-02/in-status-line",
    "HTTP/1.1 200",
    "the end within the status line",
    "All three digits are there, and still it is no line.",
  ),
  cut(
    "9112-8-02/status-line",
    "HTTP/1.1 200 OK\r\n",
    "a status line and the end",
    "No empty line: what would have followed might have changed everything.",
  ),
  cut(
    "9112-8-02/in-field",
    "HTTP/1.1 200 OK\r\nContent-Length: 1",
    "the end within a length",
    "Of 10 the first digit has come: a field without its line end is none.",
  ),
  cut(
    "9112-8-02/no-empty-line",
    "HTTP/1.1 200 OK\r\nX-A: b\r\n",
    "the end before the empty line",
    "Without the empty line it is not known that there is no length.",
  ),
  cut(
    "9112-8-02/after-interim",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "100, and the end",
    "An interim response is no response yet.",
  ),
  cut(
    "9112-6.3-15/nothing",
    ok200(["Content-Length: 5"]),
    "five octets announced, and none sent",
    "Not the same as an empty content, which says 0.",
  ),
  cut(
    "9112-6.3-15/one-missing",
    ok200(["Content-Length: 6"], "hello"),
    "one octet less than announced",
    "The smallest part that can be missing.",
  ),
  {
    id: "9112-6.3-15/half-closed",
    level: "MUST",
    title: "five octets of ten, then the end of one direction",
    rationale:
      "Our side says that nothing more comes, and still listens: waiting would be for ever.",
    ...gets(ok200(["Content-Length: 10"], "hello"), { do: "half-close" }),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-15/reset",
    level: "MUST",
    title: "five octets of ten, then a reset",
    rationale: "The end by an error instead of in order; what came before it is not the content.",
    ...gets(ok200(["Content-Length: 10"], "hello"), { do: "pause", ms: 50 }, { do: "reset" }),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-15/large",
    level: "MUST",
    title: "a mebibyte but for its last octet",
    rationale: "Given out piece by piece, it has to end with an error all the same.",
    ...gets([
      reply(
        [ok200(["Content-Length: 1048576"]), { repeat: "0123456789abcde", times: 69_905 }],
        CLOSE,
      ),
    ]),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-15/error-page",
    level: "MUST",
    title: "a cut 404",
    rationale: "The status has no say in whether a response is whole.",
    ...gets(message("HTTP/1.1 404 Not Found", ["Content-Length: 10"], "hello"), CLOSE),
    outcomes: [fails()],
  },
  cut(
    "9112-8-03/in-size",
    chunked200("5\r\nhello\r\n1"),
    "the end within a size",
    "A digit that might have been the first of several.",
  ),
  cut(
    "9112-8-03/in-data",
    chunked200("5\r\nhel"),
    "the end within a chunk",
    "The size says how much is missing.",
  ),
  cut(
    "9112-8-03/before-crlf",
    chunked200("5\r\nhello"),
    "the end between data and line end",
    "All octets of the chunk are here, and no last chunk.",
  ),
  cut(
    "9112-8-03/nothing",
    chunked200(""),
    "chunked, and the end before the first size",
    "No chunk is not the same as a last chunk.",
  ),
  cut(
    "9112-8-03/zero-without-line-end",
    chunked200("5\r\nhello\r\n0"),
    "a last chunk without its line end",
    "0 may have been the first digit of a longer size.",
  ),
  {
    id: "9112-8-03/reset",
    level: "MUST",
    title: "a chunk, then a reset",
    rationale: "Each chunk was whole when the connection went, which proves nothing.",
    ...gets(chunked200("5\r\nhello\r\n"), { do: "pause", ms: 50 }, { do: "reset" }),
    outcomes: [fails()],
  },
  {
    id: "9112-8-03/no-end-of-trailers",
    level: "MUST",
    title: "the last chunk, and no empty line behind it",
    rationale: "The last chunk has come, which makes the content whole; the message is not.",
    ...gets(chunked200("5\r\nhello\r\n0\r\n"), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-8-03/in-trailer",
    level: "MUST",
    title: "the end within a trailer field",
    rationale: "Behind the last chunk as well; half a field must not be shown as one.",
    ...gets(chunked200("5\r\nhello\r\n0\r\nX-Sum: 1"), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-8-04/reset",
    level: "MUST",
    title: "content without a length, ended by a reset",
    rationale: "Only an end in order is the end of the content; this one was an error.",
    ...gets(ok200(["Date: {date:0}"], "hello"), { do: "pause", ms: 50 }, { do: "reset" }),
    outcomes: [fails()],
  },
  {
    id: "9112-8-04/half-close",
    level: "MUST",
    title: "content without a length, ended by our direction alone",
    rationale: "An end in order, though the other direction is still open.",
    ...gets(ok200(["Date: {date:0}"], "hello"), { do: "half-close" }),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-8-04/empty",
    level: "MUST",
    title: "no length, no content, the end",
    rationale: "Nothing is missing where nothing was announced.",
    ...gets(ok200(["Date: {date:0}"]), CLOSE),
    outcomes: [delivers("")],
  },
  {
    id: "9112-8-04/pauses",
    level: "MUST",
    title: "content without a length in three pieces with pauses",
    rationale: "Silence is no end: the last piece counts as the first does.",
    ...gets(
      ok200(["Date: {date:0}"], "he"),
      { do: "pause", ms: 150 },
      { do: "send", text: "ll" },
      { do: "pause", ms: 150 },
      { do: "send", text: "o" },
      CLOSE,
    ),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-8-04/close-announced",
    level: "MUST",
    title: "Connection: close, a length, and fewer octets",
    rationale: "The announced end of the connection does not make it the end of the content.",
    ...gets(ok200(["Connection: close", "Content-Length: 10"], "hello"), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-8-02/head",
    level: "MUST",
    title: "a cut head in answer to HEAD",
    rationale: "Nothing but the head is asked for, and it is not whole.",
    ...heads("HTTP/1.1 200 OK\r\nContent-Type: text/pl", CLOSE),
    outcomes: [fails()],
  },
]);
