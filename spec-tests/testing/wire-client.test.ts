/**
 * WireClient: what has come, what was read, and how it ended.
 *
 * Rule of this file: over a pipe, without HTTP.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pipe } from "../../lib/bufio/mod.ts";
import { WireClient, latin1, settle } from "../../lib/testing/mod.ts";
import { rejects, withDeadline } from "../kit.ts";

const test = suite("WireClient");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(4_000, fn));

function pair(): [WireClient, WireClient] {
  const [a, b] = pipe();
  return [new WireClient(a), new WireClient(b)];
}

it("read and readUntil take in order and leave the rest", async () => {
  const [a, b] = pair();
  b.send("one\r\ntwo\xffthree");
  assert.is(await a.readUntil("\r\n"), "one\r\n");
  assert.is(latin1(await a.read(4)), "two\xff");
  assert.is(latin1(a.unread), "three");
  assert.is(a.text, "one\r\ntwo\xffthree");
  b.send("!");
  assert.is(await a.readUntil("!"), "three!");
  assert.is(a.unread.length, 0);
  a.reset();
});

it("what does not come rejects: at once after the end, else after its time", async () => {
  const [a, b] = pair();
  b.send("ab");
  const late = await rejects(a.read(3, 30), "bytes-missing");
  assert.match(late.message, /after 30 ms the peer's side is open, 2 bytes came: "ab"/);
  b.finish();
  await rejects(a.readUntil("x"), "bytes-missing");
  assert.is(latin1(await a.read(2)), "ab", "what has come can still be read");
  a.reset();
});

it("ends are told apart", async () => {
  const [a, b] = pair();
  assert.is(a.end, "open");
  b.finish();
  assert.is(await a.ended(), "ended");
  const [c, d] = pair();
  d.reset();
  assert.is(await c.ended(), "reset");
  assert.is(c.error?.code, "reset");
  const [e] = pair();
  await rejects(e.ended(30), "bytes-missing");
  e.close();
  a.close();
});

it("pause takes nothing, resume goes on", async () => {
  const [a, b] = pair();
  a.pause();
  b.send("x");
  await settle();
  assert.is(a.text, "");
  a.resume();
  await settle();
  assert.is(a.text, "x");
  a.reset();
});

it("send refuses what is no octet", async () => {
  const [a] = pair();
  assert.throws(() => a.send("\u0100"), /no octet/);
  a.send(Uint8Array.of(1));
  a.reset();
  await settle();
});

test.run();
