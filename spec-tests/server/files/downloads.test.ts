/**
 * Slow downloads: what they hold in memory, and that they let go of the file.
 *
 * Rule of this file: files are made while they are read, clients are pipes; no disk and no socket.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Content, fileServer, memoryFileSystem } from "../../../lib/server/files/mod.ts";
import { TestServer, settle } from "../../../lib/testing/mod.ts";
import { withDeadline } from "../../kit.ts";
import { quiet } from "../tools.ts";
import { watch } from "./ask.ts";

const test = suite("server/files: downloads");
const DEADLINE_MS = 20_000;
const PIECE_BYTES = 65_536;
const SIZE = 1_073_741_824;
const GET = "GET /big HTTP/1.1\r\nHost: a\r\n\r\n";

/** A file of 1 GiB that is nowhere, and how many of its bytes were asked for. */
function endless(): { readonly content: Content; readonly made: () => number } {
  let made = 0;
  const read = (_position: number, length: number): Promise<Uint8Array> => {
    made += length;
    return Promise.resolve(new Uint8Array(length));
  };
  return { content: { size: SIZE, read }, made: () => made };
}

test(
  "20 clients that stop reading hold a few pieces each, not their files",
  withDeadline(DEADLINE_MS, async () => {
    const { content, made } = endless();
    const fs = watch(memoryFileSystem({ "/big": { content } }));
    const handler = fileServer(fs, { pieceBytes: PIECE_BYTES });
    await using server = TestServer.inMemory(handler);
    const before = process.memoryUsage();
    const clients = [];
    for (let i = 0; i < 20; i++) {
      const client = await server.connect();
      client.pause();
      client.send(GET);
      clients.push(client);
    }
    await settle(50);
    const after = process.memoryUsage();
    assert.is(fs.stillOpen, 20);
    assert.ok(made() >= 20 * PIECE_BYTES, "every download has begun");
    assert.ok(made() <= 20 * 16 * PIECE_BYTES, `${made()} bytes were read ahead`);
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    assert.ok(grown < 64 * 1_048_576, `memory grew by ${grown} bytes`);
    for (const client of clients) client.reset();
    await settle(50);
    assert.is(fs.stillOpen, 0, "a client that leaves closes its file");
  }),
);

test(
  "a client that leaves in the middle is no fault of the handler's",
  withDeadline(DEADLINE_MS, async () => {
    const { content } = endless();
    const fs = watch(memoryFileSystem({ "/big": { content } }));
    const errors: unknown[] = [];
    await using server = TestServer.inMemory(fileServer(fs), {
      onError: (error) => void errors.push(error),
    });
    const client = await server.connect();
    client.pause();
    client.send(GET);
    await settle(20);
    client.reset();
    await settle(20);
    assert.is(fs.stillOpen, 0);
    assert.equal(errors, []);
  }),
);

test(
  "a file of some pieces arrives whole, and the connection goes on",
  withDeadline(DEADLINE_MS, async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 31 + (i >> 8)) & 0xff);
    await using server = TestServer.inMemory(fileServer(memoryFileSystem({ "/big": bytes })));
    const client = await server.connect();
    client.send(GET + GET.replace("/big", "/none"));
    await quiet(client);
    const start = client.text.indexOf("\r\n\r\n") + 4;
    const body = client.received.subarray(start, start + bytes.length);
    assert.is(Buffer.compare(body, bytes), 0);
    assert.match(client.text.slice(start + bytes.length), /^HTTP\/1\.1 404 /);
  }),
);

test.run();
