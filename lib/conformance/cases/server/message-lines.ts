/**
 * Cases for servers: line ends in each place of a head, and octets that are no request.
 * RFC 9112 §2.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  either,
  ends,
  expect,
  get,
  HALF_CLOSE,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  parsed,
  refused,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { refusedRequest, tolerated } from "./words.ts";

/** LF alone in one place of the head: allowed, and so is its refusal. */
function loneLf(variant: string, text: string, title: string, rationale: string): ServerRow {
  const steps = [send(text), expect(either(ok(), answered(400), [ends("tolerated")]))];
  const id = `9112-2.2-02/${variant}`;
  return { id, level: "MAY", contract: 0, title, rationale, steps, connection: OPEN_OR_CLOSED };
}

/** Octets in front that make a good request none. */
function garbage(variant: string, text: string, title: string, rationale: string): ServerRow {
  const steps = [send(`${text}${get()}`), expect(refused(400))];
  const id = `9112-2.2-12/${variant}`;
  return { id, level: "SHOULD", contract: 0, title, rationale, steps, connection: CLOSES };
}

export const LINE_CASES: readonly ServerCase[] = serverCases("message", [
  loneLf(
    "request-line",
    `GET / HTTP/1.1\n${HOST}\r\n\r\n`,
    "LF alone behind the request line, CRLF elsewhere",
    "A parser that has learnt the line end from the first line may miss the later ones.",
  ),
  loneLf(
    "empty-line",
    `GET / HTTP/1.1\r\n${HOST}\r\n\n`,
    "LF alone as the empty line",
    "The end of the head is often looked for as four octets, and is two or three here.",
  ),
  loneLf(
    "before",
    `\n${get()}`,
    "LF alone before the first request",
    "An empty line by the lenient reading; it is skipped or refused, and nothing else.",
  ),
  refusedRequest("9112-2.2-04/method", "MUST", message("GE\rT / HTTP/1.1", [HOST]), [
    "a CR inside the method",
    "As a blank it makes four words of the line; dropped, it makes a GET of what is none.",
  ]),
  refusedRequest("9112-2.2-04/target", "MUST", message("GET /a\rb HTTP/1.1", [HOST]), [
    "a CR inside the target",
    "As a line end it cuts the version off; as a blank it makes two targets.",
  ]),
  refusedRequest("9112-2.2-04/name", "MUST", get(["X\r-A: v"]), [
    "a CR inside a field name",
    "No line end, and no character of a name either: the name before it must not be kept.",
  ]),
  refusedRequest("9112-2.2-04/lf-cr", "MUST", `GET / HTTP/1.1\n\r${HOST}\n\r\n\r`, [
    "lines that end with LF and CR in this order",
    "A parser that takes each of the two for a line end sees the head end in front of Host.",
  ]),
  {
    id: "9112-2.2-04/end-of-head",
    also: ["9112-11.2-01"],
    level: "MUST",
    contract: 0,
    title: "CRLF and CR, and another octet where LF would end the head",
    rationale:
      "Some parsers skip the fourth octet of the end unseen, and begin a second request behind it.",
    steps: [send(`GET / HTTP/1.1\r\n${HOST}\r\n\rX${request("FROB", "/")}`), expect(refused(400))],
    connection: CLOSES,
  },
  {
    id: "9112-2.2-04/seen",
    level: "MUST",
    contract: 2,
    title: "a CR in a value does not reach the application",
    rationale:
      "Where the request is taken, SP stands in its place: neither the CR nor a cut value.",
    steps: [
      send(request("GET", "/parse", ["X-A: v\rw"])),
      expect(
        either(answered(400), parsed({ fields: [{ name: "X-A", equals: "v w" }] }), [
          ends("tolerated"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-08/two",
    level: "SHOULD",
    contract: 0,
    title: "two empty lines before the first request",
    rationale: "One at least is skipped; at the second a server may skip on or refuse, not hang.",
    steps: [send(`\r\n\r\n${get()}`), expect(either(ok(), refused(400)))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-08/1-mib",
    level: "SHOULD",
    contract: 0,
    title: "1 MiB of empty lines and no request",
    rationale:
      "What is skipped must be counted: a reader that skips for ever is held by a client that costs nothing.",
    steps: [
      send([{ repeat: "\r\n", times: 524_288 }]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        ends("conforming"),
        { class: "tolerated", seen: "nothing", note: "still skipping" },
      ]),
    ],
  },
  {
    id: "9112-2.2-10/length",
    level: "MUST",
    contract: 1,
    title: "a blank before the first field, which is Content-Length",
    rationale:
      "The line is dropped whole or the request refused; with the blank taken off, it would frame.",
    steps: [
      send(
        message("POST /echo HTTP/1.1", [" Content-Length: 5", "Connection: close", HOST], "hello"),
      ),
      expect(
        either(answered(400, 411), [
          seen("conforming", { status: [200], content: { equals: "" } }),
          ends("tolerated"),
        ]),
      ),
    ],
  },
  garbage(
    "status-line",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "a response where a request should be",
    "Each line of it fits a grammar, and none the one of a request line.",
  ),
  garbage(
    "byte-order-mark",
    "\xef\xbb\xbf",
    "a byte order mark before the method",
    "Decoders of text drop it, and then the request looks good to one recipient only.",
  ),
  garbage(
    "nul",
    "\x00\x00",
    "two NUL before the method",
    "A string in C is empty here, and an empty line is skipped.",
  ),
  {
    id: "9112-2.2-12/preface",
    level: "SHOULD",
    contract: 0,
    title: "the preface of HTTP/2",
    rationale:
      "A good request line of a version that this is not; a server that speaks HTTP/2 here is not judged.",
    steps: [
      send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
      expect([
        ...refused(505, 400),
        { class: "not-applicable", seen: "malformed", note: "it speaks HTTP/2" },
      ]),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-6.1-01/head",
    also: ["9112-8-01"],
    level: "MUST",
    contract: 0,
    title: "the end of the connection inside a head",
    rationale: "The fields that are missing could have been any: nothing is performed by the rest.",
    steps: [
      send(`GET / HTTP/1.1\r\n${HOST}\r\nX-A: v`),
      HALF_CLOSE,
      expect([seen("conforming", { status: [400, 408] }), ends("conforming")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-6.1-01/line-end",
    level: "MUST",
    contract: 0,
    title: "the end of the connection where only the empty line is missing",
    rationale: "All fields look whole, so an end of input is easily taken for the end of the head.",
    steps: [
      send(`GET / HTTP/1.1\r\n${HOST}\r\n`),
      HALF_CLOSE,
      expect([seen("conforming", { status: [400, 408] }), ends("conforming")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-5.5-03/cr-cr-lf",
    level: "MUST",
    contract: 0,
    title: "CR twice before the LF of a field line",
    rationale: "The first CR is a part of the value; trimmed away as a blank it is silently gone.",
    steps: [
      send(get(["X-A: v\r"])),
      expect(either(answered(400), tolerated(ok(), "taken"), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-12/halves",
    level: "MUST",
    contract: 0,
    title: "a head that is cut between CR and LF of each line, with time between",
    rationale: "A reader that looks for CRLF in each piece alone never finds it.",
    steps: [
      send("GET / HTTP/1.1\r"),
      { do: "pause", ms: 30 },
      send(`\n${HOST}\r`),
      { do: "pause", ms: 30 },
      send("\n\r"),
      { do: "pause", ms: 30 },
      send("\n"),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
]);
