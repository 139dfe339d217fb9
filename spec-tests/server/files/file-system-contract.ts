/**
 * What every FileSystem does, whatever is behind it.
 *
 * Rule of this file: one body of tests, run by each implementation over the same files: "/a.txt" with
 * "0123456789", "/dir/b.bin" with the bytes 0 to 255, "/dir/sub/c" with nothing, "/é b.txt" with "x".
 */
import * as assert from "uvu/assert";
import type { FileSystem, OpenFile } from "../../../lib/server/files/mod.ts";
import { type Suite, text } from "../../kit.ts";

export const CONTRACT_FILES: Readonly<Record<string, string | Uint8Array>> = {
  "/a.txt": "0123456789",
  "/dir/b.bin": Uint8Array.from({ length: 256 }, (_, byte) => byte),
  "/dir/sub/c": "",
  "/é b.txt": "x",
};

/** Opens what is there. */
export async function opened(fs: FileSystem, name: string): Promise<OpenFile> {
  const file = await fs.open(name);
  if (typeof file === "string") throw new Error(`${name}: ${file}`);
  return file;
}

export function fileSystemContract(
  suite: Suite,
  using: (test: (fs: FileSystem) => Promise<void>) => Promise<void>,
): void {
  const contract = (name: string, test: (fs: FileSystem) => Promise<void>): void =>
    suite(`contract: ${name}`, () => using(test));

  contract("a file tells its kind and size", async (fs) => {
    const file = await opened(fs, "/dir/b.bin");
    assert.is(file.kind, "file");
    assert.is(file.size, 256);
    await file.close();
  });

  contract("a directory is opened as such, the root too", async (fs) => {
    for (const name of ["/", "/dir", "/dir/sub"]) {
      const directory = await opened(fs, name);
      assert.is(directory.kind, "directory", name);
      assert.is(directory.size, 0);
      assert.is((await directory.read(0, 10)).length, 0);
      await directory.close();
    }
  });

  contract("reads are by position, in any order, and cut at the end", async (fs) => {
    const file = await opened(fs, "/a.txt");
    assert.is(text(await file.read(7, 2)), "78");
    assert.is(text(await file.read(0, 3)), "012");
    assert.is(text(await file.read(8, 100)), "89");
    assert.is(text(await file.read(10, 1)), "");
    assert.is(text(await file.read(1000, 1)), "");
    await file.close();
  });

  contract("what was read belongs to the reader", async (fs) => {
    const file = await opened(fs, "/a.txt");
    const first = await file.read(0, 4);
    first.fill(0x58);
    assert.is(text(await file.read(0, 4)), "0123");
    assert.is(text(first), "XXXX");
    await file.close();
  });

  contract("reads at the same time do not disturb each other", async (fs) => {
    const file = await opened(fs, "/dir/b.bin");
    const reads = Array.from({ length: 16 }, (_, i) => file.read(i * 16, 16));
    for (const [i, bytes] of (await Promise.all(reads)).entries()) assert.is(bytes[0], i * 16);
    await file.close();
  });

  contract("names beyond ASCII, and with blanks", async (fs) => {
    const file = await opened(fs, "/é b.txt");
    assert.is(file.size, 1);
    await file.close();
  });

  contract("what is not there is not found", async (fs) => {
    for (const name of ["/x", "/dir/x", "/a.txt/x", `/${"x".repeat(5000)}`]) {
      assert.is(await fs.open(name), "not-found", name.slice(0, 20));
      assert.is(await fs.readDirectory(name, 10), "not-found", name.slice(0, 20));
    }
    assert.is(await fs.readDirectory("/a.txt", 10), "not-found");
  });

  contract("a directory tells its elements and their kinds", async (fs) => {
    const entries = await fs.readDirectory("/", 10);
    assert.ok(typeof entries !== "string");
    const lines = entries.map(({ name, kind }) => `${kind} ${name}`).toSorted();
    assert.equal(lines, ["directory dir", "file a.txt", "file é b.txt"]);
  });

  contract("no more elements than asked for", async (fs) => {
    const entries = await fs.readDirectory("/", 2);
    assert.is(entries.length, 2);
  });
}
