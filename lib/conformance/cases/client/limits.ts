/**
 * Cases for clients: heads that are large, slow, or without an end, and redirects in a circle.
 * RFC 9110 §5.4, §15.4; RFC 9112 §4, §7.1.1
 *
 * Rule of this file: data, by requirement. A client may have limits and may have none: it must come to an end,
 * and must not misread what follows.
 */
import type { ClientCase, TextPart } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
  reply,
  replyAt,
} from "../../write.ts";
import { redirect } from "./redirects.ts";
import { chunked200, deliversOrFails, deliversOrTolerablyFails, gets } from "./words.ts";

const START = "HTTP/1.1 200 OK\r\n";
const END = "Content-Length: 5\r\n\r\nhelloEXTRA";
const FIELD = "X-Field: 0123456789abcdef0123456789abcdef\r\n";

/** A head in parts. */
function large(...parts: readonly TextPart[]): Pick<ClientRow, "ask" | "answers"> {
  return gets([reply([START, ...parts, END], CLOSE)]);
}

/** Octets without an end, for every request, until the client gives up or 16 MiB are sent. */
function endless(...parts: readonly TextPart[]): Pick<ClientRow, "ask" | "answers"> {
  return gets([{ path: "", acts: [{ do: "send", text: parts }, CLOSE] }]);
}

