// The body on its way out: how a piece is framed, what ends it.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pieceOf, sendLastChunk, sendPiece } from "../../lib/server/body-out.ts";
import type { BodyPlan } from "../../lib/server/response-head.ts";
import { Header } from "../../lib/wire/mod.ts";
import { type Row, bytes, joined, table, text, throwsCode } from "../kit.ts";

interface Out {
  readonly pieces: (string | Uint8Array)[];
  readonly send: (data: string | Uint8Array) => "taken" | "pending";
}

/** Where a string is always taken, and bytes are not. */
function out(): Out {
  const pieces: (string | Uint8Array)[] = [];
  return {
    pieces,
    send: (data) => {
      pieces.push(data);
      return typeof data === "string" ? "taken" : "pending";
    },
  };
}

const all = (pieces: readonly (string | Uint8Array)[]): string =>
  text(joined(pieces.map((piece) => (typeof piece === "string" ? bytes(piece) : piece))));

// --- pieces ---------------------------------------------------------------------------------------

interface PieceRow extends Row {
  readonly kind: BodyPlan["kind"] | undefined;
  readonly sent: string;
  readonly dropped?: "dropped";
}

const framing = suite("sendPiece");

const plans: readonly PieceRow[] = [
  { name: "by length: as it is", kind: "length", sent: "abcdefghijk" },
  { name: "until the close: as it is", kind: "until-close", sent: "abcdefghijk" },
  { name: "in chunks", section: "RFC 9112 §7.1", kind: "chunked", sent: "b\r\nabcdefghijk\r\n" },
  { name: "HEAD: not at all", kind: "discarded", sent: "", dropped: "dropped" },
  { name: "no body: not at all", kind: "none", sent: "", dropped: "dropped" },
  { name: "after a switch of protocols: as it is", kind: undefined, sent: "abcdefghijk" },
];

table(framing, plans, ({ kind, sent, dropped }) => {
  const piece = "abcdefghijk";
  const asText = out();
  assert.is(sendPiece(asText, kind, piece, piece.length), "taken");
  assert.is(all(asText.pieces), sent);
  assert.ok(asText.pieces.length <= 1, "text leaves as one string");
  const asBytes = out();
  const fate = sendPiece(asBytes, kind, bytes(piece), piece.length);
  assert.is(fate, dropped === undefined ? "pending" : "taken", "the fate of the array is told");
  assert.is(all(asBytes.pieces), sent);
});

framing("the array itself is sent, not a copy", () => {
  const { pieces, send } = out();
  const piece = bytes("abc");
  sendPiece({ send }, "chunked", piece, 3);
  assert.is(pieces[1], piece);
});

// --- the end --------------------------------------------------------------------------------------

const ending = suite("sendLastChunk");

ending("without trailers, and with them (RFC 9112 §7.1.2)", () => {
  const bare = out();
  sendLastChunk(bare, undefined);
  assert.is(all(bare.pieces), "0\r\n\r\n");
  const full = out();
  sendLastChunk(full, new Header([["Digest", "x"]]));
  assert.is(all(full.pieces), "0\r\nDigest: x\r\n\r\n");
});

ending("what may not be a trailer is thrown, and nothing is sent (RFC 9110 §6.5.1)", () => {
  const { pieces, send } = out();
  const trailer = new Header([["Content-Length", "1"]]);
  throwsCode(() => sendLastChunk({ send }, trailer), "forbidden-trailer");
  assert.equal(pieces, []);
});

// --- text -----------------------------------------------------------------------------------------

const texts = suite("pieceOf");

texts("text stays a string as long as it is ASCII; the rest is UTF-8", () => {
  assert.is(pieceOf("abc\x7f"), "abc\x7f");
  assert.is(pieceOf(""), "");
  assert.equal(pieceOf("a\x80"), bytes("a\xc2\x80"));
  assert.equal(pieceOf("é"), bytes("\xc3\xa9"));
  assert.equal(pieceOf("\ud800"), bytes("\xef\xbf\xbd"));
});

framing.run();
ending.run();
texts.run();
