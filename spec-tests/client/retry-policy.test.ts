// Requests that are sent again because of their answer: which, when, and how often.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { CallOptions } from "../../lib/client/client-options.ts";
import { Client } from "../../lib/client/client.ts";
import {
  type Retry,
  type RetryPolicy,
  retryAfterMs,
  retryDelayMs,
  wantsRetry,
} from "../../lib/client/retry-policy.ts";
import { type BodyLike, Response, bodyFrom, newRequest } from "../../lib/message/mod.ts";
import { TestClock, settle } from "../../lib/testing/mod.ts";
import { Header, type HeaderInit } from "../../lib/wire/mod.ts";
import { rejects, table, withDeadline } from "../kit.ts";
import { type Answer, CountedSignal, FakeTransport, to } from "./fake-transport.ts";

const which = suite("retry policy, which");

table(
  which,
  [
    ...[429, 502, 503, 504].map((status) => ({
      name: `${status} by itself`,
      status,
      expect: true,
    })),
    ...[200, 404, 408, 500, 501].map((status) => ({
      name: `not ${status}`,
      status,
      expect: false,
    })),
    { name: "statuses of one's own", policy: { statuses: [500] }, status: 500, expect: true },
    { name: "and no others", policy: { statuses: [500] }, status: 503, expect: false },
    { name: "PUT, which is idempotent", method: "PUT", expect: true },
    { name: "not POST", method: "POST", expect: false },
    { name: "not an unknown method", method: "get", expect: false },
    { name: "POST when it is named", method: "POST", policy: { methods: ["POST"] }, expect: true },
    { name: "GET not when it is not", policy: { methods: ["POST"] }, expect: false },
    { name: "content that comes again", method: "PUT", body: "x", expect: true },
    { name: "not content that comes once", method: "PUT", body: ["x"], expect: false },
    { name: "a second time", attempt: 2, expect: true },
    { name: "not after the third", attempt: 3, expect: false },
    { name: "as often as is asked", attempt: 3, policy: { attempts: 4 }, expect: true },
    { name: "not at all", policy: { attempts: 1 }, expect: false },
  ] as {
    name: string;
    policy?: RetryPolicy;
    method?: string;
    body?: BodyLike;
    status?: number;
    attempt?: number;
    expect: boolean;
  }[],
  ({ policy = {}, method = "GET", body, status = 503, attempt = 1, expect }) => {
    const request = newRequest(method, "http://a/", body);
    assert.is(wantsRetry(policy, request, { status, attempt }), expect);
  },
);
which.run();

const soon = suite("retry policy, how soon");

const NOW = Date.UTC(2030, 0, 1);

function delayOf(policy: RetryPolicy, attempt: number, header: HeaderInit = {}): number {
  const response = new Response({ status: 503, header: new Header(header) });
  return retryDelayMs({ random: () => 0, ...policy }, { response, attempt, nowMs: NOW });
}

table(
  soon,
  [
    { name: "half a second at first", expect: 500 },
    { name: "then twice as long", attempt: 2, expect: 1000 },
    { name: "and so on", attempt: 5, expect: 8000 },
    { name: "but no longer than half a minute", attempt: 50, expect: 30_000 },
    { name: "by chance down to half of it", policy: { random: () => 1 }, attempt: 2, expect: 500 },
    {
      name: "all by other numbers",
      policy: { delay: { initial: 10, factor: 3, max: 80, jitter: 0.25 }, random: () => 0.5 },
      attempt: 2,
      expect: 26.25,
    },
    {
      name: "no longer than other numbers",
      policy: { delay: { initial: 10, max: 15 } },
      attempt: 2,
      expect: 15,
    },
    { name: "as long as the server asks", after: "7", policy: { random: () => 1 }, expect: 7000 },
    { name: "at once if it asks so", after: "0", expect: 0 },
    { name: "until a date", after: "Tue, 01 Jan 2030 00:00:09 GMT", expect: 9000 },
    { name: "a date that is past is now", after: "Mon, 31 Dec 2029 00:00:00 GMT", expect: 0 },
    { name: "never longer than max", after: "31", expect: 30_000 },
    { name: "not for a number without end", after: "9".repeat(400), expect: 30_000 },
    { name: "not by what is no number", after: "-1", expect: 500 },
    {
      name: "not when that is switched off",
      after: "7",
      policy: { respectRetryAfter: false },
      expect: 500,
    },
  ] as { name: string; policy?: RetryPolicy; attempt?: number; after?: string; expect: number }[],
  ({ policy = {}, attempt = 1, after, expect }) => {
    const header = after === undefined ? {} : { "Retry-After": after };
    assert.is(delayOf(policy, attempt, header), expect);
  },
);

soon("chance is Math.random where nothing else is given", () => {
  const response = new Response({ status: 503 });
  const ms = retryDelayMs({}, { response, attempt: 1, nowMs: NOW });
  assert.ok(ms > 250 && ms <= 500, String(ms));
});

table(
  soon,
  [
    { name: "empty", value: "", expect: undefined },
    { name: "signed", value: "+1", expect: undefined },
    { name: "with a fraction", value: "1.5", expect: undefined },
    { name: "with a blank", value: "1 ", expect: undefined },
    { name: "hexadecimal", value: "0x1", expect: undefined },
    { name: "leading zeros", value: "007", expect: 7000 },
  ] as { name: string; value: string; expect?: number }[],
  ({ value, expect }) => {
    assert.is(retryAfterMs(value, NOW), expect);
  },
);
soon.run();

const doing = suite("retry policy, doing it");

