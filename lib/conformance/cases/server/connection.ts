/**
 * Cases for servers: the connection: persistence, pipelining, close.
 * RFC 9112 §9
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  CLOSES,
  echoed,
  expect,
  get,
  HOST,
  message,
  ok,
  post,
  RECONNECT,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";

export const CONNECTION_CASES: readonly ServerCase[] = serverCases("connection", [
  {
    id: "9112-9.3-01/two-requests",
    level: "SHOULD",
    contract: 0,
    title: "two requests, one after the other, on a connection",
    rationale: "Without a close option the connection goes on.",
    steps: [send(get()), expect(ok()), send(get()), expect(ok())],
    connection: { open: "conforming", closed: "violation" },
  },
  {
    id: "9112-9.3-05/close-and-keep-alive",
    level: "MUST",
    contract: 0,
    title: "keep-alive and close in one field",
    rationale: "The close option wins, in whichever order the two stand.",
    steps: [send(get(["Connection: keep-alive, close"])), expect(ok())],
    connection: CLOSES,
  },
  {
    id: "9112-9.3-06/1.0",
    level: "MUST",
    contract: 0,
    title: "HTTP/1.0 without keep-alive",
    rationale: "Persistence is the habit of HTTP/1.1; an older client waits for the end.",
    steps: [send(message("GET / HTTP/1.0", [HOST])), expect(ok())],
    connection: CLOSES,
  },
  {
    id: "9112-9.3.2-01/four",
    level: "MUST",
    contract: 1,
    title: "four requests at once, with content to tell them apart",
    rationale: "Answers come in the order of the requests, and each has its own content.",
    steps: [
      send(
        ["one", "two!", "three", "fourth"]
          .map((word) => post("/echo", [`Content-Length: ${word.length}`], word))
          .join(""),
      ),
      expect(echoed("one")),
      expect(echoed("two!")),
      expect(echoed("three")),
      expect(echoed("fourth")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.6-04/close",
    also: ["9112-9.6-06"],
    level: "MUST",
    contract: 0,
    title: "close, with a request behind it",
    rationale: "One answer, then the end: what follows a close option is not processed.",
    steps: [send(`${get(["Connection: close"])}${get()}`), expect(ok())],
    connection: CLOSES,
  },
  {
    id: "9112-9.6-05/echo",
    level: "SHOULD",
    contract: 0,
    title: "the answer to close says close too",
    rationale: "So that the client knows the end is meant, and not a failure.",
    steps: [
      send(get(["Connection: close"])),
      expect([
        seen("conforming", {
          status: ["2xx", "3xx"],
          fields: [{ name: "Connection", member: "close" }],
        }),
      ]),
    ],
  },
  {
    id: "9110-7.6.1-05/upper-case",
    level: "MUST",
    contract: 0,
    title: "CLOSE in upper case",
    rationale: "Connection options are compared without case.",
    steps: [send(get(["Connection: CLOSE"])), expect(ok())],
    connection: CLOSES,
  },
  {
    id: "9112-9.5-01/reset-inside-head",
    level: "MUST",
    contract: 0,
    title: "a reset inside a head leaves the server as it was",
    rationale:
      "Clients go away at any octet; the next connection must be served as if nothing had been.",
    steps: [send("GET / HTTP/1.1\r\nHo"), { do: "reset" }, RECONNECT, send(get()), expect(ok())],
    connection: STAYS_OPEN,
  },
]);
