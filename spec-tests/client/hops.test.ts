// One call over redirects, with a jar, a deadline and a signal: what is sent, what is closed, what is left behind.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClientOptions } from "../../lib/client/client-options.ts";
import type { Jar, RoundTripper } from "../../lib/client/contracts.ts";
import { ClientError } from "../../lib/client/errors.ts";
import { type Request, Response, bodyFrom, newRequest, noBody } from "../../lib/message/mod.ts";
import type { Cookie, CookiePair } from "../../lib/semantics/mod.ts";
import { settle } from "../../lib/testing/mod.ts";
import { rejects, table, withDeadline } from "../kit.ts";
import {
  CountedSignal,
  FakeTransport,
  clientOf,
  failure,
  hangs,
  reasonOf,
  stalled,
  to,
} from "./fake-transport.ts";

const redirects = suite("Client, redirects");

redirects("are followed, and the last request is the response's", async () => {
  const transport = new FakeTransport((_, count) =>
    count === 1 ? to("/b") : count === 2 ? to("http://c/d", 307) : { body: "end" },
  );
  const { client } = clientOf(transport);
  const response = await client.post("http://a/", "x/y", "body");
  assert.equal(transport.lines, ["POST http://a/ body", "GET http://a/b", "GET http://c/d"]);
  assert.is(await response.body.text(), "end");
  assert.is(response.request?.target, "http://c/d");
  assert.is(response.request?.response, transport.responses[1]);
});

redirects(
  "417 is answered once more without the expectation, where the content comes again",
  async () => {
    const expects: (string | undefined)[] = [];
    const transport = new FakeTransport((request) => {
      expects.push(request.header.get("expect"));
      return request.header.has("expect") ? { status: 417 } : { body: "taken" };
    });
    const { client } = clientOf(transport);
    const header = { Expect: "100-continue" };
    const response = await client.post("http://a/", "x/y", "body", { header });
    assert.is(await response.body.text(), "taken");
    assert.equal(transport.lines, ["POST http://a/ body", "POST http://a/ body"]);
    assert.equal(expects, ["100-continue", undefined]);
    const once = await client.post("http://a/", "x/y", [new Uint8Array([1])], { header });
    assert.is(once.status, 417, "what comes only once is not sent again");
  },
);

redirects("the tenth in a row is not followed", async () => {
  const transport = new FakeTransport((_, count) => to(`/${count}`, 302));
  const { client } = clientOf(transport);
  const error = await failure(client.get("http://a/"), "too-many-redirects");
  assert.is(transport.seen.length, 10);
  assert.match(error.message, "stopped after 10 redirects");
  assert.is(error.url, "/10", "the Location as it came");
  assert.is(error.response, transport.responses[9]);
  assert.is(error.phase, "redirect");
});

redirects("maxHops sets another limit", async () => {
  const transport = new FakeTransport(() => to("/"));
  await failure(clientOf(transport, { maxHops: 2 }).client.get("http://a/"), "too-many-redirects");
  assert.is(transport.seen.length, 2);
});

redirects(
  "checkRedirect sees the next request and all before it, and may change its fields",
  async () => {
    const calls: string[] = [];
    const transport = new FakeTransport((_, count) => (count < 3 ? to(`/${count}`) : {}));
    const { client } = clientOf(transport, {
      checkRedirect: (next, via) => {
        calls.push(
          `${next.header.get("referer")} ${next.target} ${via.map((r) => r.target).join()}`,
        );
        next.header.set(`X-Hop-${via.length}`, "1");
      },
    });
    const request = newRequest("GET", "http://a/0");
    await client.do(request);
    assert.equal(calls, [
      "http://a/0 http://a/1 http://a/0",
      "http://a/1 http://a/2 http://a/0,http://a/1",
    ]);
    const last = transport.seen[2]!.request.header;
    assert.is(last.has("x-hop-2"), true);
    assert.is(last.has("x-hop-1"), false, "not those of the hop before");
    assert.is(request.header.count, 0);
  },
);

