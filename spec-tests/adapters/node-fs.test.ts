/**
 * nodeFileSystem: the contract over a real directory, and the ways out of it that are none.
 *
 * Rule of this file: each test has a directory of its own, removed afterwards; beside the root lies a secret.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { chmod, rename, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type NodeFileSystemOptions, nodeFileSystem } from "../../lib/adapters/mod.ts";
import { isPortableName } from "../../lib/adapters/node-fs.ts";
import { typesFrom } from "../../lib/adapters/mime-types.ts";
import { type FileSystem, fileServer } from "../../lib/server/files/mod.ts";
import { table, text, withDeadline } from "../kit.ts";
import { ask } from "../server/files/ask.ts";
import {
  CONTRACT_FILES,
  fileSystemContract,
  opened,
} from "../server/files/file-system-contract.ts";

const test = suite("adapters: node-fs");
const DEADLINE_MS = 10_000;
const SECRET = "the secret beside the root";

interface Folder {
  /** Holds the root and, beside it, "secret" and "outside/secret". */
  readonly above: string;
  readonly root: string;
}

/** A folder with these files in its root. */
async function inFolder(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: Folder) => Promise<void> | void,
): Promise<void> {
  const above = mkdtempSync(join(tmpdir(), "barewire-fs-"));
  const root = join(above, "root");
  try {
    mkdirSync(join(above, "outside"), { recursive: true });
    mkdirSync(root);
    writeFileSync(join(above, "secret"), SECRET);
    writeFileSync(join(above, "outside", "secret"), SECRET);
    writeFileSync(join(above, "outside", "other"), SECRET);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), content);
    }
    await run({ above, root });
  } finally {
    rmSync(above, { recursive: true, force: true });
  }
}

/** What is found under a name: its text, its kind for a directory, or why nothing is. */
async function found(fs: FileSystem, name: string): Promise<string> {
  const file = await fs.open(name);
  if (typeof file === "string") return file;
  try {
    return file.kind === "directory" ? "directory" : text(await file.read(0, 1000));
  } finally {
    await file.close();
  }
}

/** How many descriptors this process has open; only where the system tells. */
function descriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}

/** Runs as if on another platform: one that does not tell where an open file lies. */
async function elsewhere(run: () => Promise<void>): Promise<void> {
  const here = process.platform;
  Object.defineProperty(process, "platform", { value: "darwin" });
  try {
    await run();
  } finally {
    Object.defineProperty(process, "platform", { value: here });
  }
}

const MODES = [
  { mode: "no links, here", symlinks: "refuse", where: (run: () => Promise<void>) => run() },
  { mode: "links inside, here", symlinks: "inside", where: (run: () => Promise<void>) => run() },
  { mode: "no links, elsewhere", symlinks: "refuse", where: elsewhere },
  { mode: "links inside, elsewhere", symlinks: "inside", where: elsewhere },
] as const;

for (const { mode, symlinks, where } of MODES) {
  fileSystemContract(
    (name, run) => test(`${mode}; ${name}`, withDeadline(DEADLINE_MS, run)),
    (run) =>
      inFolder(CONTRACT_FILES, async ({ root }) => {
        const before = descriptors();
        await where(() => run(nodeFileSystem(root, { symlinks })));
        assert.is(descriptors(), before, "every descriptor is closed");
      }),
  );
}

