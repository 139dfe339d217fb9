/**
 * Cases for servers: offers to change the protocol, and further expectations.
 * RFC 9110 §7.8, §10.1.1
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  CLOSES,
  chunks,
  echoed,
  either,
  ends,
  expect,
  expectInterim,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  post,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { anyFinal, CHUNKED, MISSING } from "./words.ts";

/** An offer to change the protocol that is to be passed over. */
function notSwitched(
  id: string,
  text: string,
  [title, rationale]: readonly [string, string],
): ServerRow {
  const steps = [send(`${text}${get()}`), expect(ok()), expect(ok())];
  return { id, level: "MUST", contract: 0, title, rationale, steps, connection: STAYS_OPEN };
}

export const UPGRADE_CASES: readonly ServerCase[] = serverCases("connection", [
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
]);

export const EXPECTATION_CASES: readonly ServerCase[] = serverCases("expect", [
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
]);
