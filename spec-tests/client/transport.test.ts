// Requests to responses: what is refused before there is a connection, what is asked again, and by which way.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RoundTripper } from "../../lib/client/contracts.ts";
import { Response, newRequest } from "../../lib/message/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { rejects, table } from "../kit.ts";
import { OK, Rig, answer, counted, fails, reasonOf } from "./rig.ts";

const refusing = suite("Transport, refusing");

interface RefusedRow {
  readonly name: string;
  readonly code: string;
  readonly make: () => Parameters<Rig["transport"]["roundTrip"]>[0];
}

const POST = newRequest("POST", "http://a.test/");

table<RefusedRow>(
  refusing,
  [
    { name: "a path", code: "bad-url", make: () => POST.with({ target: "/" }) },
    {
      name: "another scheme",
      code: "unsupported-scheme",
      make: () => POST.with({ target: "ftp://a/" }),
    },
    {
      name: "a port beyond ports",
      code: "bad-url",
      make: () => POST.with({ target: "http://a:65536/" }),
    },
    { name: "a bad host", code: "bad-host", make: () => POST.with({ host: "a b" }) },
    {
      name: "a bad length",
      code: "content-length-mismatch",
      make: () => newRequest("POST", "http://a.test/", "abc").with({ contentLength: 4 }),
    },
  ],
  async ({ code, make }) => {
    const rig = new Rig();
    const given = make();
    const request =
      given.body.length === 0
        ? given.with({ body: newRequest("POST", "http://a/", ["x"]).body })
        : given;
    const made =
      code === "content-length-mismatch" ? request : request.with({ contentLength: undefined });
    await fails(rig.transport.roundTrip(made), code, { phase: "request" });
    await rejects(made.body.next(), "body-used");
    assert.is(rig.dialled.length, 0);
    await rig.assertClean();
  },
);

refusing("a signal that has ended already ends it with its reason", async () => {
  const rig = new Rig();
  const { signal, source } = counted();
  source.aborted = true;
  source.reason = new Error("before");
  assert.is(await reasonOf(rig.ask({ signal })), source.reason);
  assert.is(source.listeners, 0);
  assert.is(rig.dialled.length, 0);
  await rig.assertClean();
});

refusing("without a way to dial, and without TLS", async () => {
  const rig = new Rig({ platform: { dial: undefined } });
  await fails(rig.ask(), "no-dial", { phase: "connect" });
  await rig.assertClean();
  const plain = new Rig();
  await fails(plain.ask({ url: "https://a.test/" }), "no-tls", { phase: "tls" });
  await plain.assertClean();
});

refusing.run();

const asking = suite("Transport, asking again");

asking(
  "a GET on a connection that had gone is asked again, once for each such connection",
  async () => {
    const rig = new Rig();
    const asks = [await rig.asked(), await rig.asked()];
    for (const { server } of asks) server.send(OK);
    for (const { response } of asks) await (await response).body.text();
    await settle();
    const told: unknown[] = [];
    const trace = {
      onRetry: (error: unknown): void => void told.push((error as Error & { code: string }).code),
    };
    const { response } = await rig.asked({ options: { trace } });
    rig.servers[1]!.finish();
    await settle();
    rig.servers[0]!.finish();
    await settle();
    assert.is(rig.servers.length, 3);
    rig.servers[2]!.send(answer("third"));
    assert.is(await (await response).body.text(), "third");
    assert.equal(told, ["connection-lost", "connection-lost"]);
    await rig.assertClean();
  },
);

asking("a POST is not, unless its caller says that it may", async () => {
  for (const retry of ["safe", "idempotent"] as const) {
    const rig = new Rig();
    await rig.exchange();
    const { response, server } = await rig.asked({
      method: "POST",
      body: "abc",
      options: { retry },
    });
    server.finish();
    await settle();
    if (retry === "safe") {
      await fails(response, "connection-lost", { reused: true });
      assert.is(rig.servers.length, 1);
    } else {
      assert.match(rig.servers[1]!.text, /\r\n\r\nabc$/);
      rig.servers[1]!.send(OK);
      assert.is(await (await response).body.text(), "ok");
    }
    await rig.assertClean();
  }
});