function start(
  script: (count: number) => Answer | Error,
  options: {
    policy?: RetryPolicy;
    call?: CallOptions;
    timeout?: number;
    body?: BodyLike;
    signal?: AbortSignal;
  } = {},
): { call: Promise<Response>; clock: TestClock; transport: FakeTransport } {
  const clock = new TestClock();
  const transport = new FakeTransport((_, count) => script(count));
  const retryPolicy =
    options.policy === undefined ? undefined : { random: () => 0, ...options.policy };
  const client = new Client({ transport, clock, retryPolicy, timeout: options.timeout });
  const request = newRequest("PUT", "http://a/", options.body, { signal: options.signal });
  return { call: client.do(request, options.call), clock, transport };
}

doing("is off by default", async () => {
  const { call, transport } = start(() => ({ status: 503 }));
  assert.is((await call).status, 503);
  assert.is(transport.seen.length, 1);
});

doing(
  "waits, sends the content again, and returns the first answer that is none to retry",
  withDeadline(2000, async () => {
    const told: Retry[] = [];
    const { call, clock, transport } = start(
      (n) => (n < 3 ? { status: 503, body: "busy" } : { body: "ok" }),
      {
        policy: { onRetry: (retry) => void told.push(retry) },
        body: "content",
      },
    );
    await settle();
    assert.is(transport.seen.length, 1);
    clock.advance(499);
    await settle();
    assert.is(transport.seen.length, 1);
    clock.advance(1);
    await settle();
    assert.is(transport.seen.length, 2);
    clock.advance(1000);
    assert.is(await (await call).body.text(), "ok");
    assert.equal(transport.lines, Array(3).fill("PUT http://a/ content"));
    assert.equal(
      told.map(({ attempt, delayMs }) => [attempt, delayMs]),
      [
        [1, 500],
        [2, 1000],
      ],
    );
    assert.is(told[1]!.response, transport.responses[1]);
    for (const { body } of transport.responses.slice(0, 2)) assert.is(body.ended, true);
    assert.is(clock.watched, 0);
  }),
);

doing(
  "the last answer comes as it is, its body open",
  withDeadline(2000, async () => {
    const { call, clock } = start(() => ({ status: 503, body: "busy" }), {
      policy: { attempts: 2 },
    });
    await settle();
    clock.advance(500);
    const response = await call;
    assert.is(response.status, 503);
    assert.is(await response.body.text(), "busy");
  }),
);

doing("a call may have its own policy, or none", async () => {
  const own = start((n) => ({ status: n === 1 ? 503 : 200 }), {
    call: { retryPolicy: { delay: { initial: 0 } } },
  });
  await settle();
  own.clock.advance(0);
  assert.is((await own.call).status, 200);
  const none = start(() => ({ status: 503 }), { policy: {}, call: { retryPolicy: "never" } });
  assert.is((await none.call).status, 503);
});

doing("an earlier answer of more than 256 KiB is cancelled", async () => {
  const large = bodyFrom(Array(6).fill("x".repeat(65_536))).body;
  const { call, clock } = start((n) => (n === 1 ? { status: 503, body: large } : {}), {
    policy: {},
  });
  await settle();
  clock.advance(500);
  await call;
  await rejects(large.next(), "body-used");
});

doing("each redirect has its own attempts", async () => {
  const answers: Answer[] = [{ status: 503 }, to("/b", 307), { status: 503 }, { status: 200 }];
  const { call, clock, transport } = start((n) => answers[n - 1]!, {
    policy: { attempts: 2 },
    body: "x",
  });
  for (let i = 0; i < 2; i++) {
    await settle();
    clock.advance(500);
  }
  assert.is((await call).status, 200);
  assert.equal(transport.lines, [
    "PUT http://a/ x",
    "PUT http://a/ x",
    "PUT http://a/b x",
    "PUT http://a/b x",
  ]);
});

doing(
  "the signal ends the wait, and leaves nothing behind",
  withDeadline(2000, async () => {
    const counted = new CountedSignal();
    const { call, clock, transport } = start(() => ({ status: 503 }), {
      policy: {},
      signal: counted.signal,
    });
    await settle();
    assert.is(clock.watched, 1);
    const error = new Error("enough");
    counted.abort(error);
    try {
      await call;
      assert.unreachable();
    } catch (reason) {
      assert.is(reason, error);
    }
    assert.is(clock.watched, 0);
    assert.is(counted.listeners, 0);
    assert.is(transport.seen.length, 1);
  }),
);

doing(
  "so does the client's timeout",
  withDeadline(2000, async () => {
    const { call, clock } = start(() => ({ status: 503 }), { policy: {}, timeout: 300 });
    await settle();
    clock.advance(300);
    await rejects(call, "client-timed-out");
    assert.is(clock.watched, 0);
  }),
);

doing("what onRetry throws ends the call", async () => {
  const cause = new Error("no");
  const policy = {
    onRetry: () => {
      throw cause;
    },
  };
  const body = bodyFrom("busy").body;
  const { call } = start(() => ({ status: 503, body }), { policy });
  assert.is((await rejects(call, "hook-threw")).cause, cause);
  await rejects(body.next(), "body-used");
});

doing("content that cannot be got again ends it with its cause", async () => {
  let asked = 0;
  const { call, clock } = start(() => ({ status: 503 }), {
    policy: {},
    body: () => {
      if (asked++ > 0) throw new Error("gone");
      return "x";
    },
  });
  await settle();
  clock.advance(500);
  await rejects(call, "body-cannot-be-resent");
});

doing("an error of a later attempt is the call's", async () => {
  const { call, clock } = start((n) => (n === 1 ? { status: 503 } : new Error("cut")), {
    policy: {},
  });
  await settle();
  clock.advance(500);
  await rejects(call, "transport-failed");
});
doing.run();
