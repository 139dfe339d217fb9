/**
 * Cases for clients: chunk sizes and chunk data.
 * RFC 9112 §7.1
 *
 * Rule of this file: data, by requirement. What is in chunks is "hello" wherever the content can be one word.
 * Extensions are in chunk-extensions.ts.
 */
import type { ClientCase } from "../../case.ts";
import { CLOSE, type ClientRow, chunks, clientCases, delivers, fails, reply } from "../../write.ts";
import { chunked200, deliversOrFails, deliversOrTolerablyFails, gets } from "./words.ts";

const END = "0\r\n\r\n";

/** Content that is no chunked content. */
function broken(variant: string, content: string, title: string, rationale: string): ClientRow {
  const deeds = gets(chunked200(content), CLOSE);
  const id = `9112-7.1-07/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [fails()] };
}

/** Chunked content in an unusual form. */
function unusual(variant: string, content: string, title: string, rationale: string): ClientRow {
  const deeds = gets(chunked200(content), CLOSE);
  const id = `9112-7.1-07/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [delivers("hello")] };
}

export const CHUNKED_CASES: readonly ClientCase[] = clientCases("chunked", [
  broken(
    "empty-size",
    `\r\nhello\r\n${END}`,
    "a chunk without a size",
    "Read as 0 it ends the content before it has begun.",
  ),
  broken(
    "hex-prefix",
    `0x5\r\nhello\r\n${END}`,
    "a size with 0x",
    "The grammar knows one base, and no sign of it.",
  ),
  broken(
    "plus",
    `+5\r\nhello\r\n${END}`,
    "a size with a plus sign",
    "Integer parsers of the C library take it for five.",
  ),
  broken(
    "minus",
    `-5\r\nhello\r\n${END}`,
    "a negative size",
    "Added to a position it goes backwards.",
  ),
  broken(
    "minus-zero",
    "-0\r\n\r\n",
    "a size of minus zero",
    "Equal to zero as a number, and no size.",
  ),
  broken(
    "underscore",
    `0_5\r\nhello\r\n${END}`,
    "a size with an underscore",
    "Skipped as in source code, the rest is a good size.",
  ),
  broken(
    "letter",
    `5g\r\nhello\r\n${END}`,
    "a size with a letter beyond F",
    "The longest prefix that is hexadecimal is not the size.",
  ),
  broken(
    "leading-blank",
    ` 5\r\nhello\r\n${END}`,
    "a blank before a size",
    "Blanks may stand behind a size, and not before it.",
  ),
  broken(
    "blank-inside",
    `0 5\r\nhello\r\n${END}`,
    "a size with a blank inside",
    "Two numbers on a chunk line, and a last chunk for who stops at the blank.",
  ),
  broken(
    "nul",
    `5\x00\r\nhello\r\n${END}`,
    "NUL behind a size",
    "The end of a string for some, and nothing that the grammar has here.",
  ),
  broken(
    "decimal",
    `10\r\nhelloworld\r\n${END}`,
    "a size that would be right in decimal",
    "Sixteen octets are announced, and what follows is no line end.",
  ),
  broken(
    "lf-size",
    `5\nhello\r\n${END}`,
    "LF alone behind a size",
    "The leave to take LF is about the head; here it is how chunks are smuggled.",
  ),
  broken(
    "lf-data",
    `5\r\nhello\n${END}`,
    "LF alone behind the data",
    "Two octets end a chunk: who skips one, or two of any kind, reads on elsewhere.",
  ),
  broken(
    "cr-size",
    `5\rhello\r\n${END}`,
    "CR alone behind a size",
    "Neither a line end nor anything that may be in the line.",
  ),
  broken(
    "cr-x-size",
    `5\r!hello\r\n${END}`,
    "CR and another octet behind a size",
    "Skipped as if it were LF, whatever it is.",
  ),
  broken(
    "data-longer",
    `5\r\nhello!\r\n${END}`,
    "a chunk longer than its size",
    "The octets behind the data are no CRLF.",
  ),
  broken(
    "data-shorter",
    `6\r\nhello\r\n${END}`,
    "a chunk shorter than its size",
    "The CR is taken for data, and LF is no line end.",
  ),
  broken(
    "two-octets",
    `5\r\nhelloXX${END}`,
    "two octets in place of CRLF",
    "Skipped unread they hide where the chunk ends.",
  ),
  broken(
    "no-crlf",
    `5\r\nhello${END}`,
    "nothing between the data and the next size",
    "Only octets that are looked at can be missed.",
  ),
  broken(
    "empty-line",
    `5\r\nhello\r\n\r\n${END}`,
    "an empty line between two chunks",
    "No size on it: not 0, and nothing to skip.",
  ),
  broken(
    "no-chunks",
    "hello",
    "content that is not chunked at all",
    "The field says chunked, and 'hello' is no size.",
  ),
  unusual(
    "leading-zeros",
    `0005\r\nhello\r\n${END}`,
    "a size with leading zeros",
    "1*HEXDIG: zeros make nothing larger.",
  ),
  {
    id: "9112-7.1-07/many-leading-zeros",
    level: "MUST",
    title: "a size of more digits than the largest counter holds, most of them zeros",
    rationale: "The grammar sets no end to them; a limit on digits refuses, and misreads nothing.",
    ...gets(chunked200(`000000000000000005\r\nhello\r\n${END}`), CLOSE),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  unusual(
    "zeros",
    "5\r\nhello\r\n000\r\n\r\n",
    "a last chunk of several zeros",
    "1*('0'): the number decides, not the spelling.",
  ),
  unusual(
    "pieces",
    chunks("he", "l", "lo"),
    "five octets in three chunks",
    "Chunks end nowhere in the content; they are only put together.",
  ),
  {
    id: "9112-7.1-07/blank-behind",
    level: "MUST",
    title: "a blank behind a size",
    rationale:
      "Before an extension blanks are bad but known; with no extension they are tolerated.",
    ...gets(chunked200(`5 \r\nhello\r\n${END}`), CLOSE),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-7.1-07/lower-and-upper",
    level: "MUST",
    title: "sizes in letters of both cases",
    rationale: "a and A are ten, and not the end of the number.",
    ...gets(chunked200(`a\r\nhellohello\r\nA\r\nhellohello\r\n${END}`)),
    outcomes: [delivers("hellohellohellohello")],
  },
  {
    id: "9112-7.1-07/no-content",
    level: "MUST",
    title: "a last chunk and no other",
    rationale: "Empty content, which is no error, and nothing more to wait for.",
    ...gets(chunked200(END)),
    outcomes: [delivers("")],
  },
  {
    id: "9112-7.1-03/2-32",
    level: "MUST",
    title: "a size of 2^32 and five",
    rationale: "In 32 bits it is five, and the response seems whole.",
    ...gets(chunked200(`100000005\r\nhello\r\n${END}`), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-7.1-03/2-64",
    level: "MUST",
    title: "a size of 2^64 and five",
    rationale: "The overflow of the largest counters: one digit more than they hold.",
    ...gets(chunked200(`10000000000000005\r\nhello\r\n${END}`), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-7.1-03/2-53",
    level: "MUST",
    title: "a size that no float holds exactly",
    rationale: "Rounded or not, so much has not come: the response is cut.",
    ...gets(chunked200(`20000000000001\r\nhello\r\n${END}`), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-7.1-03/mebibyte",
    level: "MUST",
    title: "a chunk of a mebibyte",
    rationale: "Larger than most buffers: the rest of a chunk comes in later segments.",
    ...gets([
      reply([
        chunked200("100000\r\n"),
        { repeat: "0123456789abcdef", times: 65_536 },
        `\r\n${END}`,
      ]),
    ]),
    outcomes: [delivers([{ repeat: "0123456789abcdef", times: 65_536 }])],
  },
  {
    id: "9112-7.1-01/many-chunks",
    level: "MUST",
    title: "five thousand chunks of one octet",
    rationale: "The least that a chunk can carry, many times in a segment.",
    ...gets([reply([chunked200(""), { repeat: "1\r\na\r\n", times: 5000 }, END])]),
    outcomes: [delivers([{ repeat: "a", times: 5000 }])],
  },
]);