asking("never after the first octet, never on a fresh connection, never when late", async () => {
  const rig = new Rig({ responseHeaderTimeout: 1_000 });
  const fresh = await rig.asked();
  fresh.server.finish();
  await fails(fresh.response, "connection-lost", { reused: false });
  await rig.exchange();
  const begun = await rig.asked();
  begun.server.send("H");
  await settle();
  begun.server.finish();
  await fails(begun.response, "truncated-head", { reused: true });
  await rig.exchange();
  const late = await rig.asked();
  rig.clock.advance(1_000);
  await fails(late.response, "response-header-timed-out", { phase: "wait" });
  await rig.assertClean();
});

asking("a body that cannot be got again is told so, with why", async () => {
  const rig = new Rig();
  await rig.exchange();
  const cause = new Error("no more");
  let count = 0;
  const body = (): string => {
    if (count++ > 0) throw cause;
    return "abc";
  };
  const { response, server } = await rig.asked({
    method: "PUT",
    body,
    options: { retry: "idempotent" },
  });
  server.finish();
  const error = await fails(response, "body-cannot-be-resent", { phase: "send" });
  assert.is(error.cause, cause);
  await rig.assertClean();
});

asking("given up in the turn of the loss, it is not asked again", async () => {
  const rig = new Rig();
  await rig.exchange();
  const { signal, source } = counted();
  const { response, server } = await rig.asked({ signal });
  const reason = new Error("enough");
  server.finish();
  source.abort(reason);
  assert.is(await reasonOf(response), reason);
  await settle();
  assert.is(rig.servers.length, 1);
  await rig.assertClean();
});

asking.run();

const ways = suite("Transport, ways");

ways("another scheme goes to whoever is registered for it, and only one may be", async () => {
  const rig = new Rig();
  const seen: string[] = [];
  let closed = 0;
  const other: RoundTripper = {
    roundTrip: async (request) => {
      seen.push(request.target);
      return new Response({ status: 204, request });
    },
    closeIdleConnections: () => void closed++,
  };
  rig.transport.registerProtocol("FTP", other);
  assert.is((await rig.ask({ url: "ftp://a.test/" })).status, 204);
  assert.equal(seen, ["ftp://a.test/"]);
  assert.throws(() => rig.transport.registerProtocol("ftp", other));
  rig.transport.closeIdleConnections();
  assert.is(closed, 1);
  await rig.assertClean();
});

ways("a proxy rule of the call goes before the transport's, and direct before both", async () => {
  const rig = new Rig({ proxy: () => "http://one.test:1" });
  await rig.exchange();
  await rig.exchange({ options: { proxy: () => "http://two.test:2" } });
  await rig.exchange({ options: { proxy: "direct" } });
  assert.equal(rig.dialled, ["one.test:1", "two.test:2", "a.test:80"]);
  await rig.assertClean();
});

ways("a proxy rule that throws, or gives nonsense, ends the call", async () => {
  const cause = new Error("ask me not");
  const throwing = new Rig({
    proxy: () => {
      throw cause;
    },
  });
  assert.is((await fails(throwing.ask(), "hook-threw", { phase: "proxy" })).cause, cause);
  await throwing.assertClean();
});

ways("hosts that only begin alike are not taken for each other", async () => {
  const rig = new Rig();
  for (const url of [
    "http://a.test/",
    "http://a.test.evil/",
    "http://a.test:81/",
    "http://a.test?q",
  ]) {
    await rig.exchange({ url });
  }
  assert.equal(rig.dialled, ["a.test:80", "a.test.evil:80", "a.test:81"]);
  await rig.assertClean();
});

ways("with() has the changes and a pool of its own", async () => {
  const rig = new Rig();
  await rig.exchange();
  const other = rig.transport.with({ userAgent: "other/1" });
  const response = other.roundTrip(rig.request());
  await settle();
  assert.match(rig.servers[1]!.text, /User-Agent: other\/1\r\n/);
  rig.servers[1]!.send(OK);
  await (await response).body.text();
  assert.is(rig.stats, "1/0/0/0");
  other.close();
  await rig.assertClean();
});

ways.run();
