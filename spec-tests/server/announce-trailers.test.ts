// Telling of trailers before they are there.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { trailersOf, withTrailerField } from "../../lib/server/announce-trailers.ts";
import { Header } from "../../lib/wire/mod.ts";
import { type Row, table, throwsCode } from "../kit.ts";

type Fields = [string, string][];

interface Announcement extends Row {
  readonly header?: Fields;
  readonly trailer?: Fields;
  readonly versionMinor?: number;
  /** The fields of the head. */
  readonly fields?: Fields;
  readonly announced?: "announced";
}

const it = suite("announced trailers");

const rows: readonly Announcement[] = [
  { name: "nothing set at all" },
  { name: "a trailer that was asked for and left empty", trailer: [] },
  { name: "no trailer: the head is as it was", header: [["A", "1"]], fields: [["A", "1"]] },
  {
    name: "one",
    section: "RFC 9110 §6.6.2",
    trailer: [["Digest", "x"]],
    fields: [["Trailer", "Digest"]],
    announced: "announced",
  },
  {
    name: "two, beside other fields",
    header: [["A", "1"]],
    trailer: [
      ["Digest", "x"],
      ["Server-Timing", "y"],
    ],
    fields: [
      ["A", "1"],
      ["Trailer", "Digest, Server-Timing"],
    ],
    announced: "announced",
  },
  {
    name: "the handler's own words stand",
    header: [["Trailer", "Other"]],
    trailer: [["Digest", "x"]],
    fields: [["Trailer", "Other"]],
    announced: "announced",
  },
  {
    name: "the handler's words alone are enough",
    header: [["Trailer", "Later"]],
    fields: [["Trailer", "Later"]],
    announced: "announced",
  },
  {
    name: "a length leaves no place for them in the head",
    header: [["Content-Length", "1"]],
    trailer: [["Digest", "x"]],
    fields: [["Content-Length", "1"]],
    announced: "announced",
  },
  {
    name: "HTTP/1.0 is told nothing",
    trailer: [["Digest", "x"]],
    versionMinor: 0,
    fields: [],
    announced: "announced",
  },
];

table(it, rows, ({ header, trailer, versionMinor = 1, fields, announced = "none" }) => {
  const set = header === undefined ? undefined : new Header(header);
  const after = trailer === undefined ? undefined : new Header(trailer);
  const told = withTrailerField(set, after, versionMinor);
  assert.equal(told === undefined ? undefined : [...told], fields);
  assert.is(trailersOf(told, after), announced);
});

it("what is wrong with a trailer is told when the head goes out (RFC 9110 §6.5.1)", () => {
  const trailer = new Header([["Content-Length", "1"]]);
  throwsCode(() => withTrailerField(undefined, trailer, 1), "forbidden-trailer");
});

it.run();
