/**
 * Cases for servers: content on every method, and content that nobody reads.
 * RFC 9112 §6.3, §9.3
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  echoed,
  either,
  ends,
  expect,
  expectTo,
  get,
  ok,
  OPEN_OR_CLOSED,
  post,
  request,
  send,
  sendOctets,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { anyFinal, MISSING, NEXT_OR_END } from "./words.ts";

/** Content on a method that seldom has any: read or the end, and no octet of it is a request. */
function onMethod(method: string, rationale: string): ServerRow {
  return {
    id: `9112-6.3-24/${method.toLowerCase()}`,
    level: "MUST",
    contract: 0,
    title: `content on ${method}, and a request behind it`,
    rationale,
    steps: [
      send(`${request(method, "/", ["Content-Length: 5"], "hello")}${get()}`),
      method === "HEAD" ? expectTo("HEAD", anyFinal()) : expect(anyFinal()),
      expect(NEXT_OR_END),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

/** Content that the resource has no use for: all of it is read, or the connection ends. */
function unread(
  variant: string,
  text: ReturnType<typeof send>["text"],
  title: string,
  rationale: string,
): ServerRow {
  return {
    id: `9112-9.3-08/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [send(text), expect(anyFinal()), expect(NEXT_OR_END)],
    connection: OPEN_OR_CLOSED,
  };
}

export const UNREAD_CONTENT_CASES: readonly ServerCase[] = serverCases("content-length", [
  onMethod("GET", "GET seldom has content, but framing does not ask for the method."),
  onMethod("HEAD", "The answer has no content; the request may have some."),
  onMethod("DELETE", "The method whose content is thrown away most often, unread."),
  onMethod("OPTIONS", "Answered by the server itself in many places, before any content is read."),
  onMethod("FROB", "A refusal of the method must not forget the content behind the head."),
  {
    id: "9112-6.3-24/zero",
    level: "MUST",
    contract: 1,
    title: "a length of zero, and a request behind it",
    rationale: "No content that is told rather than implied: nothing is waited for.",
    steps: [
      send(`${post("/echo", ["Content-Length: 0"])}${get()}`),
      expect(echoed("")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.3-24/octets",
    level: "MUST",
    contract: 1,
    title: "content and the next request in segments of one octet",
    rationale: "The border between the two falls between segments, and nothing is read ahead.",
    steps: [
      sendOctets(`${post("/echo", ["Content-Length: 5"], "hello")}${get()}`),
      expect(echoed("hello")),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-6.3-16/unknown-method",
    level: "MUST",
    contract: 0,
    title: "an unknown method without a length, and a request behind it",
    rationale: "Nothing says content, so there is none, whatever the method may mean.",
    steps: [
      send(`${request("FROB", "/")}${get()}`),
      expect(anyFinal()),
      expect([...ok(), ends("tolerated")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-6.3-19/chunked",
    level: "MAY",
    contract: 1,
    title: "content without a Content-Length may be refused with 411",
    rationale:
      "Chunked content is taken, or its length asked for; nothing else says what is wrong.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\n\r\n")),
      expect(either(echoed("hello"), answered(411))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  unread(
    "15-kb",
    [post("/", ["Content-Length: 15000"]), { repeat: "x", times: 15_000 }, get()],
    "15,000 octets for a resource that has no use for them",
    "More than the head's buffer holds: what is left in the socket must not be a request.",
  ),
  unread(
    "missing",
    `${post(MISSING, ["Content-Length: 5"], "hello")}${get()}`,
    "content for a path that is not there",
    "A 404 is written before anybody has thought of the content.",
  ),
  unread(
    "chunked",
    `${post("/", ["Transfer-Encoding: chunked"], "5\r\nhello\r\n0\r\nX-T: v\r\n\r\n")}${get()}`,
    "chunked content with a trailer that nobody reads",
    "To be skipped it must be parsed to its end, trailers too.",
  ),
  {
    id: "9112-9.3-08/2-mib",
    level: "MUST",
    contract: 0,
    title: "2 MiB that nobody reads",
    rationale:
      "Beyond what servers drain: most close here, others wait for the rest, which is sent until the answer is there.",
    steps: [
      send([post("/", ["Content-Length: 2097152"]), { repeat: "x", times: 2_097_152 }, get()]),
      expect(anyFinal()),
      expect([
        ...NEXT_OR_END,
        { class: "conforming", seen: "nothing", note: "waits for the rest" },
      ]),
    ],
  },
]);
