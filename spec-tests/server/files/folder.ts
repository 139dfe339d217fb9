/**
 * The files that the tests of the file handlers serve, and what is true of all of them.
 *
 * Rule of this file: nothing here is a test; names that are odd are there for a row that asks for them.
 */
import {
  type FileSystem,
  type MemoryFile,
  memoryFileSystem,
} from "../../../lib/server/files/mod.ts";

export const MODIFIED: number = Date.UTC(2026, 0, 15, 12) + 0.5;
export const NOW = (): number => MODIFIED + 3_600_000;
/** So long that the ResponseWriter cannot find its length by itself. */
export const LONG: string = "b".repeat(5000);
export const ETAG = '"6486bf6d331f4-3"';
export const NOT_FOUND = "404 page not found\n";

const FILES: Readonly<Record<string, string | MemoryFile>> = {
  "/a.txt": "aaa",
  "/a.txt.br": "BR",
  "/a.txt.gz/dir": "",
  "/b.js": "bbb",
  "/b.js.br": "BRbr",
  "/b.js.gz": "GZ",
  "/raw": "<!doctype html>",
  "/raw.gz": "\x1f\x8b",
  "/.env": "SECRET",
  "/.well-known/security.txt": "Contact",
  "/.well-known/.x": "SECRET",
  "/site/index.html": "<p>site",
  "/site/style.css": "p {}",
  "/plain/.hidden": "SECRET",
  "/plain/b": "",
  "/plain/sub/x": "",
  "/plain/<b>&copy": "",
  "/odd:name/x": "",
  "/odd:file": "o",
  "/what?/x": "",
  "/nested/index.html/x": "",
  "/tagged": { content: "t", etag: '"own"' },
  "/windows/win.ini": "[fonts]",
  "/etc/passwd": "not the real one",
};

export const FS: FileSystem = memoryFileSystem(FILES, { modifiedMs: MODIFIED });
