/**
 * The soak's judgement of memory: the line through its samples, and when it counts as growth.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Sample, grows, trendOf } from "../scripts/soak/trend.ts";
import { table } from "./kit.ts";

const it = suite("soak");

/** Ten samples a minute. */
function samples(minutes: number, mib: (minutes: number) => number): Sample[] {
  return Array.from({ length: minutes * 10 + 1 }, (_, i) => ({
    minutes: i / 10,
    mib: mib(i / 10),
  }));
}

table(
  it,
  [
    { name: "what stands still does not grow", minutes: 10, mib: () => 80, rises: false },
    {
      name: "the saw of a garbage collector does not",
      minutes: 10,
      mib: (at: number) => 80 + 40 * ((at * 3) % 1),
      rises: false,
    },
    {
      name: "what grows in the first quarter only does not",
      minutes: 10,
      mib: (at: number) => (at < 2.5 ? 60 + 20 * at : 110),
      rises: false,
    },
    {
      name: "3 MiB a minute are growth",
      minutes: 10,
      mib: (at: number) => 80 + 3 * at,
      rises: true,
    },
    {
      name: "so they are under the saw",
      minutes: 10,
      mib: (at: number) => 80 + 3 * at + 40 * ((at * 3) % 1),
      rises: true,
    },
    {
      name: "a minute is too short to tell",
      minutes: 1,
      mib: (at: number) => 80 + 10 * at,
      rises: false,
    },
    { name: "but not for much", minutes: 1, mib: (at: number) => 80 + 60 * at, rises: true },
  ],
  ({ minutes, mib, rises }) => assert.is(grows(trendOf(samples(minutes, mib))), rises),
);

it("the slope is that of the line", () => {
  const { mibPerMinute, risesMib, meanMib } = trendOf(samples(8, (at) => 10 + 2 * at));
  assert.is(mibPerMinute.toFixed(6), "2.000000");
  assert.is(risesMib.toFixed(6), "12.000000");
  assert.is(meanMib.toFixed(6), "20.000000");
});

it.run();
