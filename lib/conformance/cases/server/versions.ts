/**
 * Cases for servers: versions.
 * RFC 9112 §2.3 · RFC 9110 §6.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  CLOSES,
  expect,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  refused,
  send,
  seen,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const VERSION_CASES: readonly ServerCase[] = serverCases("versions", [
  {
    id: "9112-2.3-01/lower-case",
    level: "MUST",
    contract: 0,
    title: "http/1.1 in lower case",
    rationale: "The name is compared octet by octet, so this is no version at all.",
    steps: [send(message("GET / http/1.1", [HOST])), expect(refused(400, 505))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-2.3-01/two-digits",
    level: "MUST",
    contract: 0,
    title: "HTTP/1.10",
    rationale: "One digit each: neither minor version 10 nor HTTP/1.1 with something behind it.",
    steps: [send(message("GET / HTTP/1.10", [HOST])), expect(refused(400, 505))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-6.2-03/answer-to-1.0",
    level: "SHOULD",
    contract: 0,
    title: "a request in HTTP/1.0 is answered in HTTP/1.1",
    rationale: "The version of an answer is what its sender can do, not an echo of the request's.",
    steps: [
      send(message("GET / HTTP/1.0", [HOST])),
      expect([
        seen("conforming", { status: ["2xx", "3xx"], version: "1.1" }),
        seen("tolerated", { status: ["2xx", "3xx"], version: "1.0" }, "answered in HTTP/1.0"),
      ]),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-6.2-05/1.9",
    level: "SHOULD",
    contract: 0,
    title: "HTTP/1.9 is processed as HTTP/1.1",
    rationale: "A higher minor version means the same to all who speak the major one.",
    steps: [send(message("GET / HTTP/1.9", [HOST])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-6.2-07/2.0",
    level: "MUST",
    contract: 0,
    title: "HTTP/2.0 in a request line",
    rationale: "Another major version is another protocol; to process it as HTTP/1.1 is to guess.",
    steps: [send(message("GET / HTTP/2.0", [HOST])), expect(refused(505, 400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-6.2-07/3.0",
    level: "MUST",
    contract: 0,
    title: "HTTP/3.0 in a request line",
    rationale: "As 2.0, which some servers know from the preface of HTTP/2 and treat apart.",
    steps: [send(message("GET / HTTP/3.0", [HOST])), expect(refused(505, 400))],
    connection: OPEN_OR_CLOSED,
  },
]);
