/**
 * The fuzz loop finds what it is there to find: a crash, a difference between cuts; and shrinks it.
 *
 * Rule of this file: targets with planted faults, a fixed seed, so that each run is the same.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { escaped, faultOf, fromLatin1, fuzz, randomFrom } from "../fuzz/harness.ts";
import type { Found, Target } from "../fuzz/harness.ts";

const harness = suite("the fuzz harness");

const seeds = ["hello world\r\nand more", "another seed"];

harness("a crash is found and shrunk to the byte that makes it", async () => {
  const found = await run((all) => {
    if (all.includes("\x00")) throw new TypeError("boom");
    return "";
  });
  assert.is(escaped(found!.input), '"\\x00"');
  assert.match(found!.fault, "TypeError: boom");
});

harness("an error with one of Node's codes is a crash", async () => {
  const found = await run(() => {
    throw Object.assign(new Error("x"), { code: "ERR_OUT_OF_RANGE" });
  });
  assert.match(found!.fault, "not an error of ours");
});

harness("an error with a code of ours is an outcome, and counted", async () => {
  const tally = { inputs: 0, accepted: 0, refused: new Map<string, number>() };
  const refuse = (all: string): string => {
    if (all.includes("world"))
      throw Object.assign(new Error("x"), { code: "no-worlds", offset: 3 });
    return all;
  };
  assert.is(await run(refuse, tally), undefined);
  assert.is(tally.inputs, 100);
  assert.is(tally.accepted + tally.refused.get("no-worlds")!, 100);
  assert.ok(tally.accepted > 0 && tally.refused.size === 1);
});

harness("a difference between whole and cut is found and shrunk", async () => {
  const found = await run((_all, pieces) => String(pieces.some((piece) => piece.includes("\r\n"))));
  assert.is(escaped(found!.input), '"\\r\\n"');
  assert.match(found!.fault, "cut at 1: value false");
});

harness("two offsets for the same error are a difference", async () => {
  const target: Target = {
    seeds,
    run: (pieces) => {
      throw Object.assign(new Error("x"), { code: "late", offset: pieces.length });
    },
  };
  assert.match((await faultOf(target, fromLatin1("abc")))!, "cut at 1, 2: error late at 3");
});

harness("the same seed gives the same inputs", async () => {
  const [one, two, other] = [await inputsOf(7), await inputsOf(7), await inputsOf(8)];
  assert.equal(one, two);
  assert.not.equal(one, other);
  assert.ok(new Set(one).size > 50, "and they are not all alike");
});

harness("random numbers stay below their limit", () => {
  const random = randomFrom(1);
  const drawn = Array.from({ length: 1000 }, () => random(10));
  assert.equal(
    [...new Set(drawn)].sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
});

async function inputsOf(seed: number): Promise<string[]> {
  const inputs: string[] = [];
  const tally = { inputs: 0, accepted: 0, refused: new Map<string, number>() };
  await fuzz({ seeds, run: () => "" }, tally, {
    seed,
    corpus: [],
    until: () => tally.inputs >= 100,
    onInput: (input) => inputs.push(escaped(input)),
  });
  return inputs;
}

function run(
  outcome: (all: string, pieces: readonly string[]) => string,
  tally = { inputs: 0, accepted: 0, refused: new Map<string, number>() },
): Promise<Found | undefined> {
  const target: Target = {
    seeds,
    run: (pieces) => {
      const texts = pieces.map((piece) => Buffer.from(piece).toString("latin1"));
      return outcome(texts.join(""), texts);
    },
  };
  let inputs = 0;
  const until = (): boolean => tally.inputs >= 100 || inputs > 5000;
  return fuzz(target, tally, { seed: 1, corpus: [], until, onInput: () => inputs++ });
}

harness.run();
