/**
 * Properties of content codings: gzip in members of every form is decoded as it was, wherever it is cut; cut short
 * it is told so, and what stands behind it is junk.
 * RFC 1952 §2.2, §2.3 · RFC 9110 §8.4.1
 *
 * Rule of this file: members are made here, octet by octet; only what is deflated in them is zlib's.
 */
import { crc32, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeDecoders } from "../../lib/adapters/mod.ts";
import { decodedBody } from "../../lib/client/mod.ts";
import { bodyFrom } from "../../lib/message/mod.ts";
import { joined, text } from "../kit.ts";
import { SEED, cuts, piecesOf } from "./check.ts";

const test = suite("properties: codings");

const HAS_HEADER_CRC = 0x02;
const HAS_EXTRA = 0x04;
const HAS_NAME = 0x08;
const HAS_COMMENT = 0x10;
/** With the flag that says only that the data are probably text. */
const ALL_FLAGS = 0x1f;

interface Member {
  readonly data: Uint8Array;
  readonly octets: Uint8Array;
}

const named = fc.uint8Array({ maxLength: 12 }).map((octets) => octets.filter((one) => one !== 0));

const member: fc.Arbitrary<Member> = fc
  .record({
    data: fc.uint8Array({ maxLength: 300 }),
    level: fc.constantFrom(0, 1, 9),
    flags: fc.integer({ min: 0, max: ALL_FLAGS }),
    extra: fc.uint8Array({ maxLength: 300 }),
    name: named,
    comment: named,
    // When, how hard, and on which system: of no meaning for the data.
    rest: fc.uint8Array({ minLength: 6, maxLength: 6 }),
  })
  .map(({ data, level, flags, extra, name, comment, rest }) => {
    const head: Uint8Array[] = [Uint8Array.of(0x1f, 0x8b, 8, flags), rest];
    if ((flags & HAS_EXTRA) !== 0) head.push(numberOf(extra.length, 2), extra);
    if ((flags & HAS_NAME) !== 0) head.push(name, Uint8Array.of(0));
    if ((flags & HAS_COMMENT) !== 0) head.push(comment, Uint8Array.of(0));
    if ((flags & HAS_HEADER_CRC) !== 0) head.push(numberOf(crc32(joined(head)), 2));
    const tail = [numberOf(crc32(data), 4), numberOf(data.length, 4)];
    const deflated = Uint8Array.from(deflateRawSync(data, { level }));
    return { data, octets: joined([...head, deflated, ...tail]) };
  });

const members = fc.array(member, { minLength: 1, maxLength: 4 });

test("members of every form are decoded, whatever the cuts", () =>
  holds(
    fc.asyncProperty(members, cuts, async (made, at) => {
      const octets = joined(made.map((one) => one.octets));
      const decoded = await outcomeOf(piecesOf(octets, at));
      assert.is(decoded, `value ${text(joined(made.map(({ data }) => data)))}`);
    }),
  ));

test("cut short they are told so, but where a member ends", () =>
  holds(
    fc.asyncProperty(members, cuts, fc.nat(), async (made, at, place) => {
      const octets = joined(made.map((one) => one.octets));
      const short = octets.slice(0, 1 + (place % (octets.length - 1)));
      let end = 0;
      const whole = made.filter((one) => (end += one.octets.length) <= short.length);
      const isBetween = whole.reduce((sum, one) => sum + one.octets.length, 0) === short.length;
      const wanted = isBetween
        ? `value ${text(joined(whole.map(({ data }) => data)))}`
        : "truncated-content-coding";
      assert.is(await outcomeOf(piecesOf(short, at)), wanted);
    }),
  ));

test("a flipped bit of a checksum is found, and what begins no member is junk", () =>
  holds(
    fc.asyncProperty(member, cuts, fc.integer({ min: 0, max: 63 }), async ({ octets }, at, bit) => {
      const wrong = octets.slice();
      const place = octets.length - 8 + (bit >> 3);
      wrong[place] = wrong[place]! ^ (1 << (bit & 7));
      assert.is(await outcomeOf(piecesOf(wrong, at)), "corrupt-content-coding");
      const more = joined([octets, Uint8Array.of(bit)]);
      const isBeginning = bit === 0x1f;
      const wanted = isBeginning ? "truncated-content-coding" : "junk-after-content-coding";
      assert.is(await outcomeOf(piecesOf(more, at)), wanted);
    }),
  ));

async function outcomeOf(pieces: readonly Uint8Array[]): Promise<string> {
  const { body } = bodyFrom([...pieces]);
  try {
    return `value ${text(await decodedBody(body, ["gzip"], nodeDecoders).bytes())}`;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
}

/** The lowest octet first. */
function numberOf(value: number, octets: number): Uint8Array {
  return Uint8Array.from({ length: octets }, (_, i) => (value >>> (8 * i)) & 0xff);
}

async function holds<T>(property: fc.IAsyncProperty<T>): Promise<void> {
  await fc.assert(property, { seed: SEED, numRuns: 150 });
}

test.run();
