// A Body is read in every way from one kind of source; it comes once, and stays failed once it has failed.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Body, MessageError, noBody } from "../../lib/message/mod.ts";
import { HeadScan, scanTrailers } from "../../lib/wire/mod.ts";
import { bytes, rejects, table, text, withDeadline } from "../kit.ts";
import { HandSource, contentOf, streamed } from "./feeds.ts";

const read = suite("Body, ways of reading");

table(
  read,
  [
    { name: "bytes", way: async (body: Body) => text(await body.bytes()) },
    { name: "text", way: (body: Body) => body.text() },
    { name: "json", way: async (body: Body) => JSON.stringify(await body.json()) },
    {
      name: "iteration",
      way: async (body: Body) => {
        let all = "";
        for await (const piece of body) all += text(piece);
        return all;
      },
    },
    {
      name: "a stream",
      way: async (body: Body) => {
        let all = "";
        for await (const piece of body.stream()) all += text(piece);
        return all;
      },
    },
    {
      name: "reads into a small array",
      way: async (body: Body) => {
        let all = "";
        const into = new Uint8Array(2);
        for (let n = await body.read(into); n !== undefined; n = await body.read(into)) {
          all += text(into.subarray(0, n));
        }
        return all;
      },
    },
  ],
  async ({ way }) => {
    const body = streamed('{"a"', ":", "[1,2,3]}");
    assert.is(await way(body), '{"a":[1,2,3]}');
    assert.is(body.ended, true);
    assert.is(await body.next(), undefined, "the end stays the end");
  },
);

read("a loop that was left has no more pieces; one that failed says why", async () => {
  const left = streamed("a", "b")[Symbol.asyncIterator]();
  assert.is(text((await left.next()).value as Uint8Array), "a");
  assert.equal(await left.return?.(), { done: true, value: undefined });
  assert.equal(await left.next(), { done: true, value: undefined });
  const source = new HandSource();
  source.give(new Error("broken"));
  const failed = new Body(source);
  try {
    for await (const piece of failed) assert.unreachable(text(piece));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "broken");
  }
  assert.is(failed.ended, false);
});

read("text is UTF-8, and broken sequences become U+FFFD", async () => {
  assert.is(await streamed("\xc3", "\xa9\xff").text(), "é\ufffd");
});

read("a failed parse is told as bad-json with its cause, status 400", async () => {
  const error = await rejects(streamed("{").json(), "bad-json");
  assert.instance(error.cause, SyntaxError);
  assert.is((error as unknown as MessageError).status, 400);
});

read("a single piece is handed on without a copy", async () => {
  const source = new HandSource();
  const body = new Body(source);
  source.give("abc");
  source.end();
  const [piece] = source.steps;
  assert.is(await body.bytes(), piece);
});
read.run();

const limit = suite("Body, limits");

limit("bytes, text and json stop at max with 413", async () => {
  for (const way of ["bytes", "text", "json"] as const) {
    const error = await rejects(streamed("12", "34")[way]({ max: 3 }), "body-too-large");
    assert.is((error as unknown as MessageError).status, 413);
  }
});

limit("exactly max is allowed", async () => {
  assert.is(text(await streamed("12", "34").bytes({ max: 4 })), "1234");
});

limit("a known length is refused before anything is read", async () => {
  const source = new HandSource();
  await rejects(new Body(source, { length: 11, maxBytes: 10 }).bytes(), "body-too-large");
  source.give("x");
  assert.is(source.steps.length, 1, "nothing was pulled");
});

limit("the default is 1 MiB", async () => {
  const mib = "x".repeat(1_048_576);
  assert.is((await streamed(mib).bytes()).length, 1_048_576);
  await rejects(streamed(mib, "y").bytes(), "body-too-large");
});

limit("reading piece by piece has no limit", async () => {
  const body = new Body(new HandSource(), { length: 2 ** 40 });
  assert.is(body.length, 2 ** 40);
});
limit.run();

const once = suite("Body, one reader, one time");

once(
  "a second read while the first waits is refused, and harms nothing",
  withDeadline(1000, async () => {
    const source = new HandSource();
    const body = new Body(source);
    const first = body.next();
    await rejects(body.next(), "body-busy");
    source.give("a");
    assert.is(text((await first)!), "a");
  }),
);

once("after cancel reading rejects, and the source is told once", async () => {
  const source = new HandSource();
  const body = new Body(source);
  body.cancel("enough");
  body.cancel("again");
  assert.equal(source.cancelled, ["enough"]);
  await rejects(body.next(), "body-used");
  await rejects(body.bytes(), "body-used");
});

for (const way of ["bytes", "text", "json"] as const) {
  once(`${way}() of what has been read to its end rejects, as in fetch`, async () => {
    const again = streamed("[1]");
    await again[way]();
    await rejects(again[way](), "body-used");
    // Whoever reads by pieces finds the end where it is, as in Go.
    assert.is(await again.next(), undefined);
    const byPieces = streamed("[", "1]");
    while ((await byPieces.next()) !== undefined);
    await rejects(byPieces[way](), "body-used");
  });
}

once("a body known to be empty gives nothing as often as it is asked", async () => {
  for (const empty of [noBody, new Body(new HandSource(), { length: 0 })]) {
    assert.is(await empty.text(), "");
    assert.is(await empty.text(), "");
  }
});

once("what was put back behind the end can be read whole", async () => {
  const body = streamed("abc");
  const whole = await body.bytes();
  body.unread(whole);
  assert.is(await body.text(), "abc");
  await rejects(body.text(), "body-used");
});

