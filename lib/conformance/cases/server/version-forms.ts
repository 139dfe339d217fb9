/**
 * Cases for servers: what is no version, and what the server says of its own.
 * RFC 9112 §2.3 · RFC 9110 §6.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  expect,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  refused,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

/** A last word that is no version of HTTP. */
function bad(variant: string, word: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-2.3-01/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [send(message(`GET / ${word}`, [HOST])), expect(refused(400, 505))],
    connection: OPEN_OR_CLOSED,
  };
}

/** The answer is in a version that the server has. */
function ownVersion(variant: string, word: string, title: string, rationale: string): ServerRow {
  return {
    id: `9110-6.2-04/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(message(`GET / ${word}`, [HOST])),
      expect([
        seen("conforming", { version: "1.1" }),
        seen("conforming", { version: "1.0" }),
        { class: "not-applicable", seen: "end", note: "no answer to judge" },
      ]),
    ],
  };
}

export const VERSION_FORM_CASES: readonly ServerCase[] = serverCases("versions", [
  bad(
    "no-slash",
    "HTTP1.1",
    "a version without its slash",
    "Read from fixed positions the digits move by one.",
  ),
  bad(
    "no-minor",
    "HTTP/1",
    "a version without a minor number",
    "A reader of numbers makes 1.0 of it; HTTP/2 is written so, and is not spoken here.",
  ),
  bad(
    "comma",
    "HTTP/1,1",
    "a version with a comma",
    "Any octet passes between two digits that are read by position.",
  ),
  bad(
    "letter-behind",
    "HTTP/1.1x",
    "a version with a letter behind it",
    "Its longest good prefix is HTTP/1.1.",
  ),
  bad(
    "leading-zero",
    "HTTP/01.1",
    "a version with a zero in front",
    "By number it is 1.1, by grammar each number is one digit.",
  ),
  bad(
    "sign",
    "HTTP/+1.1",
    "a version with a plus sign",
    "Readers of numbers take the sign, readers of digits do not.",
  ),
  bad(
    "overflow",
    "HTTP/257.1",
    "a major number of 257",
    "Kept in a number of eight bits, it is 1.",
  ),
  bad(
    "nul-behind",
    "HTTP/1.1\x00",
    "a version with a NUL behind it",
    "To a comparison of strings in C it is a good one.",
  ),
  bad(
    "other-name",
    "HTCPCP/1.1",
    "the name of another protocol",
    "A server that looks at the numbers alone brews coffee.",
  ),
  bad(
    "blank-inside",
    "HTTP/ 1.1",
    "a SP between the slash and the number",
    "Four words by SP; readers of numbers skip blanks before digits.",
  ),
  {
    id: "9110-6.2-07/0.9",
    level: "MUST",
    contract: 0,
    title: "HTTP/0.9 in a request line",
    rationale: "HTTP/0.9 had no version in its line, so this is no request of any version.",
    steps: [send(message("GET / HTTP/0.9", [HOST])), expect(refused(505, 400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-6.2-05/1.2",
    level: "SHOULD",
    contract: 0,
    title: "HTTP/1.2 is read as HTTP/1.1",
    rationale:
      "The next minor version, beside 1.9: some servers have a list of versions, not a rule.",
    steps: [send(message("GET / HTTP/1.2", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  ownVersion(
    "1.9",
    "HTTP/1.9",
    "the answer to HTTP/1.9 is in a version of the server's",
    "A server that echoes the version claims what it is not.",
  ),
  ownVersion(
    "3.0",
    "HTTP/3.0",
    "the answer to HTTP/3.0 is in a version of the server's",
    "The refusal of a version is itself in one that is spoken.",
  ),
]);
