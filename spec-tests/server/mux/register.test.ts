/**
 * Registration: what a mux refuses, with which words, and that a refusal changes nothing.
 *
 * Rule of this file: the place of a registration is the line above, so these tests keep their lines together.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../../lib/server/handler.ts";
import { ServeMux } from "../../../lib/server/mux/mod.ts";
import type { MuxError } from "../../../lib/server/mux/mod.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("server/mux: register");

table(
  test,
  [
    { name: "undefined", handler: undefined },
    { name: "null", handler: null },
    { name: "a promise", handler: Promise.resolve() },
    { name: "a string", handler: "/" },
    { name: "an object whose serveHTTP is no function", handler: { serveHTTP: true } },
  ].map((row) => ({ ...row, name: `no handler: ${row.name}` })),
  ({ handler }) => {
    const mux = new ServeMux();
    const error = throwsCode(() => mux.handle("/", handler as unknown as Handler), "no-handler");
    assert.match(error.message, /^nil handler/);
    assert.is((error as MuxError).pattern, "/");
    assert.is(mux.toString(), "");
  },
);

test("a pattern that is none is refused, and nothing is registered", () => {
  const mux = new ServeMux();
  const error = throwsCode(() => mux.handle("/{x", () => {}), "bad-pattern");
  assert.match(error.message, 'parsing "/{x": at offset 1: bad wildcard segment');
  assert.is(mux.toString(), "");
});

test("a conflict names both places, and leaves the mux as it was", () => {
  const mux = new ServeMux();
  mux.handle("/a/{x}", () => {});
  const first = lineOf(new Error()) - 1;
  const error = throwsCode(() => mux.handleFunc("/{y}/b", () => {}), "pattern-conflict");
  const second = lineOf(new Error()) - 1;
  const places = [...error.message.matchAll(/\(registered at (.*?)\)/g)].map((match) => match[1]!);
  assert.ok(places[0]!.endsWith(`register.test.ts:${second}`), places[0]);
  assert.ok(places[1]!.endsWith(`register.test.ts:${first}`), places[1]);
  assert.match(error.message, 'pattern "/{y}/b" (registered at ');
  assert.match(error.message, `/{y}/b matches "/y/b", but /a/{x} doesn't.`);
  assert.is((error as MuxError).pattern, "/{y}/b");
  assert.is(mux.toString(), "any host\n  any method\n    /a\n      /{} → /a/{x}");
});

test("where there is no stack the place is unknown", () => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const mux = new ServeMux();
    mux.handle("/a", () => {});
    const error = throwsCode(() => mux.handle("/a", () => {}), "pattern-conflict");
    assert.match(error.message, "(registered at unknown location)");
  } finally {
    Error.stackTraceLimit = limit;
  }
});

function lineOf(here: Error): number {
  return Number(/register\.test\.ts:(\d+)/.exec(here.stack ?? "")?.[1]);
}

test.run();
