/**
 * URLs, or none: semantics/parse-url.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseURL } from "../../lib/semantics/mod.ts";

const test = suite("parseURL");

const TABLE: readonly (readonly [
  text: string,
  base: string | undefined,
  href: string | undefined,
])[] = [
  ["http://a.example/b", undefined, "http://a.example/b"],
  ["../c", "http://a.example/b/d", "http://a.example/c"],
  ["//b.example", "https://a.example/", "https://b.example/"],
  ["/c", undefined, undefined],
  ["http://", undefined, undefined],
  ["http://[::1", undefined, undefined],
  ["/c", "not a base", undefined],
];

for (const [text, base, href] of TABLE) {
  test(`"${text}" on ${base ?? "nothing"} is ${href ?? "none"}`, () => {
    assert.is(parseURL(text, base)?.href, href);
  });
}

test("asked often, it still agrees with the constructor about hosts beyond ASCII", () => {
  for (let i = 0; i < 20_000; i++) {
    const host = `${String.fromCharCode(0x80 + (i % 128))}${i}.example`;
    let expected: string | undefined;
    try {
      expected = new URL(`http://${host}`).href;
    } catch {
      expected = undefined;
    }
    assert.is(parseURL(`http://${host}`)?.href, expected);
  }
});

test.run();
