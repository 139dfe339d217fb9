// Requests behind requests on one connection: each its own answer, whatever becomes of those in front.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type WireClient, settle } from "../../lib/testing/mod.ts";
import { Rig, answer, counted, fails, reasonOf } from "./rig.ts";

const DIE = new Error("enough");

const pipelined = suite("Pool, pipelining");

/** A connection that has served once, and calls written on it one behind the other. */
async function pipeline(rig: Rig, paths: readonly string[]): Promise<Promise<string>[]> {
  await rig.exchange();
  const calls = paths.map(async (path) => {
    const response = await rig.ask({ url: `http://a.test/${path}` });
    return response.body.text();
  });
  for (const call of calls) call.catch(() => undefined);
  await settle();
  return calls;
}

const PIPELINE = { maxConnsPerHost: 1, pipeliningDepth: 3 } as const;

pipelined("requests go out together and answers are matched in order", async () => {
  for (const cut of [{}, { chop: 1 }]) {
    const rig = new Rig({ ...PIPELINE, pipe: cut });
    const calls = await pipeline(rig, ["a", "b", "c", "d"]);
    const [server] = rig.servers;
    assert.equal(server!.text.match(/GET \/\w? /g), ["GET / ", "GET /a ", "GET /b ", "GET /c "]);
    assert.is(rig.stats, "0/1/0/1");
    server!.send(["a", "b", "c"].map((name) => answer(name)).join(""));
    assert.equal(await Promise.all(calls.slice(0, 3)), ["a", "b", "c"]);
    await settle();
    server!.send(answer("d"));
    assert.is(await calls[3], "d");
    assert.is(rig.dialled.length, 1);
    await rig.assertClean();
  }
});

pipelined("what is not safe waits its turn, and nothing follows what closes", async () => {
  const rig = new Rig(PIPELINE);
  const calls = await pipeline(rig, ["a"]);
  const post = rig.ask({ method: "POST", body: "x" });
  await settle();
  assert.is(rig.stats, "0/1/0/1");
  rig.servers[0]!.send(answer("a"));
  assert.is(await calls[0], "a");
  await settle();
  rig.servers[0]!.send(answer("post"));
  assert.is(await (await post).body.text(), "post");
  await rig.assertClean();
});

for (const [what, fail] of [
  [
    "closes after the first",
    (server: WireClient) => server.send(answer("a", "Connection: close\r\n")),
  ],
  [
    "is cut after the first",
    (server: WireClient) => {
      server.send(answer("a"));
      server.conn.close();
    },
  ],
] as const) {
  pipelined(`when the connection ${what}, the others are asked again, each its own`, async () => {
    const rig = new Rig(PIPELINE);
    const calls = await pipeline(rig, ["a", "b", "c"]);
    fail(rig.servers[0]!);
    assert.is(await calls[0], "a");
    await settle();
    for (const name of ["b", "c"]) {
      const server = rig.servers.at(-1)!;
      assert.match(server.text, new RegExp(`GET /${name} [^]*\\r\\n\\r\\n$`));
      server.send(answer(name));
      await settle();
    }
    assert.equal(await Promise.all(calls), ["a", "b", "c"]);
    await rig.assertClean();
  });
}

pipelined("one that may not be repeated is told that no answer came", async () => {
  const rig = new Rig({ ...PIPELINE, retry: "never" });
  const calls = await pipeline(rig, ["a", "b"]);
  rig.servers[0]!.send(answer("a", "Connection: close\r\n"));
  assert.is(await calls[0], "a");
  await fails(calls[1]!, "no-more-answers", { phase: "wait" });
  await rig.assertClean();
});

pipelined("a broken body in front: its reader hears it, the others are asked again", async () => {
  const rig = new Rig(PIPELINE);
  const calls = await pipeline(rig, ["a", "b"]);
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  await fails(calls[0]!, "bad-chunk-size");
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await calls[1], "b");
  await rig.assertClean();
});

pipelined("a body in front that is cancelled costs the connection, not the others", async () => {
  const rig = new Rig(PIPELINE);
  await rig.exchange();
  const first = rig.ask();
  const second = rig.ask();
  await settle();
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  (await first).body.cancel();
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await (await second).body.text(), "b");
  await rig.assertClean();
});

pipelined(
  "a depth of two is two, and where a connection more may be, none waits behind",
  async () => {
    const deep = new Rig({ maxConnsPerHost: 1, pipeliningDepth: 2 });
    const calls = await pipeline(deep, ["a", "b", "c"]);
    assert.match(deep.servers[0]!.text, /GET \/a [^]*GET \/b /);
    assert.not.match(deep.servers[0]!.text, "GET /c ");
    for (const name of ["a", "b", "c"]) {
      deep.servers[0]!.send(answer(name));
      await settle();
    }
    assert.equal(await Promise.all(calls), ["a", "b", "c"]);
    await deep.assertClean();

    const wide = new Rig({ maxConnsPerHost: 2, pipeliningDepth: 2 });
    const both = await pipeline(wide, ["a", "b"]);
    assert.is(wide.servers.length, 2);
    for (const [index, name] of ["a", "b"].entries()) wide.servers[index]!.send(answer(name));
    assert.equal(await Promise.all(both), ["a", "b"]);
    await wide.assertClean();
  },
);

