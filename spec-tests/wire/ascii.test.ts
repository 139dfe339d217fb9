/** Character classes, and strings to octets and back. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  FIELD_VALUE,
  HEX_VALUE,
  TARGET,
  TOKEN,
  allIn,
  decodeLatin1,
  encodeLatin1,
  equalsIgnoringCase,
  hasGoodEscapes,
  isDigits,
  isFieldValue,
  isToken,
  lowerAscii,
  trimOws,
} from "../../lib/wire/mod.ts";
import { table } from "../kit.ts";

const test = suite("wire/ascii");

/** All octets of which the table says so. */
function members(classes: Uint8Array): string {
  return Array.from(classes, (is, octet) => (is === 1 ? String.fromCharCode(octet) : "")).join("");
}

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join("");
}

test("a token is made of exactly the tchar of RFC 9110 §5.6.2", () => {
  const symbols = "!#$%&'*+-.^_`|~";
  const all = [...symbols, ...range(0x30, 0x39), ...range(0x41, 0x5a), ...range(0x61, 0x7a)];
  assert.is(members(TOKEN), all.sort().join(""));
});

test("a field value takes HTAB, SP, VCHAR and obs-text", () => {
  assert.is(members(FIELD_VALUE), `\t${range(0x20, 0x7e)}${range(0x80, 0xff)}`);
});

test("a target takes everything but controls, SP and DEL", () => {
  assert.is(members(TARGET), range(0x21, 0x7e) + range(0x80, 0xff));
});

test("hexadecimal digits have their values, in both cases", () => {
  for (const [value, digit] of [..."0123456789abcdef"].entries()) {
    assert.is(HEX_VALUE[digit.charCodeAt(0)], value);
    assert.is(HEX_VALUE[digit.toUpperCase().charCodeAt(0)], value);
  }
  assert.is(HEX_VALUE.filter((value) => value === 255).length, 256 - 22);
});

table<{ name: string; input: string; expect: boolean }>(
  test,
  [
    { name: "a word is a token", input: "X-Foo_1", expect: true },
    { name: "the empty string is no token", input: "", expect: false },
    { name: "a blank is in no token", input: "a b", expect: false },
    {
      name: "a char above U+00FF is in no token, whatever its low octet",
      input: "\u0141",
      expect: false,
    },
  ],
  ({ input, expect }) => assert.is(isToken(input), expect),
);

table<{ name: string; input: string; expect: boolean }>(
  test,
  [
    { name: "the empty string is a field value", input: "", expect: true },
    { name: "blanks inside a field value are fine", input: "a b\tc", expect: true },
    { name: "obs-text is fine", input: "caf\xe9", expect: true },
    { name: "a blank before the value would not arrive", input: " a", expect: false },
    { name: "a tab after the value would not arrive", input: "a\t", expect: false },
    { name: "CR is in no field value", input: "a\rb", expect: false },
    { name: "NUL is in no field value", input: "a\0b", expect: false },
    { name: "U+010A is no LF in disguise", input: "a\u010ab", expect: false },
  ],
  ({ input, expect }) => assert.is(isFieldValue(input), expect),
);

table<{ name: string; input: string; expect: boolean }>(
  test,
  [
    { name: "0 is digits", input: "0", expect: true },
    { name: "a long number is digits", input: "01234567890".repeat(9), expect: true },
    { name: "nothing is not digits", input: "", expect: false },
    { name: "a slash, just below 0, is no digit", input: "1/", expect: false },
    { name: "a colon, just above 9, is no digit", input: "1:", expect: false },
    { name: "an Arabic digit is no digit", input: "\u0665", expect: false },
  ],
  ({ input, expect }) => assert.is(isDigits(input), expect),
);

table<{ name: string; input: string; expect: string }>(
  test,
  [
    { name: "blanks and tabs go at both ends", input: " \ta b\t ", expect: "a b" },
    { name: "a text of blanks becomes empty", input: " \t ", expect: "" },
    { name: "no-break space, NEL and VT stay", input: "\xa0a\x85\v", expect: "\xa0a\x85\v" },
  ],
  ({ input, expect }) => assert.is(trimOws(input), expect),
);

test("case is ASCII's: the Kelvin sign is no k", () => {
  assert.ok(equalsIgnoringCase("Keep-Alive", "keep-alive"));
  assert.ok(equalsIgnoringCase("close", "close"));
  assert.ok(equalsIgnoringCase("A-Z", "a-z"));
  assert.not(equalsIgnoringCase("[", "{"));
  assert.not(equalsIgnoringCase("\u212aeep", "keep"));
  assert.not(equalsIgnoringCase("closed", "close"));
  assert.not(equalsIgnoringCase("@", "`"));
  assert.is(lowerAscii("abc-1"), "abc-1");
  assert.is(lowerAscii("ABC-\xc0"), "abc-\xc0");
  assert.is(lowerAscii("\u212a"), "\u212a");
});

test("two hexadecimal digits follow each percent sign", () => {
  for (const good of ["", "a", "%41", "a%2fb%Ff"]) assert.ok(hasGoodEscapes(good), good);
  for (const bad of ["%", "%4", "a%", "%4g", "%g4", "%%41", "%41%"]) {
    assert.not(hasGoodEscapes(bad), bad);
  }
});

test("latin1 goes there and back, longer than one step of the decoder", () => {
  const text = range(0, 255).repeat(40);
  const octets = encodeLatin1(text);
  assert.is(octets.length, text.length);
  assert.is(decodeLatin1(octets, 0, octets.length), text);
  assert.is(decodeLatin1(octets, 1, 3), "\x01\x02");
  assert.is(decodeLatin1(octets, 5, 5), "");
});

test("all chars of a text are in a class", () => {
  assert.ok(allIn(TOKEN, ""));
  assert.not(allIn(TOKEN, "a\u0141"));
});

test.run();
