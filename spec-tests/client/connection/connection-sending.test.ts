// One connection of a client: bodies on their way out, early answers, Expect: 100-continue.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type WireClient, settle } from "../../../lib/testing/mod.ts";
import { OK, Rig, answer, fails, traceInto } from "../rig.ts";

// --- requests with bodies, and early answers ------------------------------------------------------

const sending = suite("Connection, the body of a request");

/** Pieces that come when they are told to. */
class Pieces implements AsyncIterable<string> {
  ended = false;
  #wake: (() => void)[] = [];
  /** Undefined is the end. */
  #pieces: { readonly piece: string | Error | undefined }[] = [];

  push(piece: string | Error | undefined): void {
    this.#pieces.push({ piece });
    for (const wake of this.#wake.splice(0)) wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    try {
      for (;;) {
        const next = this.#pieces.shift();
        if (next === undefined) await new Promise<void>((resolve) => this.#wake.push(resolve));
        else if (next.piece === undefined) return;
        else if (typeof next.piece === "string") yield next.piece;
        else throw next.piece;
      }
    } finally {
      this.ended = true;
    }
  }
}

sending(
  "an early answer comes through, and the connection waits for the request's end",
  async () => {
    const rig = new Rig();
    const pieces = new Pieces();
    const { response, server } = await rig.asked({ method: "POST", body: pieces });
    server.send(answer("early"));
    assert.is(await (await response).body.text(), "early");
    assert.is(rig.stats, "0/1/0/0");
    pieces.push(undefined);
    await settle();
    assert.is(rig.stats, "1/0/0/0");
    assert.match(server.text, /\r\n\r\n0\r\n\r\n$/);
    await rig.assertClean();
  },
);

for (const [what, act] of [
  ["is late", (rig: Rig) => rig.clock.advance(50)],
  ["meets a FIN", (rig: Rig) => rig.servers[0]!.finish()],
  ["meets a reset", (rig: Rig) => rig.servers[0]!.reset()],
  ["meets further octets", (rig: Rig) => rig.servers[0]!.send("x")],
] as const) {
  sending(`a request that ${what} after its answer is given up, and its source told`, async () => {
    const rig = new Rig();
    const pieces = new Pieces();
    pieces.push("a");
    const { response, server } = await rig.asked({ method: "POST", body: pieces });
    server.send(answer("early"));
    assert.is(await (await response).body.text(), "early");
    act(rig);
    await settle();
    pieces.push("b");
    await settle();
    assert.is(pieces.ended, true);
    await rig.assertClean();
  });
}

sending("a source that fails fails the call, and a response that is here wins", async () => {
  const rig = new Rig();
  const pieces = new Pieces();
  const { response } = await rig.asked({ method: "POST", body: pieces });
  pieces.push(new Error("no more"));
  const error = await fails(response, "request-body-failed", { phase: "send" });
  assert.is((error.cause as Error).message, "no more");
  const late = new Pieces();
  const second = await rig.asked({ method: "POST", body: late });
  second.server.send(answer("won"));
  const got = await second.response;
  late.push(new Error("no more"));
  assert.is(await got.body.text(), "won");
  await rig.assertClean();
});

sending("a body that is shorter than said breaks the connection, not the next call", async () => {
  const rig = new Rig();
  const request = rig.request({ method: "POST", body: ["abc"] }).with({ contentLength: 5 });
  await fails(rig.transport.roundTrip(request), "content-length-mismatch", { phase: "send" });
  assert.is((await rig.exchange()).text, "ok");
  await rig.assertClean();
});

sending("nobody reads: send-timed-out, between one and two times the limit", async () => {
  const rig = new Rig({ writeTimeout: 1_000, pipe: { highWaterBytes: 1_024 } });
  rig.onServer = (server) => server.pause();
  const response = rig.ask({ method: "POST", body: "x".repeat(100_000) });
  response.catch(() => undefined);
  await settle();
  rig.clock.advance(999);
  await settle();
  assert.is(rig.stats, "0/1/0/0");
  rig.clock.advance(1_001);
  await fails(response, "send-timed-out", { phase: "send" });
  rig.servers[0]!.resume();
  await rig.assertClean();
});

sending("a body that is long in coming is no fault of the server: writeTimeout waits", async () => {
  const rig = new Rig({ writeTimeout: 1_000 });
  const pieces = new Pieces();
  const { response, server } = await rig.asked({ method: "POST", body: pieces });
  for (let i = 0; i < 5; i++) {
    rig.clock.advance(1_000);
    await settle();
    pieces.push("piece");
    await settle();
  }
  pieces.push(undefined);
  await settle();
  assert.is(server.text.match(/piece/g)?.length, 5);
  server.send(OK);
  assert.is(await (await response).body.text(), "ok");
  await rig.assertClean();
});

sending.run();

// --- Expect ---------------------------------------------------------------------------------------

const expecting = suite("Connection, Expect: 100-continue");
const EXPECT = { Expect: "100-continue" };
const head = (server: WireClient): string => server.text.slice(server.text.indexOf("\r\n\r\n") + 4);

expecting("the body waits for 100, and the hooks say so", async () => {
  const seen: string[] = [];
  const rig = new Rig({ trace: traceInto(seen) });
  const { response, server } = await rig.asked({ method: "PUT", body: "abc", header: EXPECT });
  assert.is(head(server), "");
  server.send("HTTP/1.1 100 Continue\r\n\r\n");
  await settle();
  assert.is(head(server), "abc");
  server.send(OK);
  assert.is((await response).status, 200);
  const wanted =
    "getConn gotConn wroteHeaders wait100Continue gotFirstResponseByte got1xxResponse got100Continue wroteRequest putIdleConn";
  assert.is(seen.join(" "), wanted);
  await rig.assertClean();
});

expecting(
  "without a word the body is sent after a while, and a late 100 does no harm",
  async () => {
    const rig = new Rig();
    const { response, server } = await rig.asked({ method: "PUT", body: "abc", header: EXPECT });
    rig.clock.advance(999);
    await settle();
    assert.is(head(server), "");
    rig.clock.advance(1);
    await settle();
    assert.is(head(server), "abc");
    server.send("HTTP/1.1 100 Continue\r\n\r\n");
    server.send(OK);
    assert.is(await (await response).body.text(), "ok");
    assert.is(head(server), "abc");
    await rig.assertClean();
  },
);

expecting(
  "a time of 0 sends it at once; that of the call goes before the transport's",
  async () => {
    const rig = new Rig();
    const options = { expectContinueTimeout: 0 };
    const { response, server } = await rig.asked({
      method: "PUT",
      body: "abc",
      header: EXPECT,
      options,
    });
    assert.is(head(server), "abc");
    server.send(OK);
    await (await response).body.text();
    await rig.assertClean();
  },
);

expecting("a final answer without close: the body is sent, and the connection kept", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked({ method: "PUT", body: "abc", header: EXPECT });
  server.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
  assert.is((await response).status, 417);
  await settle();
  assert.is(head(server), "abc");
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

expecting(
  "a final answer that closes: the body is never sent, and its source is told",
  async () => {
    const rig = new Rig();
    const pieces = new Pieces();
    const { response, server } = await rig.asked({ method: "PUT", body: pieces, header: EXPECT });
    server.send("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert.is((await response).status, 413);
    await settle();
    assert.is(head(server), "");
    await rig.assertClean();
  },
);

expecting("an end instead of 100 is a lost connection", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked({ method: "PUT", body: "abc", header: EXPECT });
  server.finish();
  await fails(response, "connection-lost", { phase: "wait" });
  await rig.assertClean();
});

expecting.run();
