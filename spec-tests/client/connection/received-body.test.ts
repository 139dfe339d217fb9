// The body of a response between its reader and its connection.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { settle } from "../../../lib/testing/mod.ts";
import { rejects, text } from "../../kit.ts";
import { OK, Rig, answer, fails } from "../rig.ts";

const it = suite("ReceivedBody");

it("one that is here with its head frees the connection before anybody reads", async () => {
  for (const framed of [
    "Content-Length: 4\r\n\r\n1234",
    "Transfer-Encoding: chunked\r\n\r\n2\r\n12\r\n2\r\n34\r\n0\r\nX-T: 1\r\n\r\n",
  ]) {
    const rig = new Rig();
    const { response, server } = await rig.asked();
    server.send(`HTTP/1.1 200 OK\r\n${framed}`);
    const got = await response;
    assert.is(rig.stats, "1/0/0/0");
    assert.is((await rig.exchange()).server, server);
    assert.is(await got.body.text(), "1234");
    await rig.assertClean();
  }
});

it("read(into) takes what came with the head and what came later, and counts both", async () => {
  for (const maxResponseBytes of [8, 7]) {
    const rig = new Rig({ maxResponseBytes });
    const { response, server } = await rig.asked();
    server.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
    const { body } = await response;
    const into = new Uint8Array(3);
    assert.is(await body.read(into), 3);
    assert.is(text(into), "123");
    assert.is(await body.read(into), 2);
    const later = body.read(into);
    server.send("3\r\n678\r\n0\r\n\r\n");
    if (maxResponseBytes === 7) {
      await rejects(later, "response-too-large");
    } else {
      assert.is(await later, 3);
      assert.is(text(into), "678");
      assert.is(await body.read(into), undefined);
      assert.is(rig.stats, "1/0/0/0");
    }
    await rig.assertClean();
  }
});

it("one larger than maxPrefetchBytes holds the connection until it is read", async () => {
  const rig = new Rig({ maxPrefetchBytes: 3 });
  const { response, server } = await rig.asked();
  server.send(answer("1234"));
  const got = await response;
  assert.is(rig.stats, "0/1/0/0");
  assert.is(await got.body.text(), "1234");
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

it("the connection is free with the last octet, not a read later", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12");
  const { body } = await response;
  await body.next();
  server.send("34");
  await settle();
  assert.is(text((await body.next())!), "34");
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

it("trailers are there at the end, with and without prefetching", async () => {
  for (const cut of [{}, { chop: 1 }]) {
    const rig = new Rig({ pipe: cut });
    const { response, server } = await rig.asked();
    server.send(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n",
    );
    const got = await response;
    assert.is(await got.body.text(), "ok");
    assert.is(got.trailer.get("x-t"), "1");
    await rig.assertClean();
  }
});

it("maxBodyBytes holds for bytes() unless told otherwise, and reading on is possible elsewhere", async () => {
  const rig = new Rig({ maxBodyBytes: 3 });
  const { response, server } = await rig.asked();
  server.send(answer("1234"));
  await rejects((await response).body.bytes(), "body-too-large");
  const again = await rig.asked();
  again.server.send(answer("1234"));
  assert.is(text(await (await again.response).body.bytes({ max: 4 })), "1234");
  await rig.assertClean();
});

it("a limit for one call goes before the transport's", async () => {
  const rig = new Rig({ maxResponseBytes: 1 });
  const options = { maxResponseBytes: 2 };
  const { text: content } = await rig.exchange({ options });
  assert.is(content, "ok");
  const { response, server } = await rig.asked();
  server.send(OK);
  await fails((await response).body.bytes(), "response-too-large", { phase: "body", reused: true });
  await rig.assertClean();
});

it("cancelled when all of it is here, it costs nothing", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send(OK);
  (await response).body.cancel();
  assert.is(rig.stats, "1/0/0/0");
  await rig.assertClean();
});

it.run();
