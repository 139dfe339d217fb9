/**
 * However a handler cuts its body into pieces, the client gets all of it, in order.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { joined } from "../kit.ts";

const it = suite("pieces");

/** A generator that gives the same numbers each time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SIZES = [0, 1, 2, 38, 700, 2047, 2048, 2049, 5000, 20_000];
const utf8 = new TextEncoder();

for (let seed = 1; seed <= 200; seed++) {
  it(`seed ${seed}: text, text beyond ASCII and bytes, flushed here and there, arrive as written`, async () => {
    const next = numbers(seed);
    const written: Uint8Array[] = [];
    const answer = await record(
      async (w) => {
        for (let count = 1 + next(40); count > 0; count--) {
          const size = SIZES[next(seed % 2 === 0 ? 5 : SIZES.length)]!;
          const letter = String.fromCharCode(0x61 + next(26));
          const kind = next(4);
          if (kind === 3) {
            await w.flush();
          } else if (kind === 2) {
            const bytes = new Uint8Array(size).fill(next(256));
            written.push(bytes.slice());
            await w.write(bytes);
            bytes.fill(0);
          } else {
            const text = (kind === 1 && size > 0 ? "é" : "") + letter.repeat(size);
            written.push(utf8.encode(text));
            await w.write(text);
          }
        }
      },
      newTestRequest("GET", "/"),
    );
    assert.equal(answer.body, joined(written));
  });
}

it("small pieces without end are all sent", async () => {
  const answer = await record(
    async (w) => {
      for (let i = 0; i < 10_000; i++) await w.write("a small piece\n");
    },
    newTestRequest("GET", "/"),
  );
  assert.is(answer.text, "a small piece\n".repeat(10_000));
});

it.run();
