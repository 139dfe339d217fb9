/**
 * A cookie's domain and path are what the RFC makes of its attributes.
 *
 * Rule of this file: "" means "host only" and undefined "refused", as the rows say.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { defaultPath, domainScope, pathMatches } from "../../../lib/client/jar/scope.ts";
import { table } from "../../kit.ts";
import { SUFFIXES } from "./tools.ts";

const test = suite("client/jar: scope");

table(
  test,
  [
    { name: "no attribute", host: "www.a.test", attribute: "", want: "www.a.test alone" },
    { name: "the host itself", host: "a.test", attribute: "a.test", want: "a.test and below" },
    { name: "a parent", host: "www.a.test", attribute: "a.test", want: "a.test and below" },
    {
      name: "a dot before it",
      section: "6265 §5.2.3",
      host: "a.test",
      attribute: ".a.test",
      want: "a.test and below",
    },
    { name: "capitals", host: "a.test", attribute: "A.Test", want: "a.test and below" },
    { name: "two dots before it", host: "a.test", attribute: "..a.test", want: undefined },
    { name: "a dot behind it", host: "a.test", attribute: "a.test.", want: undefined },
    { name: "a dot and nothing else", host: "a.test", attribute: ".", want: undefined },
    {
      name: "a dot and nothing else, where the host ends in one",
      host: "a.",
      attribute: ".",
      want: undefined,
    },
    { name: "a child", host: "a.test", attribute: "www.a.test", want: undefined },
    { name: "a stranger", host: "a.test", attribute: "b.test", want: undefined },
    { name: "the end of a label", host: "ba.test", attribute: "a.test", want: undefined },
    { name: "a public suffix", host: "a.co.uk", attribute: "co.uk", want: undefined },
    { name: "a private suffix", host: "a.github.io", attribute: "github.io", want: undefined },
    {
      name: "a public suffix that is the host",
      host: "co.uk",
      attribute: ".co.uk",
      want: "co.uk alone",
    },
    {
      name: "letters beyond ASCII",
      host: "xn--bcher-kva.test",
      attribute: "bücher.test",
      want: undefined,
    },
    { name: "the Kelvin sign is no k", host: "k.test", attribute: "\u212a.test", want: undefined },
    {
      name: "the same address",
      section: "Go",
      host: "1.2.3.4",
      attribute: "1.2.3.4",
      want: "1.2.3.4 alone",
    },
    { name: "a dot before the address", host: "1.2.3.4", attribute: ".1.2.3.4", want: undefined },
    { name: "the end of an address", host: "1.2.3.4", attribute: "3.4", want: undefined },
    { name: "the same IPv6 address", host: "::1", attribute: "::1", want: "::1 alone" },
  ],
  ({ host, attribute, want }) => {
    const scope = domainScope(host, attribute, SUFFIXES);
    assert.is(scope && `${scope.domain} ${scope.hostOnly ? "alone" : "and below"}`, want);
  },
);

table(
  test,
  [
    { name: "the root", path: "/", folder: "/" },
    { name: "a file in the root", path: "/a", folder: "/" },
    { name: "a folder", path: "/a/", folder: "/a" },
    { name: "a file in a folder", path: "/a/b.html", folder: "/a" },
    { name: "no path", path: "", folder: "/" },
    { name: "no slash at its beginning", path: "a/b", folder: "/" },
  ],
  ({ path, folder }) => assert.is(defaultPath(path), folder),
);

table(
  test,
  [
    { name: "the same path", path: "/a", cookie: "/a", matches: true },
    { name: "a path below", path: "/a/b", cookie: "/a", matches: true },
    { name: "a path below a slash", path: "/a/b", cookie: "/a/", matches: true },
    { name: "everything is below the root", path: "/a", cookie: "/", matches: true },
    { name: "a longer name", path: "/ab", cookie: "/a", matches: false },
    { name: "the folder without its slash", path: "/a", cookie: "/a/", matches: false },
    { name: "other letter case", path: "/A", cookie: "/a", matches: false },
  ],
  ({ path, cookie, matches }) => assert.is(pathMatches(path, cookie), matches),
);

test.run();
