// One call: it is settled once, and lets go of everything when it is over.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Call, type CallParts } from "../../lib/client/call.ts";
import { settingsOf } from "../../lib/client/options.ts";
import { originOf, routeTo } from "../../lib/client/route.ts";
import { type BodyLike, Response, newRequest, requestHead } from "../../lib/message/mod.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import { rejects } from "../kit.ts";
import { CountedSignal } from "./fake-transport.ts";
import { URL_A, reasonOf } from "./rig.ts";

const it = suite("Call");

interface Scene {
  readonly call: Call;
  readonly signal: CountedSignal;
  readonly holds: string[];
}

function scene(body?: BodyLike, header: Record<string, string> = {}): Scene {
  const signal = new CountedSignal();
  const holds: string[] = [];
  const request = newRequest("POST", URL_A, body, { signal: signal.signal, header });
  const parts: CallParts = {
    request,
    head: requestHead(request),
    route: routeTo(originOf(URL_A)!, undefined),
    settings: settingsOf({}, { clock: new TestClock() }).call,
    now: 1_000,
    asked: [],
    hold: (how) => holds.push(how),
  };
  return { call: new Call(parts), signal, holds };
}

it("from its answer to its end: listening goes on, holding does not", async () => {
  const { call, signal, holds } = scene();
  assert.is(call.state, "waiting");
  assert.is(signal.listeners, 1);
  const response = new Response({ status: 200 });
  call.answer(response);
  assert.is(await call.promise, response);
  assert.equal(holds, ["busy", "idle"]);
  assert.is(signal.listeners, 1);
  call.hold();
  call.end(1_500);
  assert.is(call.state, "over");
  assert.is(signal.listeners, 0);
  assert.equal(holds, ["busy", "idle", "busy", "idle"]);
  assert.is(call.timings.total, 500);
});

it("over is over: it is not held again, ended again or failed", () => {
  const { call, holds } = scene();
  call.answer(new Response({ status: 200 }));
  call.end(1_500);
  call.end(9_000);
  call.fail(new Error("late"));
  call.hold();
  call.answer(new Response({ status: 200 }));
  assert.is(call.state, "over");
  assert.is(call.timings.endedAt, 1_500);
  assert.equal(holds, ["busy", "idle"]);
});

it("a failure gives its body up; the signal's reason wins over it", async () => {
  const { call } = scene("x");
  const error = new Error("no");
  call.fail(error);
  assert.is(await reasonOf(call.promise), error);
  await rejects(call.body.next(), "body-used");
  const other = scene("x");
  const reason = new Error("enough");
  other.signal.aborted = true;
  other.signal.reason = reason;
  other.call.fail(error);
  assert.is(await reasonOf(other.call.promise), reason);
});

it("its holder hears of the abort once, when it is settled already", async () => {
  const { call, signal } = scene();
  const heard: unknown[] = [];
  call.holder = { onCallAborted: (one, reason) => heard.push(one.state, reason) };
  const reason = new Error("enough");
  signal.abort(reason);
  signal.abort(new Error("again"));
  assert.equal(heard, ["over", reason]);
  assert.is(await reasonOf(call.promise), reason);
});

it("it is got again with a body that is got again, and throws what getBody throws", async () => {
  const { call } = scene(() => "x");
  assert.is(await call.body.text(), "x");
  call.state = "sent";
  call.rewind();
  assert.is(call.state, "waiting");
  assert.is(await call.body.text(), "x");
  let count = 0;
  const broken = scene(() => {
    if (count++ > 0) throw new Error("no more");
    return "x";
  });
  assert.throws(() => broken.call.rewind(), /no more/);
});

it("Connection: close in its header closes as its field does", () => {
  assert.is(scene().call.closes, false);
  assert.is(scene("x", { Connection: "keep-alive" }).call.closes, false);
  assert.is(scene("x", { Connection: "x, Close" }).call.closes, true);
});

it.run();
