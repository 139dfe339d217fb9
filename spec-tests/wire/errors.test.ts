/** Errors tell what, where and with which status, and show evidence without harm. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { REQUEST_LIMITS, RESPONSE_LIMITS, WIRE_ERRORS, WIRE_LIMITS } from "../../lib/wire/mod.ts";
import { WireError, quoteEvidence } from "../../lib/wire/mod.ts";
import { table } from "../kit.ts";

const test = suite("wire/errors");

test("an error has code, status, section and offset", () => {
  const error = new WireError("bare-lf", { offset: 7 });
  assert.instance(error, Error);
  assert.is(error.name, "WireError");
  assert.is(error.code, "bare-lf");
  assert.is(error.status, 400);
  assert.is(error.section, "9112 §2.2");
  assert.is(error.offset, 7);
  assert.match(error.message, "(octet 7)");
});

test("an error about a value has no offset, and shows the value where it may", () => {
  const error = new WireError("bad-method", { evidence: "GE T" });
  assert.is(error.offset, undefined);
  assert.match(error.message, 'token: "GE T"');
  assert.not.match(new WireError("bad-content-length").message, '"');
});

table<{ name: string; input: string; expect: string }>(
  test,
  [
    { name: "quotes and backslashes are escaped", input: 'a"b\\', expect: '"a\\"b\\\\"' },
    { name: "line ends cannot break a log", input: "a\r\n\tb", expect: '"a\\r\\n\\tb"' },
    {
      name: "controls and octets are shown in hex",
      input: "\0\x7f\xff",
      expect: '"\\x00\\x7f\\xff"',
    },
    { name: "wide chars are shown as units", input: "\u2028", expect: '"\\u2028"' },
    { name: "64 characters are shown whole", input: "a".repeat(64), expect: `"${"a".repeat(64)}"` },
    { name: "more are clipped", input: "a".repeat(65), expect: `"${"a".repeat(64)}"…` },
  ],
  ({ input, expect }) => assert.is(quoteEvidence(input), expect),
);

test("every code is lower case with hyphens, and has a status, a section and a sentence", () => {
  for (const [code, { status, section, text }] of Object.entries(WIRE_ERRORS)) {
    assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.ok(status >= 400 && status <= 599, code);
    assert.match(section, /^911[02] §\d/, code);
    assert.ok(text.length > 10, code);
  }
});

test("the limits are those of the design", () => {
  assert.equal(REQUEST_LIMITS, {
    maxHeaderBytes: 65_536,
    maxTargetBytes: 16_384,
    maxHeaderValueCount: 500,
    maxTrailerBytes: 16_384,
    maxTrailerValueCount: 100,
    maxChunkLineBytes: 4_096,
    maxChunkExcessBytes: 16_384,
    maxChunkSizeDigits: 16,
    maxEmptyLines: 2,
  });
  assert.equal(RESPONSE_LIMITS, { ...REQUEST_LIMITS, maxHeaderBytes: 262_144 });
  for (const { unit } of Object.values(WIRE_LIMITS)) assert.ok(unit);
});

test.run();
