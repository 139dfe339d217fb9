/**
 * Cases for servers: the request line.
 * RFC 9112 §3, §3.1, §3.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  either,
  ends,
  expect,
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
import type { ServerCase } from "../../case.ts";

/** Octets that fill a request line of `GET /?a… HTTP/1.1` up to 8000. */
const FILL_TO_8000 = 8000 - "GET /? HTTP/1.1".length;

export const REQUEST_LINE_CASES: readonly ServerCase[] = serverCases("request-line", [
  {
    id: "9112-3-01/long-method",
    level: "SHOULD",
    contract: 0,
    title: "a method of 4000 letters",
    rationale:
      "Longer than any method a server knows: 501 says so; a 400 or 414 for a long line is harmless.",
    steps: [
      send([{ repeat: "A", times: 4000 }, " / HTTP/1.1\r\nHost: {host}\r\n\r\n"]),
      expect([
        ...refused(501),
        seen("tolerated", { status: [404, 405] }, "the resource has no such method"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3-02/4-mib",
    level: "MUST",
    contract: 0,
    title: "a target of 4 MiB",
    rationale:
      "No server parses a target without bound; 414 says which part of the request was too long.",
    steps: [
      send(["GET /", { repeat: "a", times: 4_194_304 }, " HTTP/1.1\r\nHost: {host}\r\n\r\n"]),
      expect(refused(414)),
    ],
  },
  {
    id: "9112-3-03/8000",
    level: "SHOULD",
    contract: 0,
    title: "a request line of 8000 octets",
    rationale:
      "Shorter limits break links that work elsewhere; 8000 is the length that is recommended.",
    steps: [
      send(["GET /?", { repeat: "a", times: FILL_TO_8000 }, " HTTP/1.1\r\nHost: {host}\r\n\r\n"]),
      expect([seen("conforming", { status: ["2xx", "3xx", 404] })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3-05/two-spaces",
    level: "MAY",
    contract: 0,
    title: "two SP between method and target",
    rationale:
      "Splitting at runs of blanks is allowed, refusal is better; there is one answer either way.",
    steps: [
      send(message("GET  / HTTP/1.1", [HOST])),
      expect(either(answered(400), ok(), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.1-01/lower-case",
    level: "MUST",
    contract: 0,
    title: "get in lower case is another method than GET",
    rationale: "Methods are compared octet by octet: an access rule on GET would not see this one.",
    steps: [send(message("get / HTTP/1.1", [HOST])), expect(refused(501, 405, 400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-01/space-in-target",
    level: "SHOULD",
    contract: 0,
    title: "a SP inside the target",
    rationale: "Four words are no request line. Taking the first or the last as target guesses.",
    steps: [send(message("GET /a b HTTP/1.1", [HOST])), expect(refused(400, 301))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-01/no-version",
    level: "SHOULD",
    contract: 0,
    title: "a request line without a version, with fields behind it",
    rationale: "HTTP/0.9 had no fields, so this is neither that nor HTTP/1.1.",
    steps: [send(message("GET /", [HOST])), expect(refused(400, 505))],
    connection: CLOSES,
  },
  {
    id: "9112-3.2-01/nul-in-target",
    level: "SHOULD",
    contract: 0,
    title: "a NUL inside the target",
    rationale: "No target holds controls; a parser in C could take it for the end.",
    steps: [send(message("GET /a\x00b HTTP/1.1", [HOST])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-01/fragment",
    level: "SHOULD",
    contract: 0,
    title: "a fragment in the target",
    rationale:
      "No form of target has a fragment; what stands behind # would be seen by one recipient only.",
    steps: [
      send(message("GET /#top HTTP/1.1", [HOST])),
      expect([
        ...refused(400),
        seen("tolerated", { status: [404] }, "looked for whole, and not found"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.2-05/other-host",
    level: "MUST",
    contract: 2,
    title: "an absolute target and a Host that says otherwise",
    rationale: "The target's authority is the one that counts; the field is ignored.",
    steps: [
      send(message("GET http://target.example/parse HTTP/1.1", ["Host: field.example"])),
      expect(
        either(parsed({ host: "target.example" }), [
          seen("tolerated", { status: ["4xx"] }, "the two differ, and the server refuses"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.2-06/absolute-form",
    level: "MUST",
    contract: 0,
    title: "an absolute target with the server's own authority",
    rationale: "Clients send it to proxies only, but a server accepts it.",
    steps: [send(message("GET http://{host}/ HTTP/1.1", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3.2.3-02/get",
    level: "MUST",
    contract: 0,
    title: "GET with a target in authority-form",
    rationale: "host:port is a target of CONNECT and of nothing else.",
    steps: [send(message("GET example.com:80 HTTP/1.1", [HOST])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.4-02/get",
    level: "MUST",
    contract: 0,
    title: "GET with the target *",
    rationale: "The asterisk stands for the server as a whole, and is a target of OPTIONS alone.",
    steps: [
      send(message("GET * HTTP/1.1", [HOST])),
      expect([
        ...refused(400),
        seen("tolerated", { status: [404, 405] }, "looked for, and not found"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.4-02/options",
    level: "MUST",
    contract: 0,
    title: "OPTIONS with the target *",
    rationale:
      "The one request with this target; a server need not support OPTIONS, but reads the line.",
    steps: [
      send(message("OPTIONS * HTTP/1.1", [HOST])),
      expect(either(answered("2xx", 405, 501), [seen("tolerated", { status: ["4xx"] })])),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3.3-01/target-as-sent",
    level: "MUST",
    contract: 2,
    title: "percent-encoding and dots reach the application as sent",
    rationale: "The target is a value of its own; decoding it once more would join what was apart.",
    steps: [
      send(request("GET", "/parse?a=%2F..%2F&b=%00")),
      expect(
        either(parsed({ target: "/parse?a=%2F..%2F&b=%00" }), [
          seen("tolerated", { status: [400] }),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
]);
