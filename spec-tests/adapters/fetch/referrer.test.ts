/** Referrer policies: each at home, abroad, and from https to http. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ReferrerPolicyName, refererValue } from "../../../lib/adapters/fetch/referrer.ts";
import { type Row, table } from "../../kit.ts";

const test = suite("referrers");

const from = new URL("https://a:b@one.example/p?q#f");
const places = [
  new URL("https://one.example/x"),
  new URL("https://two.example/"),
  new URL("http://one.example/"),
];
const whole = "https://one.example/p?q";
const origin = "https://one.example/";

interface Policy extends Row {
  readonly name: ReferrerPolicyName;
  readonly sent: readonly (string | undefined)[];
}

table(
  test,
  [
    { name: "", sent: [whole, origin, undefined] },
    { name: "no-referrer", sent: [undefined, undefined, undefined] },
    { name: "no-referrer-when-downgrade", sent: [whole, whole, undefined] },
    { name: "origin", sent: [origin, origin, origin] },
    { name: "origin-when-cross-origin", sent: [whole, origin, origin] },
    { name: "same-origin", sent: [whole, undefined, undefined] },
    { name: "strict-origin", sent: [origin, origin, undefined] },
    { name: "strict-origin-when-cross-origin", sent: [whole, origin, undefined] },
    { name: "unsafe-url", sent: [whole, whole, whole] },
  ] satisfies Policy[],
  ({ name, sent }) => {
    assert.equal(
      places.map((to) => refererValue(from, to, name)),
      sent,
    );
  },
);

test("only http and https are told", () => {
  assert.is(refererValue(new URL("file:///etc"), new URL("http://a/"), "unsafe-url"), undefined);
});

test.run();
