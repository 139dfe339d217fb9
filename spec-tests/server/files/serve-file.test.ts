/**
 * serveFile: a file of the program's choice, whatever the path of the request.
 *
 * Rule of this file: what it has in common with fileServer is tested there.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FileServerOptions, serveFile } from "../../../lib/server/files/mod.ts";
import { table } from "../../kit.ts";
import { type Asked, ask, watch } from "./ask.ts";
import { FS, NOT_FOUND } from "./folder.ts";

const test = suite("server/files: serveFile");

interface ServeRow extends Asked {
  readonly name: string;
  readonly file: string;
  readonly options?: FileServerOptions;
  readonly status: number;
  readonly location?: string;
  readonly body?: string;
}

table<ServeRow>(
  test,
  [
    {
      name: "a file under another path",
      file: "/a.txt",
      target: "/anything",
      status: 200,
      body: "aaa",
    },
    {
      name: "a name without a slash",
      file: "site/style.css",
      target: "/x",
      status: 200,
      body: "p {}",
    },
    {
      name: "a slash at the end of the path",
      file: "/a.txt",
      target: "/x/",
      status: 200,
      body: "aaa",
    },
    {
      name: "any method",
      file: "/a.txt",
      method: "POST",
      target: "/x",
      status: 200,
      body: "aaa",
    },
    {
      name: "a directory with its index",
      file: "/site",
      target: "/x/",
      status: 200,
      body: "<p>site",
    },
    {
      name: "a directory, and a path without a slash",
      file: "/site",
      target: "/x",
      status: 301,
      location: "x/",
    },
    {
      name: "a path that ends in index.html",
      file: "/a.txt",
      target: "/x/index.html",
      status: 301,
      location: "./",
    },
    {
      name: "dot-dot in the path",
      file: "/a.txt",
      target: "/x/../y",
      status: 400,
      body: "invalid URL path\n",
    },
    {
      name: "dot-dot by encoding",
      file: "/a.txt",
      target: "/x%2f%2e%2e",
      status: 400,
      body: "invalid URL path\n",
    },
    { name: "dot-dot with a backslash", file: "/a.txt", target: "/..\\x", status: 400 },
    {
      name: "an encoded slash in the path is not its business",
      file: "/a.txt",
      target: "/x%2fy",
      status: 200,
      body: "aaa",
    },
    {
      name: "nor for a directory",
      file: "/site",
      target: "/x%2fy",
      status: 200,
      body: "<p>site",
    },
    {
      name: "a name that climbs",
      file: "/../../site/../a.txt",
      target: "/x",
      status: 200,
      body: "aaa",
    },
    {
      name: "a name with a NUL",
      file: "/a.txt\0",
      target: "/x",
      status: 404,
      body: NOT_FOUND,
    },
    { name: "a hidden name", file: "/.env", target: "/x", status: 404, body: NOT_FOUND },
    {
      name: "a hidden name by option",
      file: "/.env",
      options: { dotfiles: "serve" },
      target: "/x",
      status: 200,
      body: "SECRET",
    },
    { name: "no such file", file: "/x", target: "/x", status: 404, body: NOT_FOUND },
  ],
  async (row) => {
    const fs = watch(FS);
    const answer = await ask((w, r) => serveFile(w, r, fs, row.file, row.options), row);
    assert.is(answer.status, row.status);
    assert.is(answer.field("location"), row.location);
    if (row.body !== undefined) assert.is(answer.body, row.body);
    assert.is(fs.stillOpen, 0);
  },
);

test.run();
