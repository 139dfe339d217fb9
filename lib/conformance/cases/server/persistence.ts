/**
 * Cases for servers: who ends a connection and when, pipelining in detail, Upgrade, and further expectations.
 * RFC 9112 §9 · RFC 9110 §7.6.1, §7.8, §10.1.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  chunks,
  CLOSES,
  echoed,
  either,
  ends,
  expect,
  expectInterim,
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
import { anyFinal, CHUNKED, MISSING } from "./words.ts";

/** A Connection field that says close, in one way or another. */
function closing(
  id: string,
  text: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  const steps = [send(text), expect(ok())];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: CLOSES };
}

/** An offer to change the protocol that is to be passed over. */
function notSwitched(
  id: string,
  text: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  const steps = [send(`${text}${get()}`), expect(ok()), expect(ok())];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

const BAD_HEAD = "GET / HTTP/1.1\r\nHost: a b\r\nContent-Length: 5x\r\n\r\n";

const CONNECTION_ROWS: readonly ServerRow[] = [
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
];

const UPGRADE_ROWS: readonly ServerRow[] = [
  {
    ...notSwitched("9110-7.8-04/unknown", get(["Connection: Upgrade", "Upgrade: teapot/9"]), [
      "an offer of a protocol that nobody knows, and a request behind it",
      "No 101, and what follows is still HTTP: some stop to parse at the mere offer.",
    ]),
    also: ["9112-11.2-01"],
  },
  notSwitched("9110-7.8-04/not-named", get(["Upgrade: teapot/9"]), [
    "Upgrade without its option in Connection",
    "Not meant for this hop, whoever has sent it.",
  ]),
  {
    id: "9110-7.8-09/1.0",
    level: "MUST",
    contract: 0,
    title: "an offer of WebSocket in HTTP/1.0",
    rationale: "The older version has no such field, so that a 101 would answer nothing.",
    steps: [
      send(
        message("GET / HTTP/1.0", [
          HOST,
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]),
      ),
      expect(either(ok(), [seen("tolerated", { status: ["4xx"] })])),
    ],
    connection: CLOSES,
  },
  {
    id: "9110-7.8-07/content",
    level: "MUST",
    contract: 1,
    title: "an offer of h2c with content behind it",
    rationale:
      "The answer to this request is what counts; a switch would have to deliver it just so.",
    steps: [
      send(post("/echo", ["Connection: Upgrade", "Upgrade: h2c", "Content-Length: 5"], "hello")),
      expect([...echoed("hello"), seen("not-applicable", { status: [101] }, "it speaks HTTP/2")]),
    ],
  },
  {
    id: "9110-7.8-02/websocket",
    also: ["9110-15.2.2-01", "9110-7.8-01"],
    level: "MUST",
    contract: 0,
    title: "a 101 names the protocol that it changes to",
    rationale:
      "WebSocket in mixed case, offered where most servers have none; judged where it is taken.",
    steps: [
      send(
        get([
          "Connection: Upgrade",
          "Upgrade: WebSocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]),
      ),
      expect([
        seen("conforming", {
          status: [101],
          fields: [
            { name: "Upgrade", member: "websocket" },
            { name: "Connection", member: "upgrade" },
          ],
        }),
        seen("not-applicable", { status: ["2xx", "3xx", "4xx", "5xx"] }, "not taken"),
      ]),
    ],
  },
];

const EXPECT_ROWS: readonly ServerRow[] = [
  {
    id: "9110-10.1.1-10/upper-case",
    level: "MUST",
    contract: 1,
    title: "100-Continue in mixed case, and chunked content",
    rationale:
      "Expectations are compared without case; there is content by chunks as well as by length.",
    steps: [
      send(post("/echo", [CHUNKED, "Expect: 100-Continue"])),
      expectInterim(100),
      send(chunks("hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-10.1.1-07/content-there",
    level: "MAY",
    contract: 1,
    title: "100-continue with the content already there",
    rationale: "100 may be left out, as it tells nothing new; the final answer is the same.",
    steps: [
      send(post("/echo", ["Content-Length: 5", "Expect: 100-continue"], "hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-10.1.1-08/twice",
    level: "MUST",
    contract: 1,
    title: "100-continue on two requests of a connection",
    rationale:
      "Each has an interim answer and a final one of its own; a flag must not outlive its request.",
    steps: [
      send(post("/echo", ["Content-Length: 3", "Expect: 100-continue"])),
      expectInterim(100),
      send("one"),
      expect(echoed("one")),
      send(post("/echo", ["Content-Length: 3", "Expect: 100-continue"])),
      expectInterim(100),
      send("two"),
      expect(echoed("two")),
      send(post("/echo", ["Content-Length: 5"], "three")),
      expect([seen("conforming", { status: [200], interims: [], content: { equals: "three" } })]),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9110-10.1.1-11/no-content",
    level: "MUST",
    contract: 0,
    title: "100-continue on GET without content",
    rationale: "There is nothing to wait for: a final answer, with or without a 100 before it.",
    steps: [
      send(get(["Expect: 100-continue"])),
      expect(either(ok(), [seen("conforming", { status: [417] })])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-10.1.1-09/early",
    level: "SHOULD",
    contract: 0,
    title: "what comes after an early final answer is as it was said",
    rationale:
      "The content is sent all the same: dropped, or the connection ended, but no request of it.",
    steps: [
      send(post(MISSING, ["Content-Length: 5", "Expect: 100-continue"])),
      expect([
        ...anyFinal(),
        { class: "not-applicable", seen: "nothing", note: "asks for the content first" },
      ]),
      send(`hello${get()}`),
      expect([...ok(), ends("conforming")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-7.8-10/both",
    level: "MUST",
    contract: 1,
    title: "Expect and Upgrade together",
    rationale: "100 comes first, whether or not the protocol is changed behind it.",
    steps: [
      send(
        post("/echo", [
          "Connection: Upgrade",
          "Upgrade: teapot/9",
          "Content-Length: 5",
          "Expect: 100-continue",
        ]),
      ),
      expectInterim(100),
      send("hello"),
      expect(echoed("hello")),
    ],
  },
  {
    id: "9110-10.1.1-12/two-words",
    level: "MAY",
    contract: 0,
    title: "an expectation that only ends with 100-continue",
    rationale: "Not the expectation, so no 100 for it; a search for the word finds it.",
    steps: [
      send(post("/", ["Content-Length: 5", "Expect: y 100-continue"], "hello")),
      expect([
        seen("conforming", { status: [417] }),
        seen("tolerated", { status: ["2xx", "3xx", "4xx", "5xx"], interims: [] }),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  },
];

export const PERSISTENCE_CASES: readonly ServerCase[] = serverCases("connection", CONNECTION_ROWS);
export const UPGRADE_CASES: readonly ServerCase[] = serverCases("connection", UPGRADE_ROWS);
export const EXPECTATION_CASES: readonly ServerCase[] = serverCases("expect", EXPECT_ROWS);
