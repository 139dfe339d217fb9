/**
 * Cases for servers: chunked content.
 * RFC 9112 §7.1
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
  parsed,
  post,
  refused,
  seen,
  send,
  sendOctets,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

const CHUNKED = "Transfer-Encoding: chunked";

/** Content that does not fit the grammar of chunked: 400, and the connection ends. */
function badChunks(id: string, content: string, title: string, rationale: string): ServerRow {
  return {
    id,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [send(`${post("/echo", [CHUNKED], content)}${get()}`), expect(refused(400))],
    connection: CLOSES,
  };
}

export const CHUNKED_CASES: readonly ServerCase[] = serverCases("chunked", [
  badChunks(
    "9112-7.1-05/0x",
    "0x5\r\nhello\r\n0\r\n\r\n",
    "a size with 0x before it",
    "Readers with base detection see 5, those of a prefix see the last chunk.",
  ),
  badChunks(
    "9112-7.1-05/plus",
    "+5\r\nhello\r\n0\r\n\r\n",
    "a size with a plus sign",
    "Integer readers of libraries take signs.",
  ),
  badChunks(
    "9112-7.1-05/minus",
    "-5\r\nhello\r\n0\r\n\r\n",
    "a negative size",
    "Read as a signed number it goes backwards.",
  ),
  badChunks(
    "9112-7.1-05/underscore",
    "0_5\r\nhello\r\n0\r\n\r\n",
    "a size with an underscore",
    "Some languages read it as 5, a prefix reader as the last chunk.",
  ),
  badChunks(
    "9112-7.1-05/blank-before",
    " 5\r\nhello\r\n0\r\n\r\n",
    "a blank before the size",
    "Trimmed by many integer readers.",
  ),
  badChunks(
    "9112-7.1-05/empty",
    "\r\nhello\r\n0\r\n\r\n",
    "no size at all",
    "An empty string is 0 to some readers, and the last chunk with it.",
  ),
  badChunks(
    "9112-7.1-05/two-numbers",
    "5 5\r\nhello\r\n0\r\n\r\n",
    "two sizes with a blank between them",
    "The blank before an extension is bad whitespace and may be dropped; a digit behind it is no extension.",
  ),
  badChunks(
    "9112-7.1-06/no-crlf",
    "5\r\nhello0\r\n\r\n",
    "no CRLF behind the data",
    "The two octets behind the data are CRLF and nothing else.",
  ),
  badChunks(
    "9112-7.1-06/other-octets",
    "5\r\nhelloXX0\r\n\r\n",
    "two other octets in place of the CRLF behind the data",
    "Skipping two octets unseen lets a size be hidden there.",
  ),
  badChunks(
    "9112-7.1-06/lf",
    "5\r\nhello\n0\r\n\r\n",
    "LF alone behind the data",
    "Leniency about line ends is for start-line and fields, not for chunks.",
  ),
  badChunks(
    "9112-7.1-05/lf-size",
    "5\nhello\r\n0\r\n\r\n",
    "LF alone behind a size",
    "As behind the data, on the other line of a chunk.",
  ),
  badChunks(
    "9112-7.1.1-04/lf",
    "5;a\nb\r\nhello\r\n0\r\n\r\n",
    "LF inside an extension",
    "One recipient ends the line there, the other goes on to CRLF.",
  ),
  badChunks(
    "9112-7.1.1-04/cr",
    "5;a\rb\r\nhello\r\n0\r\n\r\n",
    "CR inside an extension",
    "As LF, for parsers that look for CR.",
  ),
  badChunks(
    "9112-7.1-02/2-pow-64",
    "10000000000000005\r\nhello\r\n0\r\n\r\n",
    "a size of 2^64 + 5",
    "In 64 bits it is 5, and what follows would be read as the next chunk.",
  ),
  {
    id: "9112-7.1-01/octets",
    level: "MUST",
    contract: 1,
    title: "chunked content in segments of one octet",
    rationale:
      "Sizes, line ends and data arrive in pieces; each state of the parser is left and entered again.",
    steps: [
      sendOctets(post("/echo", [CHUNKED], "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")),
      expect(echoed("hello world")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-7.1-05/upper-case",
    level: "MUST",
    contract: 1,
    title: "a size in upper case with zeros before it",
    rationale: "Hexadecimal digits have both cases, and zeros before them change nothing.",
    steps: [
      send(post("/echo", [CHUNKED], "000A\r\n0123456789\r\n000\r\n\r\n")),
      expect(echoed("0123456789")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-7.1.1-01/name-and-value",
    level: "MUST",
    contract: 1,
    title: "extensions that nobody knows",
    rationale:
      "With and without a value, and one in quotes with a semicolon in it: all are ignored.",
    steps: [
      send(post("/echo", [CHUNKED], '5;a;b=c;d="e;f"\r\nhello\r\n0;g\r\n\r\n')),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-7.1.1-03/many",
    level: "SHOULD",
    contract: 1,
    title: "20,000 chunks with an extension of 36 octets each",
    rationale:
      "No single one is long; a server that bounds only the line reads what it throws away for ever.",
    steps: [
      send([
        post("/echo", [CHUNKED]),
        { repeat: `1;${"x".repeat(35)}\r\na\r\n`, times: 20_000 },
        "0\r\n\r\n",
      ]),
      expect([seen("conforming", { status: ["4xx"] }), ends("tolerated")]),
    ],
  },
  {
    id: "9112-7.1.2-02/content-length",
    also: ["9112-7.1.2-01", "9110-6.5.1-02"],
    level: "MUST",
    contract: 2,
    title: "Content-Length and Host in the trailers",
    rationale:
      "Merged into the head they would change the framing and the host after both have been used.",
    steps: [
      send(
        post(
          "/parse",
          [CHUNKED],
          "5\r\nhello\r\n0\r\nContent-Length: 1\r\nHost: evil.example\r\n\r\n",
        ),
      ),
      expect(
        either(
          parsed({
            body: { equals: "hello" },
            fields: [
              { name: "Content-Length", differs: "1" },
              { name: "Host", lacks: "evil" },
            ],
          }),
          [seen("conforming", { status: [400] }), ends("tolerated")],
        ),
      ),
    ],
  },
]);
