/**
 * Fuzz target: calls of a client over pipes whose server pauses, stops reading, waits and goes away when it
 * likes, and whose caller gives up when it likes.
 * RFC 9112 §9.6
 *
 * Rule of this file: nothing is promised of what a call comes to but that it ends, with a value, a code of ours or
 * the caller's own reason. Nothing is left: no connection, no alarm, no hold, no promise that nobody keeps.
 */
import { type Response, newRequest } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { World, outcomeOf } from "../kit/ask.ts";
import { stepsOf } from "../kit/steps.ts";
import { type Random, hashOf, randomFrom } from "../random.ts";
import { target as client } from "./client.ts";

/** What a caller gives as its reason: a code, so that it is told from a crash. */
const ENOUGH = Object.assign(new Error("the caller has enough"), { code: "had-enough" });
const LARGE = "x".repeat(20_000);

export const target: Target = {
  feed: "whole",
  seeds: client.seeds,
  words: client.words ?? [],
  vectors: { files: /^(?:attacks-responses|goclient-)/, keys: ["raw", "wire"] },
  async run(pieces) {
    const octets = joined(...pieces);
    const random = randomFrom(hashOf(octets));
    const world = new World({
      pipeliningDepth: 1 + random(2),
      maxConnsPerHost: 1 + random(3),
      maxPrefetchBytes: [65_536, 16][random(2)]!,
    });
    const ends: AbortController[] = [];
    const calls = Array.from({ length: 1 + random(3) }, () => {
      const end = new AbortController();
      ends.push(end);
      return oneCall(world, random, end.signal);
    });
    await settle(random(3));
    for (const step of stepsOf(octets, random)) {
      await world.play(step);
      if (random(12) === 0) ends[random(ends.length)]?.abort(ENOUGH);
    }
    const outcomes = await world.ended(Promise.all(calls));
    await world.mustBeClean();
    return String(outcomes.length);
  },
};

function oneCall(world: World, random: Random, signal: AbortSignal): Promise<unknown> {
  const method = ["GET", "GET", "HEAD", "POST", "PUT"][random(5)]!;
  const body = method === "POST" || method === "PUT" ? bodyOf(random) : undefined;
  const header = random(4) === 0 && body !== undefined ? { Expect: "100-continue" } : {};
  const request = newRequest(method, "http://a.example/x", body, { header, signal });
  return outcomeOf(world, request, readerOf(random));
}

/** Short, long, and of a length that nobody knows. */
function bodyOf(random: Random): string | AsyncIterable<string> {
  return ["abc", LARGE, slowly(1 + random(4))][random(3)]!;
}

async function* slowly(count: number): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) {
    await settle(1);
    yield "piece";
  }
}

/** Read whole, read slowly, given up at once, in the middle, or while a read waits. */
function readerOf(random: Random): (response: Response) => Promise<unknown> {
  const choice = random(6);
  const turns = random(4);
  return async ({ body }) => {
    await settle(turns);
    if (choice < 2) return body.text();
    if (choice === 2) return body.cancel(ENOUGH);
    if (choice === 3) {
      await body.next();
      return body.cancel();
    }
    if (choice === 4) {
      const waits = body.next().catch(() => undefined);
      body.cancel();
      return waits.then(() => undefined);
    }
    while ((await body.next()) !== undefined) await settle(1);
    return undefined;
  };
}
