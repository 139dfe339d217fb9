/**
 * Cases for servers: Content-Length.
 * RFC 9112 §6.2, §6.3 · RFC 9110 §8.6
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  CLOSES,
  echoed,
  either,
  ends,
  expect,
  get,
  HALF_CLOSE,
  post,
  refused,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

/** A value that is no length: 400, and the connection ends, with a good request waiting behind it. */
function badLength(
  variant: string,
  lines: readonly string[],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-6.3-10/${variant}`,
    also: ["9112-6.3-09"],
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [send(get(lines, `hello${get()}`)), expect(refused(400))],
    connection: CLOSES,
  };
}

export const CONTENT_LENGTH_CASES: readonly ServerCase[] = serverCases("content-length", [
  badLength(
    "letter",
    ["Content-Length: 5x"],
    "digits with a letter behind them",
    "A reader that takes the longest valid prefix sees 5.",
  ),
  badLength(
    "minus",
    ["Content-Length: -5"],
    "a negative length",
    "Taken by a signed integer reader, it has sent servers into endless loops.",
  ),
  badLength(
    "plus",
    ["Content-Length: +5"],
    "a length with a plus sign",
    "Most integer readers of libraries take the sign.",
  ),
  badLength(
    "hexadecimal",
    ["Content-Length: 0x5"],
    "a length with 0x before it",
    "Readers that find out the base see 5, others 0.",
  ),
  badLength(
    "empty",
    ["Content-Length:"],
    "an empty value",
    "Some count it as 0, some as absent, some read until the end.",
  ),
  badLength(
    "blank-inside",
    ["Content-Length: 5 5"],
    "two numbers with a blank between them",
    "A blank separates nothing here; 5 and 55 are both guesses.",
  ),
  badLength(
    "underscore",
    ["Content-Length: 0_5"],
    "an underscore between digits",
    "Some languages read digits with underscores as one number.",
  ),
  badLength(
    "decimal-point",
    ["Content-Length: 5.0"],
    "a length with a decimal point",
    "A reader of floating-point numbers makes 5 of it.",
  ),
  badLength(
    "two-lines",
    ["Content-Length: 5", "Content-Length: 6"],
    "two lines with different values",
    "First wins and last wins are both found, and one behind the other smuggles.",
  ),
  badLength(
    "list",
    ["Content-Length: 5, 6"],
    "a list of two different values",
    "The same as two lines, after somebody has joined them.",
  ),
  {
    id: "9112-6.3-13/list",
    level: "MUST",
    contract: 1,
    title: "a list of two equal values",
    rationale: "The one list that may be taken, as one value; refusing it is as good.",
    steps: [
      send(post("/echo", ["Content-Length: 5, 5"], "hello")),
      expect(either(echoed("hello"), refused(400))),
    ],
  },
  {
    id: "9112-6.3-14/half-close",
    also: ["9112-8-01"],
    level: "MUST",
    contract: 1,
    title: "three octets of ten, then the end",
    rationale: "The content is not whole: an answer of success would pass a part off as the whole.",
    steps: [
      send(post("/echo", ["Content-Length: 10"], "hel")),
      HALF_CLOSE,
      expect([seen("conforming", { status: ["4xx"] }), ends("conforming")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-6.3-16/pipelined",
    level: "MUST",
    contract: 1,
    title: "POST without a length, and a request behind it",
    rationale: "No length means no content: what follows is the next request.",
    steps: [
      send(`${post("/echo", [])}${get()}`),
      expect(either(echoed(""), [seen("tolerated", { status: [411] })])),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.3-24/exact",
    also: ["9112-9.3.2-01"],
    level: "MUST",
    contract: 1,
    title: "five octets of content, and a request right behind them",
    rationale: "The sixth octet begins the next request, in the same segment.",
    steps: [
      send(`${post("/echo", ["Content-Length: 5"], "hello")}${get()}`),
      expect(echoed("hello")),
      expect([seen("conforming", { status: ["2xx", "3xx"] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-8.6-08/2-pow-64",
    level: "MUST",
    contract: 0,
    title: "a length of 2^64 + 5",
    rationale: "In 64 bits it is 5, and the octets behind the fifth would be a request.",
    steps: [
      send(get(["Content-Length: 18446744073709551621"], `hello${get()}`)),
      expect(refused(400, 413)),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-8.6-08/2-pow-32",
    level: "MUST",
    contract: 1,
    title: "a length of 2^32 + 5",
    rationale:
      "In 32 bits it is 5. A server may refuse so much, or wait for it; it must not answer after five.",
    steps: [
      send(post("/echo", ["Content-Length: 4294967301"], `hello${get()}`)),
      expect([
        seen("conforming", { status: ["4xx"] }),
        { class: "conforming", seen: "nothing" },
        ends("tolerated"),
      ]),
    ],
  },
]);
