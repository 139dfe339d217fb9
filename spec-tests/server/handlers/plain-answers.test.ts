/**
 * error, notFound, allowMethods: the short answers, down to their fields.
 *
 * Rule of this file: what is asked, what is answered.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Handler } from "../../../lib/server/mod.ts";
import { allowMethods, error, notFound, notFoundHandler } from "../../../lib/server/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, throwsCode, withDeadline } from "../../kit.ts";

const test = suite("plain answers");

const KEPT = "Cache-Control";

table(
  test,
  [
    { name: "the length is another", field: "Content-Length", value: "99" },
    { name: "the content is not encoded", field: "Content-Encoding", value: "gzip" },
    { name: "it is no part of anything", field: "Content-Range", value: "bytes 0-1/2" },
    { name: "the tag was another content's", field: "ETag", value: '"x"' },
    { name: "so was the date", field: "Last-Modified", value: "Tue, 01 Jan 2030 00:00:00 GMT" },
  ],
  async ({ field, value }) => {
    const handler: Handler = (w) => {
      w.header.set(field, value);
      w.header.set(KEPT, "no-store");
      return error(w, "boom", 500);
    };
    const { header, status, text } = await record(handler, newTestRequest("GET", "/"));
    assert.is(status, 500);
    assert.is(text, "boom\n");
    assert.is(header.get(field), field === "Content-Length" ? "5" : undefined);
    assert.is(header.get(KEPT), "no-store");
    assert.is(header.get("content-type"), "text/plain; charset=utf-8");
    assert.is(header.get("x-content-type-options"), "nosniff");
  },
);

test(
  "notFound and its handler say 404",
  withDeadline(2000, async () => {
    for (const handler of [notFoundHandler(), (w, r) => notFound(w, r)] satisfies Handler[]) {
      const { status, text } = await record(handler, newTestRequest("GET", "/"));
      assert.is(status, 404);
      assert.is(text, "404 page not found\n");
    }
  }),
);

table(
  test,
  [
    { name: "a method on the list passes", methods: ["POST"], method: "POST", status: 200 },
    { name: "GET stands for HEAD too", methods: ["GET"], method: "HEAD", status: 200 },
    { name: "HEAD alone does not stand for GET", methods: ["HEAD"], method: "GET", status: 405 },
    { name: "methods have a case", methods: ["GET"], method: "get", status: 405 },
    { name: "all others get 405", methods: ["PUT", "GET"], method: "POST", status: 405 },
  ],
  async ({ methods, method, status }) => {
    const handler = allowMethods(methods, () => undefined);
    const recorded = await record(handler, newTestRequest(method, "/"));
    assert.is(recorded.status, status);
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : [])].toSorted().join(", ");
    assert.is(recorded.header.get("allow"), status === 405 ? allow : undefined);
  },
);

test("what is no method is refused when the program begins", () => {
  throwsCode(() => allowMethods(["G T"], () => undefined), "bad-helper-option");
});

test.run();
