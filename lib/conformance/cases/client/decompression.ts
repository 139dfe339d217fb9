/**
 * Cases for clients: content codings, for clients that undo them.
 * RFC 9110 §8.4, §12.5.3; RFC 1950, RFC 1952
 *
 * Rule of this file: data, by requirement. GZIP and its kin are "hello", written out octet by octet.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  chunks,
  clientCases,
  delivers,
  fails,
  okWith,
} from "../../write.ts";
import {
  deliversOrFails,
  deliversOrTolerablyFails,
  failsOrTolerably,
  gets,
  ok200,
} from "./words.ts";

const NEEDS = ["decompression"] as const;

const GZIP_HEAD = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
const GZIP_DATA = "\xcbH\xcd\xc9\xc9\x07\x00";
const GZIP_TAIL = "\x86\xa6\x106\x05\x00\x00\x00";
const GZIP: string = GZIP_HEAD + GZIP_DATA + GZIP_TAIL;
/** "hel", and "lo". */
const MEMBERS: readonly [string, string] = [
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\x01\x00\x1b\xf1\x0b\xe5\x03\x00\x00\x00",
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xc9\x07\x00\x9dJ\x9cU\x02\x00\x00\x00",
];
const ZLIB = "x\x9c\xcbH\xcd\xc9\xc9\x07\x00\x06,\x02\x15";
const EMPTY = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
/** GZIP in gzip once more. */
const TWICE =
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x93\xef\xe6`\x00\x03\xe6\xd3\x1egO\x9edgh[&`\xc6\x0a\x14\x00\x00`\xff\x88\x91\x19\x00\x00\x00";

/** Content in this coding. */
function inCoding(coding: string, content: string): Pick<ClientRow, "ask" | "answers" | "needs"> {
  return { needs: NEEDS, ...gets(okWith(content, [`Content-Encoding: ${coding}`])) };
}

/** Where the client has not asked for this coding it need not know it. */
function unlessAsked(coding: string): ClientOutcome {
  const fields = [{ name: "Accept-Encoding", lacks: coding }];
  return { class: "not-applicable", note: "not asked for", sent: [{ nth: 0, fields }] };
}

/** gzip that is not whole or not right; to give it out as if it were is the fault. */
function spoilt(variant: string, content: string, title: string, rationale: string): ClientRow {
  const id = `9110-8.4.1.3-01/${variant}`;
  return {
    id,
    level: "SHOULD",
    title,
    rationale,
    ...inCoding("gzip", content),
    outcomes: [fails()],
  };
}

export const DECOMPRESSION_CASES: readonly ClientCase[] = clientCases("decompression", [
  {
    id: "9110-12.5.3-01/gzip",
    level: "MUST",
    title: "gzip, when it was asked for",
    rationale: "Asked for by Accept-Encoding, and undone by whoever has asked.",
    ...inCoding("gzip", GZIP),
    outcomes: [
      {
        ...delivers("hello"),
        sent: [{ nth: 0, fields: [{ name: "Accept-Encoding", contains: "gzip" }] }],
      },
      unlessAsked("gzip"),
    ],
  },
  {
    id: "9110-12.5.3-01/capitals",
    level: "MUST",
    title: "GZIP in capitals",
    rationale: "Names of codings mind no case.",
    ...inCoding("GZIP", GZIP),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-12.5.3-01/octets",
    level: "MUST",
    title: "gzip in chunks of one octet",
    rationale: "Head and tail of gzip are cut everywhere, and the chunks are none of it.",
    needs: NEEDS,
    ...gets(ok200(["Content-Encoding: gzip", "Transfer-Encoding: chunked"], chunks(...GZIP))),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-12.5.3-01/until-close",
    level: "MUST",
    title: "gzip until the end of the connection",
    rationale: "The coding knows its own end; the content has one too, and they are the same.",
    needs: NEEDS,
    ...gets(ok200(["Content-Encoding: gzip"], GZIP), CLOSE),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-8.4.1.3-01/alias",
    level: "SHOULD",
    title: "x-gzip",
    rationale: "The old name of the same coding.",
    ...inCoding("x-gzip", GZIP),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-8.4.1.3-01/with-name",
    level: "SHOULD",
    title: "gzip with an extra field and a file name",
    rationale: "Optional parts of its head, which the gzip program writes: skipped, and not data.",
    ...inCoding(
      "gzip",
      `\x1f\x8b\x08\x0c\x00\x00\x00\x00\x00\x03\x02\x00abhello.txt\x00${GZIP_DATA}${GZIP_TAIL}`,
    ),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-8.4.1.3-01/members",
    level: "SHOULD",
    title: "gzip in two members",
    rationale:
      "A file of gzip may have several: who stops at the first gives out a part as the whole.",
    ...inCoding("gzip", MEMBERS.join("")),
    outcomes: [delivers("hello"), fails("tolerated")],
  },
  {
    id: "9110-8.4.1.3-01/empty-member",
    level: "SHOULD",
    title: "gzip of nothing",
    rationale: "Twenty octets that stand for none.",
    ...inCoding("gzip", EMPTY),
    outcomes: [delivers("")],
  },
  {
    id: "9110-8.4.1.3-01/no-octets",
    level: "SHOULD",
    title: "gzip of nothing, not even its head",
    rationale: "Servers name the coding for empty content too: empty it is, or an error.",
    ...inCoding("gzip", ""),
    outcomes: deliversOrFails(""),
  },
  spoilt(
    "cut-in-tail",
    GZIP.slice(0, -4),
    "gzip without the last half of its tail",
    "All data have come, and the check of their length has not.",
  ),
  spoilt(
    "cut-in-data",
    GZIP.slice(0, 13),
    "gzip cut within its data",
    "Whole by its Content-Length, and not by its coding.",
  ),
  spoilt(
    "cut-in-head",
    GZIP.slice(0, 6),
    "gzip cut within its head",
    "No octet of content can come of it, which is not the same as empty content.",
  ),
  spoilt(
    "sum",
    `${GZIP_HEAD}${GZIP_DATA}\x87${GZIP_TAIL.slice(1)}`,
    "gzip with a wrong checksum",
    "To find this out is what the coding has it for.",
  ),
  spoilt(
    "size",
    `${GZIP_HEAD}${GZIP_DATA}${GZIP_TAIL.slice(0, 4)}\x06\x00\x00\x00`,
    "gzip with a wrong size in its tail",
    "The second check of the tail, wrong on its own.",
  ),
  spoilt(
    "data",
    `${GZIP_HEAD}\xff\xff\xff\xff${GZIP_TAIL}`,
    "gzip with data that are none",
    "A block type that does not exist.",
  ),
  {
    id: "9110-8.4.1.3-01/plain",
    level: "SHOULD",
    title: "plain text that is called gzip",
    rationale: "An error; given out as it is, the reader at least sees what was sent.",
    ...inCoding("gzip", "hello"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9110-8.4.1.3-01/behind",
    level: "MAY",
    title: "octets that are no gzip behind it",
    rationale: "The gzip program warns and goes on: an error or the content, both are usual.",
    ...inCoding("gzip", `${GZIP}EXTRA`),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-12.5.3-01/twice",
    level: "MUST",
    title: "gzip applied twice",
    rationale: "Undone from the last to the first, or left alone: once is neither.",
    ...inCoding("gzip, gzip", TWICE),
    outcomes: [delivers("hello"), fails(), delivers(TWICE, "tolerated")],
  },
  {
    id: "9110-12.5.3-01/unknown",
    level: "MUST",
    title: "a content coding that nobody knows",
    rationale: "Given out as it came, or refused; what cannot be undone is not changed.",
    ...inCoding("foo", "hello"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-12.5.3-01/unknown-first",
    level: "MUST",
    title: "an unknown coding with gzip over it",
    rationale: "Undone in part the rest is still coded: as it came, or without gzip, or refused.",
    ...inCoding("foo, gzip", GZIP),
    outcomes: [fails(), delivers(GZIP), delivers("hello", "tolerated")],
  },
  {
    id: "9110-12.5.3-01/identity",
    level: "MUST",
    title: "identity as a coding",
    rationale: "No coding at all: a server should not say it, and it changes nothing.",
    ...inCoding("identity", "hello"),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9110-8.4.1.2-01/zlib",
    level: "MUST",
    title: "deflate",
    rationale: "The zlib form, with head and checksum, is what the name means.",
    ...inCoding("deflate", ZLIB),
    outcomes: [delivers("hello"), unlessAsked("deflate")],
  },
  {
    id: "9110-8.4.1.2-01/raw",
    level: "MAY",
    title: "deflate without the zlib form",
    rationale: "Wrong, and sent by some: undone or refused, both are right.",
    ...inCoding("deflate", GZIP_DATA),
    outcomes: [delivers("hello"), fails(), unlessAsked("deflate")],
  },
  {
    id: "9110-8.4.1.2-01/sum",
    level: "MUST",
    title: "deflate with a wrong checksum",
    rationale: "zlib has one of its own, and it says that something is wrong.",
    ...inCoding("deflate", `${ZLIB.slice(0, -1)}\x16`),
    outcomes: [fails(), unlessAsked("deflate")],
  },
]);
