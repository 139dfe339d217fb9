/**
 * Files in memory: the contract, and what only they can do.
 *
 * Rule of this file: no handler; what is served of them is in file-server.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { memoryFileSystem } from "../../../lib/server/files/mod.ts";
import { text } from "../../kit.ts";
import { CONTRACT_FILES, fileSystemContract, opened } from "./file-system-contract.ts";

const test = suite("server/files: memory");

fileSystemContract(test, (run) => run(memoryFileSystem(CONTRACT_FILES)));

test("a Map does as well, names without a slash too", async () => {
  const fs = memoryFileSystem(new Map([["a//b.txt", "x"]]));
  assert.is((await opened(fs, "/a/b.txt")).size, 1);
});

test("names that cannot be asked for are passed over", async () => {
  const fs = memoryFileSystem({ "a\\b": "x", "/": "y" });
  assert.equal(await fs.readDirectory("/", 10), []);
});

test("no files at all are an empty root", async () => {
  assert.is((await opened(memoryFileSystem({}), "/")).kind, "directory");
});

test("names like those of an object's own members are names", async () => {
  const fs = memoryFileSystem({ "/a": "" });
  for (const name of ["/__proto__", "/constructor", "__proto__"]) {
    assert.is(await fs.open(name), "not-found");
  }
});

test("dates and tags are told, dates by default those of the file system", async () => {
  const fs = memoryFileSystem(
    { "/a": { content: "x", modifiedMs: 5, etag: '"t"' }, "/b": "y" },
    { modifiedMs: 7 },
  );
  const [a, b, root] = [await opened(fs, "/a"), await opened(fs, "/b"), await opened(fs, "/")];
  assert.equal([a.modifiedMs, a.etag], [5, '"t"']);
  assert.equal([b.modifiedMs, b.etag, root.modifiedMs], [7, undefined, 7]);
});

test("a content may be made while it is read", async () => {
  const read = (position: number, length: number): Promise<Uint8Array> =>
    Promise.resolve(new Uint8Array(length).fill(position));
  const fs = memoryFileSystem({ "/a": { content: { size: 99, read } } });
  const file = await opened(fs, "/a");
  assert.is(file.size, 99);
  assert.is(text(await file.read(65, 2)), "AA");
});

test.run();
