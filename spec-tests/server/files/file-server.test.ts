/**
 * fileServer: which file, which redirect, which refusal.
 *
 * Rule of this file: what has been opened is closed after every single answer, and each row checks that.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type FileServerOptions,
  type FileSystem,
  fileServer,
  memoryFileSystem,
} from "../../../lib/server/files/mod.ts";
import type { HandlerFunc } from "../../../lib/server/mod.ts";
import { table } from "../../kit.ts";
import { type Asked, ask, watch } from "./ask.ts";
import { ETAG, FS, LONG, MODIFIED, NOT_FOUND, NOW } from "./folder.ts";

const test = suite("server/files: fileServer");

interface Row extends Asked {
  readonly name: string;
  readonly section?: string;
  readonly options?: FileServerOptions;
  readonly fs?: FileSystem;
  readonly status: number;
  /** Fields that must be so; "-" is one that must not be there. */
  readonly expect?: Readonly<Record<string, string>>;
  readonly body?: string | RegExp;
}

const redirect = (name: string, target: string, location: string): Row => ({
  name: `redirect: ${name}`,
  section: "Go: localRedirect",
  target,
  status: 301,
  expect: { location },
  body: "",
});

const refused = (name: string, target: string): Row => ({
  name: `no way out: ${name}`,
  section: "security.md",
  target,
  status: 404,
  body: NOT_FOUND,
});

const absent = (answer: "not-found" | "forbidden"): FileSystem => ({
  open: (name) => (name === "/" ? FS.open(name) : Promise.resolve(answer)),
  readDirectory: () => Promise.resolve(answer),
});

const CODED: FileServerOptions = { precompressed: ["br", "gzip"] };
const BROWSER = [["Accept-Encoding", "gzip, deflate, br"]] as const;

