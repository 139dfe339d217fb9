/**
 * Later turns: one at a time, in order, the sockets in between.
 */
import { setImmediate as immediate } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nextTurn } from "../../lib/adapters/turns.ts";
import { withDeadline } from "../kit.ts";

const it = suite("turns");

it(
  "one of those that wait goes on in each turn of the loop, in the order in which they asked",
  withDeadline(2000, async () => {
    const seen: string[] = [];
    for (const name of ["a", "b", "c"]) nextTurn(() => seen.push(name));
    assert.equal(seen, [], "never at once");
    for (const expected of ["a", "ab", "abc"]) {
      await immediate();
      assert.is(seen.join(""), expected);
    }
  }),
);

it(
  "what is asked for meanwhile comes behind those that wait, and the same function may ask twice",
  withDeadline(2000, async () => {
    let seen = "";
    const again = (): void => {
      seen += "r";
      if (seen.length < 3) nextTurn(again);
    };
    nextTurn(again);
    nextTurn(again);
    nextTurn(() => (seen += "x"));
    while (!seen.includes("x") || seen.length < 5) await immediate();
    assert.is(seen, "rrxrr");
  }),
);

it(
  "one that throws does not keep the others from going on",
  withDeadline(2000, async () => {
    const errors: unknown[] = [];
    const take = (error: unknown): void => void errors.push(error);
    process.once("uncaughtException", take);
    const done = new Promise<void>((resolve) => {
      nextTurn(() => {
        throw new Error("on purpose");
      });
      nextTurn(resolve);
    });
    await done;
    process.off("uncaughtException", take);
    assert.is((errors[0] as Error).message, "on purpose");
  }),
);

it.run();
