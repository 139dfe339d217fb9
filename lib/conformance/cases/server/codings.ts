/**
 * Cases for servers: further transfer codings, both lengths, and Transfer-Encoding hidden from one recipient.
 * RFC 9112 §6.1, §6.3, §7, §11.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  chunks,
  CLOSES,
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
  RECONNECT,
  refused,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { CHUNKED, tolerated } from "./words.ts";

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

/** A field that one recipient takes for Transfer-Encoding: refused, with a request in the content. */
function hidden(
  variant: string,
  lines: readonly string[],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-11.2-01/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(message("GET / HTTP/1.1", [HOST, ...lines], `0\r\n\r\n${get()}`)),
      expect(refused(400, 501)),
    ],
    connection: CLOSES,
  };
}

const CODINGS: readonly ServerRow[] = [
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
];

const HIDDEN: readonly ServerRow[] = [
  hidden(
    "te-next-line",
    ["Transfer-Encoding: chunked\x85"],
    "an octet 0x85 behind chunked",
    "Trimmed together with 0xA0 by some, alone by others.",
  ),
  hidden(
    "te-form-feed",
    ["Transfer-Encoding: \x0cchunked"],
    "a form feed before chunked",
    "In the same list of blanks as the vertical tab, and skipped by other code.",
  ),
  hidden(
    "te-nul",
    ["Transfer-Encoding: chunked\x00x"],
    "a NUL behind chunked",
    "The value ends there in C, and is chunked.",
  ),
  hidden(
    "te-kelvin",
    ["Transfer-Encoding: chun\xe2\x84\xaaed"],
    "a Kelvin sign in chunked",
    "Put into lower case by Unicode it is a k.",
  ),
  hidden(
    "te-apostrophes",
    ["Transfer-Encoding: 'chunked'"],
    "chunked in apostrophes",
    "Characters of a token, so this is an unknown coding; readers of words drop them.",
  ),
  hidden(
    "te-twice",
    ["Transfer-Encoding: chunked, chunked"],
    "chunked twice in one list",
    "Applied twice or said twice: nobody may send it, and recipients differ.",
  ),
  hidden(
    "te-two-lines",
    [CHUNKED, CHUNKED],
    "two lines of chunked",
    "Some servers compare the joined value with the word, and see no coding.",
  ),
  hidden(
    "te-and-identity",
    [CHUNKED, "Transfer-Encoding: identity"],
    "chunked on one line and identity on the next",
    "First wins is chunked, last wins is no coding.",
  ),
  hidden(
    "te-name-nbsp",
    ["Transfer-Encoding\xa0: chunked"],
    "an octet 0xA0 behind the name of Transfer-Encoding",
    "Trimmed from the name it frames, kept it is an unknown field.",
  ),
  hidden(
    "te-name-space",
    ["Transfer-Encoding : chunked"],
    "a SP behind the name of Transfer-Encoding",
    "The blank that is to be refused, at the field where it does most harm.",
  ),
  hidden(
    "te-name-nul",
    ["Transfer-Encoding\x00X: chunked"],
    "a NUL inside the name, behind Transfer-Encoding",
    "The name ends at the NUL in C.",
  ),
  hidden(
    "te-behind-cr",
    ["X-A: v\rTransfer-Encoding: chunked"],
    "chunked behind a CR in a value",
    "A line of its own to those who end lines at CR.",
  ),
  hidden(
    "cl-name-space",
    ["Content-Length : 5"],
    "a SP behind the name of Content-Length",
    "Dropped as an unknown field it leaves the content for a request.",
  ),
  {
    id: "9110-5.6.1.2-01/te-comma",
    also: ["9112-11.2-01"],
    level: "MUST",
    contract: 1,
    title: "a comma before chunked",
    rationale:
      "An empty member to be skipped: chunked, or refused out of care; never no coding at all.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: ,chunked"], `${chunks("hello")}${get()}`)),
      expect(either(echoed("hello"), refused(400, 501))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/te-folded",
    level: "MUST",
    contract: 0,
    title: "chunked on the next line, folded",
    rationale:
      "Unfolded it is chunked and the content ends early; cut off, the field is empty. One answer at most.",
    steps: [
      send(`${get(["Transfer-Encoding:", " chunked"], chunks("hello"))}`),
      expect([...refused(400, 501), ...tolerated(ok(), "unfolded")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/cl-underscore",
    level: "MUST",
    contract: 1,
    title: "Content_Length with another value beside Content-Length",
    rationale: "Another name by the grammar; merged as CGI does, it is a second length.",
    steps: [
      send(post("/echo", ["Content-Length: 5", "Content_Length: 2"], "hello")),
      expect(either(echoed("hello"), refused(400))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/cl-in-name",
    level: "MUST",
    contract: 1,
    title: "X-Content-Length beside Content-Length",
    rationale: "A look for the name anywhere in the head finds the wrong one first.",
    steps: [
      send(post("/echo", ["X-Content-Length: 2", "Content-Length: 5"], "hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-11.2-01/octet-behind",
    level: "MUST",
    contract: 1,
    title: "one octet behind chunked content, and the server lives",
    rationale:
      "The rest of a request that never comes: it has crashed a server, so the next connection tells.",
    steps: [
      send(`${post("/echo", [CHUNKED], chunks("hello"))}G`),
      expect(echoed("hello")),
      RECONNECT,
      send(get()),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
];

export const CODING_CASES: readonly ServerCase[] = serverCases("transfer-encoding", CODINGS);
export const HIDDEN_CASES: readonly ServerCase[] = serverCases("smuggling", HIDDEN);
