// A BodyWriter frames what it is given, counts, and lets nothing follow the end.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader, Writer } from "../../lib/bufio/mod.ts";
import { Body, BodyWriter, WireBodySource } from "../../lib/message/mod.ts";
import { type Framing, Header } from "../../lib/wire/mod.ts";
import { SpyConn } from "../bufio/spy-conn.ts";
import { bytes, table, throwsCode } from "../kit.ts";

const frame = suite("BodyWriter");

function write(
  framing: Framing,
  pieces: readonly (string | Uint8Array)[],
  trailer?: Header,
): { text: string; written: number } {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const out = new BodyWriter(writer, framing);
  for (const piece of pieces) {
    if (typeof piece === "string") out.writeText(piece);
    else out.write(piece);
  }
  out.end(trailer);
  writer.flush();
  return { text: conn.written, written: out.written };
}

const PIECES = ["ab", bytes("\x00\xff"), "", new Uint8Array(0), "é", "\ud800"];
const PLAIN = "ab\x00\xff\xc3\xa9\xef\xbf\xbd";

table(
  frame,
  [
    {
      name: "until-close sends octets as they are",
      framing: { kind: "until-close" },
      expect: PLAIN,
    },
    {
      name: "length sends octets as they are",
      framing: { kind: "length", length: 9 },
      expect: PLAIN,
    },
    {
      name: "chunked frames each piece but empty ones",
      framing: { kind: "chunked" },
      expect: "2\r\nab\r\n2\r\n\x00\xff\r\n2\r\n\xc3\xa9\r\n3\r\n\xef\xbf\xbd\r\n0\r\n\r\n",
    },
  ] as const,
  ({ framing, expect }) => {
    assert.equal(write(framing, PIECES), { text: expect, written: 9 });
  },
);

frame("none sends nothing, and takes nothing but nothing", () => {
  assert.is(write({ kind: "none" }, ["", new Uint8Array(0)], new Header({ X: "1" })).text, "");
  throwsCode(() => write({ kind: "none" }, ["a"]), "body-not-allowed");
  throwsCode(() => write({ kind: "none" }, [bytes("a")]), "body-not-allowed");
});

frame("trailers end a chunked body and no other", () => {
  const trailer = new Header({ X: "1" });
  assert.is(write({ kind: "chunked" }, [], trailer).text, "0\r\nX: 1\r\n\r\n");
  assert.is(write({ kind: "until-close" }, ["a"], trailer).text, "a");
});

frame("what must not be a trailer is refused, and nothing of the end is written", () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const out = new BodyWriter(writer, { kind: "chunked" });
  throwsCode(() => out.end(new Header({ Host: "x" })), "forbidden-trailer");
  throwsCode(() => out.end(new Header({ X: "a\nb" })), "bad-field-value");
  assert.is(writer.buffered, 0);
});

frame("too much is refused whole, too little at the end", () => {
  const conn = new SpyConn();
  const writer = new Writer(conn);
  const out = new BodyWriter(writer, { kind: "length", length: 3 });
  out.writeText("ab");
  throwsCode(() => out.writeText("cd"), "content-length-mismatch");
  throwsCode(() => out.write(bytes("cd")), "content-length-mismatch");
  const error = throwsCode(() => out.end(), "content-length-mismatch");
  assert.match(error.message, /2 bytes instead of 3/);
  out.writeText("c");
  out.end();
  writer.flush();
  assert.is(conn.written, "abc");
});

frame("nothing follows the end", () => {
  for (const kind of ["chunked", "until-close", "none"] as const) {
    const out = new BodyWriter(new Writer(new SpyConn()), { kind });
    out.end();
    throwsCode(() => out.end(), "body-ended");
    throwsCode(() => out.writeText("a"), "body-ended");
    throwsCode(() => out.write(bytes("a")), "body-ended");
  }
});

frame("large pieces in chunks come back whole", async () => {
  const large = new Uint8Array(100_000).map((_, i) => i % 251);
  const { text } = write({ kind: "chunked" }, [large, "x", large]);
  const source = new WireBodySource(Reader.of(bytes(text)), { kind: "chunked" });
  const back = await new Body(source).bytes();
  assert.equal(back, Uint8Array.from([...large, 0x78, ...large]));
});
frame.run();
