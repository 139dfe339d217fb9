/**
 * Cases for servers: field lines.
 * RFC 9112 §5 · RFC 9110 §5
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  either,
  ends,
  expect,
  get,
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
import type { ServerCase } from "../../case.ts";

export const FIELD_CASES: readonly ServerCase[] = serverCases("fields", [
  {
    id: "9112-5-01/no-colon",
    level: "MUST",
    contract: 0,
    title: "a field line without a colon",
    rationale: "Skipping the line hides it from one recipient and not from the next.",
    steps: [send(get(["Foo"])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5-01/empty-name",
    level: "MUST",
    contract: 0,
    title: "a field line that begins with its colon",
    rationale: "A token has one character at least.",
    steps: [send(get([": v"])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.1-01/space",
    level: "MUST",
    contract: 0,
    title: "a SP between name and colon",
    rationale: "Some drop the blank and some the field: the classic way to hide a length.",
    steps: [send(get(["X-A : v"])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.1-01/content-length",
    level: "MUST",
    contract: 0,
    title: "a TAB between Content-Length and its colon",
    rationale: "As with SP, at the field that frames; the content must not be read as a request.",
    steps: [send(get(["Content-Length\t: 5"], "hello")), expect(refused(400))],
    connection: { open: "violation", closed: "conforming" },
  },
  {
    id: "9112-5.1-04/blanks",
    level: "MUST",
    contract: 2,
    title: "SP and TAB around a field value",
    rationale: "They are no part of the value; blanks inside it are.",
    steps: [
      send(request("GET", "/parse", ["X-A: \t v \t w\t "])),
      expect(parsed({ fields: [{ name: "X-A", equals: "v \t w" }] })),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-5.2-02/value",
    level: "MUST",
    contract: 0,
    title: "a field value folded over two lines",
    rationale: "Refused, or the fold becomes SP. Taken as a field of its own it is neither.",
    steps: [
      send(get(["X-A: v", " w"])),
      expect(
        either(refused(400).slice(0, 1), [
          seen("tolerated", { status: ["2xx", "3xx"] }),
          ends("tolerated"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.2-02/host",
    level: "MUST",
    contract: 0,
    title: "a Host value that stands on the next line, folded",
    rationale:
      "Unfolded it is a good Host, cut off it is an empty one: refusal is the answer that is safe.",
    steps: [
      send(message("GET / HTTP/1.1", ["Host:", " {host}"])),
      expect(
        either(refused(400).slice(0, 1), [
          seen("tolerated", { status: ["2xx", "3xx"] }),
          ends("tolerated"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-5.1-02/unknown",
    level: "SHOULD",
    contract: 0,
    title: "a field that nobody has heard of",
    rationale: "New fields work because old recipients ignore them.",
    steps: [send(get(["X-Never-Heard-Of: 1"])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-5.1-03/host",
    level: "MUST",
    contract: 0,
    title: "hOsT in mixed case",
    rationale: "Names are compared without case, so this is a good Host.",
    steps: [send(message("GET / HTTP/1.1", ["hOsT: {host}"])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-5.4-01/1-mib-value",
    level: "MUST",
    contract: 0,
    title: "a field value of 1 MiB",
    rationale:
      "Beyond what a server wants to take it answers 4xx; it neither cuts the value nor takes it all.",
    steps: [
      send([
        "GET / HTTP/1.1\r\nHost: {host}\r\nX-A: ",
        { repeat: "a", times: 1_048_576 },
        "\r\n\r\n",
      ]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        ends("tolerated", "refused without a response"),
        seen("tolerated", { status: ["2xx"] }, "taken"),
      ]),
    ],
  },
  {
    id: "9110-5.5-03/nul",
    level: "MUST",
    contract: 0,
    title: "a NUL in a field value",
    rationale:
      "Invalid and dangerous: refused, or turned into SP. A parser in C would cut the value there.",
    steps: [
      send(get(["X-A: v\x00w"])),
      expect(
        either(refused(400).slice(0, 1), [
          seen("tolerated", { status: ["2xx", "3xx"] }),
          ends("tolerated"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-5.6.2-01/brackets",
    level: "MUST",
    contract: 0,
    title: "a field name with brackets",
    rationale: "Delimiters are in no token; frameworks take such names for more than a name.",
    steps: [send(get(["X[a]: v"])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
]);
