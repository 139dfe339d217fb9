/**
 * Cases for servers: who ends a connection and when, and pipelining in detail.
 * RFC 9112 §9 · RFC 9110 §7.6.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  CLOSES,
  chunks,
  echoed,
  ends,
  expect,
  expectTo,
  get,
  HALF_CLOSE,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  RECONNECT,
  refused,
  request,
  seen,
  send,
  sendOctets,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { CHUNKED, MISSING } from "./words.ts";

/** A Connection field that says close, in one way or another. */
function closing(
  id: string,
  text: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  const steps = [send(text), expect(ok())];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: CLOSES };
}

const BAD_HEAD = "GET / HTTP/1.1\r\nHost: a b\r\nContent-Length: 5x\r\n\r\n";

export const PERSISTENCE_CASES: readonly ServerCase[] = serverCases("connection", [
  closing("9112-9.3-05/close-first", get(["Connection: close, keep-alive"]), [
    "close and keep-alive in this order",
    "Where the last option wins, this one is lost.",
  ]),
  closing("9112-9.3-05/two-lines", get(["Connection: keep-alive", "Connection: close"]), [
    "keep-alive and close on two lines",
    "One field by the rules of lists; a look at the first line alone goes on.",
  ]),
  closing("9112-9.3-05/1.0", message("GET / HTTP/1.0", [HOST, "Connection: keep-alive, close"]), [
    "keep-alive and close in HTTP/1.0",
    "The older version has to be told to stay, and is told so here: close wins all the same.",
  ]),
  closing("9110-5.6.1.2-01/connection", get(["Connection: , close ,"]), [
    "close among empty members",
    "Empty members are skipped, and what is between them counts.",
  ]),
  {
    id: "9112-9.3-05/other-words",
    level: "MUST",
    contract: 0,
    title: "options that only look like close",
    rationale: "A search for the five letters finds them in x-close and in close-soon.",
    steps: [send(get(["Connection: x-close, close-soon, closed"])), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.3-06/keep-alive",
    level: "MUST",
    contract: 0,
    title: "HTTP/1.0 with Keep-Alive in mixed case",
    rationale:
      "Honoured or not, as the server likes; a connection that does neither hangs the client.",
    steps: [send(message("GET / HTTP/1.0", [HOST, "Connection: Keep-Alive"])), expect(ok())],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-9.3-04/unannounced",
    also: ["9112-9.6-01"],
    level: "MUST",
    contract: 0,
    title: "an answer without close is followed by another answer",
    rationale:
      "A server that ends each connection says so in each answer; judged where it does not.",
    steps: [
      send(get()),
      expect([
        seen("not-applicable", { fields: [{ name: "Connection", member: "close" }] }, "it says so"),
        seen("not-applicable", { version: "1.0" }, "HTTP/1.0 ends by default"),
        ...ok(),
      ]),
    ],
    connection: { open: "conforming", closed: "violation" },
  },
  {
    id: "9112-9.6-01/400",
    level: "SHOULD",
    contract: 0,
    title: "a refusal before the end says close",
    rationale:
      "After bad framing the connection must end, so the server knows that this answer is the last.",
    steps: [
      send(get(["Content-Length: 5x"], "hello")),
      expect([
        seen("conforming", { status: ["4xx"], fields: [{ name: "Connection", member: "close" }] }),
        seen("not-applicable", { version: "1.0" }, "HTTP/1.0 ends by default"),
        seen("not-applicable", { status: ["2xx", "3xx"] }, "the request is taken"),
        ends("not-applicable", "no answer to judge"),
      ]),
    ],
  },
  {
    id: "9112-9.6-07/400",
    also: ["9112-9.6-08"],
    level: "MUST",
    contract: 0,
    title: "a server that says close of its own ends the connection, and reads no more",
    rationale:
      "The client has asked for nothing of the kind; a request waits behind, and gets no answer.",
    steps: [
      send(`${BAD_HEAD}${get()}`),
      expect([
        seen("conforming", { status: ["4xx"], fields: [{ name: "Connection", member: "close" }] }),
        seen("not-applicable", {}, "it does not say close"),
        ends("not-applicable", "no answer to judge"),
      ]),
    ],
    connection: CLOSES,
  },
  {
    id: "9112-9.6-11/1-mib",
    level: "MUST",
    contract: 0,
    title: "a refusal can be read though 1 MiB of content is on its way",
    rationale:
      "Closed at once, unread octets make the kernel reset the connection and destroy the answer.",
    steps: [
      send([get(["Content-Length: 1048576", "X A: v"]), { repeat: "x", times: 1_048_576 }]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        seen("not-applicable", { status: ["2xx", "3xx"] }, "the request is taken"),
        ends("tolerated", "the answer is lost"),
      ]),
    ],
  },
  {
    id: "9112-9.5-01/reset-inside-content",
    level: "MUST",
    contract: 0,
    title: "a reset inside content leaves the server as it was",
    rationale: "An application may be reading; its failure must stay its own.",
    steps: [
      send(post("/", ["Content-Length: 100"], "hel")),
      { do: "reset" },
      RECONNECT,
      send(get()),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.5-01/reset-before-answer",
    level: "MUST",
    contract: 0,
    title: "a reset right behind many requests leaves the server as it was",
    rationale:
      "The answers have nowhere to go: writing fails, which is another place than reading.",
    steps: [
      send([{ repeat: get(), times: 20 }]),
      { do: "reset" },
      RECONNECT,
      send(get()),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.3-01/after-missing",
    level: "SHOULD",
    contract: 0,
    title: "the connection goes on after a 404",
    rationale: "Not found is an answer as any other. Some end the connection at each error.",
    steps: [
      send(request("GET", MISSING)),
      expect([...ok(), ...answered(404, 403, 410)]),
      send(get()),
      expect([...ok(), ends("tolerated", "closed after an error")]),
    ],
  },
  {
    id: "9112-9.3-01/half-closed",
    level: "MAY",
    contract: 0,
    title: "an answer to a client that has ended its side",
    rationale:
      "The request is whole. Some take the end for a client that is gone; to answer is kinder.",
    steps: [send(get()), HALF_CLOSE, expect(ok())],
  },
  {
    id: "9112-9.3.2-01/bad-second",
    level: "MUST",
    contract: 0,
    title: "a good request and a bad one in one segment",
    rationale:
      "The good one is answered first: an error of the parser must not overtake or replace it.",
    steps: [send(`${get()}${BAD_HEAD}`), expect(ok()), expect(refused(400))],
    connection: CLOSES,
  },
  {
    id: "9112-9.3.2-01/head-between",
    level: "MUST",
    contract: 0,
    title: "GET, HEAD and GET in one segment",
    rationale: "Each answer is framed by its own request, not by the last one that was read.",
    steps: [
      send(`${get()}${request("HEAD", "/")}${get()}`),
      expect(ok()),
      expectTo("HEAD", ok()),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.3.2-01/mixed-framing",
    level: "MUST",
    contract: 1,
    title: "content by length, by chunks and none, in one segment",
    rationale: "Each way of framing is left behind when its request ends.",
    steps: [
      send(
        [
          post("/echo", ["Content-Length: 3"], "one"),
          post("/echo", [CHUNKED], chunks("two")),
          post("/echo", []),
          post("/echo", ["Content-Length: 4"], "four"),
        ].join(""),
      ),
      expect(echoed("one")),
      expect(echoed("two")),
      expect([...echoed(""), seen("not-applicable", { status: [411] }, "asks for a length")]),
      expect(echoed("four")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.3.2-01/octets",
    level: "MUST",
    contract: 0,
    title: "two requests in segments of one octet",
    rationale: "The second begins while the first is being answered.",
    steps: [sendOctets(`${get()}${get()}`), expect(ok()), expect(ok())],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-9.3.2-01/twenty",
    level: "MUST",
    contract: 0,
    title: "twenty requests in one segment",
    rationale: "More than a small queue holds; none is lost and none is answered twice.",
    steps: [
      send([{ repeat: get(), times: 20 }]),
      ...Array.from({ length: 20 }, () => expect(ok())),
    ],
    connection: STAYS_OPEN,
  },
]);
