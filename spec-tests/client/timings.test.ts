// When the steps of a call were done.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { settle } from "../../lib/testing/mod.ts";
import { OK, Rig } from "./rig.ts";

const it = suite("CallTimings");

it("each step takes what the clock says; what was not done has no time", async () => {
  const rig = new Rig();
  rig.beforeDial = () => rig.clock.advance(5);
  const { response, server } = await rig.asked();
  rig.clock.advance(20);
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
  const got = await response;
  const { timings } = got;
  assert.is(timings?.dns, undefined);
  assert.is(timings?.tls, undefined);
  assert.is(timings?.connect, 5);
  assert.is(timings?.firstByte, 20);
  assert.is(timings?.download, undefined);
  assert.is(timings?.total, undefined);
  await got.body.next();
  rig.clock.advance(300);
  server.send("34");
  await got.body.text();
  assert.is(timings?.download, 300);
  assert.is(timings?.total, 325);
  await rig.assertClean();
});

it("on a connection that stood there is no connecting, and a call that waited says how long", async () => {
  const rig = new Rig({ maxConnsPerHost: 1 });
  const { response, server } = await rig.asked();
  const second = rig.ask();
  await settle();
  rig.clock.advance(70);
  server.send(OK);
  await (await response).body.text();
  await settle();
  server.send(OK);
  const got = await second;
  assert.is(got.reused, true);
  assert.is(got.timings?.connect, undefined);
  assert.is(got.timings?.wait, 70);
  assert.is(got.timings?.total, 70);
  await rig.assertClean();
});

it.run();
