/**
 * Cases for servers: the four forms of a target, and the URI that is meant.
 * RFC 9112 §3.2, §3.3 · RFC 9110 §4.2, §7.4, §9.3.6
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  either,
  expect,
  expectTo,
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

/** CONNECT to what is no host and port. A server without CONNECT may say so instead. */
function badConnect(variant: string, target: string, title: string, rationale: string): ServerRow {
  return {
    id: `9110-9.3.6-02/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(message(`CONNECT ${target} HTTP/1.1`, [HOST])),
      expectTo("CONNECT", [
        ...refused(400),
        seen("tolerated", { status: [404, 405] }, "no CONNECT here"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

/** The target reaches the application octet by octet. */
function kept(variant: string, target: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-3.3-01/${variant}`,
    level: "MUST",
    contract: 2,
    title,
    rationale,
    steps: [send(request("GET", target)), expect(parsed({ target }))],
    connection: STAYS_OPEN,
  };
}

export const TARGET_CASES: readonly ServerCase[] = serverCases("request-line", [
  {
    id: "9112-3.2.2-06/upper-case-scheme",
    level: "MUST",
    contract: 0,
    title: "an absolute target with HTTP in upper case as its scheme",
    rationale: 'Schemes are compared without case; a look for "http://" misses it.',
    steps: [send(message("GET HTTP://{host}/ HTTP/1.1", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3.2.2-06/no-path",
    level: "MUST",
    contract: 0,
    title: "an absolute target without a path",
    rationale: "The empty path of an http URI means the same as /, and has no octet to begin at.",
    steps: [send(message("GET http://{host} HTTP/1.1", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3.2.2-06/query-without-path",
    level: "MUST",
    contract: 0,
    title: "an absolute target with a query behind its authority",
    rationale:
      "The authority ends at the question mark too; looked for at / it takes the query in.",
    steps: [send(message("GET http://{host}?a=b HTTP/1.1", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-3.2.2-05/port",
    level: "MUST",
    contract: 2,
    title: "an absolute target with a port, and a Host without one",
    rationale: "The authority is taken whole: its name with the field's port would be a third one.",
    steps: [
      send(message("GET http://target.example:8081/parse HTTP/1.1", ["Host: target.example"])),
      expect(
        either(parsed({ host: "target.example:8081" }), [
          seen("tolerated", { status: ["4xx"] }, "the two differ, and the server refuses"),
        ]),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  refusedRequest("9112-3.2-06/absolute", "MUST", message("GET http://{host}/ HTTP/1.1"), [
    "an absolute target without Host",
    "The authority is known, and Host is required all the same.",
  ]),
  refusedRequest(
    "9112-3.2-07/absolute",
    "MUST",
    message("GET http://{host}/ HTTP/1.1", [HOST, "Host: b.example"]),
    ["two Host lines beside an absolute target", "The field does not count here, its number does."],
  ),
  refusedRequest(
    "9112-3.2-08/absolute",
    "MUST",
    message("GET http://{host}/ HTTP/1.1", ["Host: a b"]),
    [
      "an invalid Host beside an absolute target",
      "Ignored for routing, the field must still be a host: the next hop may read it.",
    ],
  ),
  refusedRequest("9110-4.2.1-01/empty", "MUST", message("GET http:///x HTTP/1.1", [HOST]), [
    "an http URI without a host",
    "Three slashes are a file URI's; to take Host in its place is to repair it.",
  ]),
  refusedRequest("9110-4.2.1-01/port-only", "MUST", message("GET http://:80/ HTTP/1.1", [HOST]), [
    "an http URI with a port and an empty host",
    "There is an authority, and no host in it.",
  ]),
  {
    id: "9110-7.4-01/https-over-plain",
    level: "MUST",
    contract: 0,
    title: "an https URI over a connection in clear text",
    rationale: "What is asked for may be sent over a secured connection only.",
    transport: "plain",
    steps: [
      send(message("GET https://{host}/ HTTP/1.1", [HOST])),
      expect([
        ...refused(421, 400),
        seen("tolerated", { status: [301, 302, 307, 308, 404] }, "sent elsewhere"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-01/userinfo",
    level: "SHOULD",
    contract: 0,
    title: "userinfo in an absolute target",
    rationale: "What stands before @ looks like a host to people and to bad parsers.",
    steps: [
      send(message("GET http://a.example@{host}/ HTTP/1.1", [HOST])),
      expect(either(refused(400), tolerated(ok(), "taken"))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  badConnect(
    "empty-port",
    "target.example:",
    "CONNECT without a number behind the colon",
    "CONNECT has no default port, so an empty one is none.",
  ),
  badConnect(
    "letters",
    "target.example:http",
    "CONNECT to a port of letters",
    "A library that connects would look the name of a service up.",
  ),
  badConnect(
    "no-port",
    "target.example",
    "CONNECT without a port",
    "No colon at all, where the form asks for one.",
  ),
  badConnect(
    "too-large",
    "target.example:65616",
    "CONNECT to a port beyond 65535",
    "In sixteen bits it is port 80.",
  ),
  {
    id: "9112-3.2.3-02/connect-path",
    level: "MUST",
    contract: 0,
    title: "CONNECT with a path as target",
    rationale: "CONNECT has authority-form and no other; a router by path would find a resource.",
    steps: [
      send(message("CONNECT / HTTP/1.1", [HOST])),
      expectTo("CONNECT", [
        ...refused(400),
        seen("tolerated", { status: [404, 405] }, "no CONNECT here"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.4-02/post",
    level: "MUST",
    contract: 0,
    title: "POST with the target *",
    rationale: "As GET, for servers that know the asterisk by a look at GET alone.",
    steps: [
      send(message("POST * HTTP/1.1", [HOST, "Content-Length: 0"])),
      expect([
        ...refused(400),
        seen("tolerated", { status: [404, 405] }, "looked for, and not found"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2.4-02/more",
    level: "MUST",
    contract: 0,
    title: "OPTIONS with more than the asterisk",
    rationale: "The form is one octet; a look at the first one alone takes a path for the server.",
    steps: [
      send(message("OPTIONS */x HTTP/1.1", [HOST])),
      expect([
        ...refused(400),
        seen("tolerated", { status: [404, 405] }, "looked for, and not found"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  kept(
    "empty-query",
    "/parse?",
    "a query that is empty and there",
    "An empty query is not the same URI as none; a split at ? loses the difference.",
  ),
  kept(
    "question-marks",
    "/parse?a?b=/?c",
    "question marks and slashes inside the query",
    "Only the first one separates; the path does not go on behind it.",
  ),
  kept(
    "plus",
    "/parse?a=+%2B%20",
    "plus, its escape and that of a blank",
    "Decoded as a form all three change, and two of them become equal.",
  ),
  {
    id: "9112-3-03/path",
    level: "SHOULD",
    contract: 0,
    title: "8000 octets of request line in one path segment",
    rationale: "A name longer than a file system takes: not found, and no failure of the server.",
    steps: [
      send(["GET /", { repeat: "a", times: 7985 }, ` HTTP/1.1\r\n${HOST}\r\n\r\n`]),
      expect([seen("conforming", { status: ["2xx", "3xx", 404] })]),
    ],
    connection: STAYS_OPEN,
  },
]);
