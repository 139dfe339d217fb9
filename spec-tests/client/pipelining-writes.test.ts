// Requests behind requests: what is asked for in one go leaves in one write, and never into somebody else's hands.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { settle } from "../../lib/testing/mod.ts";
import { Rig, answer } from "./rig.ts";

const it = suite("Pool, pipelining: writes");

/** Counts what a client's connection writes, after one exchange. */
async function countedRig(): Promise<{ rig: Rig; writes: string[] }> {
  const rig = new Rig({ maxConnsPerHost: 1, pipeliningDepth: 8 });
  await rig.exchange();
  const [conn] = rig.conns;
  const writes: string[] = [];
  const write = conn!.write.bind(conn);
  conn!.write = (data) => {
    writes.push(String(data));
    return write(data);
  };
  return { rig, writes };
}

it("the first leaves at once, those behind it together", async () => {
  const { rig, writes } = await countedRig();
  const calls = ["a", "b", "c", "d"].map((path) => rig.ask({ url: `http://a.test/${path}` }));
  await settle();
  assert.is(writes.length, 2);
  assert.equal(writes[1]!.match(/GET \/\w/g), ["GET /b", "GET /c", "GET /d"]);
  rig.servers[0]!.send(["a", "b", "c", "d"].map((name) => answer(name)).join(""));
  for (const [i, call] of calls.entries()) {
    assert.is(await (await call).body.text(), "abcd"[i]);
  }
  await rig.assertClean();
});

it("one that is asked for later leaves later, and is not kept waiting", async () => {
  const { rig, writes } = await countedRig();
  const calls = ["a", "b", "c"].map(async (path, i) => {
    for (let turn = 0; turn < i; turn++) await settle();
    return (await rig.ask({ url: `http://a.test/${path}` })).body.text();
  });
  await settle();
  await settle();
  await settle();
  assert.is(writes.length, 3);
  rig.servers[0]!.send(["a", "b", "c"].map((name) => answer(name)).join(""));
  assert.equal(await Promise.all(calls), ["a", "b", "c"]);
  await rig.assertClean();
});

it("nothing is written any more once the transport is closed in the same go", async () => {
  const { rig, writes } = await countedRig();
  const calls = ["a", "b"].map((path) => rig.ask({ url: `http://a.test/${path}` }));
  const ended = Promise.allSettled(calls);
  rig.transport.close();
  const outcomes = (await ended).map(({ status }) => status);
  assert.equal(outcomes, ["rejected", "rejected"]);
  assert.equal(writes.join("").match(/GET \/\w/g), ["GET /a"]);
  await rig.assertClean();
});

it.run();
