/**
 * Cases for servers: further transfer codings, and both lengths in one message.
 * RFC 9112 §6.1, §6.3, §7
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  CLOSES,
  chunks,
  echoed,
  either,
  ends,
  expect,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  RATHER_CLOSES,
  refused,
  seen,
  send,
  serverCases,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { tolerated, CHUNKED } from "./words.ts";

/** "hello" by gzip. */
const GZIP_HELLO =
  "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";

/** chunked is not the last coding, or there at all: 400, and the end. */
function notFinal(variant: string, value: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-6.3-07/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(get([`Transfer-Encoding: ${value}`], `${chunks("hello")}${get()}`)),
      expect(refused(400, 501)),
    ],
    connection: CLOSES,
  };
}

/** Both lengths: refused, or read by chunks; in both cases the end follows. */
function both(
  variant: string,
  lines: readonly string[],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-6.1-14/${variant}`,
    also: ["9112-6.3-04"],
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(`${get(lines, chunks("hello"))}${get()}`),
      expect([seen("conforming", { status: ["2xx", "3xx", "4xx", 501] }), ends("tolerated")]),
    ],
    connection: CLOSES,
  };
}

/** A coding that a server may lack: decoded, or refused. */
function compressed(
  id: string,
  value: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  return {
    id,
    level: "MUST",
    contract: 1,
    title,
    rationale,
    steps: [
      send(post("/echo", [`Transfer-Encoding: ${value}`], chunks(GZIP_HELLO))),
      expect(either(echoed("hello"), refused(501, 400))),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

export const CODING_CASES: readonly ServerCase[] = serverCases("transfer-encoding", [
  notFinal(
    "suffix",
    "chunkedx",
    "chunked with a letter behind it",
    "Looking for the word at the beginning of the value finds it here.",
  ),
  notFinal(
    "blank-behind",
    "chunked x",
    "chunked and another word",
    "A blank does not separate codings; a cut at the first blank leaves a good one.",
  ),
  notFinal(
    "gzip-alone",
    "gzip",
    "a known coding without chunked",
    "The coding is known and the end of the content is not: a request cannot end by close.",
  ),
  notFinal(
    "identity-last",
    "chunked, identity",
    "identity over chunked",
    "Dropped as doing nothing, the old word leaves chunked as the last.",
  ),
  notFinal(
    "empty",
    "",
    "an empty Transfer-Encoding",
    "There, and without a coding: to some the same as not there, and the content a request.",
  ),
  {
    ...both(
      "te-first",
      [CHUNKED, "Content-Length: 5"],
      "both lengths, Transfer-Encoding first",
      "The order of the two must not matter, as it does where the last one read wins.",
    ),
    also: ["9112-6.1-13", "9112-6.3-04"],
  },
  both(
    "zero",
    ["Content-Length: 0", CHUNKED],
    "a length of zero beside chunked",
    "Zero is false in many languages, and a length all the same.",
  ),
  both(
    "bad-length",
    ["Content-Length: 5x", CHUNKED],
    "a length that is none beside chunked",
    "Overridden before it is read, it is still two framings in one message.",
  ),
  both(
    "unknown",
    ["Content-Length: 5", "Transfer-Encoding: foo"],
    "a length beside an unknown coding",
    "A server that drops what it does not know frames by the length.",
  ),
  {
    id: "9112-6.1-15/both",
    also: ["9112-6.1-14"],
    level: "MUST",
    contract: 0,
    title: "both lengths in HTTP/1.0 with keep-alive",
    rationale:
      "An old server knows the length only: what is content to one is a request to the other.",
    steps: [
      send(
        message(
          "POST / HTTP/1.0",
          [HOST, "Connection: keep-alive", "Content-Length: 5", CHUNKED],
          `0\r\n\r\n${get()}`,
        ),
      ),
      expect([seen("conforming", { status: ["2xx", "3xx", "4xx", "5xx"] }), ends("tolerated")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-6.1-10/identity",
    level: "SHOULD",
    contract: 0,
    title: "identity under chunked",
    rationale: "No longer a coding, so an unknown one; to drop it does no harm to the content.",
    steps: [
      send(get(["Transfer-Encoding: identity, chunked"], chunks("hello"))),
      expect([...refused(501, 400), ...tolerated(ok(), "taken as chunked alone")]),
    ],
    connection: RATHER_CLOSES,
  },
  compressed("9112-7.2-02/x-gzip", "x-gzip, chunked", [
    "x-gzip under chunked",
    "The old name of gzip: decoded like it, or not known like it. Compressed octets are no answer.",
  ]),
  compressed("9112-6.1-10/gzip", "gzip, chunked", [
    "gzip under chunked",
    "A coding that HTTP has, unlike foo: passed over, the application gets what nobody wrote.",
  ]),
  {
    id: "9112-7.2-01/gzip",
    level: "SHOULD",
    contract: 0,
    title: "gzip with a parameter, under chunked",
    rationale: "gzip has none, so it is an error, whether or not the server can decode it.",
    steps: [
      send(get(["Transfer-Encoding: gzip;level=9, chunked"], chunks(GZIP_HELLO))),
      expect(refused(400, 501)),
    ],
    connection: RATHER_CLOSES,
  },
  {
    id: "9112-7-01/mixed-case",
    also: ["9110-5.1-03", "9110-5.5-01"],
    level: "MUST",
    contract: 1,
    title: "tRaNsFeR-eNcOdInG: TAB cHuNkEd",
    rationale:
      "Name and value in mixed case, with a TAB between: the field that frames, found all the same.",
    steps: [
      send(post("/echo", ["tRaNsFeR-eNcOdInG:\tcHuNkEd\t"], chunks("hello"))),
      expect([...echoed("hello"), ...tolerated(refused(400), "refused")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
]);
