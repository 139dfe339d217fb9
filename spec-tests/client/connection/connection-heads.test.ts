// One connection of a client: interim responses, and connections that are given away.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Client } from "../../../lib/client/client.ts";
import type { Trace } from "../../../lib/client/trace.ts";
import { WireClient, settle } from "../../../lib/testing/mod.ts";
import { rejects, table, text } from "../../kit.ts";
import { OK, Rig, answer, counted, fails, reasonOf } from "../rig.ts";

// --- interim responses ----------------------------------------------------------------------------

const interim = suite("Connection, interim responses");
const EARLY = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";

interim("ten are passed over, the eleventh ends the call", async () => {
  const rig = new Rig();
  assert.is((await rig.exchange({}, EARLY.repeat(10) + OK)).text, "ok");
  const { response, server } = await rig.asked();
  server.send(EARLY.repeat(11) + OK);
  await fails(response, "too-many-interim-responses", { phase: "head", reused: true });
  await rig.assertClean();
});

interim(
  "with a hook there is no limit of number, each is told, in every way of coming",
  async () => {
    for (const cut of [{}, { chop: 1 }]) {
      const seen: string[] = [];
      const rig = new Rig({ pipe: cut, maxResponseHeaderBytes: 100 });
      const trace: Trace = {
        got1xxResponse: (status, header) => seen.push(`${status} ${header.get("link") ?? ""}`),
      };
      await rig.exchange({ options: { trace } }, EARLY.repeat(30) + OK);
      assert.is(seen.length, 30);
      assert.is(seen[29], "103 </a>");
      await rig.assertClean();
    }
  },
);

interim("their heads and the final one share the limit", async () => {
  const limit = EARLY.length * 2 + OK.length - 2;
  for (const [maxResponseHeaderBytes, fits] of [
    [limit, true],
    [limit - 1, false],
  ] as const) {
    const rig = new Rig({ maxResponseHeaderBytes });
    const { response, server } = await rig.asked();
    server.send(EARLY.repeat(2) + OK);
    if (fits) assert.is(await (await response).body.text(), "ok");
    else await fails(response, "head-too-large", { phase: "head" });
    await rig.assertClean();
  }
});

interim("the next response has the whole limit again", async () => {
  const rig = new Rig({ maxResponseHeaderBytes: EARLY.length + OK.length });
  for (let round = 0; round < 3; round++) {
    assert.is((await rig.exchange({}, EARLY + OK)).text, "ok");
  }
  const long = answer("long", `X: ${"x".repeat(EARLY.length - 5)}\r\n`);
  assert.is((await rig.exchange({}, long)).text, "long");
  assert.is(rig.dialled.length, 1);
  await rig.assertClean();
});

interim("a hook that throws ends the call", async () => {
  const rig = new Rig();
  const cause = new Error("enough");
  const trace: Trace = {
    got1xxResponse: () => {
      throw cause;
    },
  };
  const { response, server } = await rig.asked({ options: { trace } });
  server.send(EARLY);
  const error = await fails(response, "hook-threw", { phase: "head" });
  assert.is(error.cause, cause);
  await rig.assertClean();
});

interim("they do not extend the time for the final one", async () => {
  const rig = new Rig({ responseHeaderTimeout: 1_000 });
  const { response, server } = await rig.asked();
  rig.clock.advance(900);
  server.send(EARLY);
  await settle();
  rig.clock.advance(100);
  await fails(response, "response-header-timed-out", { phase: "wait" });
  await rig.assertClean();
});

interim("a status below 100 is none that anybody could pass over", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked();
  server.send("HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok");
  await fails(response, "bad-status-line", { phase: "head" });
  await rig.assertClean();
});

interim.run();

// --- tunnels --------------------------------------------------------------------------------------

const tunnel = suite("Connection, given away");
const DIE = new Error("enough");
const UPGRADE = { Connection: "Upgrade", Upgrade: "echo" };
const SWITCHED = "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";

tunnel("a 101 that nobody asked for is no answer: nobody knows what follows it", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked({});
  server.send(`${SWITCHED}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno`);
  await fails(response, "unasked-upgrade", { phase: "head" });
  assert.is(await server.ended(), "reset");
  assert.is(rig.stats, "0/0/0/0");
});

interface TunnelRow {
  readonly name: string;
  readonly method: string;
  readonly answer: string;
}

const TUNNELS: readonly TunnelRow[] = [
  { name: "101", method: "GET", answer: SWITCHED },
  { name: "200 to CONNECT", method: "CONNECT", answer: "HTTP/1.1 200 OK\r\n\r\n" },
];

table(tunnel, TUNNELS, async ({ method, answer: switched }) => {
  const rig = new Rig();
  const header = method === "GET" ? UPGRADE : {};
  const { response, server } = await rig.asked({ method, header });
  server.send(`${switched}first`);
  const got = await response;
  const { conn, head: before } = got.hijack();
  assert.is(text(before), "first");
  assert.is(rig.stats, "0/0/0/0");
  assert.is(rig.clock.watched, 0);
  assert.is(rig.held, 0);
  const mine = new WireClient(conn);
  server.send("second");
  await mine.readUntil("second");
  mine.send("third");
  await server.until((far) => far.text.endsWith("third"));
  await rejects(got.body.next(), "body-used");
  assert.throws(() => got.hijack());
  mine.close();
  await server.ended();
});

tunnel("a read that waits ends when the connection is given away", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked({ header: UPGRADE });
  server.send(SWITCHED);
  const got = await response;
  const read = got.body.next();
  read.catch(() => undefined);
  await settle();
  got.hijack().conn.close();
  await rejects(read, "body-used");
  await rig.assertClean();
});

tunnel("left alone, its body is the read side; cancelled, it is closed", async () => {
  const rig = new Rig();
  const { response, server } = await rig.asked({ header: UPGRADE });
  server.send(`${SWITCHED}some`);
  const got = await response;
  assert.is(text((await got.body.next())!), "some");
  got.body.cancel();
  await rig.assertClean();
});

for (const timeout of [undefined, 5_000]) {
  const how = timeout === undefined ? "without a timeout" : "with a timeout, which is over";
  for (const row of TUNNELS) {
    tunnel(`${row.name}, ${how}: the signal holds until the connection is given away`, async () => {
      for (const fate of ["kept", "given away"] as const) {
        const rig = new Rig();
        const { signal, source } = counted();
        const client = new Client({ transport: rig.transport, clock: rig.clock, timeout });
        const header = row.method === "GET" ? UPGRADE : {};
        const asked = client.do(rig.request({ method: row.method, header, signal }));
        await settle();
        const [server] = rig.servers;
        server!.send(row.answer);
        const got = await asked;
        assert.is(source.listeners, 1);
        rig.clock.advance(60_000);
        assert.is(server!.end, "open");
        if (fate === "given away") {
          const { conn } = got.hijack();
          assert.is(source.listeners, 0);
          source.abort(DIE);
          await settle();
          assert.is(server!.end, "open");
          conn.close();
        } else {
          const read = got.body.next();
          source.abort(DIE);
          assert.is(await reasonOf(read), DIE);
          assert.throws(() => got.hijack());
          assert.is(await server!.ended(), "reset");
        }
        assert.is(source.listeners, 0);
        await rig.assertClean();
      }
    });
  }
}

tunnel.run();
