/** Digests of content: which of a list counts. */
import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { asksForDigest, hasIntegrity } from "../../../lib/adapters/fetch/integrity.ts";
import { type Row, bytes, table } from "../../kit.ts";

const test = suite("integrity");

const content = bytes("abc");
const digest = (name: string, of: Uint8Array = content): string =>
  `${name}-${createHash(name).update(of).digest("base64")}`;
const other = bytes("abd");
const url = (text: string): string =>
  text.slice(0, 7) + text.slice(7).replace(/\+/g, "-").replace(/\//g, "_");

interface Listed extends Row {
  readonly list: string;
  readonly holds: boolean;
}

table(
  test,
  [
    { name: "the digest", list: digest("sha256"), holds: true },
    { name: "another's", list: digest("sha256", other), holds: false },
    { name: "one of several", list: `${digest("sha384", other)} ${digest("sha384")}`, holds: true },
    {
      name: "a good weak one beside a bad strong one",
      list: `${digest("sha256")} ${digest("sha512", other)}`,
      holds: false,
    },
    {
      name: "a bad weak one beside a good strong one",
      list: `${digest("sha256", other)}\n${digest("sha512")}`,
      holds: true,
    },
    { name: "options behind it", list: `${digest("sha512")}?x=y`, holds: true },
    {
      name: "base64url, and no padding",
      list: url(digest("sha256")).replace("=", ""),
      holds: true,
    },
    { name: "an algorithm in capitals", list: digest("sha256").replace("sha", "SHA"), holds: true },
    { name: "too short a digest", list: "sha256-YQ==", holds: false },
  ] satisfies Listed[],
  ({ list, holds }) => {
    assert.ok(asksForDigest(list));
    assert.is(hasIntegrity(content, list), holds);
  },
);

test("a list of unknown things asks for nothing", () => {
  for (const list of ["", " ", "md5-abc", "sha256", "sha256-"]) {
    assert.not.ok(asksForDigest(list), list);
    assert.ok(hasIntegrity(content, list), list);
  }
});

test.run();
