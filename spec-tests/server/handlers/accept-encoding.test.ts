/**
 * Accept-Encoding: what a client likes best, and Vary.
 *
 * Rule of this file: values in, a coding out.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chooseCoding } from "../../../lib/server/handlers/accept-encoding.ts";
import { addVary } from "../../../lib/server/handlers/vary.ts";
import { Header } from "../../../lib/wire/mod.ts";
import { table } from "../../kit.ts";

const test = suite("accept-encoding");

const rows: readonly { name: string; section?: string; accept: string[]; expect: string }[] = [
  { name: "no field", accept: [], expect: "identity" },
  { name: "an empty field", accept: [""], expect: "identity" },
  { name: "one coding", accept: ["gzip"], expect: "gzip" },
  { name: "its old name", section: "RFC 9110 §8.4.1.3", accept: ["x-gzip"], expect: "gzip" },
  { name: "in any case", accept: ["GZIP;Q=1"], expect: "gzip" },
  { name: "of two the same: our order", accept: ["gzip, deflate, br"], expect: "br" },
  { name: "the higher weight", accept: ["br;q=0.4, gzip;q=0.5"], expect: "gzip" },
  { name: "thousandths count", accept: ["br;q=0.999, gzip;q=1.000"], expect: "gzip" },
  { name: "in two lines", accept: ["gzip;q=0.5", "br;q=0.6"], expect: "br" },
  { name: "anything", accept: ["*"], expect: "br" },
  { name: "anything but", accept: ["*, br;q=0"], expect: "gzip" },
  { name: "nothing", accept: ["*;q=0"], expect: "identity" },
  { name: "refused", accept: ["gzip;q=0, br;q=0.0"], expect: "identity" },
  { name: "only what we lack", accept: ["zstd"], expect: "identity" },
  { name: "as it is, rather", accept: ["identity, gzip;q=0.5"], expect: "identity" },
  { name: "as it is, the same", accept: ["identity;q=0.5, gzip;q=0.5"], expect: "gzip" },
  {
    name: "as it is refused, and so are we: the last resort",
    accept: ["identity;q=0, *;q=0"],
    expect: "identity",
  },
  { name: "the least weight is a weight", accept: ["gzip;q=0.001"], expect: "gzip" },
  { name: "blanks", accept: ["gzip ; q=0.5"], expect: "gzip" },
  { name: "a weight above 1", accept: ["gzip;q=1.001"], expect: "identity" },
  { name: "four digits", accept: ["gzip;q=0.0001"], expect: "identity" },
  { name: "no digits", accept: ["gzip;q="], expect: "identity" },
  { name: "another parameter", accept: ["gzip;x=1"], expect: "identity" },
];

table(test, rows, ({ accept, expect }) => assert.is(chooseCoding(accept, ["br", "gzip"]), expect));

const varies: readonly { name: string; before: string[]; expect: string }[] = [
  { name: "Vary is made", before: [], expect: "Accept-Encoding" },
  { name: "and added to", before: ["Origin", "Cookie"], expect: "Origin, Cookie, Accept-Encoding" },
  { name: "once", before: ["Origin, accept-encoding"], expect: "Origin, accept-encoding" },
  { name: "the asterisk says all", before: ["*"], expect: "*" },
];

table(test, varies, ({ before, expect }) => {
  const header = new Header(before.map((value): [string, string] => ["Vary", value]));
  addVary(header, "Accept-Encoding");
  assert.is(header.values("vary").join(" | "), expect);
});

test.run();
