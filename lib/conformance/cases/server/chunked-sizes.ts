/**
 * Cases for servers: sizes of chunks and the lines around them.
 * RFC 9112 §7.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  echoed,
  either,
  ends,
  expect,
  get,
  HALF_CLOSE,
  ok,
  OPEN_OR_CLOSED,
  post,
  refused,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { badChunks, CHUNKED, tolerated } from "./words.ts";

/** A first line that begins with this, then five octets and the last chunk. */
function badSize(variant: string, size: string, title: string, rationale: string): ServerRow {
  const content = `${size}\r\nhello\r\n0\r\n\r\n`;
  return badChunks(`9112-7.1-05/${variant}`, content, [title, rationale]);
}

/** More than can come: refused, or waited for. An answer has cut the number. */
function hugeSize(variant: string, digits: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-7.1-02/${variant}`,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [
      send(`${post("/echo", [CHUNKED], `${digits}\r\nhello\r\n0\r\n\r\n`)}${get()}`),
      expect([
        seen("conforming", { status: ["4xx"] }),
        { class: "conforming", seen: "nothing" },
        ends("tolerated"),
      ]),
    ],
  };
}

/** Chunked content that ends too early, by the end of the connection. */
function cut(variant: string, content: string, title: string, rationale: string): ServerRow {
  return {
    id: `9110-6.1-01/${variant}`,
    also: ["9112-8-01"],
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [
      send(post("/echo", [CHUNKED], content)),
      HALF_CLOSE,
      expect([seen("conforming", { status: ["4xx"] }), ends("conforming")]),
    ],
  };
}

export const CHUNK_SIZE_CASES: readonly ServerCase[] = serverCases("chunked", [
  badSize(
    "letter-behind",
    "5g",
    "a size with a letter behind it that is no digit",
    "Its longest good prefix is 5, and the rest hides what the next recipient sees.",
  ),
  badSize(
    "tab-before",
    "\t5",
    "a TAB before the size",
    "Beside SP, for readers that skip one of the two.",
  ),
  badSize(
    "vertical-tab",
    "\x0b5",
    "a vertical tab before the size",
    "Skipped by number readers in C as a blank.",
  ),
  badSize("nul", "5\x00", "a NUL behind the size", "The end of the number to a reader in C."),
  badSize(
    "nbsp",
    "5\xa0",
    "an octet 0xA0 behind the size",
    "Trimmed by text functions, and then all looks well.",
  ),
  badSize("quotes", '"5"', "a size in quotes", "Values of extensions may be quoted, sizes not."),
  badSize(
    "comma",
    "5,5",
    "two sizes with a comma",
    "A list where the grammar has none; its first member would do.",
  ),
  badSize("exponent", "5.0", "a size with a decimal point", "Readers of other numbers stop there."),
  badSize(
    "only-extension",
    ";a=b",
    "an extension without a size",
    "No digit before the semicolon: 0 to a reader that has not counted them.",
  ),
  badSize(
    "high",
    "\xb5",
    "an octet above 0x7F as size",
    "Looked up in a table of 128 entries it reads what stands behind the table.",
  ),
  badChunks("9112-7.1-05/minus-zero", "-0\r\n\r\n", [
    "minus zero as the last chunk",
    "A signed reader ends the content here, and behind it a request is waiting.",
  ]),
  badChunks("9112-7.1-05/0x-last", "5\r\nhello\r\n0x0\r\n\r\n", [
    "0x0 as the last chunk",
    "Taken as its prefix 0 the content ends, though the line is not one of the grammar.",
  ]),
  badChunks("9112-7.1-05/cr-and-octet", "5\rXhello\r\n0\r\n\r\n", [
    "CR and another octet behind a size",
    "A reader that skips the octet behind CR unseen cuts the stream elsewhere than others.",
  ]),
  badChunks("9112-7.1-05/lf-last", "5\r\nhello\r\n0\n\r\n", [
    "LF alone behind the last size",
    "The line of the last chunk often has code of its own.",
  ]),
  badChunks("9112-7.1-06/cr", "5\r\nhello\r0\r\n\r\n", [
    "CR alone behind the data",
    "Half of a line end, and then the next size.",
  ]),
  badChunks("9112-7.1-06/lf-cr", "5\r\nhello\n\r0\r\n\r\n", [
    "LF and CR behind the data",
    "The right two octets in the wrong order: a count of two passes them.",
  ]),
  badChunks("9112-7.1-06/cr-and-octet", "5\r\nhello\rX0\r\n\r\n", [
    "CR and another octet behind the data",
    "The first of the two is looked at, the second taken on trust.",
  ]),
  badChunks("9112-7.1-06/too-long", "5\r\nhello!\r\n0\r\n\r\n", [
    "an octet more than the size says",
    "A reader that looks for the next line end passes over the octet that is too many.",
  ]),
  badChunks("9112-7.1-06/too-short", "6\r\nhello\r\n0\r\n\r\n", [
    "an octet less than the size says",
    "The CR becomes data, and LF alone stands in the place of CRLF.",
  ]),
  badChunks("9112-7.1-06/end-two-octets", "5\r\nhello\r\n0\r\nXX", [
    "two other octets where the empty line ends the content",
    "Skipped unseen they end it; looked at, they begin a trailer.",
  ]),
  {
    id: "9112-7.1-05/blank-behind",
    level: "MUST",
    contract: 1,
    title: "a SP behind the size",
    rationale: "No extension follows, so the blank has no place; read over, it does no harm.",
    steps: [
      send(post("/echo", [CHUNKED], "5 \r\nhello\r\n0\r\n\r\n")),
      expect([...refused(400), ...tolerated(echoed("hello"), "the blank is skipped")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-7.1-05/zeros",
    level: "MUST",
    contract: 1,
    title: "a size of five with fifteen zeros before it",
    rationale:
      "Sixteen digits fill 64 bits, but the number is small: counted digits are no overflow.",
    steps: [
      send(post("/echo", [CHUNKED], "0000000000000005\r\nhello\r\n0\r\n\r\n")),
      expect(either(echoed("hello"), tolerated(refused(400)))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-7.1-02/1-mib-zeros",
    level: "MUST",
    contract: 1,
    title: "a size with 1 MiB of zeros before it",
    rationale: "Never too large as a number, so the line itself must be bounded.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        { repeat: "0", times: 1_048_576 },
        "5\r\nhello\r\n0\r\n\r\n",
      ]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        ends("tolerated"),
        ...tolerated(echoed("hello"), "read to its end"),
      ]),
    ],
  },
  hugeSize(
    "2-pow-32",
    "100000005",
    "a size of 2^32 + 5",
    "In 32 bits it is 5, and the chunks behind it look good.",
  ),
  hugeSize(
    "2-pow-63",
    "8000000000000005",
    "a size of 2^63 + 5",
    "In 64 bits with a sign it is negative.",
  ),
  hugeSize(
    "2-pow-64-less-one",
    "ffffffffffffffff",
    "a size of 2^64 - 1",
    "With a sign it is -1; added to the two octets of the line end it wraps to 1.",
  ),
  cut(
    "no-last-chunk",
    "5\r\nhello\r\n",
    "the end of the connection before the last chunk",
    "All chunks so far are whole, and yet the content is not: there could have been more.",
  ),
  cut(
    "inside-chunk",
    "5\r\nhel",
    "the end of the connection inside a chunk",
    "Three octets of five: the size says how much is missing.",
  ),
  cut(
    "inside-size",
    "5\r\nhello\r\n0",
    "the end of the connection inside the last size",
    "The digit 0 alone could have been the first of 05: no line, no last chunk.",
  ),
  {
    id: "9112-7.1.3-01/pipelined",
    also: ["9112-6.3-24"],
    level: "MUST",
    contract: 1,
    title: "chunked content, and a request right behind its end",
    rationale: "The octet behind the empty line is the next request's, in the same segment.",
    steps: [
      send(`${post("/echo", [CHUNKED], "5\r\nhello\r\n0\r\n\r\n")}${get()}`),
      expect(echoed("hello")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.1-02/empty",
    level: "MUST",
    contract: 1,
    title: "chunked content of no chunks",
    rationale: "The last chunk alone: there is content by the fields, and nothing in it.",
    steps: [send(post("/echo", [CHUNKED], "0\r\n\r\n")), expect(echoed(""))],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.1-02/large",
    level: "MUST",
    contract: 1,
    title: "a chunk of 70,000 octets and one of one octet",
    rationale: "A chunk larger than any buffer, and then the smallest there is.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        "11170\r\n",
        { repeat: "x", times: 70_000 },
        "\r\n1\r\ny\r\n0\r\n\r\n",
      ]),
      expect(echoed([{ repeat: "x", times: 70_000 }, "y"])),
    ],
    connection: STAYS_OPEN,
  },
]);
