/**
 * Heads that came together, and long ones: what is done for speed changes nothing that is read.
 *
 * The oracle of each row is a scanner that is fed octet by octet and holds nothing.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { HeadScan, WireError, scanRequestHead } from "../../lib/wire/mod.ts";
import type { RequestHead } from "../../lib/wire/mod.ts";
import { bytes, table } from "../kit.ts";

const it = suite("wire/head-together");

const decode = (octets: Uint8Array, start: number, end: number): string =>
  Buffer.from(octets.subarray(start, end)).toString("latin1");

type Outcome = { head: string; at: number; method: string; target: string } | { error: string };

function pictureOf(head: RequestHead, at: number): Outcome {
  return { head: head.fields.text, at, method: head.method, target: head.target };
}

/** All heads of the input, the way a connection reads them. */
function together(input: Uint8Array, scan: HeadScan): Outcome[] {
  const seen: Outcome[] = [];
  scan.hold();
  try {
    for (let from = 0; from < input.length; ) {
      const head = scanRequestHead(input, scan, from, input.length);
      if (head === "need-more") break;
      from += head.byteLength;
      seen.push(pictureOf(head, from));
    }
  } catch (error) {
    seen.push({ error: (error as WireError).code });
  }
  scan.letGo();
  return seen;
}

/** The same octet by octet, nothing held, by the portable decoder. */
function apart(input: Uint8Array): Outcome[] {
  const scan = new HeadScan("request");
  const seen: Outcome[] = [];
  let from = 0;
  try {
    for (let to = 1; to <= input.length; to++) {
      const head = scanRequestHead(input, scan, from, to);
      if (head === "need-more") continue;
      from += head.byteLength;
      seen.push(pictureOf(head, from));
    }
  } catch (error) {
    seen.push({ error: (error as WireError).code });
  }
  return seen;
}

const SMALL = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
const LONG_VALUE = "0123456789abcdef".repeat(40);

/** A head long enough to be looked at by words, with `value` in it. */
const long = (value: string, name = "B"): string =>
  `GET /long HTTP/1.1\r\nA: ${LONG_VALUE}\r\n${name}: ${value}\r\nHost: a\r\n\r\n`;

/** What is read of heads that came together is what is read of them octet by octet. */
function agrees(input: string): void {
  const octets = bytes(input);
  const expected = apart(octets);
  assert.equal(together(octets, new HeadScan("request", { decode })), expected);
  // In the middle of a larger buffer, as what a socket lends us may be.
  const buffer = new Uint8Array(octets.length + 64).fill(0xaa);
  buffer.set(octets, 13);
  const inside = buffer.subarray(13, 13 + octets.length);
  assert.equal(together(inside, new HeadScan("request", { decode })), expected);
}

table(
  it,
  [
    { name: "one head", input: SMALL },
    { name: "two heads", input: SMALL + SMALL },
    {
      name: "heads of all methods",
      input: [
        "GET",
        "PUT",
        "POST",
        "HEAD",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "GETS",
        "get",
        "GEX",
        "PUTT",
      ]
        .map((m) => `${m} / HTTP/1.1\r\nHost: a\r\n\r\n`)
        .join(""),
    },
    { name: "more heads than are decoded together", input: SMALL.repeat(200) },
    {
      name: "a head that begins among those decoded together, and ends behind",
      input: SMALL.repeat(70) + long("x") + SMALL,
    },
    { name: "empty lines between heads", input: `${SMALL}\r\n${SMALL}\r\n\r\n${SMALL}` },
    {
      name: "a head with content ends what is decoded together",
      input: `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n${SMALL}`,
    },
    {
      name: "octets beyond ASCII",
      input: `GET /\xe4 HTTP/1.1\r\nHost: a\r\nX: \xff\x80\r\n\r\n${SMALL}`,
    },
    { name: "a bad head behind a good one", input: `${SMALL}GET / HTTP/1.1\r\nA b: 1\r\n\r\n` },
    { name: "an unfinished head behind a good one", input: `${SMALL}GET / HTTP/1.1\r\nHost` },
  ],
  ({ input }) => agrees(input),
);

table(
  it,
  Array.from({ length: 256 }, (_, octet) => ({
    name: `octet ${octet} in each place of a word, of a value and of a name`,
    octet: String.fromCharCode(octet),
  })),
  ({ octet }) => {
    for (const place of [0, 1, 2, 3]) {
      agrees(long(`${"x".repeat(place)}${octet}${"y".repeat(9)}`));
      agrees(long("value", `${"X".repeat(place)}${octet}${"y-Y-".repeat(2)}`));
    }
  },
);

it("a scanner that has let go reads what is in the buffer now", () => {
  const scan = new HeadScan("request", { decode });
  const octets = bytes(SMALL + SMALL);
  together(octets, scan);
  octets.set(bytes("PUT /b HTTP/1.1\r\nHost: b\r\n\r\n"));
  const head = scanRequestHead(octets, scan);
  assert.is(head === "need-more" ? head : head.target, "/b");
});

it("octets of another array are read although those of the first are held", () => {
  const scan = new HeadScan("request", { decode });
  scan.hold();
  scanRequestHead(bytes(SMALL + SMALL), scan);
  const head = scanRequestHead(bytes("PUT /b HTTP/1.1\r\nHost: b\r\n\r\n"), scan);
  assert.is(head === "need-more" ? head : head.fields.text, "PUT /b HTTP/1.1\r\nHost: b\r\n\r\n");
});

it("long heads from one buffer after the other are read from the right one", () => {
  const scan = new HeadScan("request", { decode });
  for (const value of ["one", "tab\tbed", "two", "\xff"]) {
    const input = long(value);
    const head = scanRequestHead(bytes(input), scan);
    assert.is(head === "need-more" ? head : head.fields.text, input);
  }
});

it.run();
