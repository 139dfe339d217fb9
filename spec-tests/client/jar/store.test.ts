/**
 * The store keeps both orders, that of setting and that of use, whatever is done to it.
 *
 * Rule of this file: a plain list that is searched and sorted for every question is the model; any history must
 * leave the jar with what the model has.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { JarCookie } from "../../../lib/client/jar/mod.ts";
import { CookieStore } from "../../../lib/client/jar/store.ts";
import { holds } from "../../properties/check.ts";
import { TestJar } from "./tools.ts";

const test = suite("client/jar: store");

interface Kept {
  readonly id: string;
  readonly site: string;
  readonly name: string;
  readonly secure: boolean;
  readonly creation: number;
  readonly expires: number;
  lastAccess: number;
}

const LIMITS = { maxTotalCookies: 6, maxCookiesPerDomain: 3 } as const;

/** The RFC's words over a list: one cookie a name and host. */
class Model {
  kept: Kept[] = [];

  set(site: string, host: string, name: string, secure: boolean, ageMs: number, now: number): void {
    this.kept = this.kept.filter(({ expires }) => expires > now);
    const id = `${host} ${name}`;
    const old = this.kept.find((one) => one.id === id);
    this.kept = this.kept.filter((one) => one !== old);
    if (ageMs <= 0) return;
    const creation = old?.creation ?? now;
    const expires = now + ageMs;
    this.kept.push({ id, site, name, secure, creation, expires, lastAccess: now });
    const mine = this.kept.filter((one) => one.site === site);
    if (mine.length > LIMITS.maxCookiesPerDomain) {
      const plain = mine.filter((one) => !one.secure);
      this.#evict(plain.length > 0 ? plain : mine);
    }
    if (this.kept.length > LIMITS.maxTotalCookies) this.#evict(this.kept);
  }

  get(host: string, now: number): string {
    const sent = this.kept.filter((one) => one.id.startsWith(`${host} `) && one.expires > now);
    for (const one of sent) one.lastAccess = now;
    return sent
      .sort((a, b) => a.creation - b.creation)
      .map(({ name }) => `${name}=1`)
      .join("; ");
  }

  #evict(among: readonly Kept[]): void {
    const [oldest] = among.toSorted((a, b) => a.lastAccess - b.lastAccess);
    this.kept = this.kept.filter((one) => one !== oldest);
  }
}

const step = fc.record({
  site: fc.constantFrom("a.test", "b.test", "c.test"),
  label: fc.constantFrom("", "x."),
  name: fc.constantFrom("a", "b", "c", "d"),
  secure: fc.boolean(),
  seconds: fc.constantFrom(0, 1, 5, 1000),
  what: fc.constantFrom("set", "set", "get"),
});

test("any history of setting and asking leaves what the RFC's words leave", () => {
  holds(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const jar = new TestJar(LIMITS);
      const model = new Model();
      for (const { site, label, name, secure, seconds, what } of steps) {
        jar.nowMs += 400;
        const host = `${label}${site}`;
        if (what === "get") {
          // Only one cookie at a time is asked for where several would be used in the same millisecond.
          const sent = jar.get(`https://${host}/${name}`);
          assert.is(sent, model.get(`${host}/${name}`, jar.nowMs));
        } else {
          const path = `/${name}`;
          const flags = `; Path=${path}; Max-Age=${seconds}${secure ? "; Secure" : ""}`;
          jar.set(`https://${host}/`, `n=1${flags}`);
          model.set(site, `${host}${path}`, "n", secure, seconds * 1000, jar.nowMs);
        }
      }
      const live = model.kept.filter(({ expires }) => expires > jar.nowMs);
      const shown = Array.from(jar.jar, ({ domain, path, name }) => `${domain}${path} ${name}`);
      assert.equal(
        shown,
        live.toSorted((a, b) => a.creation - b.creation).map(({ id }) => id),
      );
    }),
  );
});

test("a lookup sees its own domain's cookies and no others", () => {
  const store = new CookieStore({ maxTotalCookies: 100, maxCookiesPerDomain: 100 });
  const cookie = (domain: string, name: string): JarCookie => ({
    name,
    value: "",
    quoted: false,
    domain,
    hostOnly: true,
    path: "/",
    secure: false,
    httpOnly: false,
    sameSite: undefined,
    partitioned: false,
    expires: undefined,
    creation: 0,
    lastAccess: 0,
  });
  for (const domain of ["a.test", "b.test"]) store.put(domain, cookie(domain, "a"));
  assert.equal(
    store.under("a.test").map(({ cookie: { domain } }) => domain),
    ["a.test"],
  );
  store.delete("a.test", cookie("a.test", "b"));
  assert.is(store.all().length, 2, "what is not there is not deleted");
  store.delete("a.test", cookie("a.test", "a"));
  assert.equal(store.under("a.test"), []);
});

test("cookies whose parts run together to the same text are different", () => {
  const jar = new TestJar().set("http://a.test/", "a=1; Path=/b;c", "a=2; Path=/b", "ab=3; Path=/");
  assert.is(jar.get("http://a.test/b"), "a=2; ab=3");
});

test.run();