redirects("use-last-response returns the redirect with its body open", async () => {
  const last = "use-last-response" as const;
  for (const verdict of [last, Promise.resolve(last)]) {
    const transport = new FakeTransport(() => ({ ...to("/b", 307), body: "see there" }));
    const { client } = clientOf(transport, { checkRedirect: () => verdict });
    const bodies: Request[] = [];
    const request = newRequest("POST", "http://a/", "x");
    const counted = request.with({
      getBody: () => {
        const { body } = bodyFrom("x");
        bodies.push(request.with({ body }));
        return body;
      },
    });
    const response = await client.do(counted);
    assert.is(response.status, 307);
    assert.is(await response.body.text(), "see there");
    assert.is(transport.seen.length, 1);
    await rejects(bodies[0]!.body.next(), "body-used");
  }
});

table(
  redirects,
  [
    {
      name: "what checkRedirect throws is the cause",
      thrown: new Error("not there"),
      code: "redirect-refused",
    },
    {
      name: "its code is kept",
      thrown: Object.assign(new Error("no"), { code: "off-limits" }),
      code: "off-limits",
    },
    {
      name: "also that of a ClientError",
      thrown: ClientError.of("bad-url", { phase: "request", method: "PUT", url: "x:" }),
      code: "bad-url",
    },
  ],
  async ({ thrown, code }) => {
    for (const checkRedirect of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const transport = new FakeTransport(() => ({ ...to("//u:secret@b/?q"), body: "bye" }));
      const { client } = clientOf(transport, { checkRedirect });
      const error = await failure(client.post("http://a/", "x/y", "z"), code);
      assert.is(error.cause, thrown);
      assert.is(error.url, "//u:***@b/?q");
      assert.is(error.method, "POST");
      assert.is(error.phase, "redirect");
      assert.is(error.response, transport.responses[0]);
      assert.is(
        await transport.responses[0]!.body.next(),
        undefined,
        "read, so that the connection is kept",
      );
    }
  },
);

table(
  redirects,
  [
    {
      name: "a short body of a redirect is read to its end",
      body: "x".repeat(2048),
      expect: "read",
    },
    { name: "a long one is cancelled unread", body: "x".repeat(2049), expect: "untouched" },
    { name: "one of unknown length is read to its end", body: ["a", "b"], expect: "read" },
    {
      name: "but no further than 2,048 bytes",
      body: ["x".repeat(2048), "y", "z"],
      expect: "cancelled",
    },
  ] as { name: string; body: string | string[]; expect: string }[],
  async ({ body, expect }) => {
    let pulled = 0;
    const made = bodyFrom(body).body;
    const next = made.next.bind(made);
    made.next = () => (pulled++, next());
    const transport = new FakeTransport((_, count) =>
      count === 1 ? { ...to("/b"), body: made } : {},
    );
    await clientOf(transport).client.get("http://a/");
    const state = made.ended ? "read" : pulled === 0 ? "untouched" : "cancelled";
    assert.is(state, expect);
    if (state !== "read") await rejects(next(), "body-used");
  },
);

redirects("a body that breaks while it is drained breaks nothing else", async () => {
  const broken = bodyFrom(
    (function* () {
      yield "a";
      throw new Error("cut");
    })(),
  ).body;
  const transport = new FakeTransport((_, count) =>
    count === 1 ? { ...to("/b"), body: broken } : {},
  );
  assert.is((await clientOf(transport).client.get("http://a/")).status, 200);
});

redirects("a bad Location closes the response", async () => {
  const body = bodyFrom("abc").body;
  const { client } = clientOf(new FakeTransport(() => ({ ...to("http://["), body })));
  const error = await failure(client.get("http://a/"), "bad-location");
  assert.is(error.response?.body, body);
  await rejects(body.next(), "body-used");
});

