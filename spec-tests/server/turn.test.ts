// The budget of a turn: each bound, one below it and at it.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  TURN_INPUT_BYTES,
  TURN_LOOK_REQUESTS,
  TURN_MS,
  TURN_REQUESTS,
  isTurnOver,
} from "../../lib/server/turn.ts";
import { type Row, table } from "../kit.ts";

const BEGAN_AT = 1000;

interface Turn extends Row {
  readonly requests?: number;
  readonly inputBytes?: number;
  readonly ms?: number;
  readonly over: boolean;
  /** How often the clock is looked at. */
  readonly looks?: number;
}

const it = suite("isTurnOver");

const turns: readonly Turn[] = [
  { name: "one request is nothing", over: false },
  { name: "all but one of the requests", requests: TURN_REQUESTS - 1, over: false },
  { name: "all the requests", requests: TURN_REQUESTS, over: true },
  { name: "those with promises may step over the bound", requests: TURN_REQUESTS + 3, over: true },
  { name: "all the input", inputBytes: TURN_INPUT_BYTES, over: false },
  { name: "a byte too much of input", inputBytes: TURN_INPUT_BYTES + 1, over: true },
  {
    name: "the clock is not looked at between the looks, however late it is",
    requests: TURN_LOOK_REQUESTS - 1,
    ms: 1000,
    over: false,
  },
  {
    name: "a look, and the time has just been used up",
    requests: TURN_LOOK_REQUESTS,
    ms: TURN_MS,
    over: false,
    looks: 1,
  },
  {
    name: "a look, and it is too late",
    requests: TURN_LOOK_REQUESTS * 2,
    ms: TURN_MS + 0.5,
    over: true,
    looks: 1,
  },
];

table(it, turns, ({ requests = 1, inputBytes = 0, ms = 0, over, looks = 0 }) => {
  let looked = 0;
  const now = (): number => {
    looked++;
    return BEGAN_AT + ms;
  };
  assert.is(isTurnOver(requests, inputBytes, BEGAN_AT, { now }), over);
  assert.is(looked, looks);
});

it.run();
