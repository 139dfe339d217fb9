/**
 * chain and requestValue: what stands around a handler, and what it leaves there.
 *
 * Rule of this file: order, and whose value is whose.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Middleware } from "../../../lib/server/mod.ts";
import { chain, handlerFunc, requestValue } from "../../../lib/server/mod.ts";
import { finallyCall } from "../../../lib/server/handlers/chain.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { rejects, withDeadline } from "../../kit.ts";

const test = suite("chain");

const marking =
  (mark: string): Middleware =>
  (next) =>
  async (w, r) => {
    await w.write(`${mark}(`);
    await handlerFunc(next)(w, r);
    await w.write(")");
  };

test(
  "the first is the outermost",
  withDeadline(2000, async () => {
    const handler = chain(marking("a"), marking("b"))({ serveHTTP: (w) => w.write("x") });
    assert.is((await record(handler, newTestRequest("GET", "/"))).text, "a(b(x))");
  }),
);

test(
  "none changes nothing",
  withDeadline(2000, async () => {
    const handler = chain()((w) => w.write("x"));
    assert.is((await record(handler, newTestRequest("GET", "/"))).text, "x");
  }),
);

test("a value is there for its key, its request and all copies of that, and for nobody else", () => {
  const one = requestValue<number>("n");
  const other = requestValue<number>("n");
  const request = newTestRequest("GET", "/");
  assert.is(one.name, "n");
  assert.is(one.get(request), undefined);
  const before = request.with({ target: "/x" });
  one.set(request, 1);
  const copy = before.with({ target: "/y" });
  assert.is(one.get(copy), 1);
  one.set(copy, 2);
  assert.is(one.get(request), 2);
  assert.is(other.get(request), undefined);
  assert.is(one.get(newTestRequest("GET", "/")), undefined);
});

test("finallyCall tells of each ending and changes none", async () => {
  const seen: unknown[] = [];
  const done = (failure: unknown): void => void seen.push(failure);
  const boom = Object.assign(new Error("boom"), { code: "boom" });
  assert.is(
    finallyCall(() => undefined, done),
    undefined,
  );
  await finallyCall(() => Promise.resolve(), done);
  assert.throws(() =>
    finallyCall(() => {
      throw boom;
    }, done),
  );
  await rejects(Promise.resolve(finallyCall(() => Promise.reject(boom), done)), "boom");
  assert.equal(seen, [undefined, undefined, { error: boom }, { error: boom }]);
});

test.run();
