// Large buffers go from one reader to the next, and never from two to one.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { POISON, Reader, poisonBorrowedBytes } from "../../lib/bufio/mod.ts";
import { SPARE_STEP_BYTES, giveBack, largeBuffer } from "../../lib/bufio/spare-buffers.ts";
import { text } from "../kit.ts";
import { SpyConn } from "./spy-conn.ts";

poisonBorrowedBytes(true);

const STEP = SPARE_STEP_BYTES;
const it = suite("spare buffers");

it("a size is rounded up to a step; what was given back is given out again, once", () => {
  const first = largeBuffer(STEP + 1);
  assert.is(first.length, 2 * STEP);
  giveBack(first);
  assert.is.not(largeBuffer(3 * STEP), first, "another size");
  assert.is(largeBuffer(2 * STEP), first);
  assert.is.not(largeBuffer(2 * STEP), first);
});

it("what was in it is overwritten, where that is switched on", () => {
  const buffer = largeBuffer(STEP).fill(1);
  giveBack(buffer);
  assert.ok(buffer.every((octet) => octet === POISON));
});

it("buffers of other sizes are not kept", () => {
  for (const length of [0, STEP - 1, STEP + 1]) {
    const odd = new Uint8Array(length).fill(1);
    giveBack(odd);
    assert.ok(
      odd.every((octet) => octet === 1),
      `${length}`,
    );
  }
});

it("what lies there is bounded", () => {
  const many = Array.from({ length: 100 }, () => new Uint8Array(STEP));
  for (const buffer of many) giveBack(buffer);
  const kept = Array.from({ length: 100 }, () => largeBuffer(STEP)).filter((buffer) =>
    many.some((one) => one === buffer),
  );
  assert.ok(kept.length > 0 && kept.length * STEP <= 4_194_304, `${kept.length} kept`);
});

const readers = suite("Reader and spare buffers");

/** A reader that holds `count` octets of a head, say, and waits for more. */
function holding(octet: number, count: number): Reader {
  const conn = new SpyConn();
  const reader = new Reader(conn, {
    listener: {
      onInput: () => reader.want(),
      onEnd: () => undefined,
      onError: () => undefined,
    },
  });
  const piece = new Uint8Array(40_000).fill(octet);
  for (let left = count; left > 0; left -= piece.length) {
    reader.onBytes(piece.subarray(0, Math.min(left, piece.length)), "borrowed");
  }
  return reader;
}

readers("each holds its own while it holds anything", () => {
  const all = [0x61, 0x62, 0x63].map((octet) => holding(octet, 200_000));
  const [first] = all;
  assert.is(new Set(all.map(({ bytes }) => bytes)).size, 3);
  first?.consume(200_000);
  const next = holding(0x64, 200_000);
  for (const reader of [...all.slice(1), next]) {
    const held = reader.bytes.subarray(reader.from, reader.to);
    assert.is(held.length, 200_000);
    assert.ok(held.every((octet) => octet === held[0]));
  }
});

readers("what was taken out is the taker's for good", () => {
  const reader = holding(0x61, 120_000);
  const taken = reader.takeAll();
  assert.is(taken.length, 120_000);
  holding(0x62, 120_000);
  assert.ok(taken.every((octet) => octet === 0x61));
  const parts = holding(0x63, 120_000);
  const half = parts.take(60_000);
  const rest = parts.take(60_000);
  holding(0x64, 120_000);
  assert.is(text(half.subarray(0, 2)) + text(rest.subarray(0, 2)), "cccc");
  assert.ok([...half, ...rest].every((octet) => octet === 0x63));
});

readers("nobody is given a buffer in which octets of other connections may lie", () => {
  for (const count of [40_000, 65_536, 120_000, 200_000]) {
    const taken = holding(0x61, count).takeAll();
    assert.is(taken.buffer.byteLength, count, "an array of its own, and nothing behind it");
  }
});

readers("a large head that was used up leaves its buffer for the next", () => {
  const first = holding(0x61, 150_000);
  const { bytes } = first;
  first.consume(150_000);
  assert.is(first.bytes.length, 0);
  assert.is(holding(0x62, 150_000).bytes, bytes);
});

it.run();
readers.run();