const ROWS: readonly Row[] = [
  {
    name: "a file",
    target: "/a.txt",
    status: 200,
    expect: {
      "content-type": "text/plain; charset=utf-8",
      "content-length": "3",
      etag: ETAG,
      "last-modified": "Thu, 15 Jan 2026 12:00:00 GMT",
      vary: "-",
    },
    body: "aaa",
  },
  {
    name: "HEAD",
    method: "HEAD",
    target: "/a.txt",
    status: 200,
    expect: { "content-length": "3" },
    body: "",
  },
  { name: "an encoded name", target: "/%61.txt?v=1", status: 200, body: "aaa" },
  { name: "an absolute target", target: "http://h/a.txt", status: 200, body: "aaa" },
  {
    name: "no such file",
    target: "/x",
    status: 404,
    expect: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: NOT_FOUND,
  },
  { name: "a file is no directory", target: "/a.txt/x", status: 404, body: NOT_FOUND },
  { name: "the asterisk names the root", target: "*", status: 200, body: /a\.txt/ },
  {
    name: "one that may not be read",
    fs: absent("forbidden"),
    target: "/x",
    status: 403,
    body: "403 Forbidden\n",
  },
  {
    name: "an index that may not be read is not listed over",
    fs: absent("forbidden"),
    target: "/",
    status: 403,
    body: "403 Forbidden\n",
  },
  {
    name: "a directory that is gone when it is read",
    fs: absent("not-found"),
    target: "/",
    status: 404,
    body: NOT_FOUND,
  },
  {
    name: "DELETE deletes nothing and does not say so",
    method: "DELETE",
    target: "/a.txt",
    status: 405,
    expect: { allow: "GET, HEAD" },
    body: "Method Not Allowed\n",
  },
  {
    name: "OPTIONS",
    method: "OPTIONS",
    target: "/a.txt",
    status: 405,
    expect: { allow: "GET, HEAD" },
  },
  {
    name: "a custom 404",
    options: { notFound: (w) => void w.write("mine") },
    target: "/x",
    status: 200,
    body: "mine",
  },
  {
    name: "a custom 404 as an object, for a path that names nothing",
    options: { notFound: { serveHTTP: (w) => void w.write("mine") } },
    target: "/%00",
    status: 200,
    body: "mine",
  },

  {
    name: "the tag of the file system",
    section: "§8.8.3",
    target: "/tagged",
    status: 200,
    expect: { etag: '"own"' },
  },
  {
    name: "no tags",
    target: "/a.txt",
    options: { etag: "none" },
    status: 200,
    expect: { etag: "-" },
  },
  {
    name: "tags by a function",
    target: "/a.txt",
    options: { etag: ({ size }, name) => `"${name}${size}"` },
    status: 200,
    expect: { etag: '"/a.txt3"' },
  },
  {
    name: "a function that knows no tag",
    target: "/a.txt",
    options: { etag: () => undefined },
    status: 200,
    expect: { etag: "-" },
  },
  {
    name: "a file without a date",
    fs: memoryFileSystem({ a: "x" }),
    target: "/a",
    status: 200,
    expect: { etag: "-", "last-modified": "-" },
  },
  {
    name: "a file changed two seconds ago",
    section: "§8.8.1",
    options: { now: () => MODIFIED + 2000 },
    target: "/a.txt",
    status: 200,
    expect: { etag: ETAG },
  },
  {
    name: "a file changed just now has a weak tag",
    section: "§8.8.1",
    options: { now: () => MODIFIED + 1999 },
    target: "/a.txt",
    status: 200,
    expect: { etag: `W/${ETAG}` },
  },
  {
    name: "not modified",
    section: "§13.1.2",
    fields: [["If-None-Match", ETAG]],
    target: "/a.txt",
    status: 304,
    expect: { etag: ETAG, "last-modified": "-" },
    body: "",
  },
  {
    name: "not modified, by the weak tag it had",
    section: "§13.1.2",
    fields: [["If-None-Match", `W/${ETAG}`]],
    target: "/a.txt",
    status: 304,
  },
  {
    name: "a failed condition",
    section: "§13.1.1",
    fields: [["If-Match", '"x"']],
    target: "/a.txt",
    status: 412,
    body: "",
  },
  {
    name: "a condition on what is not there does not count",
    section: "§13.2.1",
    fields: [["If-Match", "*"]],
    target: "/x",
    status: 404,
  },
  {
    name: "a resumed download",
    section: "§13.1.5",
    fields: [
      ["Range", "bytes=1-"],
      ["If-Range", ETAG],
    ],
    target: "/a.txt",
    status: 206,
    body: "aa",
  },

  redirect("index.html to its directory", "/site/index.html", "./"),
  redirect("with its query", "/site/index.html?a=b&c", "./?a=b&c"),
  redirect("an encoded index.html", "/site/%69ndex.html", "./"),
  redirect("an index.html that is not there", "/none/index.html", "./"),
  redirect("a directory without a slash", "/site", "site/"),
  redirect("of a stripped prefix", "//site", "site/"),
  redirect("with a colon", "/odd:name", "./odd:name/"),
  redirect("with a question mark", "/what%3F", "what%3F/"),
  redirect("a directory by a dot", "/site/.", "./"),
  redirect("a directory by two dots", "/plain/sub/..", "../"),
  redirect("a file with a slash", "/a.txt/", "../a.txt"),
  redirect("a file with a slash and a colon", "/odd:file/", "../odd:file"),
  redirect("a query with octets above ASCII", '/site?\xe9"', 'site/?%E9"'),

  {
    name: "the index of a directory",
    target: "/site/",
    status: 200,
    expect: { "content-type": "text/html; charset=utf-8" },
    body: "<p>site",
  },
  {
    name: "an index that is a directory",
    target: "/nested/",
    status: 200,
    body: /<a href="index\.html\/">/,
  },
  {
    name: "a listing: escaped, sorted, nothing hidden",
    target: "/plain/",
    status: 200,
    expect: {
      "content-type": "text/html; charset=utf-8",
      "last-modified": "Thu, 15 Jan 2026 12:00:00 GMT",
    },
    body: [
      '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n',
      '<a href="%3Cb%3E%26copy">&lt;b&gt;&amp;copy</a>\n',
      '<a href="b">b</a>\n<a href="sub/">sub/</a>\n</pre>\n',
    ].join(""),
  },
  {
    name: "a listing of everything",
    options: { dotfiles: "serve" },
    target: "/plain/",
    status: 200,
    body: /<a href="\.hidden">/,
  },
  {
    name: "a listing that is cut",
    options: { maxListing: 1 },
    target: "/",
    status: 200,
    body: /<pre>\n(<a .*\n)?… and more\n<\/pre>\n$/s,
  },
  { name: "a listing for HEAD", method: "HEAD", target: "/plain/", status: 200, body: "" },
  {
    name: "a listing that was not modified",
    fields: [["If-Modified-Since", "Thu, 15 Jan 2026 12:00:00 GMT"]],
    target: "/plain/",
    status: 304,
    body: "",
  },
  {
    name: "a listing with a failed condition",
    fields: [["If-Match", '"x"']],
    target: "/plain/",
    status: 412,
    body: "",
  },
  {
    name: "no listing",
    options: { listing: "off" },
    target: "/plain/",
    status: 404,
    body: NOT_FOUND,
  },
  {
    name: "no listing, but an index",
    options: { listing: "off" },
    target: "/site/",
    status: 200,
    body: "<p>site",
  },
  {
    name: "a listing of one's own",
    options: {
      listing: (w, _r, { name, entries, extent }) =>
        void w.write([name, extent, ...entries.map((entry) => entry.name)].join(" ")),
    },
    target: "/plain/",
    status: 200,
    expect: { "last-modified": "-" },
    body: "/plain whole <b>&copy b sub",
  },

  { name: "a dotfile", section: "issue 3", target: "/.env", status: 404, body: NOT_FOUND },
  { name: "a dotfile by an encoded dot", target: "/%2eenv", status: 404, body: NOT_FOUND },
  {
    name: "what is below a hidden directory",
    target: "/.git/config",
    status: 404,
    body: NOT_FOUND,
  },
  {
    name: "the public folder",
    section: "RFC 8615",
    target: "/.well-known/security.txt",
    status: 200,
    body: "Contact",
  },
  { name: "a dotfile in it", target: "/.well-known/.x", status: 404 },
  {
    name: "dotfiles by option",
    options: { dotfiles: "serve" },
    target: "/.env",
    status: 200,
    body: "SECRET",
  },

  {
    name: "a compressed sibling",
    section: "§12.5.3",
    options: CODED,
    fields: BROWSER,
    target: "/b.js",
    status: 200,
    expect: {
      "content-encoding": "br",
      "content-type": "text/javascript; charset=utf-8",
      "content-length": "4",
      vary: "Accept-Encoding",
      etag: '"6486bf6d331f4-4-br"',
    },
    body: "BRbr",
  },
  {
    name: "the sibling that the client prefers",
    options: CODED,
    fields: [
      ["Accept-Encoding", "br;q=0.1"],
      ["Accept-Encoding", "gzip"],
    ],
    target: "/b.js",
    status: 200,
    expect: { "content-encoding": "gzip" },
    body: "GZ",
  },
  {
    name: "a client that takes none",
    options: CODED,
    target: "/b.js",
    status: 200,
    expect: { "content-encoding": "-", vary: "Accept-Encoding" },
    body: "bbb",
  },
  {
    name: "without the option",
    fields: BROWSER,
    target: "/b.js",
    status: 200,
    expect: { "content-encoding": "-", vary: "-" },
    body: "bbb",
  },
  {
    name: "the first sibling is not there",
    options: CODED,
    fields: BROWSER,
    target: "/raw",
    status: 200,
    expect: { "content-encoding": "gzip", "content-type": "text/html; charset=utf-8" },
    body: "\x1f\xc2\x8b",
  },
  {
    name: "a sibling that is a directory",
    options: { precompressed: ["gzip"] },
    fields: BROWSER,
    target: "/a.txt",
    status: 200,
    expect: { "content-encoding": "-" },
    body: "aaa",
  },
  {
    name: "a range of the sibling",
    section: "§14.1.2",
    options: CODED,
    fields: [...BROWSER, ["Range", "bytes=1-2"]],
    target: "/b.js",
    status: 206,
    expect: { "content-range": "bytes 1-2/4", "content-encoding": "br" },
    body: "Rb",
  },
  {
    name: "a bad range of the sibling",
    options: CODED,
    fields: [...BROWSER, ["Range", "bytes=9-"]],
    target: "/b.js",
    status: 416,
    expect: { "content-encoding": "-" },
  },
  {
    name: "the sibling was not modified",
    section: "§15.4.5",
    options: CODED,
    fields: [...BROWSER, ["If-None-Match", '"6486bf6d331f4-4-br"']],
    target: "/b.js",
    status: 304,
    expect: { vary: "Accept-Encoding", "content-encoding": "-" },
    body: "",
  },
  {
    name: "a failed condition on the sibling",
    options: CODED,
    fields: [...BROWSER, ["If-Match", ETAG]],
    target: "/b.js",
    status: 412,
    expect: { "content-encoding": "-", "content-type": "-" },
    body: "",
  },

  refused("an encoded slash", "/..%2f..%2fetc/passwd"),
  refused("an encoded slash inside", "/site%2fstyle.css"),
  refused("encoded dots", "/%2e%2e/%2e%2e/etc/passwd"),
  refused("encoded twice", "/%252e%252e%252f%252e%252e%252fetc/passwd"),
  refused("backslashes", "/..\\..\\..\\etc\\passwd"),
  refused("encoded backslashes", "/..%5c..%5cetc%5cpasswd"),
  refused("a NUL", "/index.html%00/../../../etc/passwd"),
  refused("a drive", "/c:/windows/win.ini"),
  refused("a stream", "/a.txt::$DATA"),
  refused("semicolons", "/..;/..;/etc/passwd"),
  {
    name: "dot segments end at the root",
    section: "RFC 3986 §5.2.4",
    target: "/../../../../etc/passwd",
    status: 200,
    body: "not the real one",
  },
];

