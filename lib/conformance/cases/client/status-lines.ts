/**
 * Cases for clients: the first line of a response.
 * RFC 9112 §2.2, §4; RFC 9110 §6.2, §15
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
} from "../../write.ts";
import { deliversOrFails, deliversOrTolerablyFails, failsOrTolerably, gets } from "./words.ts";

const LENGTH = ["Content-Length: 5"];

/** A response with this first line and "hello". */
function line(text: string): Pick<ClientRow, "ask" | "answers"> {
  return gets(message(text, LENGTH, "hello"), CLOSE);
}

/** A line that is none by the grammar. */
function malformed(variant: string, text: string, title: string, rationale: string): ClientRow {
  const id = `9112-4-04/${variant}`;
  return { id, level: "MUST", title, rationale, ...line(text), outcomes: [fails()] };
}

export const STATUS_LINE_CASES: readonly ClientCase[] = clientCases("status-lines", [
  {
    id: "9112-4-01/other-words",
    level: "SHOULD",
    title: "200 with the reason of another status",
    rationale: "The code alone speaks; who looks for words in the line reports a failure here.",
    ...line("HTTP/1.1 200 Not Found"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-4-01/digits",
    level: "SHOULD",
    title: "a reason that looks like further codes",
    rationale: "The code is the second word, not the last three digits of the line.",
    ...line("HTTP/1.1 200 404 500"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-4-03/empty",
    level: "MUST",
    title: "no reason, and the blank before it",
    rationale: "The form that the grammar asks for where there is nothing to say.",
    ...line("HTTP/1.1 200 "),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-4-03/no-blank",
    level: "MUST",
    title: "no reason, and no blank either",
    rationale: "A server must send the blank, and many do not; a client that insists does no harm.",
    ...line("HTTP/1.1 200"),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  {
    id: "9112-4-03/obs-text",
    level: "MUST",
    title: "a reason with octets above 0x7f",
    rationale: "They are in the grammar of a reason, in whatever charset they were meant.",
    ...line("HTTP/1.1 200 tr\xe8s bien \xff"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9112-4-03/tab",
    level: "MUST",
    title: "a reason with HTAB in it",
    rationale: "HTAB is the one control character that a reason may have.",
    ...line("HTTP/1.1 200 all\tright"),
    outcomes: [delivers("hello")],
  },
  malformed(
    "two-digits",
    "HTTP/1.1 20 OK",
    "a status of two digits",
    "Filled up or cut, it would become a status that nobody has sent.",
  ),
  malformed(
    "four-digits",
    "HTTP/1.1 2000 OK",
    "a status of four digits",
    "A parser that takes three digits and goes on sees 200 here.",
  ),
  malformed(
    "letter",
    "HTTP/1.1 2x0 OK",
    "a status with a letter",
    "Digit arithmetic on a letter makes some number of it.",
  ),
  malformed(
    "signed",
    "HTTP/1.1 +20 OK",
    "a status with a sign",
    "Three octets that an integer parser likes, and the grammar does not.",
  ),
  malformed(
    "wrong-name",
    "HTTQ/1.1 200 OK",
    "another protocol's name",
    "Four letters and a slash are not enough.",
  ),
  malformed(
    "lower-case",
    "http/1.1 200 OK",
    "the protocol's name in lower case",
    "The name is one of the few things that mind case.",
  ),
  malformed(
    "no-version",
    "HTTP 200 OK",
    "no version",
    "What follows has no rules that could be applied to it.",
  ),
  malformed(
    "two-digit-minor",
    "HTTP/1.10 200 OK",
    "a minor version of two digits",
    "One digit each: read as 1.1 by who stops early.",
  ),
  malformed(
    "no-status",
    "HTTP/1.1 OK",
    "no status",
    "A number parser that finds nothing gives 0, which is no status.",
  ),
  {
    id: "9112-4-04/nul",
    level: "MUST",
    title: "NUL in the reason",
    rationale: "Not in the grammar; harmless where the reason is thrown away anyhow.",
    ...line("HTTP/1.1 200 O\x00K"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-4-04/two-blanks",
    level: "MAY",
    title: "two blanks before the status",
    rationale: "A recipient may part the words at any blanks (section 4): both are right.",
    ...line("HTTP/1.1  200 OK"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-4-04/no-head",
    level: "MUST",
    title: "content without a status line",
    rationale: "HTTP/0.9 is history: taken for content, any other protocol's octets would be.",
    ...gets("hello, no head here\r\n", CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-4-04/empty-line-first",
    level: "MUST",
    title: "an empty line before the status line",
    rationale: "Only servers are told to skip one; a client that does has lost nothing.",
    ...line("\r\nHTTP/1.1 200 OK"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-4-04/major-two",
    level: "MUST",
    title: "HTTP/2.0 in the status line",
    rationale: "A major version whose messages look otherwise; who reads it as 1.1 guesses.",
    ...line("HTTP/2.0 200 OK"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-2.2-05/status-line",
    level: "MUST",
    title: "CR within the reason",
    rationale: "Invalid or a blank, and no line end: what follows it is not a field.",
    ...line("HTTP/1.1 200 O\rContent-Length: 3"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-2.2-02/response",
    level: "MAY",
    title: "a response with LF for CRLF",
    rationale:
      "A recipient may take LF for the end of a line of the head; it must not wait for CR.",
    ...gets("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", CLOSE),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9110-6.2-06/minor",
    level: "SHOULD",
    title: "a higher minor version",
    rationale: "All of a major version is read alike, whatever the minor one is.",
    ...line("HTTP/1.7 200 OK"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15-01/299",
    level: "MUST",
    title: "an unknown status of class 2",
    rationale: "As 200: a success with content.",
    ...line("HTTP/1.1 299 Odd"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15-01/399",
    level: "MUST",
    title: "an unknown status of class 3, with nowhere to go",
    rationale: "As 300: the content is there to choose from, and no other request can be made.",
    ...line("HTTP/1.1 399 Odd"),
    outcomes: [
      { class: "conforming", exit: "ok", output: { equals: "hello" }, requests: 1 },
      { class: "conforming", exit: "error", requests: 1 },
    ],
  },
  {
    id: "9110-15-01/499",
    level: "MUST",
    title: "an unknown status of class 4",
    rationale: "As 400: the request is not sent again, whatever the client makes of the content.",
    ...line("HTTP/1.1 499 Odd"),
    outcomes: [
      { class: "conforming", exit: "ok", output: { equals: "hello" }, requests: 1 },
      { class: "conforming", exit: "error", requests: 1 },
    ],
  },
  {
    id: "9110-15-01/199",
    level: "MUST",
    title: "an unknown status of class 1, then 200",
    rationale: "As 100: not the answer yet, and no content behind it.",
    ...gets(`${message("HTTP/1.1 199 Odd")}${okWith("hello")}`),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-15-02/999",
    level: "SHOULD",
    title: "999",
    rationale: "As an error of the server: told or shown, and at no rate taken for another class.",
    ...line("HTTP/1.1 999 Odd"),
    outcomes: [...deliversOrFails("hello")],
  },
  {
    id: "9110-15-02/099",
    level: "SHOULD",
    title: "a status below 100, then a good response",
    rationale:
      "Read as interim it would be skipped, and what is behind it be taken for the answer.",
    ...gets(`${message("HTTP/1.1 099 Odd", LENGTH, "hello")}${okWith("POISON")}`, CLOSE),
    outcomes: [...deliversOrFails("hello")],
  },
]);
