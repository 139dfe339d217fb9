/**
 * zlib: gzip and Brotli of Node as compressors, and `compress` with them.
 *
 * Rule of this file: what is compressed is decompressed by node:zlib again, whole and up to a flush.
 */
import { constants, brotliDecompressSync, gunzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { brotliCompression, compress, gzipCompression } from "../../lib/adapters/mod.ts";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { bytes, joined, rejects, table, text, withDeadline } from "../kit.ts";

const test = suite("zlib");

const partly = { finishFlush: constants.Z_SYNC_FLUSH };
const partlyBr = { finishFlush: constants.BROTLI_OPERATION_FLUSH };

const codings = [
  { name: "gzip", compression: gzipCompression(), open: (b: Uint8Array) => gunzipSync(b, partly) },
  {
    name: "gzip at level 1",
    compression: gzipCompression(1),
    open: (b: Uint8Array) => gunzipSync(b, partly),
  },
  {
    name: "Brotli",
    compression: brotliCompression(),
    open: (b: Uint8Array) => brotliDecompressSync(b, partlyBr),
  },
  {
    name: "Brotli at quality 1",
    compression: brotliCompression(1),
    open: (b: Uint8Array) => brotliDecompressSync(b, partlyBr),
  },
];

/** Octets that do not compress, the same in every run. */
function noise(length: number): Uint8Array {
  const out = new Uint8Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    out[i] = state >>> 16;
  }
  return out;
}

for (const { name, compression, open } of codings) {
  test(
    `${name}: what was written before a flush can be read after it`,
    withDeadline(5000, async () => {
      const one = compression.create();
      const pieces = [await one.write(bytes("hello ")), await one.flush()];
      assert.is(text(open(joined(pieces))), "hello ");
      pieces.push(await one.write(bytes("world")), await one.flush());
      assert.is(text(open(joined(pieces))), "hello world");
      pieces.push(await one.end());
      assert.is(text(open(joined(pieces))), "hello world");
      one.close();
    }),
  );

  test(
    `${name}: a megabyte that does not compress comes out as it went in`,
    withDeadline(10_000, async () => {
      const data = noise(1_000_000);
      const one = compression.create();
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < data.length; at += 300_000) {
        pieces.push(await one.write(data.subarray(at, at + 300_000)));
      }
      pieces.push(await one.end());
      assert.ok(Buffer.from(open(joined(pieces))).equals(Buffer.from(data)));
      one.close();
    }),
  );

  test(
    `${name}: nothing at all is a good stream`,
    withDeadline(5000, async () => {
      const one = compression.create();
      assert.is(open(await one.end()).length, 0);
    }),
  );
}

test(
  "after close there is an error, not silence, also for what was going on",
  withDeadline(5000, async () => {
    const one = gzipCompression().create();
    const pending = one.write(noise(1_000_000));
    one.close();
    one.close();
    await rejects(pending, "handler-done");
    await rejects(one.write(bytes("x")), "handler-done");
    await rejects(one.flush(), "handler-done");
    await rejects(one.end(), "handler-done");
  }),
);

const LONG = "a line that repeats\n".repeat(5000);

table(
  test,
  [
    { name: "Brotli before gzip", accept: "gzip, br", coding: "br", open: brotliDecompressSync },
    { name: "gzip where that is all", accept: "gzip", coding: "gzip", open: gunzipSync },
    {
      name: "as it is where nothing is asked for",
      accept: "",
      coding: undefined,
      open: (b: Uint8Array) => Buffer.from(b),
    },
  ],
  async ({ accept, coding, open }) => {
    const header: [string, string][] = [["Accept-Encoding", accept]];
    const { header: fields, body } = await record(
      compress()((w) => w.write(LONG)),
      newTestRequest("GET", "/", { header }),
    );
    assert.is(fields.get("content-encoding"), coding);
    assert.is(open(body).toString(), LONG);
    assert.ok(coding === undefined || body.length < LONG.length / 10);
  },
);

test.run();