export const LIMIT_CASES: readonly ClientCase[] = clientCases("limits", [
  {
    id: "9110-5.4-02/100-fields",
    level: "MUST",
    title: "a hundred fields",
    rationale: "More than most responses have, and no reason for any client to stumble.",
    ...large({ repeat: FIELD, times: 100 }),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-5.4-02/5000-fields",
    level: "MUST",
    title: "five thousand fields",
    rationale: "Too many for some; what is thrown away must not take the length along.",
    ...large({ repeat: FIELD, times: 5000 }),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-5.4-02/8000-octets",
    level: "MUST",
    title: "a value of 8,000 octets",
    rationale: "Cookies and policies come near to it.",
    ...large("X-Field: ", { repeat: "v", times: 8000 }, "\r\n"),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-5.4-02/mebibyte",
    level: "MUST",
    title: "a value of a mebibyte",
    rationale: "Refused or read; cut at a limit, its rest must not become a field or content.",
    ...large("X-Field: ", { repeat: "0123456789abcdef", times: 65_536 }, "\r\n"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-5.4-02/long-name",
    level: "MUST",
    title: "a field name of 100,000 octets",
    rationale: "Buffers for names are smaller than those for values, where there are two.",
    ...large({ repeat: "n", times: 100_000 }, ": v\r\n"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-5.4-02/many-folds",
    level: "MUST",
    title: "a value of ten thousand folded lines",
    rationale: "Each line is short: a limit for lines sees nothing, one for the head does.",
    ...large("X-Field: v\r\n", { repeat: " fold\r\n", times: 10_000 }),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-5.4-02/endless-fields",
    level: "MUST",
    title: "fields without an end, and then the end of the connection",
    rationale: "Sixteen mebibytes of head: given up, or told as cut when it is over.",
    ...endless(START, { repeat: FIELD, times: 390_000 }),
    outcomes: [fails()],
  },
  {
    id: "9110-5.4-02/endless-value",
    level: "MUST",
    title: "one value without an end",
    rationale: "No line end to count: only a limit for what is held stops it.",
    ...endless(START, "X-Field: ", { repeat: "0123456789abcdef", times: 1_048_576 }),
    outcomes: [fails()],
  },
  {
    id: "9112-4-01/long",
    level: "SHOULD",
    title: "a reason of 8,000 octets",
    rationale:
      "Thrown away like a short one, or too much for a line: never the beginning of a field.",
    ...gets([reply(["HTTP/1.1 200 ", { repeat: "o", times: 8000 }, "\r\n", END], CLOSE)]),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-4-04/endless",
    level: "MUST",
    title: "a status line without an end",
    rationale: "A stream of something else, which begins like a response.",
    ...endless("HTTP/1.1 200 ", { repeat: "0123456789abcdef", times: 1_048_576 }),
    outcomes: [fails()],
  },
  {
    id: "9112-7.1.1-02/mebibyte",
    level: "MUST",
    title: "a chunk extension of a mebibyte",
    rationale: "Ignored or too much; no chunk line is so long in good faith.",
    ...gets([
      reply(
        [
          chunked200("5;a="),
          { repeat: "0123456789abcdef", times: 65_536 },
          "\r\nhello\r\n0\r\n\r\n",
        ],
        CLOSE,
      ),
    ]),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-7.1-03/many-zeros",
    level: "MUST",
    title: "a chunk size with a hundred thousand leading zeros",
    rationale: "A size line without an end in sight, whose number never grows.",
    ...gets([
      reply([chunked200(""), { repeat: "0", times: 100_000 }, "5\r\nhello\r\n0\r\n\r\n"], CLOSE),
    ]),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-7.1.2-04/endless",
    level: "MUST",
    title: "trailers without an end, and then the end of the connection",
    rationale: "Behind the last chunk limits are often forgotten; the message never ends.",
    ...endless(chunked200("5\r\nhello\r\n0\r\n"), { repeat: FIELD, times: 390_000 }),
    outcomes: [fails(), delivers("hello", "tolerated")],
  },
  {
    id: "9110-6.1-01/slow-head",
    level: "MUST",
    title: "a head whose octets come one after the other, 5 ms apart",
    rationale: "Slow is not wrong: every octet is progress.",
    ...gets([
      {
        acts: [
          {
            do: "dribble",
            text: message("HTTP/1.1 200 OK", ["Content-Length: 5"], "hello"),
            everyMs: 5,
          },
        ],
      },
    ]),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-6.1-01/late",
    level: "MUST",
    title: "a response that begins after a second",
    rationale: "Thinking takes time: silence for a second is no error, and no reason to ask again.",
    ...gets([
      {
        path: "",
        acts: [
          { do: "pause", ms: 1000 },
          { do: "send", text: message("HTTP/1.1 200 OK", ["Content-Length: 5"], "hello") },
        ],
      },
    ]),
    outcomes: [{ ...delivers("hello"), requests: 1 }],
  },
  {
    id: "9110-15.4-02/itself",
    level: "SHOULD",
    title: "302 to its own address",
    rationale: "A circle of one: found out, or ended by a limit.",
    needs: ["redirects"],
    ask: { do: "get" },
    answers: [replyAt("", redirect("302 Found", "{path}"))],
    outcomes: [
      { class: "conforming", exit: "error", requests: { max: 100 } },
      { class: "conforming", exit: "ok", requests: { max: 100 } },
    ],
  },
  {
    id: "9110-15.4-02/two",
    level: "SHOULD",
    title: "two addresses that redirect to each other",
    rationale: "Each request differs from the one before, and it is still a circle.",
    needs: ["redirects"],
    ask: { do: "get" },
    answers: [
      replyAt("", redirect("302 Found", "{path}/b")),
      replyAt("/b", redirect("307 Temporary Redirect", "{path}")),
    ],
    outcomes: [
      { class: "conforming", exit: "error", requests: { max: 100 } },
      { class: "conforming", exit: "ok", requests: { max: 100 } },
    ],
  },
  {
    id: "9110-15.4-02/four",
    level: "SHOULD",
    title: "four redirects to an end",
    rationale: "A chain is no circle: the limit must not be so low.",
    needs: ["redirects"],
    ask: { do: "get" },
    answers: [
      replyAt("", redirect("301 Moved Permanently", "{path}/1")),
      replyAt("/1", redirect("302 Found", "{path}/2")),
      replyAt("/2", redirect("307 Temporary Redirect", "{path}/3")),
      replyAt("/3", redirect("308 Permanent Redirect", "{path}/4")),
      replyAt("/4", okWith("there")),
    ],
    outcomes: [{ ...delivers("there"), requests: 5 }],
  },
]);
