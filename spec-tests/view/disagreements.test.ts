/**
 * Lenient readers: what each of them makes of the streams it is named for, and which streams are dangerous.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  disagreements,
  isAmbiguous,
  isLenientName,
  LENIENT_NAMES,
  type LenientName,
  lenientReading,
} from "../../lib/view/mod.ts";
import { type Row, bytes, table } from "../kit.ts";

const test = suite("view disagreements");

const POST = "POST / HTTP/1.1\r\nHost: a\r\n";
const NEXT = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
const TE = "Transfer-Encoding: chunked\r\n";

interface Cut extends Row {
  readonly profile: LenientName;
  readonly text: string;
  /** What the reader makes of each message: the octet of its end, "refuses" or "waits". */
  readonly outcomes: readonly (number | "refuses" | "waits")[];
}

const both = `${POST}Content-Length: 6\r\n${TE}\r\n0\r\n\r\n${NEXT}`;
const headEnd = both.indexOf("0\r\n\r\nGET");

const CUTS: readonly Cut[] = [
  {
    name: "lf-tolerant takes LF for a line end",
    profile: "lf-tolerant",
    text: "GET / HTTP/1.1\nHost: a\n\n",
    outcomes: [24],
  },
  {
    name: "lf-tolerant refuses a bare CR",
    profile: "lf-tolerant",
    text: "GET / HTTP/1.1\rHost: a\n\n",
    outcomes: ["refuses"],
  },
  {
    name: "cr-tolerant takes CR too",
    profile: "cr-tolerant",
    text: "GET / HTTP/1.1\rHost: a\r\r\n",
    outcomes: [25],
  },
  {
    name: "the first length counts",
    profile: "first-content-length-wins",
    text: `${POST}Content-Length: 0\r\nContent-Length: 28\r\n\r\n${NEXT}`,
    outcomes: [67, 95],
  },
  {
    name: "the last length counts",
    profile: "last-content-length-wins",
    text: `${POST}Content-Length: 0\r\nContent-Length: 28\r\n\r\n${NEXT}`,
    outcomes: [95],
  },
  {
    name: "a length is read as far as it is one",
    profile: "content-length-prefix",
    text: `${POST}Content-Length: 2,9\r\n\r\nab`,
    outcomes: [51],
  },
  { name: "chunked wins", profile: "te-over-cl", text: both, outcomes: [headEnd + 5, both.length] },
  {
    name: "the length wins",
    profile: "cl-over-te",
    text: both,
    outcomes: [headEnd + 6, both.length],
  },
  {
    name: "without Transfer-Encoding the chunks are the next message",
    profile: "te-ignored",
    text: `${POST}${TE}\r\n0\r\n\r\n`,
    outcomes: [56, "refuses"],
  },
  {
    name: "a coding that holds the word is chunked",
    profile: "te-contains-chunked",
    text: `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    outcomes: [62],
  },
  {
    name: "a blank before the colon is dropped",
    profile: "blank-before-colon-dropped",
    text: `${POST}Content-Length : 2\r\n\r\nab`,
    outcomes: [50],
  },
  {
    name: "a blank before the colon makes another field",
    profile: "blank-before-colon-kept",
    text: `${POST}Content-Length : 28\r\n\r\n${NEXT}`,
    outcomes: [49, 77],
  },
  {
    name: "a fold is joined",
    profile: "fold-joined",
    text: `${POST}Content-Length:\r\n 2\r\n\r\nab`,
    outcomes: [51],
  },
  {
    name: "a fold is dropped",
    profile: "fold-dropped",
    text: `${POST}Content-Length: 0\r\n 2\r\n\r\n`,
    outcomes: [51],
  },
  {
    name: "a size is read as far as it is one",
    profile: "chunk-size-prefix",
    text: `${POST}${TE}\r\n2 x\r\nab\r\n0\r\n\r\n`,
    outcomes: [70],
  },
  {
    name: "an extension goes on past LF",
    profile: "extension-to-crlf",
    text: `${POST}${TE}\r\n2;\nab\r\nab\r\n0\r\n\r\n`,
    outcomes: [72],
  },
  {
    name: "two octets behind the data are not looked at",
    profile: "chunk-end-unchecked",
    text: `${POST}${TE}\r\n2\r\nabXX0\r\n\r\n`,
    outcomes: [68],
  },
  {
    name: "llhttp takes the next size right behind the data",
    profile: "llhttp-lenient",
    text: `${POST}${TE}\r\n2\r\nab0\r\n\r\n`,
    outcomes: [66],
  },
  {
    name: "a reader waits for octets that are not there",
    profile: "lf-tolerant",
    text: `${POST}Content-Length: 9\r\n\r\nab`,
    outcomes: ["waits"],
  },
];

table(test, CUTS, ({ profile, text, outcomes }) => {
  const cuts = lenientReading(bytes(text), profile).map(({ outcome }) =>
    outcome.kind === "ends" ? outcome.to : outcome.kind,
  );
  assert.equal(cuts, outcomes);
});

interface Danger extends Row {
  readonly text: string;
  readonly verdict: "agreed" | "acceptance" | "boundary";
  /** Profiles that must be named. */
  readonly who?: readonly LenientName[];
}

const DANGERS: readonly Danger[] = [
  { name: "all read a plain request alike", text: NEXT, verdict: "agreed" },
  {
    name: "all but a peer without chunked read chunks alike, and that is the peer's fault",
    text: `${POST}${TE}\r\n2\r\nab\r\n0\r\n\r\n${NEXT}`,
    verdict: "agreed",
  },
  {
    name: "CL.TE and TE.CL",
    text: both,
    verdict: "boundary",
    who: ["te-over-cl", "cl-over-te", "te-ignored", "llhttp-lenient"],
  },
  {
    name: "two lengths that differ",
    text: `HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`,
    verdict: "boundary",
    who: ["first-content-length-wins", "last-content-length-wins"],
  },
  {
    name: "two lengths that are equal are refused here, and cut alike",
    text: `${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`,
    verdict: "acceptance",
  },
  {
    name: "a response taken here with chunked, and with the length elsewhere",
    text: `HTTP/1.1 200 OK\r\nContent-Length: 6\r\n${TE}\r\n0\r\n\r\n!`,
    verdict: "boundary",
    who: ["cl-over-te"],
  },
  {
    name: "Transfer-Encoding in HTTP/1.0",
    text: `POST / HTTP/1.0\r\nContent-Length: 6\r\n${TE}\r\n0\r\n\r\n!`,
    verdict: "boundary",
    who: ["te-over-cl", "te-ignored"],
  },
  {
    name: "a bare LF is taken or not, and cut alike",
    text: "GET / HTTP/1.1\nHost: a\n\n",
    verdict: "acceptance",
    who: ["lf-tolerant"],
  },
  {
    name: "a blank before the colon of a length",
    text: `${POST}Content-Length : 28\r\n\r\n${NEXT}`,
    verdict: "boundary",
    who: ["blank-before-colon-dropped", "blank-before-colon-kept"],
  },
  {
    name: "a folded Transfer-Encoding",
    text: `${POST}Content-Length: 5\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\nabcde`,
    verdict: "acceptance",
    who: ["fold-joined", "fold-dropped"],
  },
  {
    name: "an LF in a chunk extension",
    text: `${POST}${TE}\r\n2;\nxx\r\n45\r\n0\r\n\r\n`,
    verdict: "boundary",
    who: ["lf-tolerant", "extension-to-crlf"],
  },
];

table(test, DANGERS, ({ text, verdict, who = [] }) => {
  const found = disagreements(bytes(text));
  const boundaries = found.filter(({ kind }) => kind === "boundary").map(({ profile }) => profile);
  const got = boundaries.length > 0 ? "boundary" : found.length > 0 ? "acceptance" : "agreed";
  assert.is(got, verdict, found.map((one) => one.text).join("\n"));
  assert.is(isAmbiguous(found), verdict === "boundary");
  const named = verdict === "boundary" ? boundaries : found.map(({ profile }) => profile);
  for (const name of who)
    assert.ok(named.includes(name), `${name} is not among ${named.join(", ")}`);
});

test("a disagreement tells the first line of what is smuggled", () => {
  const found = disagreements(bytes(both)).find(({ profile }) => profile === "te-over-cl");
  assert.is(found?.next, "GET /x");
  assert.ok(found?.text.includes("message 1"), found?.text);
});

test("no reader throws or hangs, whatever octet is changed", () => {
  for (const { text } of CUTS) {
    for (let at = 0; at < text.length; at++) {
      for (const octet of ["\n", "\r", " ", "0", "\xff"]) {
        disagreements(bytes(text.slice(0, at) + octet + text.slice(at + 1)));
      }
    }
  }
});

test("names are known, and nothing that an object has by itself is one", () => {
  assert.ok(LENIENT_NAMES.every(isLenientName));
  assert.not(isLenientName("toString"));
});

test.run();
