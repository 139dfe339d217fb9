// Servers that answer what was not asked: no octet of it ever answers another request, and a connection is used
// again only when both messages were whole. RFC 9112 §9.2, §9.3, CVE-2026-6733
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { newRequest } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { table, text, withDeadline } from "../kit.ts";
import { CHUNKED, DEADLINE_MS, EMPTY, OK, Rig, answering, rejectedWith } from "./hostile-server.ts";

// --- the next request -----------------------------------------------------------------------------

const queue = suite("a hostile server that answers what was not asked");

const POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nX-Poison: 1\r\n\r\npoison";

const NEXT = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";

interface Poisoned {
  readonly name: string;
  readonly first: string;
  readonly method?: string;
  readonly body?: string;
  /** Comes when the first answer has been read. */
  readonly later?: string;
}

table<Poisoned>(
  queue,
  [
    { name: "a second response in the same piece", first: OK + POISON },
    { name: "a second response behind chunks", first: `${CHUNKED}2\r\nok\r\n0\r\n\r\n${POISON}` },
    {
      name: "a response behind one without content",
      first: `HTTP/1.1 204 X\r\n\r\n${POISON}`,
      body: "",
    },
    {
      name: "content behind a 304",
      first: "HTTP/1.1 304 X\r\nContent-Length: 6\r\n\r\npoison",
      body: "",
    },
    { name: "content of a HEAD's answer", first: OK, method: "HEAD", body: "" },
    { name: "one octet too many", first: `${OK}!` },
    { name: "a line too many", first: `${OK}\r\n` },
    { name: "more than Content-Length says", first: OK.replace("ok", "okpoison") },
    { name: "a response on an idle connection", first: OK, later: POISON },
    { name: "a half response on an idle connection", first: OK, later: "HTTP/1.1 200 OK\r\nX-P" },
    {
      name: "an interim response on an idle connection",
      first: OK,
      later: "HTTP/1.1 100 X\r\n\r\n",
    },
    { name: "a goodbye on an idle connection", first: OK, later: `HTTP/1.1 408 X\r\n${EMPTY}` },
    { name: "an octet on an idle connection", first: OK, later: "\0" },
  ],
  ({ first, method = "GET", body = "ok", later }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig((peer) => answering(peer.number === 1 ? first : NEXT)(peer));
      const request = newRequest(method, "http://a.test/");
      const response = await rig.client.do(request);
      assert.is(text(await response.body.bytes()), body);
      if (later !== undefined) {
        await settle();
        assert.is(rig.transport.stats().idle, 1);
        rig.peers[0]?.send(later);
      }
      await settle();
      await rig.nothingIsLeft();
      const next = await rig.get();
      assert.is(rig.peers.length, 2, "another connection");
      assert.is(await next.body.text(), "next");
      rig.transport.close();
      await rig.nothingIsLeft();
    })(),
);

queue(
  "what comes before any request answers none that comes after it",
  withDeadline(DEADLINE_MS, async () => {
    // One connection is dialled for whoever comes first, and nobody wants it any more when it stands.
    const rig = new Rig(async (peer) => {
      if (peer.number === 1) peer.answer(POISON);
      while (await peer.request()) peer.answer(OK);
    });
    const abandoned = rejectedWith(rig.get());
    rig.signal.abort(new Error("enough"));
    await abandoned;
    await settle();
    const next = await rig.client.get("http://a.test/");
    assert.is(await next.body.text(), "ok");
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

queue(
  "a response that comes before the whole request is read to its end, and nothing follows it",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(async (peer) => {
      await peer.request();
      peer.answer(peer.number === 1 ? OK : OK.replace("ok", "no"));
    });
    const slow = async function* (): AsyncIterable<string> {
      yield "first";
      await new Promise(() => undefined);
    };
    const response = await rig.client.post("http://a.test/", "text/plain", slow());
    assert.is(await response.body.text(), "ok");
    await settle();
    rig.clock.advance(50);
    await rig.nothingIsLeft();
    assert.is(await rig.text(), "no");
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

table(
  queue,
  [
    { name: "words for numbers", value: "timeout=abc, max=-1", idleMs: 90_000 },
    { name: "numbers beyond all", value: "timeout=99999999999999999999", idleMs: 90_000 },
    { name: "a hex number and a fraction", value: "timeout=0x5, timeout=1.5", idleMs: 90_000 },
    {
      name: "the least of many",
      value: `${"timeout=9999, ".repeat(5_000)}timeout=10`,
      idleMs: 9_000,
    },
    { name: "a flood of commas", value: ",".repeat(100_000), idleMs: 90_000 },
    { name: "no time at all", value: "timeout=0", idleMs: 0 },
    { name: "no requests at all", value: "timeout=60, max=0", idleMs: 0 },
  ],
  ({ value, idleMs }) =>
    withDeadline(DEADLINE_MS, async () => {
      const fields = `Connection: keep-alive\r\nKeep-Alive: ${value}\r\nContent-Length: 2\r\n\r\nok`;
      const rig = new Rig(answering(`HTTP/1.1 200 OK\r\n${fields}`));
      assert.is(await rig.text(), "ok");
      await settle();
      assert.is(rig.transport.stats().idle, idleMs === 0 ? 0 : 1);
      if (idleMs > 0) {
        rig.clock.advance(idleMs - 1);
        assert.is(rig.transport.stats().idle, 1, "kept until then");
        rig.clock.advance(1);
      }
      await rig.nothingIsLeft();
    })(),
);

queue.run();