once("cancel after the end does nothing", async () => {
  const source = new HandSource();
  source.end();
  const body = new Body(source);
  assert.is(await body.next(), undefined);
  body.cancel();
  assert.equal(source.cancelled, []);
  assert.is(await body.next(), undefined);
});

once("leaving a loop early cancels the rest", async () => {
  const source = new HandSource();
  source.give("a");
  const pieces = new Body(source)[Symbol.asyncIterator]();
  assert.is(text((await pieces.next()).value as Uint8Array), "a");
  await pieces.return?.();
  assert.is(source.cancelled.length, 1);
});

once("cancelling its stream cancels the body", async () => {
  const source = new HandSource();
  const body = new Body(source);
  await body.stream().cancel("no");
  assert.equal(source.cancelled, ["no"]);
});

once("an error of the source stays", async () => {
  const source = new HandSource();
  const body = new Body(source);
  source.give("a");
  source.give(new MessageError("bad-json"));
  assert.is(text((await body.next())!), "a");
  const error = await rejects(body.next(), "bad-json");
  assert.is(await rejects(body.next(), "bad-json"), error);
  body.cancel();
  assert.equal(source.cancelled, [], "a failed source is not told");
});

once("fail() ends a body from outside, but not one that has ended", async () => {
  const body = new Body(new HandSource());
  body.fail(new MessageError("body-used"));
  await rejects(body.next(), "body-used");
  const source = new HandSource();
  source.end();
  const ended = new Body(source);
  await ended.next();
  ended.fail(new MessageError("body-used"));
  assert.is(await ended.next(), undefined);
});

once("what was put back comes again, also at the end and after part of it was read", async () => {
  const body = streamed("ab", "cd");
  const into = new Uint8Array(1);
  await body.read(into);
  body.unread(bytes("x"));
  assert.is(await contentOf(body), "xbcd");
  body.unread(bytes("again"));
  body.unread(new Uint8Array(0));
  assert.is(body.ended, false);
  assert.is(await contentOf(body), "again");
  assert.is(body.ended, true);
});
once.run();

const done = suite("Body, onDone");

table(
  done,
  [
    {
      name: "the end is told when it is read, not when the last piece is",
      way: async (body: Body, source: HandSource, told: () => number) => {
        source.give("a");
        source.end();
        await body.next();
        assert.is(told(), 0);
        await body.next();
      },
    },
    {
      name: "a failure of the source is told",
      way: async (body: Body, source: HandSource) => {
        source.give(new MessageError("bad-json"));
        await rejects(body.next(), "bad-json");
        await rejects(body.next(), "bad-json");
      },
    },
    {
      name: "a wait in vain is told",
      way: async (body: Body, source: HandSource) => {
        source.wait = () => Promise.reject(new MessageError("bad-json"));
        await rejects(body.next(), "bad-json");
      },
    },
    {
      name: "a failure from outside is told at once",
      way: (body: Body) => body.fail(new MessageError("body-used")),
    },
    { name: "a cancel is told at once", way: (body: Body) => body.cancel() },
    {
      name: "a cancel after a failure is not told again",
      way: (body: Body) => {
        body.fail(new MessageError("body-used"));
        body.fail(new MessageError("bad-json"));
        body.cancel();
      },
    },
  ] as {
    name: string;
    way: (body: Body, source: HandSource, told: () => number) => Promise<void> | void;
  }[],
  async ({ way }) => {
    const source = new HandSource();
    const body = new Body(source);
    const calls = [0, 0];
    body.onDone(() => calls[0]!++);
    body.onDone(() => calls[1]!++);
    await way(body, source, () => calls[0]!);
    assert.equal(calls, [1, 1], "both who asked, once each");
    let late = 0;
    body.onDone(() => late++);
    assert.is(late, 1, "whoever asks after it is told at once");
  },
);

done("no body at all is over from the beginning", () => {
  let told = 0;
  noBody.onDone(() => told++);
  assert.is(told, 1);
});

done("the trailer is there when the end is told", async () => {
  const source = new HandSource();
  const scanned = scanTrailers(bytes("X: 1\r\n\r\n"), new HeadScan("trailers"));
  if (scanned === "need-more") throw new Error("the trailers are complete");
  Object.assign(source, { trailers: scanned.fields });
  source.end();
  const body = new Body(source);
  let seen: string | undefined;
  body.onDone(() => {
    seen = body.trailer.get("x");
  });
  await body.next();
  assert.is(seen, "1");
});

done("what a body was ended with goes before what then happens to its source", async () => {
  const source = new HandSource();
  let fail: (error: Error) => void = () => undefined;
  source.wait = () => new Promise((_, reject) => (fail = reject));
  const body = new Body(source);
  const next = body.next();
  body.fail(new MessageError("body-used"));
  fail(new MessageError("bad-json"));
  await rejects(next, "body-used");
});
done.run();

const none = suite("noBody");

none("is at its end, has length 0, and keeps nothing between messages", async () => {
  assert.is(noBody.length, 0);
  assert.is(noBody.ended, true);
  assert.is(await noBody.text(), "");
  noBody.cancel();
  noBody.fail(new MessageError("body-used"));
  assert.is(await noBody.next(), undefined, "it can always be read");
  noBody.trailer.set("X-Leak", "1");
  assert.is(noBody.trailer.count, 0);
});
none.run();
