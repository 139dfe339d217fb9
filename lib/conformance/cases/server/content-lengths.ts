/**
 * Cases for servers: further values of Content-Length.
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
  OPEN_OR_CLOSED,
  post,
  refused,
  seen,
  send,
  serverCases,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

/** Lines that tell no length: 400, and the connection ends, with a good request waiting behind. */
function bad(
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

/** Longer than anybody keeps: refused, or waited for. An answer after a few octets has cut the number. */
function huge(variant: string, digits: string, title: string, rationale: string): ServerRow {
  return {
    id: `9110-8.6-08/${variant}`,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [
      send(post("/echo", [`Content-Length: ${digits}`], `hello${get()}`)),
      expect([
        seen("conforming", { status: ["4xx"] }),
        { class: "conforming", seen: "nothing" },
        ends("tolerated"),
      ]),
    ],
  };
}

export const LENGTH_VALUE_CASES: readonly ServerCase[] = serverCases("content-length", [
  bad(
    "nbsp",
    ["Content-Length: 5\xa0"],
    "an octet 0xA0 behind the digits",
    "A blank to trimming functions of text; by the grammar the value is no number.",
  ),
  bad(
    "vertical-tab",
    ["Content-Length: \x0b5"],
    "a vertical tab before the digits",
    "Skipped by the number readers of C, and no blank of HTTP.",
  ),
  bad(
    "nul",
    ["Content-Length: 5\x00"],
    "a NUL behind the digits",
    "The end of the string in C, so the rest is not seen.",
  ),
  bad(
    "superscript",
    ["Content-Length: \xb2"],
    "a superscript two",
    "A digit to functions that ask Unicode, and then no number to convert.",
  ),
  bad(
    "exponent",
    ["Content-Length: 5e0"],
    "a length with an exponent",
    "Readers of floating-point numbers make 5 of it, readers of prefixes too.",
  ),
  bad(
    "quotes",
    ['Content-Length: "5"'],
    "a length in quotes",
    "Values of parameters may be quoted, and lengths are none.",
  ),
  bad(
    "semicolon",
    ["Content-Length: 5;a=b"],
    "a length with a parameter",
    "A general reader of field values takes parameters off before it looks.",
  ),
  bad(
    "list-bad-last",
    ["Content-Length: 5, x"],
    "a list whose second member is no number",
    "All members must be good and the same; a look at the first alone sees 5.",
  ),
  bad(
    "empty-first",
    ["Content-Length:", "Content-Length: 5"],
    "an empty line before a good one",
    "Counted as 0 it beats the second; skipped, it leaves a good length.",
  ),
  bad(
    "empty-last",
    ["Content-Length: 5", "Content-Length:"],
    "an empty line behind a good one",
    "The other order, for those who keep the last.",
  ),
  bad(
    "two-cases",
    ["content-length: 5", "CONTENT-LENGTH: 6"],
    "two lengths under names in different case",
    "Kept in a map by the exact name, both are there and neither is compared.",
  ),
  bad(
    "three-lines",
    ["Content-Length: 5", "Content-Length: 5", "Content-Length: 6"],
    "three lines of which the last differs",
    "A comparison of the first two finds nothing.",
  ),
  bad(
    "minus-zero",
    ["Content-Length: -0"],
    "minus zero",
    "Not negative once it is read, so a check of the number lets it pass.",
  ),
  {
    id: "9112-6.3-13/two-equal-lines",
    level: "MUST",
    contract: 1,
    title: "two lines with the same value",
    rationale: "One value said twice, on lines of its own: taken once or refused.",
    steps: [
      send(post("/echo", ["Content-Length: 5", "Content-Length: 5"], "hello")),
      expect(either(echoed("hello"), refused(400))),
    ],
  },
  {
    id: "9110-5.6.1.2-01/content-length",
    level: "MUST",
    contract: 1,
    title: "a length with a comma before it",
    rationale: "A list of one good member and an empty one: 5 or a refusal, never 0.",
    steps: [
      send(post("/echo", ["Content-Length: ,5"], "hello")),
      expect(either(echoed("hello"), refused(400))),
    ],
  },
  {
    id: "9112-6.3-24/leading-zero",
    level: "MUST",
    contract: 1,
    title: "a length of 010 is ten",
    rationale: "Readers that find out the base see eight, and the last two octets are a request.",
    steps: [
      send(`${post("/echo", ["Content-Length: 010"], "0123456789")}${get()}`),
      expect(either(echoed("0123456789"), refused(400))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  huge(
    "2-pow-53",
    "9007199254740993",
    "a length of 2^53 + 1",
    "Kept in a floating-point number it is even, and the frame is off by one.",
  ),
  huge(
    "2-pow-63",
    "9223372036854775813",
    "a length of 2^63 + 5",
    "In 64 bits with a sign it is negative: no octet would be left to read.",
  ),
  huge(
    "1000-digits",
    "9".repeat(1000),
    "a length of a thousand digits",
    "Languages with numbers of any size convert it, slowly; others get infinity.",
  ),
]);
