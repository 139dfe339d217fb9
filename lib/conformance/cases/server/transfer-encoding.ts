/**
 * Cases for servers: Transfer-Encoding.
 * RFC 9112 §6.1, §6.3
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  chunks,
  CLOSES,
  echoed,
  ends,
  expect,
  get,
  HOST,
  message,
  post,
  RATHER_CLOSES,
  refused,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const TRANSFER_ENCODING_CASES: readonly ServerCase[] = serverCases("transfer-encoding", [
  {
    id: "9112-6.1-01/get",
    level: "MUST",
    contract: 0,
    title: "GET with chunked content, and a request behind it",
    rationale:
      "The fields tell that there is content, whatever the method; unread it would be a request.",
    steps: [
      send(`${get(["Transfer-Encoding: chunked"], chunks("hello"))}${get()}`),
      expect([
        seen("conforming", { status: ["2xx", "3xx"] }),
        seen("tolerated", { status: [400, 405, 411, 413] }, "content on GET is refused"),
      ]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.1-02/two-chunks",
    also: ["9112-7.1-01"],
    level: "MUST",
    contract: 1,
    title: "POST of two chunks",
    rationale: "Every recipient of HTTP/1.1 decodes chunked.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: chunked"], chunks("hello", " world"))),
      expect(echoed("hello world")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.1-10/unknown-before-chunked",
    level: "SHOULD",
    contract: 0,
    title: "an unknown coding under chunked",
    rationale:
      "The frame can be read, the content not: 501. To take it as chunked alone passes coded octets on.",
    steps: [
      send(get(["Transfer-Encoding: foo, chunked"], chunks("hello"))),
      expect(refused(501, 400)),
    ],
    connection: RATHER_CLOSES,
  },
  {
    id: "9112-6.1-14/both-lengths",
    also: ["9112-6.1-13", "9112-6.3-04", "9112-11.2-01"],
    level: "MUST",
    contract: 0,
    title: "Content-Length beside Transfer-Encoding, and a request behind it",
    rationale:
      "Refused or read by chunks, the connection ends after the answer: an attack is likely.",
    steps: [
      send(`${get(["Content-Length: 5", "Transfer-Encoding: chunked"], chunks("hello"))}${get()}`),
      expect([seen("conforming", { status: ["2xx", "3xx", "4xx"] }), ends("tolerated")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-6.1-15/keep-alive",
    level: "MUST",
    contract: 0,
    title: "chunked in HTTP/1.0 with keep-alive",
    rationale:
      "HTTP/1.0 has no such field, so the framing is not to be trusted: the connection ends.",
    steps: [
      send(
        message(
          "POST / HTTP/1.0",
          [HOST, "Connection: keep-alive", "Transfer-Encoding: chunked"],
          chunks("hello"),
        ),
      ),
      expect([seen("conforming", { status: ["2xx", "3xx", "4xx", "5xx"] }), ends("tolerated")]),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-6.3-07/chunked-first",
    level: "MUST",
    contract: 0,
    title: "chunked with another coding over it",
    rationale: "Chunked is not the last coding, so there is no telling where the content ends.",
    steps: [
      send(get(["Transfer-Encoding: chunked, foo"], `${chunks("hello")}${get()}`)),
      expect(refused(400, 501)),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-6.3-07/identity",
    level: "MUST",
    contract: 0,
    title: "the coding identity, which was abolished",
    rationale: "Some take it for no coding at all, and then look for a length.",
    steps: [send(get(["Transfer-Encoding: identity"], get())), expect(refused(400, 501))],
    connection: CLOSES,
  },
  {
    id: "9112-6.3-07/joined-word",
    level: "MUST",
    contract: 0,
    title: "xchunked",
    rationale: "Looking for the word at the end of the value finds it here.",
    steps: [
      send(get(["Transfer-Encoding: xchunked"], `${chunks("hello")}${get()}`)),
      expect(refused(400, 501)),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-7-01/upper-case",
    level: "MUST",
    contract: 1,
    title: "CHUNKED in upper case",
    rationale: "Names of codings are compared without case.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: CHUNKED"], chunks("hello"))),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-7.1-04/parameter",
    level: "SHOULD",
    contract: 0,
    title: "chunked with a parameter",
    rationale: "Chunked has none, so one is an error and no detail to pass over.",
    steps: [
      send(get(["Transfer-Encoding: chunked;q=1"], chunks("hello"))),
      expect(refused(400, 501)),
    ],
    connection: RATHER_CLOSES,
  },
]);