pipelined("a server that ends while a body is thrown away ends the connection", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  (await response).body.cancel();
  assert.is(rig.stats, "0/1/0/0");
  server.conn.close();
  await settle();
  assert.is(rig.stats, "0/0/0/0");
  await rig.assertClean();
});

pipelined("half a head behind a body, and the end before it was read: told at once", async () => {
  const rig = new Rig(PIPELINE);
  await rig.exchange();
  const first = rig.ask();
  const second = rig.ask();
  second.catch(() => undefined);
  await settle();
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
  const { body } = await first;
  rig.servers[0]!.send("34HTTP/1.1 2");
  rig.servers[0]!.conn.close();
  await settle();
  assert.is(await body.text(), "1234");
  await fails(second, "truncated-head");
  await rig.assertClean();
});

pipelined("nothing is written behind a body that is being thrown away", async () => {
  const rig = new Rig(PIPELINE);
  await rig.exchange();
  const first = rig.ask();
  await settle();
  rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n12");
  (await first).body.cancel();
  const second = rig.ask({ url: "http://a.test/2" });
  await settle();
  assert.not.match(rig.servers[0]!.text, "GET /2");
  rig.servers[0]!.send("3456789");
  await settle();
  rig.servers[0]!.send(answer("b"));
  assert.is(await (await second).body.text(), "b");
  assert.is(rig.dialled.length, 1);
  await rig.assertClean();
});

pipelined(
  "one behind gives up: the one in front reads on, those behind it are asked again",
  async () => {
    const rig = new Rig(PIPELINE);
    await rig.exchange();
    const { signal, source } = counted();
    const first = rig.ask({ url: "http://a.test/1" });
    const second = rig.ask({ url: "http://a.test/2", signal });
    const third = rig.ask({ url: "http://a.test/3" });
    await settle();
    rig.servers[0]!.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
    const { body } = await first;
    source.abort(DIE);
    assert.is(await reasonOf(second), DIE);
    rig.servers[0]!.send(`34${answer("not for three")}`);
    assert.is(await body.text(), "1234");
    await settle();
    assert.match(rig.servers[1]!.text, /^GET \/3 /);
    rig.servers[1]!.send(answer("3"));
    assert.is(await (await third).body.text(), "3");
    assert.is(source.listeners, 0);
    await rig.assertClean();
  },
);

pipelined("the one in front is late: it fails, the others are asked again", async () => {
  const rig = new Rig({ ...PIPELINE, responseHeaderTimeout: 1_000 });
  const calls = await pipeline(rig, ["a", "b"]);
  rig.clock.advance(1_000);
  await fails(calls[0]!, "response-header-timed-out");
  await settle();
  rig.servers[1]!.send(answer("b"));
  assert.is(await calls[1], "b");
  await rig.assertClean();
});

for (const chop of [undefined, 1]) {
  const how = chop === undefined ? "in one piece" : "octet by octet";
  pipelined(`errors count the octets of their own call, its answer come ${how}`, async () => {
    const rig = new Rig({ ...PIPELINE, retry: "never", pipe: { chop } });
    const calls = await pipeline(rig, ["a", "bcdef", "g"]);
    const [server] = rig.servers;
    const length = (path: string): number =>
      new RegExp(`GET /${path} [^]*?\\r\\n\\r\\n`).exec(server!.text)![0].length;
    const sent = length("bcdef");
    assert.is(sent, length("g") + 4);
    server!.send(`${answer("a")}HTTP/1.1 2`);
    server!.finish();
    assert.is(await calls[0], "a");
    await fails(calls[1]!, "truncated-head", { phase: "head", bytesSent: sent, bytesReceived: 10 });
    await fails(calls[2]!, "no-more-answers", { bytesSent: sent - 4, bytesReceived: 0 });
    await rig.assertClean();
  });
}

pipelined("the one in front counts its own octets only, though others are written", async () => {
  const rig = new Rig({ ...PIPELINE, retry: "never" });
  const calls = await pipeline(rig, ["a", "b"]);
  const [server] = rig.servers;
  const sent = server!.text.length - server!.text.lastIndexOf("GET /b ");
  server!.reset();
  await fails(calls[0]!, "reset", { bytesSent: sent, bytesReceived: 0 });
  await fails(calls[1]!, "no-more-answers", { bytesSent: sent });
  await rig.assertClean();
});

pipelined("what has not left behind another may be sent again, what has may not", async () => {
  // So few octets are on their way at once that only the head in front leaves.
  const rig = new Rig({ ...PIPELINE, retry: "if-nothing-written", pipe: { highWaterBytes: 0 } });
  await rig.exchange();
  const [server] = rig.servers;
  server!.pause();
  const front = rig.ask({ url: "http://a.test/front" });
  front.catch(() => undefined);
  await settle();
  server!.resume();
  await settle();
  server!.pause();
  const behind = rig.ask({ url: "http://a.test/behind" });
  behind.catch(() => undefined);
  await settle();
  server!.reset();
  await fails(front, "reset");
  await settle();
  assert.match(rig.servers[1]!.text, /^GET \/behind /);
  rig.servers[1]!.send(answer("behind"));
  assert.is(await (await behind).body.text(), "behind");
  await rig.assertClean();
});

pipelined.run();
