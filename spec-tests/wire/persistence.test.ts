/** What a head says about its connection. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  HOP_BY_HOP,
  connectionOptions,
  expectation,
  hasConnectionOption,
  keepsAlive,
  lowerAscii,
  upgradeTokens,
} from "../../lib/wire/mod.ts";
import { table, throwsCode } from "../kit.ts";
import { fieldsOf, request } from "./feeds.ts";

const test = suite("wire/persistence");

table<{
  name: string;
  section?: string;
  input: [version: string, ...lines: string[]];
  expect: boolean;
}>(
  test,
  [
    { name: "HTTP/1.1 goes on", section: "§9.3", input: ["1.1"], expect: true },
    { name: "HTTP/1.0 does not", input: ["1.0", "Host: a"], expect: false },
    { name: "close ends it", input: ["1.1", "Connection: Close"], expect: false },
    {
      name: "close wins in a list",
      input: ["1.1", "Connection: keep-alive, close"],
      expect: false,
    },
    {
      name: "close wins in another line",
      input: ["1.1", "Connection: keep-alive", "X: y", "Connection: close"],
      expect: false,
    },
    { name: "closed is not close", input: ["1.1", "Connection: closed"], expect: true },
    {
      name: "HTTP/1.0 goes on with keep-alive",
      input: ["1.0", "Connection: x", "Connection: Keep-Alive"],
      expect: true,
    },
    {
      name: "HTTP/1.0 ends with another option",
      input: ["1.0", "Connection: upgrade, keep-alive-not"],
      expect: false,
    },
    {
      name: "HTTP/1.0 ends with keep-alive and close",
      input: ["1.0", "Connection: keep-alive, close"],
      expect: false,
    },
    { name: "a length alone says nothing", input: ["1.1", "Content-Length: 1"], expect: true },
    {
      name: "a length alone says nothing in HTTP/1.0",
      input: ["1.0", "Content-Length: 1"],
      expect: false,
    },
    {
      name: "chunked alone says nothing",
      input: ["1.1", "Transfer-Encoding: chunked"],
      expect: true,
    },
    {
      name: "both fields end it",
      section: "§6.1",
      input: ["1.1", "Transfer-Encoding: chunked", "Content-Length: 1", "Connection: keep-alive"],
      expect: false,
    },
    {
      name: "a coding in HTTP/1.0 ends it",
      section: "§6.1",
      input: ["1.0", "Transfer-Encoding: chunked", "Connection: keep-alive"],
      expect: false,
    },
  ],
  ({ input: [version, ...lines], expect }) => {
    assert.is(keepsAlive(request(`GET / HTTP/${version}`, ...lines)), expect);
  },
);

test("the options of all lines come in lower case", () => {
  assert.equal(connectionOptions(fieldsOf()), []);
  assert.equal(connectionOptions(fieldsOf("Host: a")), []);
  const fields = fieldsOf("Connection: Foo, ,close", "X: y", "connection: BAR");
  assert.equal(connectionOptions(fields), ["foo", "close", "bar"]);
});

table<{ name: string; input: [string, string]; expect: boolean }>(
  test,
  [
    { name: "an option alone is there", input: ["close", "close"], expect: true },
    { name: "an option between commas is there", input: ["a ,\tCLOSE , b", "close"], expect: true },
    { name: "blanks do not separate options", input: ["a close", "close"], expect: false },
    { name: "an option is not in an empty value", input: ["", "close"], expect: false },
    { name: "an option is not among commas", input: [",,", "close"], expect: false },
  ],
  ({ input, expect }) => assert.is(hasConnectionOption(...input), expect),
);

test("hop-by-hop names are in lower case", () => {
  for (const name of HOP_BY_HOP) assert.is(name, lowerAscii(name));
  assert.ok(HOP_BY_HOP.has("transfer-encoding"));
});

test("protocols count when Connection names upgrade", () => {
  assert.equal(upgradeTokens(fieldsOf()), []);
  assert.equal(upgradeTokens(fieldsOf("Upgrade: websocket")), []);
  assert.equal(upgradeTokens(fieldsOf("Upgrade: websocket", "Connection: close")), []);
  const fields = fieldsOf(
    "Connection: keep-alive, Upgrade",
    "Upgrade: WebSocket, h2c",
    "Upgrade: x/1",
  );
  assert.equal(upgradeTokens(fields), ["WebSocket", "h2c", "x/1"]);
});

table<{
  name: string;
  section?: string;
  input: [version: string, ...lines: string[]];
  expect: string;
}>(
  test,
  [
    { name: "nothing is expected", input: ["1.1", "Connection: close"], expect: "none" },
    {
      name: "100-continue is expected",
      section: "9110 §10.1.1",
      input: ["1.1", "Expect: 100-Continue"],
      expect: "100-continue",
    },
    { name: "HTTP/1.0 expects nothing", input: ["1.0", "Expect: 100-continue"], expect: "none" },
    { name: "HTTP/1.0 may expect a pony", input: ["1.0", "Expect: a-pony"], expect: "none" },
    { name: "an empty line expects nothing", input: ["1.1", "Expect:"], expect: "none" },
    { name: "a pony is refused", input: ["1.1", "Expect: a-pony"], expect: "unknown-expectation" },
    {
      name: "something beside 100-continue is refused",
      input: ["1.1", "Expect: y 100-continue"],
      expect: "unknown-expectation",
    },
    {
      name: "a list is refused",
      input: ["1.1", "Expect: 100-continue, 100-continue"],
      expect: "unknown-expectation",
    },
    {
      name: "two lines are refused",
      input: ["1.1", "Expect: 100-continue", "Expect: 100-continue"],
      expect: "unknown-expectation",
    },
    {
      name: "two empty lines are refused",
      input: ["1.1", "Expect:", "Expect:"],
      expect: "unknown-expectation",
    },
  ],
  ({ input: [version, ...lines], expect }) => {
    const head = request(`POST / HTTP/${version}`, ...lines);
    if (expect === "unknown-expectation") throwsCode(() => expectation(head), expect);
    else assert.is(expectation(head), expect);
  },
);

test.run();
