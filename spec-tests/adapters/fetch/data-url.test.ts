/** data: URLs: types, base64, percent-encodings. The rows are those of the standard's processor. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { readDataURL } from "../../../lib/adapters/fetch/data-url.ts";
import { type Row, table, throwsCode } from "../../kit.ts";

const test = suite("data: URLs");

interface Read extends Row {
  readonly url: string;
  readonly type: string;
  readonly content: string;
}

table(
  test,
  [
    { name: "without a type", url: "data:,a", type: "text/plain;charset=US-ASCII", content: "a" },
    { name: "with a bad type", url: "data:x,a", type: "text/plain;charset=US-ASCII", content: "a" },
    {
      name: "parameters alone",
      url: "data:;charset=utf-8,a",
      type: "text/plain;charset=utf-8",
      content: "a",
    },
    {
      name: "a type",
      url: "data:Text/HTML;Charset=x,a",
      type: "text/html;charset=x",
      content: "a",
    },
    { name: "base64", url: "data:a/b;base64,YWI=", type: "a/b", content: "ab" },
    {
      name: "base64 without padding, in capitals",
      url: "data:a/b; BASE64,YWI",
      type: "a/b",
      content: "ab",
    },
    {
      name: "base64 in escapes and with blanks",
      url: "data:a/b;base64,YW%20I%3D",
      type: "a/b",
      content: "ab",
    },
    { name: "escapes, good and bad", url: "data:a/b,%41%zz%", type: "a/b", content: "A%zz%" },
    { name: "octets above 0x7F", url: "data:a/b,%ff%00", type: "a/b", content: "\xff\x00" },
    { name: "commas in the content", url: "data:a/b,a,b", type: "a/b", content: "a,b" },
  ] satisfies Read[],
  ({ url, type, content }) => {
    const read = readDataURL(url);
    assert.is(read.contentType, type);
    assert.is(Buffer.from(read.content).toString("latin1"), content);
  },
);

test("without a comma, and with bad base64, there is no content", () => {
  throwsCode(() => readDataURL("data:a/b"), "bad-data-url");
  throwsCode(() => readDataURL("data:a/b;base64,a"), "bad-data-url");
});

test.run();
