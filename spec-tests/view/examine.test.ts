/**
 * examine: what is said of streams, at which octets, and that nothing is left out.
 *
 * Rule of this file: each stream is judged whole; what comes in pieces is wire's affair. The cover of octets is
 * checked for every stream here, for every beginning of each, and with every octet changed.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Annotation, type ExamineOptions, examine, explain } from "../../lib/view/mod.ts";
import { type Row, bytes, table } from "../kit.ts";

const test = suite("view examine");

const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

interface Good extends Row {
  readonly text: string;
  readonly options?: ExamineOptions;
  /** Title and end of each message. */
  readonly messages: readonly (readonly [title: string, to: number])[];
  /** Parts that must stand among the annotations: role, octets, and words of the text. */
  readonly parts: readonly (readonly [role: string, octets: string, words?: string])[];
}

const GOOD: readonly Good[] = [
  {
    name: "a request without a body ends with its head",
    section: "9112 §6.3 step 7",
    text: GET,
    messages: [["GET /", 27]],
    parts: [
      ["method", "GET", "safe"],
      ["target", "/", "origin form"],
      ["version", "HTTP/1.1"],
      ["field-name", "Host"],
      ["colon", ": "],
      ["field-value", "a"],
      ["head-end", "\r\n"],
      ["framing", "", "steps 1 to 6 do not apply"],
      ["framing", "", "step 7"],
      ["message-end", "", "it has no body"],
    ],
  },
  {
    name: "Content-Length counts the body, and the next request begins behind it",
    section: "9112 §6.3 step 6",
    text: `PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc${GET}`,
    messages: [
      ["PUT /a", 50],
      ["GET /", 77],
    ],
    parts: [
      ["body", "abc", "3 octets"],
      ["framing", "", "step 6"],
      ["method", "PUT", "idempotent"],
    ],
  },
  {
    name: "a chunked body has sizes, extensions, data, a last chunk and trailers",
    section: "9112 §7.1",
    text: `${CHUNKED}1a;q=1\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nSum: 1\r\n\r\n`,
    messages: [["POST /", 105]],
    parts: [
      ["framing", "", "step 4"],
      ["chunk-size", "1a", "chunk 1: 26 octets"],
      ["chunk-extension", ";q=1"],
      ["chunk-data", "abcdefghijklmnopqrstuvwxyz"],
      ["chunk-end", "\r\n"],
      ["last-chunk", "0"],
      ["field-name", "Sum"],
      ["trailer-end", "\r\n"],
      ["message-end", "", "the last chunk has come"],
    ],
  },
  {
    name: "empty lines before a request are ignored",
    section: "9112 §2.2",
    text: `\r\n${GET}`,
    messages: [["GET /", 29]],
    parts: [["empty-line", "\r\n"]],
  },
  {
    name: "a response without a length goes on to the end of the connection",
    section: "9112 §6.3 step 8",
    text: "HTTP/1.1 200 OK\r\n\r\nall of it",
    messages: [["200", 28]],
    parts: [
      ["status", "200", "successful"],
      ["reason", "OK"],
      ["framing", "", "step 8"],
      ["body", "all of it"],
    ],
  },
  {
    name: "the answer to HEAD has no body, and 103 is no answer to it",
    section: "9112 §6.3 step 1",
    text: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    options: { requestMethods: ["HEAD", "GET"] },
    messages: [
      ["103", 28],
      ["200", 66],
      ["204", 93],
    ],
    parts: [["framing", "", "it answers HEAD"]],
  },
  {
    name: "what follows a successful CONNECT is a tunnel",
    section: "9112 §6.3 step 2",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x16\x03\x01",
    options: { requestMethods: ["CONNECT"] },
    messages: [["200", 38]],
    parts: [
      ["framing", "", "step 2"],
      ["tunnel", "\x16\x03\x01", "another protocol"],
    ],
  },
  {
    name: "what follows Connection: close is never read",
    section: "9112 §9.3",
    text: `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n${GET}`,
    messages: [["GET /", 46]],
    parts: [["unread", GET, "never read"]],
  },
  {
    name: "in a response chunked wins over a length, with a warning",
    section: "9112 §6.3 step 3",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    messages: [["200", 71]],
    parts: [["framing", "", "step 3"]],
  },
  {
    name: "responses may fold lines and end them in LF, with warnings",
    section: "9112 §5.2",
    text: "HTTP/1.1 200 OK\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n",
    messages: [["200", 47]],
    parts: [
      ["line-end", "\n", "bare LF"],
      ["blank", " ", "obs-fold"],
      ["field-value", "b"],
    ],
  },
];

table(test, GOOD, ({ text, options, messages, parts }) => {
  const found = examine(bytes(text), options);
  assert.is(found.fault, undefined);
  assert.is(found.state, "well-formed");
  assert.equal(
    found.messages.map(({ title, to }) => [title, to]),
    messages,
  );
  covers(found.annotations, text.length);
  for (const [role, octets, words = ""] of parts) {
    const index = found.annotations.findIndex(
      (one) =>
        one.role === role && text.slice(one.from, one.to) === octets && one.text.includes(words),
    );
    assert.ok(index >= 0, `${role} ${JSON.stringify(octets)} "${words}"`);
  }
});

interface Bad extends Row {
  readonly text: string;
  readonly options?: ExamineOptions;
  readonly code: string;
  readonly offset: number;
  readonly message?: number;
  /** The octets that are called wrong. */
  readonly guilty: readonly string[];
}

