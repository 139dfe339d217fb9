// What onRefusal is shown: little, and a copy.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { REFUSAL_EVIDENCE_BYTES, evidenceOf } from "../../lib/server/evidence.ts";
import { scanRequestHead } from "../../lib/wire/mod.ts";
import { bytes, text } from "../kit.ts";
import { x } from "./tools.ts";

const it = suite("evidence");

function unread(latin1: string, from = 0): { bytes: Uint8Array; from: number; to: number } {
  const data = bytes(latin1);
  return { bytes: data, from, to: data.length };
}

it("without a head: what is unread, and no byte of what came before", () => {
  assert.is(text(evidenceOf(unread("doneGET \x80", 4), undefined)), "GET \x80");
});

it("at most so many bytes of it", () => {
  const max = REFUSAL_EVIDENCE_BYTES;
  assert.is(evidenceOf(unread(x(max)), undefined).length, max);
  assert.is(evidenceOf(unread(x(max + 1)), undefined).length, max);
  assert.is(evidenceOf(unread(x(max + 9), 5), undefined).length, max);
});

it("it is a copy: the buffer is the next connection's", () => {
  const reader = unread("GET");
  const evidence = evidenceOf(reader, undefined);
  reader.bytes.fill(0x58);
  assert.is(text(evidence), "GET");
});

it("with a head: the head, and not what follows it", () => {
  const lines = "GET / HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n\r\n";
  const head = scanRequestHead(bytes(lines));
  assert.ok(head !== "need-more");
  const shown = text(evidenceOf(unread("the next"), head));
  assert.ok(shown.includes("Host: a\r\nX: \xe9"), shown);
  assert.not.ok(shown.includes("the next"));
});

it("at most so many bytes of a head", () => {
  const head = scanRequestHead(bytes(`GET / HTTP/1.1\r\nHost: a\r\nX: ${x(2000)}\r\n\r\n`));
  assert.ok(head !== "need-more");
  assert.is(evidenceOf(unread(""), head).length, REFUSAL_EVIDENCE_BYTES);
});

it.run();
