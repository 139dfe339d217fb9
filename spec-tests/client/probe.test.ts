// A look at a body of unknown length before the head is written.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wantsProbe } from "../../lib/client/probe.ts";
import { newRequest } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { table } from "../kit.ts";
import { OK, Rig, counted, fails, reasonOf } from "./rig.ts";

const it = suite("probe");

table(
  it,
  [
    { name: "GET of pieces", method: "GET", body: ["x"], yes: true },
    { name: "DELETE of pieces", method: "DELETE", body: ["x"], yes: true },
    { name: "POST of pieces", method: "POST", body: ["x"], yes: false },
    { name: "GET of text", method: "GET", body: "x", yes: false },
    { name: "GET of nothing", method: "GET", body: undefined, yes: false },
  ],
  ({ method, body, yes }) => {
    assert.is(wantsProbe(newRequest(method, "http://a/", body)), yes);
  },
);

it("an empty one is none, one with content is chunked and whole", async () => {
  const rig = new Rig();
  const empty = await rig.exchange({ body: [] });
  assert.not.match(empty.server.text, /Transfer-Encoding/);
  const full = await rig.exchange({ body: ["ab", "cd"] });
  assert.match(
    full.server.text,
    /Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n$/,
  );
  await rig.assertClean();
});

/** Pieces that wait for a promise first. */
async function* behind(gate: Promise<void>): AsyncGenerator<string> {
  await gate;
  yield "late";
}

it("one that is slower than probeTimeout is taken for content, and nothing of it is lost", async () => {
  for (const slow of ["late", "empty"] as const) {
    const rig = new Rig({ probeTimeout: 200 });
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const body = slow === "late" ? behind(gate) : emptyBehind(gate);
    const response = rig.ask({ body });
    await settle();
    rig.clock.advance(199);
    await settle();
    assert.is(rig.servers.length, 0);
    rig.clock.advance(1);
    await settle();
    const server = rig.servers[0]!;
    assert.match(server.text, /Transfer-Encoding: chunked\r\n\r\n$/);
    open();
    await settle();
    assert.match(
      server.text,
      slow === "late" ? /\r\n\r\n4\r\nlate\r\n0\r\n\r\n$/ : /\r\n\r\n0\r\n\r\n$/,
    );
    server.send(OK);
    await (await response).body.text();
    await rig.assertClean();
  }
});

async function* emptyBehind(gate: Promise<void>): AsyncGenerator<string> {
  await gate;
  yield* [];
}

it("one that fails while it is looked at, or after, fails the call and nothing else", async () => {
  const rig = new Rig({ maxConnsPerHost: 1 });
  const early = rig.ask({ body: behind(Promise.reject(new Error("gone"))) });
  const first = await fails(early, "request-body-failed", { phase: "send" });
  assert.is((first.cause as Error).message, "gone");
  assert.is(rig.servers.length, 0);
  // It fails while the call still waits for a connection: nobody may be told before its turn.
  const busy = await rig.asked();
  let refuse = (_error: Error): void => undefined;
  const gate = new Promise<void>((_, reject) => (refuse = reject));
  const late = rig.ask({ body: behind(gate) });
  await settle();
  rig.clock.advance(200);
  await settle();
  refuse(new Error("gone"));
  await settle();
  busy.server.send(OK);
  await (await busy.response).body.text();
  await fails(late, "request-body-failed", { phase: "send" });
  await rig.assertClean();
});

it("the signal ends the look", async () => {
  const rig = new Rig();
  const { signal, source } = counted();
  const reason = new Error("enough");
  const response = rig.ask({ signal, body: behind(new Promise(() => undefined)) });
  await settle();
  source.abort(reason);
  assert.is(await reasonOf(response), reason);
  assert.is(source.listeners, 0);
  rig.clock.advance(200);
  await rig.assertClean();
});

it.run();