/** The links of the tests, by name in the root: where they lead, and what each mode finds there. */
const LINKS = [
  { name: "a link to a file inside", link: "in", to: "a.txt", refuse: "not-found", inside: "aaa" },
  {
    name: "a link to a file beside the root",
    link: "out",
    to: "../secret",
    refuse: "not-found",
    inside: "not-found",
  },
  {
    name: "a link by an absolute path",
    link: "abs",
    to: "/etc/passwd",
    refuse: "not-found",
    inside: "not-found",
  },
  {
    name: "a link to a directory inside",
    link: "dir",
    to: "sub",
    ask: "/dir/b",
    refuse: "not-found",
    inside: "bbb",
  },
  {
    name: "a link to a directory outside",
    link: "dir",
    to: "../outside",
    ask: "/dir/secret",
    refuse: "not-found",
    inside: "not-found",
  },
  {
    name: "a link to the directory above",
    link: "up",
    to: "..",
    ask: "/up/secret",
    refuse: "not-found",
    inside: "not-found",
  },
  {
    name: "a link out and in again",
    link: "tour",
    to: "../root/a.txt",
    refuse: "not-found",
    inside: "aaa",
  },
  {
    name: "a link to the root",
    link: "self",
    to: ".",
    ask: "/self/a.txt",
    refuse: "not-found",
    inside: "aaa",
  },
  {
    name: "a link to a folder whose name begins with the root's",
    link: "dir",
    to: "../root2",
    ask: "/dir/x",
    refuse: "not-found",
    inside: "not-found",
  },
  {
    name: "a link to nothing",
    link: "void",
    to: "nowhere",
    refuse: "not-found",
    inside: "not-found",
  },
  { name: "a link to itself", link: "loop", to: "loop", refuse: "not-found", inside: "not-found" },
] as const;

for (const { mode, symlinks, where } of MODES) {
  const rows = LINKS.map((row) => ({ ...row, name: `${mode}; ${row.name}` }));
  table(test, rows, (row) =>
    inFolder({ "a.txt": "aaa", "sub/b": "bbb", "../root2/x": SECRET }, ({ root }) =>
      where(async () => {
        symlinkSync(row.to, join(root, row.link));
        const before = descriptors();
        const fs = nodeFileSystem(root, { symlinks });
        assert.is(await found(fs, "ask" in row ? row.ask : `/${row.link}`), row[symlinks]);
        const names = await fs.readDirectory("/", 10);
        assert.ok(typeof names !== "string");
        const isListed = names.some(({ name }) => name === row.link);
        const leads = symlinks === "inside" && row.inside !== "not-found";
        assert.is(isListed, leads, "a listing shows what can be opened");
        assert.is(descriptors(), before);
      }),
    ),
  );
}

test("links to directories are listed as directories, and read as such", () =>
  inFolder({ "sub/b": "" }, async ({ root }) => {
    symlinkSync("sub", join(root, "dir"));
    const fs = nodeFileSystem(root, { symlinks: "inside" });
    const entries = await fs.readDirectory("/", 10);
    assert.ok(typeof entries !== "string");
    assert.equal(
      entries.find(({ name }) => name === "dir"),
      { name: "dir", kind: "directory" },
    );
    assert.equal(await fs.readDirectory("/dir", 10), [{ name: "b", kind: "file" }]);
    assert.is(await nodeFileSystem(root).readDirectory("/dir", 10), "not-found");
  }));

test("the root may be a link, and may come to lead elsewhere", () =>
  inFolder({ a: "first", "../second/a": "second" }, async ({ above, root }) => {
    const current = join(above, "current");
    await symlink(root, current);
    const fs = nodeFileSystem(current);
    assert.is(await found(fs, "/a"), "first");
    await rm(current);
    await symlink(join(above, "second"), current);
    assert.is(await found(fs, "/a"), "second");
  }));

test("a root that is not there has no files", async () => {
  const fs = nodeFileSystem(join(tmpdir(), "barewire-no-such-folder"));
  assert.is(await found(fs, "/"), "not-found");
  assert.is(await fs.readDirectory("/", 1), "not-found");
});

test("names that are no clean ones lead nowhere, whoever asks", () =>
  inFolder({ a: "aaa" }, async ({ root }) => {
    const fs = nodeFileSystem(root);
    for (const name of [
      "../secret",
      "/../secret",
      "/a/../../secret",
      "a",
      "/\0",
      "/..\\secret",
      "/.",
    ]) {
      assert.is(await found(fs, name), "not-found", name);
      assert.is(await fs.readDirectory(name, 1), "not-found", name);
    }
  }));