table(test, ROWS, async (row) => {
  const fs = watch(row.fs ?? FS);
  const answer = await ask(fileServer(fs, { now: NOW, ...row.options }), row);
  assert.is(answer.status, row.status);
  for (const [name, value] of Object.entries(row.expect ?? {})) {
    assert.is(answer.field(name), value === "-" ? undefined : value, name);
  }
  if (row.body instanceof RegExp)
    assert.match(Buffer.from(answer.body, "latin1").toString(), row.body);
  else if (row.body !== undefined) assert.is(answer.body, row.body);
  assert.is(answer.error, undefined);
  assert.is(fs.stillOpen, 0, "what was opened is closed");
  for (const name of fs.opened) assert.match(name, /^\/$|^(\/(?!\.\.?(\/|$))[^/\\\0]+)+$/);
});

test("what the handler set stays: tag, type, coding, Vary", async () => {
  const handler: HandlerFunc = (w, r) => {
    w.header.set("ETag", '"mine"');
    w.header.set("Content-Type", "a/b");
    w.header.set("Content-Encoding", "x");
    return fileServer(memoryFileSystem({ "/b.js": LONG, "/b.js.br": "br" }), CODED)(w, r);
  };
  const answer = await ask(handler, { target: "/b.js", fields: BROWSER });
  assert.is(answer.field("etag"), '"mine"');
  assert.is(answer.field("content-type"), "a/b");
  assert.is(answer.field("content-encoding"), "x");
  assert.is(answer.field("content-length"), undefined);
  assert.is(answer.body, LONG);
});