redirects("the body of a request that was not read whole is cancelled", async () => {
  const early: RoundTripper = {
    roundTrip: (request) =>
      Promise.resolve(
        new Response({
          status: request.method === "POST" ? 303 : 200,
          header: newRequest("GET", "http://a/", undefined, { header: { Location: "/b" } }).header,
          request,
        }),
      ),
  };
  const request = newRequest("POST", "http://a/", "abc");
  await clientOf(early).client.do(request);
  await rejects(request.body.next(), "body-used");
});
redirects.run();

/** A jar for one site that writes down who asked. */
class SpyJar implements Jar {
  readonly log: string[] = [];
  readonly kept = new Map<string, CookiePair>();

  cookies(url: URL): CookiePair[] {
    this.log.push(`ask ${url.href}`);
    return [...this.kept.values()];
  }

  setCookies(url: URL, cookies: readonly Cookie[]): void {
    this.log.push(`set ${url.href} ${cookies.map(({ name }) => name).join()}`);
    for (const cookie of cookies) this.kept.set(cookie.name, cookie);
  }
}

const jars = suite("Client, jar");

jars("is asked before each hop and told after it, when there is something to tell", async () => {
  const jar = new SpyJar();
  const transport = new FakeTransport((_, count) =>
    count === 1 ? to("/b", 302, { "Set-Cookie": ["s=1; Path=/", "="] }) : {},
  );
  const { client } = clientOf(transport, { jar });
  await client.get("http://a/");
  assert.equal(jar.log, ["ask http://a/", "set http://a/ s", "ask http://a/b"]);
  const cookies = transport.seen.map(({ request }) => request.header.get("cookie"));
  assert.equal(cookies, [undefined, "s=1"]);
});

jars("the caller's cookies come first, in one field, and the caller's fields stay", async () => {
  const jar = new SpyJar();
  jar.kept.set("j", { name: "j", value: "a b" });
  const transport = new FakeTransport(() => ({}));
  const header = [
    ["Cookie", "x=1"],
    ["cookie", "y=2"],
    ["X-A", "1"],
  ] as const;
  const request = newRequest("GET", "http://a/", undefined, { header });
  await clientOf(transport, { jar }).client.do(request);
  assert.equal(
    [...transport.seen[0]!.request.header],
    [
      ["Cookie", 'x=1; y=2; j="a b"'],
      ["X-A", "1"],
    ],
  );
  assert.equal(request.header.values("cookie"), ["x=1", "y=2"]);
});

jars("is asked with the Host of the caller's own", async () => {
  const jar = new SpyJar();
  const request = newRequest("GET", "http://127.0.0.1:81/a").with({ host: "site.example" });
  await clientOf(new FakeTransport(() => ({})), { jar }).client.do(request);
  assert.equal(jar.log, ["ask http://site.example/a"]);
});

jars("is not asked for hosts that cannot have cookies", async () => {
  const jar = new SpyJar();
  await clientOf(new FakeTransport(() => ({})), { jar }).client.get("http://[fe80::1%25en0]/");
  assert.equal(jar.log, []);
});

table(
  jars,
  [
    { name: "a jar that throws when asked ends the call", method: "cookies", seen: 0 },
    { name: "one that throws when told closes the response", method: "setCookies", seen: 1 },
  ] as const,
  async ({ method, seen }) => {
    const jar = new SpyJar();
    const cause = new Error("full");
    jar[method] = () => {
      throw cause;
    };
    const transport = new FakeTransport(() => ({ header: { "Set-Cookie": "a=b" }, body: "abc" }));
    const error = await failure(clientOf(transport, { jar }).client.get("http://a/"), "hook-threw");
    assert.is(error.cause, cause);
    assert.is(transport.seen.length, seen);
    for (const { body } of transport.responses) await rejects(body.next(), "body-used");
  },
);

jars("a cookie that cannot be written is told with its code", async () => {
  const jar = new SpyJar();
  jar.kept.set("j", { name: "j", value: "a;b" });
  const { client } = clientOf(new FakeTransport(() => ({})), { jar });
  await failure(client.get("http://a/"), "bad-cookie-value");
});
jars.run();

