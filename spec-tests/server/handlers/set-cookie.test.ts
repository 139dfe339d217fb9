/**
 * setCookie: what of a cookie goes out, and what is refused.
 *
 * Rule of this file: answers are recorded whole; the forms of cookies have their table in semantics.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseSetCookie, setCookie } from "../../../lib/mod.ts";
import type { Cookie } from "../../../lib/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { throwsCode, withDeadline } from "../../kit.ts";

const test = suite("setCookie");

/** The Set-Cookie fields of an answer to which these are added. */
async function sent(...cookies: readonly Cookie[]): Promise<readonly string[]> {
  const recorded = await record(
    (w) => {
      for (const cookie of cookies) setCookie(w, cookie);
      return w.write("ok");
    },
    newTestRequest("GET", "/"),
  );
  assert.is(recorded.status, 200);
  return recorded.header.values("set-cookie");
}

test(
  "each cookie is a field line of its own, in their order",
  withDeadline(5_000, async () => {
    const first = {
      name: "a",
      value: "1",
      path: "/",
      maxAge: 60,
      secure: true,
      httpOnly: true,
    } as const;
    assert.equal(await sent(first, { name: "b", value: "x, y" }, { name: "a", value: "2" }), [
      "a=1; Path=/; Max-Age=60; HttpOnly; Secure",
      'b="x, y"',
      "a=2",
    ]);
  }),
);

test(
  "what went out is read back",
  withDeadline(5_000, async () => {
    const cookie = {
      name: "s",
      value: "v",
      quoted: false,
      domain: "a.example",
      sameSite: "lax",
    } as const;
    const [line = ""] = await sent(cookie);
    assert.equal(parseSetCookie(line), { ...cookie, raw: line });
  }),
);

test(
  "a cookie that cannot be written is an error, and nothing of it is sent",
  withDeadline(5_000, async () => {
    const recorded = await record(
      (w) => {
        throwsCode(() => setCookie(w, { name: "a b", value: "" }), "bad-cookie-name");
        throwsCode(() => setCookie(w, { name: "a", value: "1\r\nX: y" }), "bad-cookie-value");
        throwsCode(() => setCookie(w, { name: "a", value: "1", path: "/;x" }), "bad-cookie-path");
        return w.write("ok");
      },
      newTestRequest("GET", "/"),
    );
    assert.equal(recorded.header.values("set-cookie"), []);
    assert.is(recorded.text, "ok");
  }),
);

test.run();
