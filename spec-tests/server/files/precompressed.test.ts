/**
 * Which compressed siblings a client takes, by its Accept-Encoding.
 *
 * Rule of this file: both codings are offered, br first, unless a row says otherwise.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Precompressed, acceptedCodings } from "../../../lib/server/files/precompressed.ts";
import { table } from "../../kit.ts";

const test = suite("server/files: precompressed");

interface Row {
  readonly name: string;
  readonly field: string | undefined;
  readonly offered?: readonly Precompressed[];
  readonly expect: string;
}

table<Row>(
  test,
  [
    { name: "no field means plain", field: undefined, expect: "" },
    { name: "an empty field means plain", field: "", expect: "" },
    { name: "a browser", field: "gzip, deflate, br, zstd", expect: "br gzip" },
    { name: "curl of old", field: "deflate, gzip", expect: "gzip" },
    { name: "letters in any case", field: "GZIP, Br", expect: "br gzip" },
    { name: "the old name of gzip", field: "x-gzip", expect: "gzip" },
    {
      name: "the client's preference comes first",
      field: "br;q=0.5, gzip;q=0.8",
      expect: "gzip br",
    },
    { name: "of equal ones the first offered", field: "gzip;q=0.8, br;q=0.8", expect: "br gzip" },
    {
      name: "the order of the offer",
      field: "br, gzip",
      offered: ["gzip", "br"],
      expect: "gzip br",
    },
    { name: "one that is refused", field: "br;q=0, gzip", expect: "gzip" },
    { name: "0.000 is refused too", field: "br;q=0.000, gzip;q=0.", expect: "" },
    { name: "anything", field: "*", expect: "br gzip" },
    { name: "anything but br", field: "br;q=0, *", expect: "gzip" },
    { name: "nothing but plain", field: "identity, *;q=0", expect: "" },
    { name: "rather plain", field: "identity;q=1, br;q=0.9, gzip;q=1", expect: "gzip" },
    { name: "blanks around the weight", field: "br ; q=0.1", expect: "br" },
    { name: "a capital Q", field: "br;Q=1.000", expect: "br" },
    { name: "a weight above 1", field: "br;q=1.001, gzip", expect: "gzip" },
    { name: "a weight of four digits", field: "br;q=0.1234", expect: "" },
    { name: "a weight that is none", field: "br;q=x, gzip;q=0,5", expect: "" },
    { name: "a weight without a point", field: "br;q=05", expect: "" },
    { name: "another parameter", field: "br;level=5", expect: "" },
    { name: "a weight of other digits", field: "br;q=0.+1", expect: "" },
  ],
  ({ field, offered = ["br", "gzip"], expect }) =>
    assert.is(acceptedCodings(field, offered).join(" "), expect),
);

test.run();
