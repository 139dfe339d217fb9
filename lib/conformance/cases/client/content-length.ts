/**
 * Cases for clients: content framed by Content-Length.
 * RFC 9112 §6.2, §6.3; RFC 9110 §8.6
 *
 * Rule of this file: data, by requirement. Behind a bad length stand "hello" and the end, so that a client that
 * does not look at the length reports success.
 */
import type { ClientCase } from "../../case.ts";
import { CLOSE, type ClientRow, clientCases, delivers, fails } from "../../write.ts";
import { deliversOrTolerablyFails, failsOrTolerably, gets, ok200 } from "./words.ts";

/** A length that is none, which makes the response one to throw away. */
function bad(variant: string, value: string, title: string, rationale: string): ClientRow {
  const deeds = gets(ok200([`Content-Length: ${value}`], "hello"), CLOSE);
  const id = `9112-6.3-12/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [fails()] };
}

/** A length that no counter of this width holds. */
function large(variant: string, value: string, title: string, rationale: string): ClientRow {
  const deeds = gets(ok200([`Content-Length: ${value}`], "hello"), CLOSE);
  const id = `9110-8.6-09/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [fails()] };
}

export const CONTENT_LENGTH_CASES: readonly ClientCase[] = clientCases("content-length", [
  bad(
    "letters",
    "abc",
    "a length in letters",
    "No number to be found: neither 0 nor until the end of the connection.",
  ),
  bad(
    "minus",
    "-5",
    "a negative length",
    "A signed parser takes it, and a loop that counts down never ends.",
  ),
  bad(
    "plus",
    "+5",
    "a length with a plus sign",
    "Integer parsers take the sign, and the next reader does not.",
  ),
  bad("hex", "0x5", "a length in hexadecimal", "With base detection it is five, without it zero."),
  bad(
    "point",
    "5.0",
    "a length with a decimal point",
    "What a parser of floats makes of it is no count of octets.",
  ),
  bad(
    "exponent",
    "5e0",
    "a length with an exponent",
    "Another number that only parsers of floats know.",
  ),
  bad(
    "empty",
    "",
    "an empty length",
    "Not the same as none: taken for 0, or for no field, the content moves.",
  ),
  bad(
    "trailing",
    "5x",
    "a length with a letter behind it",
    "The longest prefix that is a number is not the value.",
  ),
  bad(
    "underscore",
    "0_5",
    "a length with an underscore",
    "Parsers of programming languages skip it.",
  ),
  bad(
    "blank-inside",
    "0 5",
    "a length with a blank inside",
    "Two numbers and no comma: neither of them counts.",
  ),
  bad(
    "nbsp",
    "5\xa0",
    "a length with 0xA0 behind it",
    "No blank of HTTP: a trim that knows Unicode takes it away.",
  ),
  bad("vt", "\x0b5", "a length with VT before it", "A blank for the C library, and none for HTTP."),
  bad(
    "quoted",
    '"5"',
    "a length in quotes",
    "Lengths have no quoted form; the quotes are no digits.",
  ),
  bad(
    "list",
    "5, 8",
    "two lengths in one line",
    "As bad as on two lines: the first is no better than the last.",
  ),
  bad(
    "list-reversed",
    "8, 5",
    "two lengths in one line, the larger first",
    "Here the last one would do: a client that takes it is caught.",
  ),
  bad(
    "list-empty",
    ",",
    "a list of lengths without a member",
    "Empty members may be skipped, and then no length is left.",
  ),
  bad(
    "fullwidth",
    "\xef\xbc\x95",
    "a length in fullwidth digits",
    "A digit by Unicode, and three octets that are none by HTTP.",
  ),
  {
    id: "9112-6.3-12/zero-and-five",
    level: "MUST",
    title: "lengths of 0 and 5 on two lines",
    rationale: "With the first the content is empty and nothing seems to be missing.",
    ...gets(ok200(["Content-Length: 0", "Content-Length: 5"], "hello"), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-12/good-and-bad",
    level: "MUST",
    title: "a good length, and a line with a bad one",
    rationale: "One good value does not make up for the other, whichever comes first.",
    ...gets(ok200(["Content-Length: 5", "Content-Length: five"], "hello"), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-6.3-12/kept-open",
    level: "MUST",
    title: "a bad length, and the connection stays open",
    rationale: "The client closes: who waits for the end of the content waits for ever.",
    ...gets(ok200(["Content-Length: 5, 6"], "hello")),
    outcomes: [fails()],
  },
  large(
    "4294967301",
    "4294967301",
    "a length of 2^32 and five",
    "In 32 bits it is five, and nothing would be missing.",
  ),
  large(
    "2147483653",
    "-2147483643",
    "a length that is five and 2^31 below zero",
    "What a signed 32-bit counter printed; it is no length.",
  ),
  large(
    "18446744073709551621",
    "18446744073709551621",
    "a length of 2^64 and five",
    "In 64 bits it wraps to five: it must be an overflow, or a body that is cut.",
  ),
  large(
    "9223372036854775813",
    "9223372036854775813",
    "a length of 2^63 and five",
    "Negative in signed 64 bits, and there often 'unknown'.",
  ),
  large(
    "many-digits",
    "1000000000000000000000000000005",
    "a length of 31 digits",
    "A float holds it, roughly; no file was ever that long.",
  ),
  {
    id: "9112-6.3-13/two-lines",
    level: "MUST",
    title: "the same length on two lines",
    rationale: "All the same, so no doubt: it may count once. Refusing it does no harm.",
    ...gets(ok200(["Content-Length: 5", "Content-Length: 5"], "helloEXTRA"), CLOSE),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-6.3-13/in-one-line",
    level: "MUST",
    title: "the same length twice in one line",
    rationale: "What an intermediary makes of two equal lines; read like them.",
    ...gets(ok200(["Content-Length: 5, 5"], "helloEXTRA"), CLOSE),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-6.3-13/unlike-digits",
    level: "MUST",
    title: "5 and 05 on two lines",
    rationale:
      "One number in two spellings: as long as it is five for the client, nothing is misread.",
    ...gets(ok200(["Content-Length: 5", "Content-Length: 05"], "hello"), CLOSE),
    outcomes: [delivers("hello"), fails()],
  },
  {
    id: "9112-6.2-02/leading-zeros",
    level: "MUST",
    title: "a length with leading zeros",
    rationale: "Digits all of them, and decimal: with base detection 010 would be eight.",
    ...gets(ok200(["Content-Length: 010"], "helloworldEXTRA"), CLOSE),
    outcomes: deliversOrTolerablyFails("helloworld"),
  },
  {
    id: "9112-6.3-23/content-too-long",
    level: "MUST",
    title: "more octets than announced, then the end",
    rationale: "The content ends where the length says; what follows belongs to nobody.",
    ...gets(ok200(["Content-Length: 5"], "helloEXTRA"), CLOSE),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-2.2-01/response-octets",
    level: "MUST",
    title: "content of all kinds of octets",
    rationale: "NUL, CR, LF, 0x80 and 0xff are counted and given out as they are.",
    ...gets(ok200(["Content-Length: 10"], "\x00\r\n\r\n\x80\xff\xc3\x28\x1a")),
    outcomes: [delivers("\x00\r\n\r\n\x80\xff\xc3\x28\x1a")],
  },
  {
    id: "9112-6.3-12/in-404",
    level: "MUST",
    title: "a bad length in a 404",
    rationale: "Whatever the status: nobody knows where this response ends.",
    ...gets("HTTP/1.1 404 Not Found\r\nContent-Length: 5;\r\n\r\nhello", CLOSE),
    outcomes: failsOrTolerably(""),
  },
]);
