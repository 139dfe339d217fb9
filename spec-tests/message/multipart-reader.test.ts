/**
 * The parts of a multipart body come one after the other, as the body does.
 *
 * Rule of this file: bodies are fed whole and octet by octet; the boundary is "b".
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MultipartReader, bodyFrom } from "../../lib/message/mod.ts";
import { bytes, rejects, text } from "../kit.ts";

const test = suite("message: multipart reader");

const FORM =
  '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nhello\r\n' +
  '--b\r\nContent-Disposition: form-data; name="f"; filename="x/y.txt"\r\n' +
  "Content-Type: text/plain\r\n\r\n\r\nworld\r\n\r\n--b\r\n\r\nno name\r\n--b--\r\n";

/** The same octets whole and one by one. */
function readers(octets: string): MultipartReader[] {
  const single = Array.from(bytes(octets), (octet) => Uint8Array.of(octet));
  return [bytes(octets), single].map((value) => new MultipartReader(bodyFrom(value).body, "b"));
}

test("parts come in their order with what their headers say", async () => {
  for (const reader of readers(FORM)) {
    const told: unknown[] = [];
    for await (const part of reader) {
      const { name, filename, contentType } = part;
      told.push([name, filename, contentType, part.header.count, await part.body.text()]);
    }
    assert.equal(told, [
      ["a", undefined, undefined, 1, "hello"],
      ["f", "y.txt", "text/plain", 2, "\r\nworld\r\n"],
      ["", undefined, undefined, 0, "no name"],
    ]);
    assert.is(await reader.next(), undefined);
    assert.is(await reader.next(), undefined, "the end stays the end");
  }
});

test("what is not read of a part is passed over", async () => {
  for (const reader of readers(FORM)) {
    const first = await reader.next();
    const second = await reader.next();
    assert.is(second?.name, "f");
    await rejects(first!.body.text(), "body-used");
    assert.ok(((await second!.body.next())?.length ?? 0) > 0);
    assert.is((await reader.next())?.name, "");
    await rejects(second!.body.text(), "body-used");
  }
});

test("a part that is cancelled is passed over", async () => {
  for (const reader of readers(FORM)) {
    const first = await reader.next();
    first!.body.cancel();
    assert.is((await reader.next())?.name, "f");
  }
});

test("pieces belong to whoever got them", async () => {
  // What is held back as the beginning of a boundary is handed out later, and never the parser's own.
  const content = "\r\n--\r\n--\r\n-x";
  const single = Array.from(bytes(`--b\r\n\r\n${content}\r\n--b--`), (octet) =>
    Uint8Array.of(octet),
  );
  const reader = new MultipartReader(bodyFrom(single).body, "b");
  const part = await reader.next();
  let told = "";
  for await (const piece of part!.body) {
    told += text(piece);
    piece.fill(0x2a);
  }
  assert.is(told, content);
  assert.is(await reader.next(), undefined);
});

test("a body that ends too early is told, and then always", async () => {
  for (const reader of readers(FORM.slice(0, 60))) {
    const part = await reader.next();
    await rejects(part!.body.text(), "truncated-multipart");
    await rejects(reader.next(), "truncated-multipart");
    await rejects(reader.next(), "truncated-multipart");
  }
});

test("what is wrong with a part is told when it is asked for", async () => {
  for (const reader of readers("--b\r\nContent-Disposition: form-data; name\r\n\r\n")) {
    await rejects(reader.next(), "bad-content-disposition");
  }
  for (const reader of readers("--b\r\n\r\nx\r\n--bx")) {
    const part = await reader.next();
    await rejects(part!.body.text(), "bad-boundary-line");
    await rejects(reader.next(), "bad-boundary-line");
  }
});

test("limits are handed to the parser", async () => {
  const reader = new MultipartReader(bodyFrom(FORM).body, "b", { maxParts: 1 });
  await reader.next();
  await rejects(reader.next(), "too-many-parts");
});

test.run();
