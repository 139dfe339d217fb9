/**
 * The fuzz loop finds what it is there to find: a crash, a difference between cuts; reaches what only coverage
 * leads to; shrinks, repeats itself by its seed, and tries what it once found.
 *
 * Rule of this file: targets with planted faults, fixed seeds and numbers of executions, so that each run is
 * the same.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Response } from "../lib/message/mod.ts";
import { settle } from "../lib/testing/mod.ts";
import { escaped, octetsOf } from "../fuzz/bytes.ts";
import { corpusOf, keep, loadTarget, targetNames } from "../fuzz/corpus.ts";
import { Coverage } from "../fuzz/coverage.ts";
import { REQUEST_DIFFERENCES, RESPONSE_DIFFERENCES } from "../fuzz/differences.ts";
import { growthOf } from "../fuzz/growth.ts";
import {
  type FuzzOptions,
  type Tally,
  type Target,
  faultOf,
  fuzz,
  newTally,
} from "../fuzz/harness.ts";
import { INPUT_BYTES_MAX, mutated } from "../fuzz/mutate.ts";
import { GO_REQUEST_DIFFERENCES, GO_RESPONSE_DIFFERENCES } from "../fuzz/differences-go.ts";
import { endGo } from "../fuzz/kit/go-peer.ts";
import { nodePeer } from "../fuzz/kit/node-peer.ts";
import { type Reading, compare } from "../fuzz/kit/peer.ts";
import { hashOf, randomFrom } from "../fuzz/random.ts";
import { type Found, shrunk } from "../fuzz/shrink.ts";

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
  const tally = newTally();
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
  assert.match((await faultOf(target, octetsOf("abc")))!, "cut at 1, 2: error late at 3");
  assert.is(await faultOf({ ...target, feed: "whole" }, octetsOf("abc")), undefined);
});

harness(
  "with coverage a fault behind five conditions is found, and blindly it is not",
  async () => {
    const executions = 20_000;
    const [blind, seeing] = [newTally(), newTally()];
    const coverage = new Coverage((url) => url === import.meta.url);
    // Before the maze is compiled, or its blocks are not counted.
    coverage.start();
    try {
      assert.is(await search(maze(), blind, executions), undefined);
      assert.ok(blind.inputs >= executions);
      // What the blind search reached is not to be taken for known.
      coverage.look();
      const found = await search(maze(), seeing, executions, { coverage });
      assert.match(found!.fault, "the end of the maze");
      assert.is(escaped(found!.input), '":%=?#"');
    } finally {
      coverage.stop();
    }
    assert.ok(seeing.kept >= 4, `${seeing.kept} kept`);
    assert.ok(coverage.blocks.reached > 10 && coverage.blocks.reached <= coverage.blocks.known);
  },
);

harness("coverage knows a block that ran from one that did not", () => {
  const coverage = new Coverage((url) => url === import.meta.url);
  const way = (side: string): string => {
    if (side === "left") return "L";
    return side === "right" ? "R" : "-";
  };
  const news: boolean[] = [];
  coverage.start();
  try {
    // This file is looked at too, so what asks below has to have run before.
    for (const side of ["left", "left", "left", "right", "right", "left"]) {
      way(side);
      const look = coverage.look();
      news.push(coverage.isNews(look));
      coverage.keep(look);
    }
  } finally {
    coverage.stop();
  }
  assert.ok(news[0]);
  assert.equal(news.slice(2), [false, true, false, false]);
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

harness("changes give every octet, and inputs of every length up to the limit", () => {
  const random = randomFrom(2);
  const stock = { known: [octetsOf("a=1\nb=2\nc")], given: 1, words: [octetsOf("word")] };
  const octets = new Set<number>();
  const lengths = new Set<number>();
  for (let i = 0; i < 20_000; i++) {
    const input = mutated(stock, random);
    lengths.add(input.length);
    for (const octet of input) octets.add(octet);
    assert.ok(input.length <= INPUT_BYTES_MAX);
  }
  assert.is(octets.size, 256);
  assert.ok(lengths.has(0) && lengths.size > 300);
  const long = { ...stock, known: [new Uint8Array(INPUT_BYTES_MAX)] };
  assert.ok(mutated(long, random).length <= INPUT_BYTES_MAX);
});

harness("shrinking keeps the kind of fault and makes the rest plain", async () => {
  const judge = (input: Uint8Array): Promise<string | undefined> => {
    const all = Buffer.from(input).toString("latin1");
    if (all.includes("<") && all.length > 3) return Promise.resolve(`long: ${all.length} octets`);
    return Promise.resolve(all.includes("<") ? "another fault" : undefined);
  };
  const input = octetsOf("0123456789<abcdef");
  const small = await shrunk({ input, fault: "long: 17 octets" }, judge);
  assert.is(small.input.length, 4);
  assert.match(escaped(small.input), /^"(?=.*<)[a<]{4}"$/);
  assert.is(small.fault, "long: 4 octets");
});

harness("what is in the corpus is tried first, whatever the seed", async () => {
  const input = octetsOf("found once");
  const tried: string[] = [];
  const target: Target = {
    seeds,
    run: (pieces) => {
      const all = Buffer.concat(pieces).toString("latin1");
      if (all === "found once") throw new Error("again");
      return all;
    },
  };
  const onInput = (one: Uint8Array): void => void tried.push(escaped(one));
  const found = await search(target, newTally(), 0, { corpus: [input], onInput });
  assert.is(tried[0], '"found once"');
  assert.match(found!.fault, "again");
});

harness("a finding is kept under its hash and comes back", () => {
  const folder = mkdtempSync(join(tmpdir(), "barewire-fuzz-"));
  const root = pathToFileURL(`${folder}/`);
  try {
    assert.equal(corpusOf("toy", root), []);
    const input = octetsOf("\0\xff");
    const file = keep("toy", input, root);
    assert.is(file, `fuzz/corpus/toy/${hashOf(input).toString(16).padStart(8, "0")}.bin`);
    keep("toy", input, root);
    assert.equal(corpusOf("toy", root), [input]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

harness("every input of the corpus passes", async () => {
  let count = 0;
  for (const name of targetNames()) {
    const corpus = corpusOf(name);
    if (corpus.length === 0) continue;
    const target = await loadTarget(name);
    if ((await target.prepare?.()) !== undefined) continue;
    for (const input of corpus) {
      assert.is(await faultOf(target, input), undefined, `${name} ${escaped(input)}`);
      count++;
    }
  }
  endGo();
  assert.ok(count > 0);
});

harness(
  "work that grows with the square of the input is found, and work that does not is not",
  async () => {
    const quadratic = (all: string): number => {
      let sum = 0;
      for (let i = 0; i < all.length; i += 64) sum += inner(all.slice(0, i));
      return sum;
    };
    assert.match((await growth(quadratic))?.fault ?? "", /^twice the input.* blocks run$/);
    assert.is(await growth(inner), undefined);
  },
);

harness("what a call leaves behind is a finding, and so is what nobody catches", async () => {
  // Not before all that: from here on what is thrown into nowhere is only told by this.
  const { World } = await import("../fuzz/kit/ask.ts");
  const { mustHaveCaughtAll } = await import("../fuzz/kit/uncaught.ts");
  const ask = async (content: string): Promise<[InstanceType<typeof World>, Response]> => {
    const world = new World();
    const call = world.client.get("http://a.example/");
    await settle(2);
    const text = `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${content}`;
    await world.play({ send: octetsOf(text) });
    return [world, await world.ended(call)];
  };
  const [clean, read] = await ask("hi");
  assert.is(await read.body.text(), "hi");
  await clean.mustBeClean();
  const [busy] = await ask("h");
  await assertRejects(busy.mustBeClean(), /left/);
  const silent = new World();
  const never = silent.ended(new Promise(() => undefined));
  await assertRejects(never, /the call never ends/);
  void Promise.reject(new Error("nobody hears this"));
  await settle(1);
  assert.throws(mustHaveCaughtAll, /thrown into nowhere: Error: nobody hears this/);
  mustHaveCaughtAll();
});

harness("a peer that finds other boundaries is a finding, a known difference is not", () => {
  const octets = octetsOf("x");
  const message = { start: "GET /", content: "ab" };
  const ours: Reading = { messages: [message], end: "end" };
  const other: Reading = { messages: [{ start: "GET /", content: "a" }], end: "end" };
  assert.is(compare({ octets, ours, theirs: ours }, []), "");
  assert.throws(() => compare({ octets, ours, theirs: other }, []), /read otherwise/);
  assert.throws(() => compare({ octets, ours: { ...ours, messages: [] }, theirs: ours }, []));
  const refused = { octets, ours: { messages: [], end: "bad-method" }, theirs: ours };
  assert.is(compare(refused, []), "", "what we refuse is not compared");
  const known = { name: "known", section: "", why: "", applies: () => true };
  assert.is(compare({ octets, ours, theirs: other }, [known]), "known");
});

harness("Node as a peer tells messages, contents and refusals", async () => {
  const two =
    "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\nBAD / HTTP/1.1\r\n\r\n";
  assert.equal(await nodePeer.readRequests(octetsOf(two)), {
    messages: [
      { start: "POST /a", content: "hi" },
      { start: "GET /b", content: "" },
    ],
    end: "HPE_INVALID_METHOD",
  });
  const cut = octetsOf("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nhi");
  assert.equal((await nodePeer.readRequests(cut)).messages, []);
  const answer = octetsOf("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
  const read = await nodePeer.readResponse(answer, "GET");
  assert.equal(read.messages, [{ start: "200", content: "hi" }]);
});

harness("every known difference has a name of its own, a section and a reason", () => {
  const node = [REQUEST_DIFFERENCES, RESPONSE_DIFFERENCES];
  for (const list of [...node, GO_REQUEST_DIFFERENCES, GO_RESPONSE_DIFFERENCES]) {
    assert.is(new Set(list.map(({ name }) => name)).size, list.length);
    for (const { section, why } of list) {
      assert.match(section, /^RFC \d{4} §/);
      assert.ok(why.endsWith("."));
    }
  }
});

async function assertRejects(promise: Promise<unknown>, what: RegExp): Promise<void> {
  let told = "it was kept";
  try {
    await promise;
  } catch (error) {
    told = String(error);
  }
  assert.match(told, what);
}

/** Each octet is asked for inside the block of the one before it. The seed has none of them in its place. */
function maze(): Target {
  return {
    seeds: ["....."],
    feed: "whole",
    run: (pieces) => {
      const input = Buffer.concat(pieces);
      if (input[0] === 0x3a) {
        if (input[1] === 0x25) {
          if (input[2] === 0x3d) {
            if (input[3] === 0x3f) {
              if (input[4] === 0x23) throw new Error("the end of the maze");
            }
          }
        }
      }
      return "";
    },
  };
}

