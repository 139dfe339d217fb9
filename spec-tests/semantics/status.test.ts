/**
 * Status codes have Go's names and phrases, and three kinds of them have no content.
 *
 * Rule of this file: rows are statuses.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { allowsBody, reasonPhrase, Status } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("semantics: status");

table(
  test,
  [
    { name: "100 is Continue", section: "9110 §15.2.1", input: 100, expect: "Continue" },
    { name: "103 is Early Hints", section: "8297 §2", input: 103, expect: "Early Hints" },
    { name: "200 is OK", section: "9110 §15.3.1", input: 200, expect: "OK" },
    { name: "413 has Go's phrase", section: "Go", input: 413, expect: "Request Entity Too Large" },
    { name: "414 has Go's phrase", section: "Go", input: 414, expect: "Request URI Too Long" },
    { name: "418 is a teapot", section: "Go", input: 418, expect: "I'm a teapot" },
    { name: "425 is Too Early", section: "8470 §5.2", input: 425, expect: "Too Early" },
    {
      name: "431 has its long phrase",
      section: "6585 §5",
      input: 431,
      expect: "Request Header Fields Too Large",
    },
    { name: "306 is unused and has no phrase", section: "9110 §15.4.7", input: 306, expect: "" },
    { name: "299 is not registered and has no phrase", section: "Go", input: 299, expect: "" },
    { name: "0 has no phrase", section: "Go", input: 0, expect: "" },
    { name: "NaN has no phrase", section: "Go", input: Number.NaN, expect: "" },
  ],
  ({ input, expect }) => assert.is(reasonPhrase(input), expect),
);

test("every named status has a phrase, and every status with a phrase has a name", () => {
  const named = Object.values(Status);
  for (const status of named) assert.ok(reasonPhrase(status) !== "", String(status));
  const withPhrase = Array.from({ length: 1000 }, (_, status) => status).filter(reasonPhrase);
  assert.equal(withPhrase, named);
});

test("a name is its phrase in lowerCamelCase, save where Go shortens one", () => {
  const shortened = new Map<string, string>([
    ["nonAuthoritativeInfo", "nonauthoritativeinformation"],
    ["proxyAuthRequired", "proxyauthenticationrequired"],
    ["teapot", "imateapot"],
  ]);
  for (const [name, status] of Object.entries(Status)) {
    const letters = reasonPhrase(status)
      .toLowerCase()
      .replace(/[^a-z]/g, "");
    assert.is(shortened.get(name) ?? name.toLowerCase(), letters, name);
  }
});

table(
  test,
  [
    { name: "99 is below the 1xx", section: "9110 §15.2", input: 99, expect: true },
    { name: "100 has no content", section: "9110 §15.2", input: 100, expect: false },
    { name: "101 has no content", section: "9110 §15.2.2", input: 101, expect: false },
    { name: "199 has no content", section: "9110 §15.2", input: 199, expect: false },
    { name: "200 may have content", section: "9110 §15.3.1", input: 200, expect: true },
    { name: "204 has no content", section: "9110 §15.3.5", input: 204, expect: false },
    { name: "205 may carry an empty content", section: "Go", input: 205, expect: true },
    { name: "304 has no content", section: "9110 §15.4.5", input: 304, expect: false },
    { name: "404 may have content", section: "9110 §15.5.5", input: 404, expect: true },
    { name: "999 may have content", section: "9110 §15", input: 999, expect: true },
  ],
  ({ input, expect }) => assert.is(allowsBody(input), expect),
);

test.run();
