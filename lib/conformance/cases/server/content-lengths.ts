/**
 * Cases for servers: further values of Content-Length, and content on every method.
 * RFC 9112 §6.2, §6.3, §9.3 · RFC 9110 §8.6
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  echoed,
  either,
  ends,
  expect,
  expectTo,
  get,
  ok,
  OPEN_OR_CLOSED,
  post,
  refused,
  request,
  seen,
  send,
  sendOctets,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { Outcome, ServerCase } from "../../case.ts";
import { anyFinal, MISSING } from "./words.ts";

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

/** After content that the server may not want: a good answer, or the end. Never an answer to "helloGET". */
const NEXT_OR_END: readonly Outcome[] = [...ok(), ends("conforming")];

/** Content on a method that seldom has any: read or the end, and no octet of it is a request. */
function onMethod(method: string, rationale: string): ServerRow {
  return {
    id: `9112-6.3-24/${method.toLowerCase()}`,
    level: "MUST",
    contract: 0,
    title: `content on ${method}, and a request behind it`,
    rationale,
    steps: [
      send(`${request(method, "/", ["Content-Length: 5"], "hello")}${get()}`),
      method === "HEAD" ? expectTo("HEAD", anyFinal()) : expect(anyFinal()),
      expect(NEXT_OR_END),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

/** Content that the resource has no use for: all of it is read, or the connection ends. */
function unread(
  variant: string,
  text: ReturnType<typeof send>["text"],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-9.3-08/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [send(text), expect(anyFinal()), expect(NEXT_OR_END)],
    connection: OPEN_OR_CLOSED,
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
    id: "9112-6.3-13/two-lines",
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
  onMethod("GET", "GET seldom has content, but framing does not ask for the method."),
  onMethod("HEAD", "The answer has no content; the request may have some."),
  onMethod("DELETE", "The method whose content is thrown away most often, unread."),
  onMethod("OPTIONS", "Answered by the server itself in many places, before any content is read."),
  onMethod("FROB", "A refusal of the method must not forget the content behind the head."),
  {
    id: "9112-6.3-24/zero",
    level: "MUST",
    contract: 1,
    title: "a length of zero, and a request behind it",
    rationale: "No content that is told rather than implied: nothing is waited for.",
    steps: [
      send(`${post("/echo", ["Content-Length: 0"])}${get()}`),
      expect(echoed("")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.3-24/octets",
    level: "MUST",
    contract: 1,
    title: "content and the next request in segments of one octet",
    rationale: "The border between the two falls between segments, and nothing is read ahead.",
    steps: [
      sendOctets(`${post("/echo", ["Content-Length: 5"], "hello")}${get()}`),
      expect(echoed("hello")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.3-16/unknown-method",
    level: "MUST",
    contract: 0,
    title: "an unknown method without a length, and a request behind it",
    rationale: "Nothing says content, so there is none, whatever the method may mean.",
    steps: [
      send(`${request("FROB", "/")}${get()}`),
      expect(anyFinal()),
      expect([...ok(), ends("tolerated")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-6.3-19/chunked",
    level: "MAY",
    contract: 1,
    title: "content without a Content-Length may be refused with 411",
    rationale:
      "Chunked content is taken, or its length asked for; nothing else says what is wrong.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n")),
      expect(either(echoed("hello"), answered(411))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  unread(
    "15-kb",
    [post("/", ["Content-Length: 15000"]), { repeat: "x", times: 15_000 }, get()],
    "15,000 octets for a resource that has no use for them",
    "More than the head's buffer holds: what is left in the socket must not be a request.",
  ),
  unread(
    "missing",
    `${post(MISSING, ["Content-Length: 5"], "hello")}${get()}`,
    "content for a path that is not there",
    "A 404 is written before anybody has thought of the content.",
  ),
  unread(
    "chunked",
    `${post("/", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\nX-T: v\r\n\r\n")}${get()}`,
    "chunked content with a trailer that nobody reads",
    "To be skipped it must be parsed to its end, trailers too.",
  ),
  {
    id: "9112-9.3-08/2-mib",
    level: "MUST",
    contract: 0,
    title: "2 MiB that nobody reads",
    rationale:
      "Beyond what servers drain: most close here, others wait for the rest, which is sent until the answer is there.",
    steps: [
      send([post("/", ["Content-Length: 2097152"]), { repeat: "x", times: 2_097_152 }, get()]),
      expect(anyFinal()),
      expect([
        ...NEXT_OR_END,
        { class: "conforming", seen: "nothing", note: "waits for the rest" },
      ]),
    ],
  },
]);
