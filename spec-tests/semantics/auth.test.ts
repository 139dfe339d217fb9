/**
 * Basic credentials are read as Go reads them, from strict base64 of UTF-8, and written back the
 * same.
 *
 * Rule of this file: rows are field values; passwords are the RFC's examples or obvious nonsense.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeBase64, encodeBase64 } from "../../lib/semantics/base64.ts";
import { type BasicCredentials, formatBasic, parseBasic } from "../../lib/semantics/mod.ts";
import { bytes, table, throwsCode } from "../kit.ts";

const test = suite("semantics: basic auth");

const ALADDIN: BasicCredentials = { username: "Aladdin", password: "open sesame" };

/** The value for these octets, by another encoder than ours. */
function basic(latin1: string): string {
  return `Basic ${Buffer.from(latin1, "latin1").toString("base64")}`;
}

const READ_AND_WRITTEN: {
  name: string;
  section?: string;
  input: string;
  expect: BasicCredentials;
}[] = [
  {
    name: "the RFC's example",
    section: "7617 §2",
    input: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    expect: ALADDIN,
  },
  {
    name: "the RFC's example in UTF-8",
    section: "7617 §2.1",
    input: "Basic dGVzdDoxMjPCow==",
    expect: { username: "test", password: "123£" },
  },
  {
    name: "a password with colons",
    section: "7617 §2",
    input: basic("Aladdin:open:sesame:"),
    expect: { username: "Aladdin", password: "open:sesame:" },
  },
  { name: "no name and no password", input: "Basic Og==", expect: { username: "", password: "" } },
  { name: "a name alone", input: basic("a:"), expect: { username: "a", password: "" } },
  { name: "a password alone", input: basic(":b"), expect: { username: "", password: "b" } },
  {
    name: "control characters",
    section: "Go",
    input: basic("a\r\n\0:\x7f\t"),
    expect: { username: "a\r\n\0", password: "\x7f\t" },
  },
  {
    name: "a byte order mark in front",
    input: basic("\xef\xbb\xbfa:b"),
    expect: { username: "\ufeffa", password: "b" },
  },
  {
    name: "characters beyond 16 bits",
    input: basic("\xf0\x9f\x90\x88:b"),
    expect: { username: "\u{1f408}", password: "b" },
  },
];

table(
  test,
  READ_AND_WRITTEN.map((row) => ({ ...row, name: `${row.name} can be read and written` })),
  ({ input, expect }) => {
    assert.equal(parseBasic(input), expect);
    assert.is(formatBasic(expect), input);
  },
);

table(
  test,
  [
    {
      name: "the scheme has no case",
      section: "9110 §11.1",
      input: "BASIC QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    },
    {
      name: "the scheme may be mixed",
      section: "9110 §11.1",
      input: "bAsIc QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    },
    {
      name: "more than one space",
      section: "9110 §11.4",
      input: "Basic   QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    },
  ],
  ({ input }) => assert.equal(parseBasic(input), ALADDIN),
);

table(
  test,
  [
    { name: "an empty value", input: "" },
    { name: "a scheme alone", input: "Basic" },
    { name: "a scheme and a space", input: "Basic " },
    { name: "a scheme and nothing but spaces", input: "Basic    " },
    { name: "no space after the scheme", input: "BasicQWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { name: "no scheme", input: "QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { name: "another scheme", input: "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { name: "a tab for the space", input: "Basic\tQWxhZGRpbjpvcGVuIHNlc2FtZQ==" },
    { name: "credentials in the clear", input: "Basic Aladdin:open sesame" },
    { name: "no padding", input: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ" },
    { name: "too little padding", input: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=" },
    { name: "too much padding", input: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ======" },
    { name: "padding within", input: "Basic Og==Og==" },
    { name: "nothing but padding", input: "Basic ====" },
    { name: "one digit and padding", input: "Basic O===" },
    { name: "a space behind", input: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== " },
    { name: "a line end within", input: "Basic QWxhZGRpbjpv\r\n\r\ncGVuIHNlc2FtZQ==" },
    { name: "the alphabet for URLs", input: "Basic YTr_-_-_" },
    { name: "a char beyond ASCII", input: "Basic Y\u0161pi" },
    { name: "unused bits that are not zero", input: "Basic Oh==" },
    { name: "unused bits that are not zero before one padding", input: "Basic YTp=" },
    { name: "no colon", input: basic("Aladdin") },
    { name: "octets that are not UTF-8", input: basic("a:\xff") },
    { name: "a cut UTF-8 character", input: basic("a:\xc2") },
  ].map((row) => ({ ...row, name: `${row.name}: no credentials` })),
  ({ input }) => assert.is(parseBasic(input), undefined),
);

test("a user name with a colon cannot be written, and the message does not show it", () => {
  const error = throwsCode(
    () => formatBasic({ username: "sec:ret", password: "hush" }),
    "bad-basic-username",
  );
  assert.not.match(error.message, /sec:ret|hush/);
});

table(
  test,
  [
    { name: "no octet", section: "4648 §10", input: "", expect: "" },
    { name: "one octet", section: "4648 §10", input: "f", expect: "Zg==" },
    { name: "two octets", section: "4648 §10", input: "fo", expect: "Zm8=" },
    { name: "three octets", section: "4648 §10", input: "foo", expect: "Zm9v" },
    { name: "four octets", section: "4648 §10", input: "foob", expect: "Zm9vYg==" },
    { name: "six octets", section: "4648 §10", input: "foobar", expect: "Zm9vYmFy" },
    { name: "the last two digits", section: "4648 §4", input: "\xfb\xff\xbf", expect: "+/+/" },
  ].map((row) => ({ ...row, name: `base64: ${row.name}` })),
  ({ input, expect }) => {
    assert.is(encodeBase64(bytes(input)), expect);
    assert.equal(decodeBase64(expect), bytes(input));
  },
);

test("base64 of every octet at every place agrees with another encoder, and is read back", () => {
  for (let length = 1; length <= 4; length++) {
    for (let octet = 0; octet < 256; octet++) {
      const data = Uint8Array.from({ length }, (_, i) => (octet * (i + 1) + i * 7) & 0xff);
      const text = encodeBase64(data);
      assert.is(text, Buffer.from(data).toString("base64"));
      assert.equal(decodeBase64(text), data);
    }
  }
});

test.run();