function inner(all: string): number {
  let sum = 0;
  for (let i = 0; i < all.length; i++) sum += all.charCodeAt(i) === 0x61 ? 1 : 0;
  return sum;
}

async function growth(work: (all: string) => number): Promise<Found | undefined> {
  const coverage = new Coverage((url) => url === import.meta.url);
  coverage.start();
  const target: Target = {
    seeds: ["ab"],
    run: (pieces) => String(work(Buffer.concat(pieces).toString("latin1"))),
  };
  let rounds = 0;
  try {
    return await growthOf(target, newTally(), {
      ...options({ coverage }),
      until: () => rounds++ > 0,
    });
  } finally {
    coverage.stop();
  }
}

function search(
  target: Target,
  tally: Tally,
  executions: number,
  more: Partial<FuzzOptions> = {},
): Promise<Found | undefined> {
  return fuzz(target, tally, { ...options(more), until: () => tally.inputs >= executions });
}

function options(more: Partial<FuzzOptions>): FuzzOptions {
  return { seed: 1, corpus: [], until: () => true, onInput: () => {}, ...more };
}

async function inputsOf(seed: number): Promise<string[]> {
  const inputs: string[] = [];
  const onInput = (input: Uint8Array): void => void inputs.push(escaped(input));
  await search({ seeds, run: () => "" }, newTally(), 100, { seed, onInput });
  return inputs;
}

function run(
  outcome: (all: string, pieces: readonly string[]) => string,
  tally: Tally = newTally(),
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
  return fuzz(target, tally, { ...options({ onInput: () => inputs++ }), until });
}

harness.run();