const time = suite("Client, timeout");

time(
  "ends the wait for the head, and says so",
  withDeadline(2000, async () => {
    const { client, clock } = clientOf(new FakeTransport(hangs), { timeout: 1000 });
    const call = client.get("http://u:secret@a/");
    await settle();
    clock.advance(999);
    await settle();
    assert.is(clock.watched, 1);
    clock.advance(1);
    const error = await failure(call, "client-timed-out");
    assert.is(error.phase, "head");
    assert.is(error.url, "http://u:***@a/");
    assert.is(clock.watched, 0);
  }),
);

time(
  "is one for all hops, and names the hop",
  withDeadline(2000, async () => {
    const transport = new FakeTransport((request, count) =>
      count < 3 ? to(`/${count}`) : hangs(request),
    );
    const { client, clock } = clientOf(transport, {
      timeout: 1000,
      checkRedirect: () => clock.advance(400),
    });
    const call = client.get("http://a/");
    await settle();
    clock.advance(200);
    const error = await failure(call, "client-timed-out");
    assert.is(error.url, "http://a/2");
  }),
);

time(
  "goes on while the body is read, and its reader hears the reason first",
  withDeadline(2000, async () => {
    const transport = new FakeTransport((request) => ({ body: stalled(request) }));
    const { client, clock } = clientOf(transport, { timeout: 1000 });
    const { body } = await client.get("http://a/");
    const reading = body.next();
    clock.advance(1000);
    const error = await failure(reading, "client-timed-out");
    assert.is(error.phase, "body");
    assert.is(clock.watched, 0);
  }),
);

table(
  time,
  [
    { name: "is over when the body has been read", end: (r: Response) => r.body.bytes() },
    { name: "is over when the body is cancelled", end: (r: Response) => r.body.cancel() },
    { name: "is over when the body fails", end: (r: Response) => r.body.fail(new Error("cut")) },
  ] as { name: string; end: (r: Response) => unknown }[],
  async ({ end }) => {
    const counted = new CountedSignal();
    const transport = new FakeTransport(() => ({ body: ["a", "b"] }));
    const { client, clock } = clientOf(transport, { timeout: 1000 });
    const response = await client.get("http://a/", { signal: counted.signal });
    assert.is(clock.watched, 1, "it still runs");
    assert.is(counted.listeners, 1);
    await end(response);
    assert.is(clock.watched, 0);
    assert.is(counted.listeners, 0);
    clock.advance(5000);
    assert.is(transport.seen[0]!.request.signal.aborted, false);
  },
);

table(
  time,
  [
    { name: "does not outlive an answer without a body", answer: { body: noBody } },
    { name: "does not outlive a handed over connection", answer: { status: 101, body: ["a"] } },
  ],
  async ({ answer }) => {
    const { client, clock } = clientOf(new FakeTransport(() => answer), { timeout: 1000 });
    await client.get("http://a/");
    assert.is(clock.watched, 0);
  },
);

table(
  time,
  [
    { name: "0 is none", timeout: 0, call: undefined, watched: 0 },
    { name: "a call may have its own", timeout: undefined, call: 5, watched: 1 },
    { name: "and switch the client's off", timeout: 5, call: Infinity, watched: 0 },
  ],
  async ({ timeout, call, watched }) => {
    const { client, clock } = clientOf(new FakeTransport(() => ({ body: "x" })), { timeout });
    const response = await client.get("http://a/", call === undefined ? {} : { timeout: call });
    assert.is(clock.watched, watched);
    response.body.cancel();
    assert.is(clock.watched, 0);
  },
);

time(
  "ends a checkRedirect that does not come back, and the drain of a body that does not",
  withDeadline(2000, async () => {
    for (const checkRedirect of [() => new Promise<never>(() => undefined), () => undefined]) {
      const transport = new FakeTransport((request) => ({ ...to("/b"), body: stalled(request) }));
      const { client, clock } = clientOf(transport, { timeout: 1000, checkRedirect });
      const call = client.get("http://a/");
      await settle();
      clock.advance(1000);
      await failure(call, "client-timed-out");
      assert.is(transport.seen.length, 1);
    }
  }),
);
time.run();

