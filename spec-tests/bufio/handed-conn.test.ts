/**
 * HandedConn: a connection starts anew under another owner, and not one octet is lost on the way.
 *
 * Rule of this file: in-memory pipes only; the contract of Conn holds for it as for any other.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, HandedConn, Reader, pipe } from "../../lib/bufio/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { bytes, withDeadline } from "../kit.ts";
import { connContract, Listener } from "./conn-contract.ts";

/** A pipe whose left end has had an owner already. */
function handed(): { a: HandedConn; b: Conn; dispose(): void } {
  const [left, b] = pipe();
  left.start(new Reader(left));
  return { a: new HandedConn(left), b, dispose() {} };
}

const contract = suite("Conn handed over");
connContract(contract, handed, { abort: "reset", tenure: "given" });
contract.run();

const test = suite("HandedConn");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(2000, fn));

it("the head comes first, in a later microtask, then what the pipe brings", async () => {
  const [left, right] = pipe();
  left.start(new Listener());
  const conn = new HandedConn(left, { head: bytes("head ") });
  right.write("while nobody listens");
  await settle();
  const sink = new Listener();
  conn.start(sink);
  assert.is(sink.received, 0, "nothing inside start");
  await settle();
  assert.is(sink.text(), "head while nobody listens");
});

it("a sink that stops at the head gets the rest after resume", async () => {
  const [left, right] = pipe();
  left.start(new Listener());
  const conn = new HandedConn(left, { head: bytes("head") });
  const sink = new Listener();
  sink.answer = "stop";
  conn.start(sink);
  right.write("rest");
  await settle();
  assert.is(sink.text(), "head");
  sink.answer = "more";
  conn.resume();
  await settle();
  assert.is(sink.text(), "headrest");
});

it("an end that the former owner has heard is told behind the head", async () => {
  const [left, right] = pipe();
  left.start(new Listener());
  right.closeWrite();
  await settle();
  const conn = new HandedConn(left, { head: bytes("last"), peer: "ended" });
  const sink = new Listener();
  conn.start(sink);
  await settle();
  assert.equal(sink.log, ["bytes", "end"]);
});

it("both sides ended: head, end and the last word come in that order, also to a slow reader", async () => {
  const [left, right] = pipe();
  left.start(new Listener());
  right.closeWrite();
  await settle();
  const conn = new HandedConn(left, { head: bytes("last"), peer: "ended" });
  const sink = new Listener();
  conn.pause();
  conn.start(sink);
  conn.closeWrite();
  await settle();
  assert.equal(sink.log, []);
  conn.resume();
  await settle();
  assert.equal(sink.log, ["bytes", "end", "closed"]);
});

it("a failure before start is kept for whoever starts it", async () => {
  const [left, right] = pipe();
  left.start(new Listener());
  const conn = new HandedConn(left, { head: bytes("head") });
  right.abort();
  await settle();
  const sink = new Listener();
  conn.start(sink);
  await settle();
  assert.is(sink.error?.code, "reset");
});

it("the former owner hears nothing more", async () => {
  const [left, right] = pipe();
  const former = new Listener();
  left.start(former);
  const conn = new HandedConn(left);
  right.write("x");
  right.closeWrite();
  await settle();
  assert.equal(former.log, []);
  conn.abort();
  await settle();
  assert.equal(former.log, []);
});

it("what the inner Conn knows is known", async () => {
  const [left] = pipe();
  left.start(new Listener());
  const conn = new HandedConn(left);
  assert.is(conn.remoteAddr?.host, "right");
  assert.is(conn.localAddr?.host, "left");
  assert.is(conn.queuedBytes, 0);
  assert.is(conn.takenBytes, 0);
  assert.is(conn.tls, undefined);
  assert.is(conn.latin1, undefined);
  conn.ref();
  conn.unref();
});

test.run();
