/**
 * basicAuth and setBasicAuth: who gets in.
 *
 * Rule of this file: credentials in, status out; a timing cannot be tested, its arithmetic can.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { authenticatedUser, basicAuth, setBasicAuth } from "../../../lib/server/mod.ts";
import { equalsInConstantTime } from "../../../lib/server/handlers/constant-time.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { Header } from "../../../lib/wire/mod.ts";
import { table, throwsCode, withDeadline } from "../../kit.ts";

const test = suite("basicAuth");

interface Row {
  readonly name: string;
  readonly credentials: readonly [string, string] | undefined;
  readonly status: number;
}

const rows: readonly Row[] = [
  { name: "the right password gets in", credentials: ["ada", "s\u00e9cret:x"], status: 200 },
  { name: "another password does not", credentials: ["ada", "secret"], status: 401 },
  { name: "nor a part of it", credentials: ["ada", "s\u00e9cret"], status: 401 },
  { name: "nor nothing", credentials: ["ada", ""], status: 401 },
  { name: "an unknown name does not", credentials: ["bob", "s\u00e9cret:x"], status: 401 },
  { name: "a name that objects have is nobody's", credentials: ["__proto__", ""], status: 401 },
  { name: "a name that objects inherit is nobody's", credentials: ["toString", ""], status: 401 },
  { name: "without credentials there is a challenge", credentials: undefined, status: 401 },
];

const USERS = { ada: "s\u00e9cret:x" };
const forms = {
  object: USERS,
  map: new Map(Object.entries(USERS)),
  pairs: Object.entries(USERS),
} as const;

for (const [form, users] of Object.entries(forms)) {
  table(
    (name, fn) => test(`${name} (users as ${form})`, fn),
    rows,
    async ({ credentials, status }) => {
      const header = new Header();
      if (credentials !== undefined) {
        setBasicAuth(header, { username: credentials[0], password: credentials[1] });
      }
      const guarded = basicAuth({ users, realm: 'a "b"' })((w, r) =>
        w.write(`hello ${authenticatedUser.get(r)}`),
      );
      const recorded = await record(guarded, newTestRequest("GET", "/", { header }));
      assert.is(recorded.status, status);
      assert.is(recorded.text, status === 200 ? "hello ada" : "401 unauthorized\n");
      const challenge = recorded.header.get("www-authenticate");
      assert.is(challenge, status === 200 ? undefined : 'Basic realm="a \\"b\\"", charset="UTF-8"');
    },
  );
}

table(
  test,
  [
    { name: "a check may answer at once", check: () => true, status: 200 },
    { name: "or later", check: async () => true, status: 200 },
    { name: "and say no", check: async () => false, status: 401 },
    {
      name: "one that fails lets nobody in",
      check: () => Promise.reject(new Error("db")),
      status: 500,
    },
  ],
  async ({ check, status }) => {
    const header = new Header();
    setBasicAuth(header, { username: "ada", password: "x" });
    const guarded = basicAuth({ check })(() => undefined);
    assert.is((await record(guarded, newTestRequest("GET", "/", { header }))).status, status);
  },
);

test("exactly one way to decide is wanted", () => {
  throwsCode(() => basicAuth({}), "bad-helper-option");
  throwsCode(() => basicAuth({ users: {}, check: () => true }), "bad-helper-option");
});

table(
  test,
  [
    { name: "same", one: "abc", other: "abc", expect: true },
    { name: "both empty", one: "", other: "", expect: true },
    { name: "the first letter differs", one: "xbc", other: "abc", expect: false },
    { name: "the last letter differs", one: "abx", other: "abc", expect: false },
    { name: "a repetition of the secret is not it", one: "abab", other: "ab", expect: false },
    { name: "a guess at the empty secret", one: "a", other: "", expect: false },
    { name: "an empty guess", one: "", other: "a", expect: false },
    { name: "NULs at an empty secret", one: "\0", other: "", expect: false },
  ],
  ({ one, other, expect }) => assert.is(equalsInConstantTime(one, other), expect),
);

test(
  "the promise of a handler inside is handed on",
  withDeadline(2000, async () => {
    const header = new Header();
    setBasicAuth(header, { username: "ada", password: USERS.ada });
    const guarded = basicAuth({ users: USERS })(async (w) => {
      await Promise.resolve();
      await w.write("later");
    });
    assert.is((await record(guarded, newTestRequest("GET", "/", { header }))).text, "later");
  }),
);

test.run();