/** A row's test with a deadline. */
function withRow<R>(fn: (row: R) => Promise<void>): (row: R) => Promise<void> {
  return (row) => withDeadline(2000, () => fn(row))();
}

const signals = suite("Client, the caller's signal");

table(
  signals,
  [
    { name: "its reason wins over an error of the same turn", options: {} },
    { name: "also over the deadline of the same turn", options: { timeout: 1000 } },
    { name: "also with a jar", options: { jar: new SpyJar() } },
  ] as { name: string; options: Partial<ClientOptions> }[],
  withRow(async ({ options }) => {
    const controller = new AbortController();
    let fail: (error: Error) => void = () => undefined;
    const transport: RoundTripper = {
      roundTrip: () => new Promise((_, reject) => (fail = reject)),
    };
    const { client, clock } = clientOf(transport, options);
    const call = client.get("http://a/", { signal: controller.signal });
    await settle();
    fail(new Error("reset"));
    clock.advance(1000);
    controller.abort("my reason");
    assert.is(await reasonOf(call), "my reason");
    assert.is(clock.watched, 0);
  }),
);

signals(
  "reaches a transport behind a timeout, also while the body is read",
  withDeadline(2000, async () => {
    const controller = new AbortController();
    const transport = new FakeTransport((request) => ({ body: stalled(request) }));
    const { client, clock } = clientOf(transport, { timeout: 1000 });
    const { body } = await client.get("http://a/", { signal: controller.signal });
    const reading = body.next();
    controller.abort("enough");
    assert.is(await reasonOf(reading), "enough");
    assert.is(clock.watched, 0);
  }),
);

signals("one that has aborted before ends the call with a timeout at once", async () => {
  const transport = new FakeTransport((request) =>
    request.signal.aborted ? (request.signal.reason as Error) : {},
  );
  const { client, clock } = clientOf(transport, { timeout: 1000 });
  const reason = new Error("too late");
  const call = client.get("http://a/", { signal: AbortSignal.abort(reason) });
  assert.is(await reasonOf(call), reason);
  assert.is(clock.watched, 0);
});

signals(
  "ends a checkRedirect that waits, and closes everything",
  withDeadline(2000, async () => {
    const controller = new AbortController();
    const body = bodyFrom(["a"]).body;
    const { client } = clientOf(new FakeTransport(() => ({ ...to("/b"), body })), {
      checkRedirect: () => new Promise<never>(() => undefined),
    });
    const call = client.get("http://a/", { signal: controller.signal });
    await settle();
    controller.abort("stop");
    assert.is(await reasonOf(call), "stop");
    await rejects(body.next(), "body-used");
  }),
);

table(
  signals,
  [
    { name: "a plain call listens to nothing", options: {}, hops: 1, added: 0 },
    { name: "redirects listen while they wait, and no longer", options: {}, hops: 4, added: 3 },
    {
      name: "nor do hooks",
      options: { checkRedirect: () => Promise.resolve() },
      hops: 3,
      added: 4,
    },
    { name: "a timeout listens once", options: { timeout: 1000 }, hops: 3, added: 1 },
  ] as { name: string; options: Partial<ClientOptions>; hops: number; added: number }[],
  async ({ options, hops, added }) => {
    for (const last of [{ body: "x" }, new Error("cut")]) {
      const counted = new CountedSignal();
      const transport = new FakeTransport((_, count) => (count < hops ? to("/") : last));
      const { client } = clientOf(transport, options);
      const call = client.get("http://a/", { signal: counted.signal });
      if (last instanceof Error) await failure(call, "transport-failed");
      else await (await call).body.bytes();
      assert.is(counted.listeners, 0, "none is left");
      assert.is(counted.added, added);
    }
  },
);
signals.run();
