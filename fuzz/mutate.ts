/**
 * How a new input is made of known ones: flips, inserts, cuts, splices, words, and numbers at their limits.
 *
 * Rule of this file: any octets may come of it. Nothing is repaired, and no kind of input is left out.
 */
import { octetsOf } from "./bytes.ts";
import type { Random } from "./random.ts";

/** What inputs are made of. */
export interface Stock {
  /** Seeds, corpus, vectors and what was found to reach further. */
  readonly known: readonly Uint8Array[];
  /** How many of `known` were there from the beginning: those after them are taken more often. */
  readonly given: number;
  readonly words: readonly Uint8Array[];
}

export const INPUT_BYTES_MAX = 4096;
const CHANGES_MAX = 6;
const WINDOW_BYTES_MAX = 32;
const RUN_BYTES_MAX = 300;

export function mutated(stock: Stock, random: Random): Uint8Array {
  let bytes = [...pick(stock, random)];
  for (let changes = 1 + random(CHANGES_MAX); changes > 0; changes--) {
    const at = random(bytes.length + 1);
    const change = CHANGES[random(CHANGES.length)]!;
    bytes = change({ bytes, at, stock, random });
  }
  return Uint8Array.from(bytes.slice(0, INPUT_BYTES_MAX));
}

interface Change {
  readonly bytes: number[];
  readonly at: number;
  readonly stock: Stock;
  readonly random: Random;
}

/** Each is as likely as the others; what serves text grammars best stands here twice. */
const CHANGES: readonly ((change: Change) => number[])[] = [
  cutWindow,
  cutRest,
  flipBit,
  putEdge,
  putEdge,
  putOctet,
  insertOctet,
  insertWord,
  insertWord,
  replaceByWord,
  repeatWindow,
  insertRun,
  splice,
  putNumber,
  putNumber,
  swapLines,
];

function cutWindow({ bytes, at, random }: Change): number[] {
  return [...bytes.slice(0, at), ...bytes.slice(at + 1 + random(WINDOW_BYTES_MAX))];
}

function cutRest({ bytes, at }: Change): number[] {
  return bytes.slice(0, at);
}

function flipBit({ bytes, at, random }: Change): number[] {
  return setAt(bytes, at, (bytes[at] ?? 0) ^ (1 << random(8)));
}

function putEdge({ bytes, at, random }: Change): number[] {
  return setAt(bytes, at, edge(random));
}

function putOctet({ bytes, at, random }: Change): number[] {
  return setAt(bytes, at, random(256));
}

function insertOctet({ bytes, at, random }: Change): number[] {
  return insert(bytes, at, [random(2) === 0 ? edge(random) : random(256)]);
}

function insertWord({ bytes, at, stock, random }: Change): number[] {
  return insert(bytes, at, word(stock, random));
}

function replaceByWord({ bytes, at, stock, random }: Change): number[] {
  const put = word(stock, random);
  return [...bytes.slice(0, at), ...put, ...bytes.slice(at + put.length)];
}

function repeatWindow({ bytes, at, random }: Change): number[] {
  return insert(bytes, at, bytes.slice(at, at + 1 + random(WINDOW_BYTES_MAX)));
}

function insertRun({ bytes, at, random }: Change): number[] {
  const octet = edge(random);
  return insert(
    bytes,
    at,
    Array.from({ length: 1 + random(RUN_BYTES_MAX) }, () => octet),
  );
}

function splice({ bytes, at, stock, random }: Change): number[] {
  const other = pick(stock, random);
  return [...bytes.slice(0, at), ...other.slice(random(other.length + 1))];
}

/** Puts a number of the list in the place of the first digits from `at` on, or there where none are. */
function putNumber({ bytes, at, random }: Change): number[] {
  const number = NUMBERS[random(NUMBERS.length)]!;
  const found = bytes.findIndex((byte, i) => i >= at && isDigit(byte));
  const start = found < 0 ? at : found;
  let end = start;
  while (end < bytes.length && isDigit(bytes[end]!)) end++;
  return [...bytes.slice(0, start), ...number, ...bytes.slice(end)];
}

function swapLines({ bytes, at }: Change): number[] {
  const first = bytes.lastIndexOf(0x0a, at - 1) + 1;
  const second = bytes.indexOf(0x0a, at) + 1;
  const end = second === 0 ? 0 : bytes.indexOf(0x0a, second) + 1;
  if (end === 0) return bytes;
  return [
    ...bytes.slice(0, first),
    ...bytes.slice(second, end),
    ...bytes.slice(first, second),
    ...bytes.slice(end),
  ];
}

function setAt(bytes: number[], at: number, octet: number): number[] {
  bytes[at] = octet;
  return bytes;
}

function insert(bytes: number[], at: number, put: Iterable<number>): number[] {
  return [...bytes.slice(0, at), ...put, ...bytes.slice(at)];
}

function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** One in two inputs comes of those that reached further than all before them. */
function pick({ known, given }: Stock, random: Random): Uint8Array {
  const found = known.length - given;
  const index = found > 0 && random(2) === 0 ? given + random(found) : random(known.length || 1);
  return known[index] ?? new Uint8Array();
}

function word({ words }: Stock, random: Random): Uint8Array {
  return words[random(words.length || 1)] ?? Uint8Array.of(edge(random));
}

/** Octets at which grammars change their mind. */
const EDGES = octetsOf('\0\t\n\r "#%,-.0:;=?@\\fFxX\x7f\x80\xa0\xff');

function edge(random: Random): number {
  return EDGES[random(EDGES.length)]!;
}

/** Decimal and hexadecimal, around the places where counters, doubles and dates end. */
const NUMBERS: readonly Uint8Array[] = [
  ["0", "00", "1", "-1", "+1", "9", "10", "16", "99", "100", "255", "256", "404", "999", "1000"],
  ["4095", "4096", "16384", "65535", "65536", "65537", "1048576", "2147483647", "2147483648"],
  ["4294967295", "4294967296", "9007199254740991", "9007199254740992", "9007199254740993"],
  ["18446744073709551615", "18446744073709551616", "99999999999999999999999", "1e3", "0x10"],
  ["f", "fF", "ffffffff", "1fffffffffffff", "20000000000000", "ffffffffffffffff", "0.5", "0.0001"],
]
  .flat()
  .map(octetsOf);
