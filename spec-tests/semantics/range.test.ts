/**
 * Byte ranges: what a Range field asks for, and how an answer tells which bytes it holds.
 *
 * Rule of this file: a row is a value, a length, and the ranges as [start, length].
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatContentRange, formatUnsatisfiedRange, parseRange } from "../../lib/semantics/mod.ts";
import { table, throwsCode } from "../kit.ts";

const test = suite("semantics: range");

interface Row {
  readonly name: string;
  readonly section: string;
  readonly input: string | undefined;
  /** Default 10. */
  readonly length?: number;
  readonly expect: readonly (readonly [start: number, length: number])[] | string;
}

const BAD = "bad-range";
const NONE = "range-not-satisfiable";
const HUGE = "9".repeat(400);

table<Row>(
  test,
  [
    { name: "no field", section: "§14.2", input: undefined, expect: [] },
    { name: "an empty field", section: "Go", input: "", expect: [] },
    { name: "first and last", section: "§14.1.2", input: "bytes=2-4", expect: [[2, 3]] },
    { name: "one octet", section: "§14.1.2", input: "bytes=9-9", expect: [[9, 1]] },
    { name: "to the end", section: "§14.1.2", input: "bytes=4-", expect: [[4, 6]] },
    { name: "beyond the end is cut", section: "§14.1.2", input: "bytes=4-99", expect: [[4, 6]] },
    { name: "the last octets", section: "§14.1.2", input: "bytes=-3", expect: [[7, 3]] },
    {
      name: "more last octets than there are",
      section: "§14.1.2",
      input: "bytes=-11",
      expect: [[0, 10]],
    },
    {
      name: "a set, in its order",
      section: "§14.1.1",
      input: "bytes=-1,0-0",
      expect: [
        [9, 1],
        [0, 1],
      ],
    },
    {
      name: "overlapping ranges are not joined",
      section: "§14.2",
      input: "bytes=0-4,2-6",
      expect: [
        [0, 5],
        [2, 5],
      ],
    },
    {
      name: "what begins behind the end is left out",
      section: "§14.1.2",
      input: "bytes=0-0,10-,20-30",
      expect: [[0, 1]],
    },
    {
      name: "empty elements and blanks",
      section: "§5.6.1",
      input: "bytes= 0-0\t,, 2-2 ,",
      expect: [
        [0, 1],
        [2, 1],
      ],
    },
    { name: "blanks inside an element", section: "Go", input: "bytes=1 - 2", expect: [[1, 2]] },
    { name: "a set without a range", section: "Go", input: "bytes= , ,", expect: [] },
    { name: "the unit in capitals", section: "§14.1", input: "BYTES=0-0", expect: [[0, 1]] },
    { name: "a unit that we do not know", section: "§14.2", input: "items=0-0", expect: [] },
    {
      name: "leading zeros",
      section: "§14.1.2",
      input: "bytes=0000000000000000000001-02",
      expect: [[1, 2]],
    },
    {
      name: "a last position of 400 digits",
      section: "§14.1.2",
      input: `bytes=1-${HUGE}`,
      expect: [[1, 9]],
    },
    {
      name: "400 digits of last octets",
      section: "§14.1.2",
      input: `bytes=-${HUGE}`,
      expect: [[0, 10]],
    },
    {
      name: "a first position of 400 digits",
      section: "§14.1.2",
      input: `bytes=${HUGE}-${HUGE}`,
      expect: NONE,
    },
    { name: "behind the end", section: "§14.1.2", input: "bytes=10-", expect: NONE },
    { name: "behind the end, with a last", section: "§14.1.2", input: "bytes=10-12", expect: NONE },
    { name: "the last 0 octets", section: "§14.1.2", input: "bytes=-0", expect: NONE },
    {
      name: "an empty content has no ranges",
      section: "§14.2",
      input: "bytes=0-",
      length: 0,
      expect: [],
    },
    { name: "nor last octets", section: "§14.2", input: "bytes=-5", length: 0, expect: [] },
    {
      name: "a malformed set of an empty content",
      section: "§14.1.1",
      input: "bytes=x",
      length: 0,
      expect: BAD,
    },
    { name: "no unit", section: "§14.1.1", input: "0-1", expect: BAD },
    { name: "an empty unit", section: "§14.1.1", input: "=0-1", expect: BAD },
    { name: "a blank after the unit", section: "§14.1.1", input: "bytes =0-1", expect: BAD },
    { name: "a number alone", section: "§14.1.1", input: "bytes=7", expect: BAD },
    { name: "a dash alone", section: "§14.1.1", input: "bytes=-", expect: BAD },
    { name: "two dashes", section: "§14.1.1", input: "bytes=--1", expect: BAD },
    { name: "a last with a dash", section: "§14.1.1", input: "bytes=1-2-3", expect: BAD },
    { name: "last before first", section: "§14.1.1", input: "bytes=5-4", expect: BAD },
    {
      name: "last before first, behind the end",
      section: "§14.1.1",
      input: "bytes=20-15",
      expect: BAD,
    },
    {
      name: "one bad element spoils the set",
      section: "§14.1.1",
      input: "bytes=0-1,5-4",
      expect: BAD,
    },
    { name: "a sign", section: "§14.1.2", input: "bytes=+1-2", expect: BAD },
    { name: "hexadecimal digits", section: "§14.1.2", input: "bytes=0x1-0x2", expect: BAD },
    { name: "digits of another script", section: "§14.1.2", input: "bytes=٠-١", expect: BAD },
    {
      name: "another blank than SP and HTAB",
      section: "§5.6.3",
      input: "bytes=\u00a00-1",
      expect: BAD,
    },
  ],
  ({ input, length = 10, expect }) => {
    if (typeof expect === "string") {
      throwsCode(() => parseRange(input, length), expect);
      return;
    }
    const ranges = parseRange(input, length);
    assert.equal(
      ranges.map((range) => [range.start, range.length]),
      expect,
    );
  },
);

test("200 ranges are read, 201 are refused, and the bound can be moved", () => {
  const set = (count: number): string => `bytes=${Array(count).fill("0-0").join(",")}`;
  assert.is(parseRange(set(200), 10).length, 200);
  throwsCode(() => parseRange(set(201), 10), BAD);
  throwsCode(() => parseRange(set(3), 10, { maxRanges: 2 }), BAD);
  assert.is(parseRange(`${set(2)},,,,`, 10, { maxRanges: 2 }).length, 2);
});

test("an error carries the status 416 and never the value", () => {
  const error = throwsCode(() => parseRange("bytes=secret", 10), BAD);
  assert.is("status" in error && error.status, 416);
  assert.not.ok(error.message.includes("secret"));
});

test("Content-Range tells the last octet, not the length", () => {
  assert.is(formatContentRange({ start: 0, length: 500 }, 1234), "bytes 0-499/1234");
  assert.is(formatContentRange({ start: 1233, length: 1 }, 1234), "bytes 1233-1233/1234");
  assert.is(formatUnsatisfiedRange(1234), "bytes */1234");
});

test("what is written is read back, for every range of a small content", () => {
  const length = 6;
  for (let start = 0; start < length; start++) {
    for (let count = 1; start + count <= length; count++) {
      const range = { start, length: count };
      const [, first, last] =
        /^bytes (\d+)-(\d+)\/6$/.exec(formatContentRange(range, length)) ?? [];
      assert.equal(parseRange(`bytes=${first}-${last}`, length), [range]);
    }
  }
});

test.run();
