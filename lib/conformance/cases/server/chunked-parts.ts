/**
 * Cases for servers: chunk extensions and trailers, and chunked content that no application reads.
 * RFC 9112 §7.1.1, §7.1.2 · RFC 9110 §6.5
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
  get,
  ok,
  OPEN_OR_CLOSED,
  parsed,
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

/** A good extension: ignored, and the content is whole. */
function ignored(
  id: string,
  content: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  return {
    id,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [send(post("/echo", [CHUNKED], content)), expect(echoed("hello"))],
    connection: STAYS_OPEN,
  };
}

/** An extension that is none by the grammar, but hides nothing: refused, or ignored as a good one. */
function misshapen(variant: string, ext: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-7.1.1-04/${variant}`,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [
      send(post("/echo", [CHUNKED], `5${ext}\r\nhello\r\n0\r\n\r\n`)),
      expect([...refused(400), ...tolerated(echoed("hello"), "ignored as any extension")]),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

/** A trailer section with this line in it. */
function badTrailer(
  id: string,
  line: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  return badChunks(id, `5\r\nhello\r\n0\r\n${line}\r\n\r\n`, [title, rationale]);
}

/** A trailer that must not be taken for a header. */
function notMerged(name: string, value: string, rationale: string): ServerRow {
  return {
    id: `9110-6.5.1-02/${name.toLowerCase()}`,
    level: "MUST",
    contract: 2,
    title: `${name} in the trailers`,
    rationale,
    steps: [
      send(post("/parse", [CHUNKED], `5\r\nhello\r\n0\r\n${name}: ${value}\r\n\r\n`)),
      expect(
        either(
          parsed({ body: { equals: "hello" }, fields: [{ name, differs: value }] }),
          answered(400),
          [ends("tolerated")],
        ),
      ),
    ],
  };
}

/**
 * Bad chunks on `GET /`, where no application reads them: refused, or answered and then the end. What is read on
 * behind them as a request has been framed by a misreading.
 */
function unread(
  id: string,
  content: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  return {
    id,
    also: ["9112-9.3-08"],
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(`${get([CHUNKED], content)}${get()}`),
      expect([...refused(400), ...tolerated(ok(), "answered before the content was read")]),
    ],
    connection: CLOSES,
  };
}

export const CHUNK_PART_CASES: readonly ServerCase[] = serverCases("chunked", [
  ignored("9110-5.6.3-05/chunk-extension", "5 ; a = b\r\nhello\r\n0\r\n\r\n", [
    "blanks around semicolon and equals sign of an extension",
    "Bad blanks are parsed and dropped here: the grammar has them.",
  ]),
  ignored("9110-5.6.4-01/chunk-extension", '5;a="b\\";c\\\\"\r\nhello\r\n0\r\n\r\n', [
    "a quoted value with an escaped quote and an escaped backslash",
    "The value ends at the quote that is not escaped.",
  ]),
  ignored("9112-7.1.1-01/long", `5;${"a".repeat(100)}=${"b".repeat(100)}\r\nhello\r\n0\r\n\r\n`, [
    "an extension of 200 octets",
    "Longer than a buffer for sixteen digits, and nothing out of the way.",
  ]),
  misshapen("no-name", ";=b", "an extension without a name", "A value with nothing it belongs to."),
  misshapen(
    "nothing",
    ";",
    "a semicolon and no extension",
    "Nothing behind the semicolon: a name is missing.",
  ),
  misshapen(
    "open-quote",
    ';a="b',
    "a quote that is not closed before the line ends",
    "CRLF ends the line in any state; a reader that looks for the quote goes on into the data.",
  ),
  badChunks("9112-7.1.1-04/nul", "5;a\x00b\r\nhello\r\n0\r\n\r\n", [
    "a NUL inside an extension",
    "The line ends there for a reader in C, and not for the others.",
  ]),
  badChunks("9112-7.1.1-04/cr-in-blanks", "5 \r;a\r\nhello\r\n0\r\n\r\n", [
    "CR among the blanks before an extension",
    "Skipped with the blanks by some; half a line end to others.",
  ]),
  badChunks("9112-7.1.1-04/lf-in-quotes", '5;a="b\nc"\r\nhello\r\n0\r\n\r\n', [
    "LF inside the quoted value of an extension",
    "Quotes protect a semicolon, and no line end.",
  ]),
  {
    id: "9112-7.1.1-03/1-mib",
    level: "SHOULD",
    contract: 1,
    title: "an extension of 1 MiB on one chunk",
    rationale: "One line without bound, beside many short ones: other code counts it.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        "5;",
        { repeat: "x", times: 1_048_576 },
        "\r\nhello\r\n0\r\n\r\n",
      ]),
      expect([seen("conforming", { status: ["4xx"] }), ends("tolerated")]),
    ],
  },
  {
    id: "9112-7.1.2-01/apart",
    also: ["9110-6.5-01"],
    level: "MUST",
    contract: 2,
    title: "a trailer is kept apart or left out, and no header",
    rationale:
      "Nothing says that this field may be merged; an application that reads headers must not see it.",
    steps: [
      send(post("/parse", [CHUNKED], "5\r\nhello\r\n0\r\nX-Trailer: v\r\n\r\n")),
      expect(parsed({ body: { equals: "hello" }, fields: [{ name: "X-Trailer", is: "absent" }] })),
    ],
    connection: STAYS_OPEN,
  },
  notMerged("Transfer-Encoding", "gzip", "It would frame, or code, what has been read already."),
  notMerged("Authorization", "Basic eDp5", "Checked in the head, and changed behind the check."),
  notMerged("Content-Type", "x/y", "The content has been handled by its type when this comes."),
  badTrailer("9112-5-01/trailer", "GET / HTTP/1.1", [
    "a trailer without a colon that looks like a request line",
    "Taken for the end of the trailers it begins a request.",
  ]),
  badTrailer("9112-5.1-01/trailer", "X-T : v", [
    "a SP before the colon of a trailer",
    "Trailers have the grammar of fields, and often another parser.",
  ]),
  badTrailer("9110-5.6.2-01/trailer", "X(T): v", [
    "a trailer whose name is no token",
    "Also what is thrown away is checked: it tells where the content ends.",
  ]),
  badTrailer("9112-2.2-04/trailer", "X-T: v\rX-U: w", [
    "a CR without LF in a trailer",
    "A line end in the head of nobody, but maybe in the trailers.",
  ]),
  {
    id: "9110-5.5-03/trailer-nul",
    level: "MUST",
    contract: 1,
    title: "a NUL in the value of a trailer",
    rationale: "Refused as in the head; a trailer that is thrown away with its NUL harms nobody.",
    steps: [
      send(post("/echo", [CHUNKED], "5\r\nhello\r\n0\r\nX-T: v\x00w\r\n\r\n")),
      expect([...refused(400), ...tolerated(echoed("hello"), "thrown away")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.2-02/trailer",
    level: "MUST",
    contract: 1,
    title: "a fold in a trailer",
    rationale: "Refused or unfolded; the content ends at the empty line either way.",
    steps: [
      send(post("/echo", [CHUNKED], "5\r\nhello\r\n0\r\nX-T: v\r\n w\r\n\r\n")),
      expect([...refused(400), ...tolerated(echoed("hello"), "unfolded or thrown away")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-7.1.2-04/2-mib",
    level: "MUST",
    contract: 1,
    title: "a trailer of 2 MiB",
    rationale: "Bounds of the head that are not counted for trailers are no bounds.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        "5\r\nhello\r\n0\r\nX-T: ",
        { repeat: "x", times: 2_097_152 },
        "\r\n\r\n",
      ]),
      expect([seen("conforming", { status: ["4xx"] }), ends("tolerated")]),
    ],
  },
  {
    id: "9112-7.1.2-04/many",
    level: "MUST",
    contract: 1,
    title: "60,000 trailers of a few octets",
    rationale: "Short lines without end, where only the length of a line is looked at.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        "5\r\nhello\r\n0\r\n",
        { repeat: "X-Some-Name: some value\r\n", times: 60_000 },
        "\r\n",
      ]),
      expect([seen("conforming", { status: ["4xx"] }), ends("tolerated")]),
    ],
  },
  unread("9112-7.1-05/lf-unread", "5\nhello\r\n0\r\n\r\n", [
    "LF alone behind a size, in content that nobody reads",
    "Skipped by the server's own code, which may be laxer than that for applications.",
  ]),
  unread("9112-7.1-06/lf-unread", "5\r\nhello\n0\r\n\r\n", [
    "LF alone behind the data, in content that nobody reads",
    "The same code, in another of its states.",
  ]),
  unread("9112-7.1-05/lf-last-unread", "5\r\nhello\r\n0\n\n", [
    "LF alone around the end of content that nobody reads",
    "The end decides where the next request begins.",
  ]),
  unread("9112-7.1-05/two-numbers-unread", "5 5\r\nhello\r\n0\r\n\r\n", [
    "two sizes with a blank, in content that nobody reads",
    "Whatever stands behind the blank is passed over until the line ends.",
  ]),
  unread("9112-7.1-05/0x-unread", "0x5\r\nhello\r\n0\r\n\r\n", [
    "a size with 0x, in content that nobody reads",
    'Read as its prefix it is the last chunk, and "x5" a trailer.',
  ]),
  unread("9112-7.1.1-04/lf-unread", "5;a\nhello\r\n0\r\n\r\n", [
    "an extension ended by LF alone, in content that nobody reads",
    "One recipient has the chunk end here, the other has all of it in the extension.",
  ]),
  unread("9112-7.1-02/2-pow-64-unread", "10000000000000005\r\nhello\r\n0\r\n\r\n", [
    "a size of 2^64 + 5, in content that nobody reads",
    "A count of what is left to skip overflows as a count of what is read does.",
  ]),
]);