table(
  test,
  [
    { name: "a drive", path: "/c:/windows/win.ini" },
    { name: "a stream", path: "/index.html::$DATA" },
    { name: "a dot at the end", path: "/secret./a" },
    { name: "a blank at the end", path: "/secret /a" },
    { name: "a device", path: "/NUL" },
    { name: "a device with an extension", path: "/a/con.txt" },
    { name: "a numbered device", path: "/com1" },
    { name: "one of the odd digits", path: "/LPT³.log" },
    { name: "the console", path: "/conin$" },
    { name: "a wildcard", path: "/a*" },
    { name: "a control", path: "/a\n" },
  ],
  ({ path }) => {
    assert.is(isPortableName(path, "win32"), false);
    assert.is(isPortableName(path, "linux"), true);
    assert.is(isPortableName("/console/com10.txt", "win32"), true);
  },
);

test(
  "what is neither file nor directory is not found, and a pipe does not make anybody wait",
  withDeadline(DEADLINE_MS, () =>
    inFolder({}, async ({ root }) => {
      if (process.platform === "win32") return;
      execFileSync("mkfifo", [join(root, "pipe")]);
      const listener = createServer().listen(join(root, "socket"));
      await new Promise((resolve) => listener.once("listening", resolve));
      try {
        const before = descriptors();
        const fs = nodeFileSystem(root);
        assert.is(await found(fs, "/pipe"), "not-found");
        assert.is(await found(fs, "/socket"), "not-found");
        assert.equal(await fs.readDirectory("/", 10), []);
        assert.is(descriptors(), before);
      } finally {
        listener.close();
      }
    }),
  ),
);

test("a file that may not be read is forbidden", () =>
  inFolder({ a: "aaa" }, async ({ root }) => {
    // Root may read everything.
    if (process.platform === "win32" || process.getuid?.() === 0) return;
    await chmod(join(root, "a"), 0o000);
    assert.is(await found(nodeFileSystem(root), "/a"), "forbidden");
  }));

test("the date has fractions of a second, and the size is that of the moment of opening", () =>
  inFolder({ a: "aaa" }, async ({ root }) => {
    await utimes(join(root, "a"), 1_700_000_000.25, 1_700_000_000.25);
    const fs = nodeFileSystem(root);
    const file = await opened(fs, "/a");
    assert.is(file.modifiedMs, 1_700_000_000_250);
    await truncate(join(root, "a"), 1);
    assert.is(file.size, 3);
    assert.is(text(await file.read(0, 3)), "a");
    await file.close();
  }));

test("a name that looks like what Linux says of deleted files", () =>
  inFolder({ "a (deleted)": "aaa" }, async ({ root }) => {
    assert.is(await found(nodeFileSystem(root), "/a (deleted)"), "aaa");
  }));

test("a file that is replaced all the time is always found", () =>
  inFolder({ a: "x", b: "x" }, async ({ root }) => {
    const fs = nodeFileSystem(root);
    let running = true;
    const replacing = (async () => {
      while (running) {
        await writeFile(join(root, "b"), "x");
        await rename(join(root, "b"), join(root, "a"));
      }
    })();
    try {
      for (let round = 0; round < 200; round++) assert.is(await found(fs, "/a"), "x");
    } finally {
      running = false;
      await replacing;
    }
  }));

test("a file that is replaced while it is read stays the one that was opened", () =>
  inFolder({ a: "old", b: "new" }, async ({ root }) => {
    const fs = nodeFileSystem(root);
    const file = await opened(fs, "/a");
    await rename(join(root, "b"), join(root, "a"));
    assert.is(text(await file.read(0, 9)), "old");
    await file.close();
    assert.is(await found(fs, "/a"), "new");
  }));

