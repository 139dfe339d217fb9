/**
 * What a mux answers by itself, to the last byte of the body, and what replaces it.
 *
 * Rule of this file: which of these answers comes when is tested in mux.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ServeMux } from "../../../lib/server/mux/mod.ts";
import { table } from "../../kit.ts";
import { ask } from "./ask.ts";
import type { Asked } from "./ask.ts";

const test = suite("server/mux: answers");

interface Row {
  readonly name: string;
  readonly asked: Asked;
  readonly fields: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

table<Row>(
  test,
  [
    {
      name: "404 is plain text",
      asked: { target: "/none" },
      fields: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
      body: "404 page not found\n",
    },
    {
      name: "405 is plain text",
      asked: { method: "POST", target: "/get" },
      fields: { allow: "GET, HEAD", "content-type": "text/plain; charset=utf-8" },
      body: "Method Not Allowed\n",
    },
    {
      name: "a redirect of GET has a note for people",
      asked: { target: "/dir?a&b'" },
      fields: { "content-type": "text/html; charset=utf-8" },
      body: `<a href="/dir/?a&amp;b'">Temporary Redirect</a>.\n`,
    },
    {
      name: "a redirect of HEAD has its type only",
      asked: { method: "HEAD", target: "/dir" },
      fields: { "content-type": "text/html; charset=utf-8" },
      body: "",
    },
    {
      name: "a redirect of POST has neither",
      asked: { method: "POST", target: "/dir" },
      fields: { "content-type": undefined },
      body: "",
    },
    {
      name: "400 for a star closes the connection",
      asked: { method: "OPTIONS", target: "*" },
      fields: { connection: "close" },
      body: "",
    },
    {
      name: "on 1.0 it closes anyway",
      asked: { method: "OPTIONS", target: "*", versionMinor: 0 },
      fields: { "content-length": "0" },
      body: "",
    },
  ],
  async ({ asked, fields, body }) => {
    const mux = new ServeMux();
    mux.handle("GET /get", () => {});
    mux.handle("/dir/", () => {});
    const answer = await ask(mux, asked);
    for (const [name, value] of Object.entries(fields)) assert.is(answer.field(name), value, name);
    assert.is(answer.body, body);
  },
);

test("404 and 405 can be replaced, by functions and by objects", async () => {
  const mux = new ServeMux({
    notFound: (w, r) => {
      w.writeHeader(410);
      void w.write(`no ${r.path}`);
    },
    methodNotAllowed: {
      serveHTTP: async (w, r) => {
        await Promise.resolve();
        w.writeHeader(405);
        void w.write(`not ${r.method} but ${w.header.get("allow")}`);
      },
    },
  });
  mux.handle("GET /get", () => {});
  const none = await ask(mux, { target: "/a%20b" });
  assert.equal([none.status, none.body], [410, "no /a b"]);
  const not = await ask(mux, { method: "POST", target: "/get" });
  assert.equal(
    [not.status, not.field("allow"), not.body],
    [405, "GET, HEAD", "not POST but GET, HEAD"],
  );
});

test.run();
