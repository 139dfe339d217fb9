/**
 * Every TempStore keeps the contract: written once, read anywhere, gone after its removal.
 *
 * Rule of this file: one body for each store; Node's own promises (names, modes, descriptors) come after it.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { nodeTempStore } from "../../lib/adapters/mod.ts";
import type { TempStore } from "../../lib/bufio/mod.ts";
import { bytes, text, withDeadline } from "../kit.ts";
import { MemoryTempStore } from "./memory-temp-store.ts";

const test = suite("bufio: temp store");

/** Runs `fn` with a folder that is empty before and removed after. */
function inFolder(fn: (folder: string) => Promise<void>): () => Promise<void> {
  return withDeadline(5000, async () => {
    const folder = mkdtempSync(join(tmpdir(), "temp-store-test-"));
    try {
      await fn(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

const stores: readonly [name: string, make: (folder: string) => TempStore][] = [
  ["node:fs", (directory) => nodeTempStore({ directory })],
  ["memory", () => new MemoryTempStore()],
];

for (const [name, make] of stores) {
  test(
    `${name}: what was written is read at any place`,
    inFolder(async (folder) => {
      const file = await make(folder).create();
      await file.write(bytes("hello "));
      await file.write(bytes("world"));
      await file.finish();
      const into = new Uint8Array(5);
      assert.is(await file.readAt(into, 0), 5);
      assert.is(text(into), "hello");
      assert.is(await file.readAt(into, 9), 2);
      assert.is(text(into.subarray(0, 2)), "ld");
      assert.is(await file.readAt(into, 11), 0);
      assert.is(await file.readAt(into, 99), 0);
      const both = await Promise.all([file.readAt(into, 0), file.readAt(new Uint8Array(2), 1)]);
      assert.equal(both, [5, 2]);
      await file.remove();
    }),
  );

  test(
    `${name}: files do not know each other, and may be empty`,
    inFolder(async (folder) => {
      const store = make(folder);
      const [one, other] = await Promise.all([store.create(), store.create()]);
      await one.write(bytes("1"));
      await one.finish();
      await other.finish();
      assert.is.not(one.path, other.path);
      assert.is(await other.readAt(new Uint8Array(1), 0), 0);
      await other.remove();
      assert.is(await one.readAt(new Uint8Array(1), 0), 1);
      await one.remove();
    }),
  );

  test(
    `${name}: after its removal a file is gone, and removing it again is harmless`,
    inFolder(async (folder) => {
      const file = await make(folder).create();
      await file.write(bytes("x"));
      await file.remove();
      await file.remove();
      const fails = (work: Promise<unknown>): Promise<boolean> =>
        work.then(
          () => false,
          () => true,
        );
      assert.ok(await fails(file.write(bytes("y"))));
      assert.ok(await fails(file.readAt(new Uint8Array(1), 0)));
    }),
  );
}

test(
  "node:fs: only its owner may read a file, and its name is random",
  inFolder(async (folder) => {
    const file = await nodeTempStore({ directory: folder }).create();
    assert.match(file.path ?? "", /\/barewire-[0-9a-f-]{36}$/);
    if (process.platform !== "win32") assert.is(statSync(file.path!).mode & 0o777, 0o600);
    await file.remove();
    assert.equal(readdirSync(folder), []);
  }),
);

test(
  "node:fs: a file that was moved away stays where it is",
  inFolder(async (folder) => {
    const file = await nodeTempStore({ directory: folder }).create();
    await file.write(bytes("x"));
    await file.finish();
    renameSync(file.path!, join(folder, "kept"));
    await file.remove();
    assert.equal(readdirSync(folder), ["kept"]);
  }),
);

test(
  "node:fs: a file that is written to can be removed",
  inFolder(async (folder) => {
    const file = await nodeTempStore({ directory: folder }).create();
    const writing = file.write(new Uint8Array(1_000_000)).catch(() => undefined);
    await file.remove();
    await writing;
    assert.equal(readdirSync(folder), []);
  }),
);

test(
  "node:fs: a finished file holds no descriptor",
  inFolder(async (folder) => {
    if (!existsSync("/proc/self/fd")) return;
    const before = readdirSync("/proc/self/fd").length;
    const store = nodeTempStore({ directory: folder });
    const files = await Promise.all(Array.from({ length: 50 }, () => store.create()));
    for (const file of files) {
      await file.write(bytes("x"));
      await file.finish();
      await file.readAt(new Uint8Array(1), 0);
    }
    assert.ok(readdirSync("/proc/self/fd").length < before + 25);
    await Promise.all(files.map((file) => file.remove()));
    assert.equal(readdirSync(folder), []);
  }),
);

test(
  "node:fs: a folder that is not there is told by node:fs",
  withDeadline(5000, async () => {
    const store = nodeTempStore({ directory: join(tmpdir(), "not", "there") });
    const error: unknown = await store.create().catch((reason: unknown) => reason);
    assert.is((error as { code?: string }).code, "ENOENT");
  }),
);

test("node:fs: without a folder it is the system's", async () => {
  const file = await nodeTempStore().create();
  assert.ok(file.path?.startsWith(tmpdir()));
  await file.remove();
});

test.run();
