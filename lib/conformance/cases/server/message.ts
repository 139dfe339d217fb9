/**
 * Cases for servers: octets, line ends, and what stands before a request.
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
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  parsed,
  refused,
  request,
  seen,
  send,
  sendOctets,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const MESSAGE_CASES: readonly ServerCase[] = serverCases("message", [
  {
    id: "9112-2.2-01/obs-text",
    level: "MUST",
    contract: 2,
    title: "octets above 0x7F in a field value",
    rationale:
      "The octets are no UTF-8; a server that decodes before it parses loses or changes them.",
    steps: [
      send(request("GET", "/parse", ["X-Octets: a\xff\xfe\x80z"])),
      expect(
        either(
          parsed({ fields: [{ name: "X-Octets", equals: "a\xff\xfe\x80z" }] }),
          refusedTolerated(),
        ),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-01/every-octet",
    level: "MUST",
    contract: 1,
    title: "content of octets 0x00, 0x0A, 0x0D, 0x80 and 0xFF",
    rationale: "Content is opaque: no octet of it ends a line, and none is changed.",
    steps: [
      send(request("POST", "/echo", ["Content-Length: 8"], "\x00\r\n\r\n\x80\xff\x1a")),
      expect([
        seen("conforming", { status: [200], content: { equals: "\x00\r\n\r\n\x80\xff\x1a" } }),
      ]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-2.2-02/lf-head",
    level: "MAY",
    contract: 0,
    title: "a request whose lines all end with LF alone",
    rationale: "A server may take LF for a line end or refuse it; it must not wait for more.",
    steps: [
      send("GET / HTTP/1.1\nHost: {host}\n\n"),
      expect(either(ok(), answered(400), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-04/value",
    level: "MUST",
    contract: 0,
    title: "a CR without LF inside a field value",
    rationale:
      "Taken as a line end the CR would smuggle a second field in. Refusal is right; so is a SP in its place.",
    steps: [
      send(get(["X-A: v\rX-B: w"])),
      expect(
        either(
          answered(400),
          ok().map((o) => ({ ...o, class: "tolerated" as const })),
          [ends("tolerated")],
        ),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-04/content-length",
    level: "MUST",
    contract: 1,
    title: "a CR without LF in front of what looks like a Content-Length line",
    rationale: "Five octets of echo would show that the CR was taken for the end of a line.",
    steps: [
      send(request("POST", "/echo", ["X-A: v\rContent-Length: 5"], "hello")),
      expect(
        either(answered(400, 411), [
          seen("tolerated", { status: [200], content: { equals: "" } }),
          ends("tolerated"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-08/first",
    level: "SHOULD",
    contract: 0,
    title: "an empty line before the first request",
    rationale: "Old clients send a CRLF too many after content; one at least is to be skipped.",
    steps: [send(`\r\n${get()}`), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-2.2-08/between",
    level: "SHOULD",
    contract: 0,
    title: "an empty line between two requests on a connection",
    rationale: "The same as before the first one; here the parser has a request behind it.",
    steps: [send(get()), expect(ok()), send(`\r\n${get()}`), expect(ok())],
  },
  {
    id: "9112-2.2-10/only-host",
    level: "MUST",
    contract: 0,
    title: "a blank before the first field, which is the only Host",
    rationale: "Refused, or the line is dropped unread: then Host is missing, which is a 400 too.",
    steps: [send(message("GET / HTTP/1.1", [` ${HOST}`])), expect(refused(400))],
    connection: CLOSES,
  },
  {
    id: "9112-2.2-10/tab",
    level: "MUST",
    contract: 0,
    title: "a TAB before the first field, with a good Host behind it",
    rationale:
      "With Host there a server may drop the line; it must not join it to the request line.",
    steps: [
      send(message("GET / HTTP/1.1", ["\tX-A: v", HOST])),
      expect(either(answered(400), ok(), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.2-12/garbage",
    level: "SHOULD",
    contract: 0,
    title: "a line of garbage, then a good request",
    rationale:
      "A parser that looks for the next good line could be made to answer what it should not.",
    steps: [send(`\x16\x03\x01garbage\r\n\r\n${get()}`), expect(refused(400))],
    connection: CLOSES,
  },
  {
    id: "9112-2.2-12/octets",
    level: "MUST",
    contract: 0,
    title: "a good request in which each octet is a segment of its own",
    rationale: "Where octets are cut says nothing; no parser may need a line in one piece.",
    steps: [sendOctets(get(["X-A: v"])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-5.3-04/no-end-of-head",
    level: "MUST",
    contract: 0,
    title: "a head without its empty line gets no answer of success",
    rationale: "The whole head must be there first: a later field could change what is asked for.",
    steps: [
      send("GET / HTTP/1.1\r\nHost: {host}\r\n"),
      { do: "expect-nothing", ms: 300, otherwise: "violation" },
    ],
  },
]);

/** A server need not take such octets; what it takes it must not change. */
function refusedTolerated(): ReturnType<typeof refused> {
  return [seen("tolerated", { status: [400] }), ends("tolerated")];
}
