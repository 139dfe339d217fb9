/**
 * Cookies are kept under the name that somebody has registered, and never for a public suffix.
 *
 * Rule of this file: hosts are canonical here; broken lists are tried too.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { domainKey, isPublicSuffix } from "../../../lib/client/jar/public-suffix.ts";
import { table } from "../../kit.ts";
import { SUFFIXES } from "./tools.ts";

const test = suite("client/jar: public-suffix");

table(
  test,
  [
    {
      name: "a name below a suffix of one label",
      host: "x.www.a.test",
      key: "a.test",
      alone: "a.test",
    },
    {
      name: "a name below a suffix of two labels",
      host: "www.bbc.co.uk",
      key: "bbc.co.uk",
      alone: "co.uk",
    },
    { name: "a suffix itself", host: "co.uk", key: "co.uk", alone: "co.uk" },
    { name: "a single label", host: "localhost", key: "localhost", alone: "localhost" },
    { name: "an IPv4 address", host: "10.1.2.3", key: "10.1.2.3", alone: "10.1.2.3" },
    { name: "an IPv6 address", host: "::1", key: "::1", alone: "::1" },
    { name: "nothing", host: "", key: "", alone: "" },
    {
      name: "a dot before the only label",
      section: "Go",
      host: ".net",
      key: ".net",
      alone: ".net",
    },
    { name: "dots behind it", section: "Go", host: "weird.stuff..", key: ".", alone: "stuff.." },
    { name: "dots alone", section: "Go", host: "..", key: ".", alone: ".." },
  ],
  ({ host, key, alone }) => {
    assert.is(domainKey(host, SUFFIXES), key);
    assert.is(domainKey(host, undefined), alone, "without a list: the last two labels");
  },
);

table(
  test,
  [
    { name: "a single label, without a list", domain: "test", list: undefined, isPublic: true },
    { name: "two labels, without a list", domain: "co.uk", list: undefined, isPublic: false },
    { name: "a suffix of the list", domain: "co.uk", list: SUFFIXES, isPublic: true },
    { name: "a name below it", domain: "bbc.co.uk", list: SUFFIXES, isPublic: false },
    { name: "a list that knows nothing", domain: "a.test", list: fixed(""), isPublic: false },
    { name: "a list with another's suffix", domain: "a.test", list: fixed("com"), isPublic: true },
  ],
  ({ domain, list, isPublic }) => assert.is(isPublicSuffix(domain, list), isPublic),
);

test("under a broken list each host is alone", () => {
  assert.is(domainKey("www.a.test", fixed("com")), "www.a.test");
  assert.is(domainKey("www.a.test", fixed("much.longer.than.the.host.com")), "www.a.test");
});

function fixed(suffix: string): typeof SUFFIXES {
  return { publicSuffix: () => suffix };
}

test.run();
