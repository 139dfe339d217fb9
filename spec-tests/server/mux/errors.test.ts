/**
 * The table of the mux's errors, and the error made from it.
 *
 * Rule of this file: each code gives its sentence, and the evidence behind it.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MUX_ERRORS, MuxError } from "../../../lib/server/mux/mod.ts";
import type { MuxCode } from "../../../lib/server/mux/mod.ts";

const test = suite("server/mux: errors");

for (const [code, { text }] of Object.entries(MUX_ERRORS)) {
  test(`${code} has its sentence`, () => {
    const error = new MuxError(code as MuxCode, { pattern: "/a" });
    assert.is(error.message, text);
    assert.is(error.code, code);
    assert.is(error.name, "MuxError");
    assert.is(error.pattern, "/a");
    assert.is(error.offset, undefined);
  });
}

test("evidence and offset are kept", () => {
  const error = new MuxError("bad-pattern", { pattern: "/{", evidence: "at 1", offset: 1 });
  assert.is(error.message, `${MUX_ERRORS["bad-pattern"].text}: at 1`);
  assert.is(error.offset, 1);
});

test.run();
