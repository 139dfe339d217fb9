/**
 * Cases for clients: what Transfer-Encoding says of a response.
 * RFC 9112 §6.1, §6.3, §7
 *
 * Rule of this file: data, by requirement. CODED is "hello" in one chunk: given out as it is, it was read to the
 * end of the connection; as "hello" it was taken for chunks.
 */
import type { ClientCase } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  chunks,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
  replyAt,
} from "../../write.ts";
import {
  bothOn,
  deliversOrFails,
  deliversOrTolerablyFails,
  failsOrTolerably,
  gets,
  getsTwice,
  ok200,
  SECOND,
} from "./words.ts";

const CODED: string = chunks("hello");

/** CODED behind these fields, then the end. */
function coded(...fields: readonly string[]): Pick<ClientRow, "ask" | "answers"> {
  return gets(ok200(fields, CODED), CLOSE);
}

/** A coding that looks like chunked to some, and is not. */
function notChunked(variant: string, value: string, title: string, rationale: string): ClientRow {
  const deeds = coded(`Transfer-Encoding: ${value}`);
  const id = `9112-6.3-08/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: deliversOrFails(CODED) };
}

export const TRANSFER_ENCODING_CASES: readonly ClientCase[] = clientCases("transfer-encoding", [
  {
    id: "9112-7-01/response",
    level: "MUST",
    title: "CHUNKED in capitals",
    rationale: "Codings mind no case; unknown to the client, the chunks would be content.",
    ...coded("Transfer-Encoding: CHUNKED"),
    outcomes: [delivers("hello")],
  },
  {
    id: "9110-5.6.1.2-02/transfer-encoding",
    level: "MUST",
    title: "an empty member before chunked",
    rationale: "Skipped, it leaves chunked alone; the list is not the word with a comma in it.",
    ...coded("Transfer-Encoding: , chunked"),
    outcomes: deliversOrTolerablyFails("hello"),
  },
  notChunked(
    "unknown",
    "foo",
    "a coding that nobody knows",
    "The content runs to the end, in a coding that cannot be undone: refused or given out, and no chunks in any case.",
  ),
  notChunked(
    "chunked-first",
    "chunked, foo",
    "chunked, and another coding over it",
    "Not the last one: the octets on the wire are no chunks.",
  ),
  notChunked(
    "prefix",
    "chunkedfoo",
    "a coding that begins like chunked",
    "Compared by its first seven letters it would be chunked.",
  ),
  notChunked(
    "suffix",
    "xchunked",
    "a coding that ends like chunked",
    "Searched for chunked, the value has it.",
  ),
  notChunked(
    "nbsp",
    "chunked\xa0",
    "chunked with 0xA0 behind it",
    "No blank of HTTP: trimmed by Unicode's rules it would be chunked.",
  ),
  notChunked(
    "vt",
    "\x0bchunked",
    "chunked with VT before it",
    "A control character is no blank, and the value no token.",
  ),
  notChunked(
    "quoted",
    '"chunked"',
    "chunked in quotes",
    "A coding is a token; a string of the same letters is something else.",
  ),
  {
    id: "9112-6.3-08/with-length",
    level: "MUST",
    title: "an unknown coding and a length",
    rationale: "The coding wins, and it says nothing of an end: three octets are not the content.",
    ...gets(ok200(["Transfer-Encoding: foo", "Content-Length: 3"], "hello"), CLOSE),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-6.3-08/identity",
    level: "MUST",
    title: "the coding identity, and a length",
    rationale: "Gone since RFC 7230: unknown like others, though parsers still skip it.",
    ...gets(ok200(["Transfer-Encoding: identity", "Content-Length: 3"], "hello"), CLOSE),
    outcomes: [...deliversOrFails("hello"), delivers("hel", "tolerated")],
  },
  {
    id: "9112-6.3-08/empty",
    level: "MUST",
    title: "an empty Transfer-Encoding beside a length",
    rationale: "No coding is named: an error, or a length that counts; nothing is chunked.",
    ...gets(ok200(["Transfer-Encoding: ", "Content-Length: 15"], CODED), CLOSE),
    outcomes: deliversOrFails(CODED),
  },
  {
    id: "9112-6.3-05/both",
    level: "SHOULD",
    title: "chunked and a length that cuts the first chunk",
    rationale: "Chunked wins, or the whole is an error; the length never wins.",
    ...coded("Transfer-Encoding: chunked", "Content-Length: 3"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-6.3-05/length-first",
    level: "SHOULD",
    title: "a length that covers the chunks, then chunked",
    rationale: "The order of the fields is none of precedence.",
    ...coded("Content-Length: 15", "Transfer-Encoding: chunked"),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-6.3-05/no-reuse",
    level: "SHOULD",
    title: "chunked and a length, then another request",
    rationale:
      "Somebody has cut this response wrongly: what follows on the connection is not to be trusted.",
    needs: ["reuse"],
    ...getsTwice(ok200(["Transfer-Encoding: chunked", "Content-Length: 5"], CODED)),
    outcomes: [
      bothOn(1, "hellosecond", "conforming"),
      fails(),
      bothOn(0, "hellosecond", "tolerated"),
    ],
  },
  {
    id: "9112-6.1-03/two-lines",
    level: "MUST",
    title: "chunked on two lines",
    rationale:
      "Applied twice it is forbidden; undone once it is what was sent, and raw it is a misreading.",
    ...coded("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-6.1-03/twice",
    level: "MUST",
    title: "chunked twice in one line",
    rationale: "The same on one line, which other parsers compare as a whole.",
    ...coded("Transfer-Encoding: chunked, chunked"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-7.1-04/in-response",
    level: "SHOULD",
    title: "chunked with a parameter",
    rationale: "It defines none: an error. Undone all the same it does no harm, raw it does.",
    ...coded("Transfer-Encoding: chunked;q=1"),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-6.1-01/gzip-chunked",
    level: "MUST",
    title: "chunks of a compressed message that nobody asked for",
    rationale: "Not offered in TE: undone or refused, and never given out half undone.",
    ...gets(
      ok200(
        ["Transfer-Encoding: gzip, chunked"],
        chunks(
          "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\x07\x00\x86\xa6\x106\x05\x00\x00\x00",
        ),
      ),
      CLOSE,
    ),
    outcomes: deliversOrFails("hello"),
  },
  {
    id: "9112-6.1-16/chunks",
    level: "MUST",
    title: "chunked in HTTP/1.0, then another request",
    rationale: "Faulty framing: whatever is made of the content, the connection is not used again.",
    needs: ["reuse"],
    ...getsTwice(
      message(
        "HTTP/1.0 200 OK",
        ["Connection: keep-alive", "Transfer-Encoding: chunked"],
        chunks("hello"),
      ),
    ),
    outcomes: [
      bothOn(1, "hellosecond", "conforming"),
      fails(),
      {
        class: "conforming",
        exit: "hang",
        requests: 1,
        note: "read until the end, which never comes",
      },
    ],
  },
  {
    id: "9112-6.1-16/with-length",
    level: "MUST",
    title: "chunked and a length in HTTP/1.0, then another request",
    rationale:
      "Where 1.0 makes the client forget chunked, the length alone must not keep the connection.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt(
        "",
        message(
          "HTTP/1.0 200 OK",
          ["Connection: keep-alive", "Transfer-Encoding: chunked", "Content-Length: 15"],
          CODED,
        ),
      ),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [
      bothOn(1, "hellosecond", "conforming"),
      bothOn(1, `${CODED}second`, "conforming"),
      fails(),
    ],
  },
]);