test("Vary is added to what is there, and only once", async () => {
  for (const [set, expect] of [
    ["Origin", "Origin"],
    ["Accept-Encoding", undefined],
    ["*", undefined],
  ] as const) {
    const handler: HandlerFunc = (w, r) => {
      w.header.set("Vary", set);
      return fileServer(FS, CODED)(w, r);
    };
    const answer = await ask(handler, { target: "/b.js" });
    assert.is(answer.field("vary"), expect ?? set);
  }
});

test("without options the present is asked of the clock", async () => {
  const answer = await ask(fileServer(FS), { target: "/a.txt" });
  assert.is(answer.status, 200);
  assert.match(answer.field("etag") ?? "", /6486bf6d331f4-3/);
});

test("files are closed when reading fails, and the server hears of it", async () => {
  const broken: FileSystem = {
    ...FS,
    open: async (name) => {
      const file = await FS.open(name);
      if (typeof file === "string") return file;
      return { ...file, read: () => Promise.reject(new Error("EIO")) };
    },
  };
  for (const target of ["/b.js", "/site/"]) {
    const fs = watch(broken);
    const answer = await ask(fileServer(fs, CODED), { target, fields: BROWSER });
    assert.is(answer.status, 500);
    assert.ok(answer.error instanceof Error && answer.error.message === "EIO");
    assert.is(fs.stillOpen, 0);
  }
});

test("what open throws is thrown on", async () => {
  const fs: FileSystem = { ...FS, open: () => Promise.reject(new Error("EMFILE")) };
  const answer = await ask(fileServer(fs), { target: "/a.txt" });
  assert.is(answer.status, 500);
  assert.ok(answer.error instanceof Error && answer.error.message === "EMFILE");
});

test.run();