const BAD: readonly Bad[] = [
  {
    name: "a bare LF",
    section: "9112 §2.2",
    text: "GET / HTTP/1.1\nHost: a\r\n\r\n",
    code: "bare-lf",
    offset: 14,
    guilty: ["\n"],
  },
  {
    name: "a bare CR",
    text: "GET / HTTP/1.1\rHost: a\r\n\r\n",
    code: "bare-cr",
    offset: 15,
    guilty: ["H"],
  },
  {
    name: "a fault counts from the stream, not from its message",
    text: `${GET}GET / HTTP/1.1\r\nHost : a\r\n\r\n`,
    code: "space-before-colon",
    offset: 47,
    message: 1,
    guilty: [" "],
  },
  {
    name: "a fault behind empty lines counts them",
    text: "\r\n\r\nGET  / HTTP/1.1\r\n\r\n",
    code: "bad-request-line",
    offset: 8,
    guilty: [" "],
  },
  {
    name: "too many empty lines",
    text: `\r\n\r\n\r\n${GET}`,
    code: "too-many-empty-lines",
    offset: 4,
    guilty: ["\r"],
  },
  {
    name: "no Host",
    section: "9112 §3.2",
    text: "GET / HTTP/1.1\r\nA: b\r\n\r\n",
    code: "missing-host",
    offset: 24,
    guilty: [""],
  },
  {
    name: "two Hosts are both guilty",
    text: "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
    code: "duplicate-host",
    offset: 22,
    guilty: ["a", "b"],
  },
  {
    name: "a bad target",
    text: "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
    code: "bad-target",
    offset: 4,
    guilty: ["a"],
  },
  {
    name: "two lengths that differ",
    section: "9112 §6.3",
    text: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    code: "conflicting-content-length",
    offset: 42,
    guilty: ["1", "2"],
  },
  {
    name: "Transfer-Encoding beside Content-Length",
    section: "9112 §6.1",
    text: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    code: "transfer-encoding-with-content-length",
    offset: 42,
    guilty: ["1", "chunked"],
  },
  {
    name: "a chunk size that is none",
    section: "9112 §7.1",
    text: `${CHUNKED}3\r\nabc\r\nxyz\r\n`,
    code: "bad-chunk-size",
    offset: 64,
    guilty: ["x"],
  },
  {
    name: "chunk data without its CRLF",
    text: `${CHUNKED}3\r\nabcd\r\n`,
    code: "bad-chunk-end",
    offset: 62,
    guilty: ["d"],
  },
  {
    name: "a fault in a trailer",
    text: `${CHUNKED}0\r\nA b: c\r\n\r\n`,
    code: "space-before-colon",
    offset: 60,
    guilty: [" "],
  },
  {
    name: "a head that is cut off",
    section: "9112 §8",
    text: "GET / HTTP/1.1\r\nHo",
    code: "truncated-head",
    offset: 18,
    guilty: [""],
  },
  {
    name: "a body that is cut off",
    text: "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    code: "truncated-body",
    offset: 49,
    guilty: [""],
  },
  {
    name: "chunks that are cut off",
    text: `${CHUNKED}5\r\nab`,
    code: "truncated-body",
    offset: 61,
    guilty: [""],
  },
  {
    name: "a status line that is none",
    text: "HTTP/1.1 2x0 OK\r\n\r\n",
    code: "bad-status-line",
    offset: 10,
    guilty: ["x"],
  },
  {
    name: "a bare LF in a response that is read strictly",
    text: "HTTP/1.1 200 OK\n\r\n",
    options: { profile: "strict" },
    code: "bare-lf",
    offset: 15,
    guilty: ["\n"],
  },
];

table(test, BAD, ({ text, options, code, offset, message = 0, guilty }) => {
  const found = examine(bytes(text), options);
  const truncated = code.startsWith("truncated-");
  assert.is(found.state, truncated ? "incomplete" : "malformed");
  assert.equal(
    [found.fault?.code, found.fault?.offset, found.fault?.message],
    [code, offset, message],
  );
  covers(found.annotations, text.length);
  const errors = found.annotations.filter(({ severity }) => severity === "error");
  assert.equal(
    errors.map(({ from, to }) => text.slice(from, to)),
    guilty,
  );
  for (const error of errors) assert.ok(error.text.startsWith(`${code}: `), error.text);
});

test("explain answers the annotations of examine", () => {
  assert.equal(explain(bytes(GET)), examine(bytes(GET)).annotations);
});

test("every beginning of every stream is covered, octet by octet", () => {
  for (const { text, options } of [...GOOD, ...BAD]) {
    for (let end = 0; end <= text.length; end++) {
      covers(examine(bytes(text.slice(0, end)), options).annotations, end);
    }
  }
});

test("every stream is covered whatever octet of it is changed", () => {
  for (const { text, options } of [...GOOD, ...BAD]) {
    for (let at = 0; at < text.length; at++) {
      for (const octet of ["\n", "\r", " ", ":", "\0", "0", "\xff"]) {
        const changed = text.slice(0, at) + octet + text.slice(at + 1);
        covers(examine(bytes(changed), options).annotations, text.length);
      }
    }
  }
});

test("a stream without octets is well-formed and empty", () => {
  const { state, messages, annotations } = examine(new Uint8Array());
  assert.equal([state, messages, annotations], ["well-formed", [], []]);
});

test("empty lines at the end of a stream are no message", () => {
  const { state, messages } = examine(bytes(`${GET}\r\n`));
  assert.equal([state, messages.length], ["well-formed", 1]);
});

/** Ranges in order, without gap and overlap, up to the last octet; marks lie between them. */
function covers(annotations: readonly Annotation[], length: number): void {
  let at = 0;
  for (const { from, to, role } of annotations) {
    if (from !== at || to < from) throw new Error(`${role} begins at ${from}, not at ${at}`);
    at = to;
  }
  if (at !== length) throw new Error(`${at} of ${length} octets are covered`);
}

test.run();