/** Swaps a directory for a link to the outside and back, as fast as it goes. */
async function swapping(root: string, while_: () => boolean): Promise<void> {
  const [real, kept, link] = ["dir", ".kept", ".link"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  while (while_()) {
    await rename(real, kept);
    await rename(link, real);
    await rename(real, link);
    await rename(kept, real);
  }
}

for (const symlinks of ["refuse", "inside"] as const) {
  test(
    `links: ${symlinks}; a directory that is swapped for a link lets nothing out`,
    withDeadline(DEADLINE_MS, () =>
      inFolder({ "dir/secret": "harmless" }, async ({ root }) => {
        // Only Linux tells for certain; see the adapter.
        if (process.platform !== "linux") return;
        symlinkSync("../outside", join(root, ".link"));
        const options: NodeFileSystemOptions = { symlinks };
        const fs = nodeFileSystem(root, options);
        let running = true;
        const swaps = swapping(root, () => running);
        const seen = new Map<string, number>();
        try {
          // Some of the opens must have met the directory; the deadline ends a test in which none does.
          for (let round = 0; round < 400 || !seen.has("harmless"); round++) {
            // Out of step with the swaps, or every open meets the same moment of theirs.
            if (round % 7 === 0) await new Promise((resolve) => setTimeout(resolve, round % 3));
            const what = await found(fs, "/dir/secret");
            seen.set(what, (seen.get(what) ?? 0) + 1);
            const names = await fs.readDirectory("/dir", 10);
            if (typeof names === "string") continue;
            assert.equal(names, [{ name: "secret", kind: "file" }]);
          }
        } finally {
          running = false;
          await swaps;
        }
        assert.is(seen.get(SECRET), undefined);
      }),
    ),
  );
}

test("a whole answer: a range of a real file, with a strong tag", () =>
  inFolder({ "a.txt": "0123456789" }, async ({ root }) => {
    await utimes(join(root, "a.txt"), 1_700_000_000, 1_700_000_000);
    const before = descriptors();
    const answer = await ask(fileServer(nodeFileSystem(root)), {
      target: "/a.txt",
      fields: [["Range", "bytes=-2"]],
    });
    assert.is(answer.status, 206);
    assert.is(answer.body, "89");
    assert.is(answer.field("etag"), '"60a24181e4000-a"');
    assert.is(answer.field("last-modified"), "Tue, 14 Nov 2023 22:13:20 GMT");
    assert.is(descriptors(), before);
  }));

test("a listing of a real folder has no links and nothing hidden", () =>
  inFolder({ b: "", a: "", ".git/x": "" }, async ({ root }) => {
    symlinkSync("a", join(root, "link"));
    const { body } = await ask(fileServer(nodeFileSystem(root)));
    assert.equal(
      [...body.matchAll(/href="([^"]*)"/g)].map(([, name]) => name),
      ["a", "b"],
    );
  }));

test("types of a package: lookup or getType, a charset for text, nothing for what it does not know", () => {
  const types: Readonly<Record<string, string>> = {
    "/a.md": "text/markdown",
    "/a.csv": "text/csv; charset=latin1",
    "/a.bin": "application/x-thing",
    "/a.js": "application/javascript",
  };
  const lookup = typesFrom({ lookup: (name) => types[name] ?? false });
  const getType = typesFrom({ getType: (name) => types[name] ?? null });
  for (const typeOf of [lookup, getType]) {
    assert.is(typeOf("/a.md"), "text/markdown; charset=utf-8");
    assert.is(typeOf("/a.csv"), "text/csv; charset=latin1");
    assert.is(typeOf("/a.bin"), "application/x-thing");
    assert.is(typeOf("/a.js"), "application/javascript; charset=utf-8");
    assert.is(typeOf("/a.x"), undefined);
  }
  assert.is(typesFrom({ lookup: () => "" })("/a"), undefined);
});

test.run();
