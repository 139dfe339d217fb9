/**
 * Cases for servers: what departs from the grammar of the request line.
 * RFC 9112 §3, §3.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  either,
  ends,
  expect,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  refused,
  seen,
  send,
  serverCases,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { refusedRequest } from "./words.ts";

/** A line that the lenient reading of blanks would take: 400, or taken, and one answer either way. */
function loose(variant: string, line: string, title: string, rationale: string): ServerRow {
  const steps = [
    send(message(line, [HOST])),
    expect(either(answered(400), ok(), [ends("tolerated")])),
  ];
  const id = `9112-3-05/${variant}`;
  return { id, level: "MAY", contract: 0, title, rationale, steps, connection: OPEN_OR_CLOSED };
}

/** A line that no reading makes good. */
function bad(variant: string, line: string, title: string, rationale: string): ServerRow {
  return refusedRequest(`9112-3.2-01/${variant}`, "SHOULD", message(line, [HOST]), [
    title,
    rationale,
  ]);
}

/** A character that is in no target. To look for the resource and not find it does no harm. */
function badTarget(variant: string, char: string, title: string, rationale: string): ServerRow {
  const steps = [
    send(message(`GET /a${char}b HTTP/1.1`, [HOST])),
    expect([
      ...refused(400),
      seen("tolerated", { status: [404] }, "looked for, and not found"),
      seen("tolerated", { status: ["2xx", "3xx"] }, "taken for a part of the path"),
    ]),
  ];
  const id = `9112-3.2-01/target-${variant}`;
  return { id, level: "SHOULD", contract: 0, title, rationale, steps, connection: OPEN_OR_CLOSED };
}

export const REQUEST_LINE_GRAMMAR_CASES: readonly ServerCase[] = serverCases("request-line", [
  loose(
    "tab",
    "GET\t/\tHTTP/1.1",
    "TAB in place of SP",
    "A parser that splits at SP alone sees one word, one that splits at blanks sees three.",
  ),
  loose(
    "vertical-tab",
    "GET\x0b/\x0bHTTP/1.1",
    "vertical tabs in place of SP",
    "Among the blanks that may be taken, and in the list of few languages.",
  ),
  loose(
    "form-feed",
    "GET\x0c/\x0cHTTP/1.1",
    "form feeds in place of SP",
    "As the vertical tab; the two stand in different lists of blanks.",
  ),
  loose(
    "cr",
    "GET\r/\rHTTP/1.1",
    "CR in place of SP",
    "The same octet begins a line end; a parser may refuse it, and must not wait for LF.",
  ),
  loose(
    "leading",
    " GET / HTTP/1.1",
    "a SP before the method",
    "Split at SP the first word is empty; trimmed, the line is good.",
  ),
  loose(
    "trailing",
    "GET / HTTP/1.1 ",
    "a SP behind the version",
    "A blank that people do not see; a comparison of the whole version fails.",
  ),
  bad(
    "nbsp",
    "GET\xa0/\xa0HTTP/1.1",
    "octets 0xA0 in place of SP",
    "A blank in Latin-1, so trimming and splitting by text functions takes it for SP.",
  ),
  bad(
    "next-line",
    "GET\x85/\x85HTTP/1.1",
    "octets 0x85 in place of SP",
    "A line end in Unicode and a blank in Latin-1 text functions; here it is one word.",
  ),
  bad(
    "method-at",
    "G@T / HTTP/1.1",
    "a method that is no token",
    "A delimiter in it: not an unknown method, for which 501 would be right, but no method.",
  ),
  bad(
    "method-prefix",
    "GET\x01 / HTTP/1.1",
    "a good method with a control behind it",
    "A parser that takes the longest good prefix performs a GET.",
  ),
  bad(
    "method-nul",
    "GET\x00X / HTTP/1.1",
    "a NUL inside the method",
    "Compared as a string in C this is GET, and to all others it is not.",
  ),
  bad(
    "method-high",
    "G\xc3\x8bT / HTTP/1.1",
    "a letter beyond ASCII in the method",
    "Text functions call it a letter; a token has none of them.",
  ),
  bad(
    "method-quotes",
    '"GET" / HTTP/1.1',
    "a method in quotes",
    "Readers of shell-like words drop the quotes.",
  ),
  bad(
    "no-target",
    "GET HTTP/1.1",
    "no target",
    "Two words: the second is the version, or a target of HTTP/0.9 if one looks away.",
  ),
  bad("only-method", "GET", "a method alone", "One word leaves target and version to be made up."),
  bad(
    "two-versions",
    "GET / HTTP/1.1 HTTP/1.1",
    "the version twice",
    'Cut at the first SP and the last one, the target is "/ HTTP/1.1" and the line looks good.',
  ),
  {
    ...refusedRequest("9112-3.2-02/two-targets", "SHOULD", message("GET / /x HTTP/1.1", [HOST]), [
      "two targets, of which the first is good",
      "To go on with one of the two is the silent repair that an access rule does not see.",
    ]),
    also: ["9112-3.2-01"],
  },
  bad(
    "relative",
    "GET index.html HTTP/1.1",
    "a target without its slash",
    "Pasted behind the authority it becomes a part of the host or the port.",
  ),
  bad(
    "dots",
    "GET ../../etc/passwd HTTP/1.1",
    "a target that begins with dots",
    "No form begins so; joined to a folder it leads out of it.",
  ),
  bad(
    "backslash",
    "GET \\ HTTP/1.1",
    "a backslash as target",
    "A slash to some file systems and URL readers, nothing to the grammar.",
  ),
  badTarget(
    "del",
    "\x7f",
    "a DEL inside the target",
    "The one control that stands above the others and is left out of range checks.",
  ),
  badTarget(
    "tab",
    "\t",
    "a TAB inside the target",
    "A blank to some splitters of the line; URL readers drop it unseen.",
  ),
  badTarget(
    "high",
    "\xe9",
    "an octet above 0x7F in the target",
    "Each recipient decodes it by another table, or cuts it to seven bits.",
  ),
  badTarget(
    "quote",
    '"',
    "a double quote in the target",
    "It ends the string in logs and pages into which targets are pasted.",
  ),
  badTarget(
    "percent",
    "%zz",
    "a percent sign without two hexadecimal digits in the target",
    "Half an escape: kept, dropped or decoded to a NUL, by taste.",
  ),
  {
    id: "9112-3.2-01/http-0.9",
    level: "SHOULD",
    contract: 0,
    title: "a request of HTTP/0.9",
    rationale:
      "Its answer would have no head; content without a status line is the first half of a splitting attack.",
    steps: [send("GET /\r\n\r\n"), expect(refused(400, 505))],
  },
]);
