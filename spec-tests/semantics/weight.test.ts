/**
 * Weights: thousandths, or nothing.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseWeight } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const it = suite("semantics/weight");

table(
  it,
  (
    [
      ["q=1", 1000],
      ["q=0", 0],
      ["q=0.5", 500],
      ["Q=0.25", 250],
      ["q=0.001", 1],
      ["q=0.", 0],
      ["q=1.000", 1000],
      ["q=1.001", undefined],
      ["q=0.1234", undefined],
      ["q=0.x", undefined],
      ["q=0,5", undefined],
      ["q=2", undefined],
      ["q=", undefined],
      ["q=-1", undefined],
      ["v=1", undefined],
      ["", undefined],
    ] as const
  ).map(([input, expect]) => ({
    name: `"${input}" is ${expect === undefined ? "no weight" : `${expect} thousandths`}`,
    section: "9110 §12.4.2",
    input,
    expect,
  })),
  ({ input, expect }) => {
    assert.is(parseWeight(input), expect);
  },
);

it.run();
