/**
 * Hosts are told apart: names, addresses, this machine.
 *
 * Rule of this file: a URL as a person writes it goes in where the code takes a URL.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  canonicalHost,
  domainMatches,
  isBelow,
  isIPAddress,
  isLoopback,
} from "../../../lib/client/jar/host.ts";
import { table } from "../../kit.ts";

const test = suite("client/jar: host");

table(
  test,
  [
    { name: "letters in lower case", url: "http://WWW.Example.COM/", host: "www.example.com" },
    { name: "no port", url: "https://a.test:8443/", host: "a.test" },
    { name: "no user", url: "https://u:p@a.test/", host: "a.test" },
    { name: "one dot at the end goes", url: "http://a.test./", host: "a.test" },
    { name: "and no second one", section: "Go", url: "http://a.test../", host: "a.test." },
    { name: "a name beyond ASCII", url: "http://www.bücher.test/", host: "www.xn--bcher-kva.test" },
    { name: "an IPv6 address", url: "http://[2001:DB8::0:1]:80/", host: "2001:db8::1" },
    { name: "a short IPv4 address", url: "http://127.1/", host: "127.0.0.1" },
  ],
  ({ url, host }) => assert.is(canonicalHost(new URL(url)), host),
);

table(
  test,
  [
    { name: "IPv4", host: "1.2.3.4", isAddress: true },
    { name: "IPv6", host: "::1", isAddress: true },
    { name: "IPv6 with a zone and a name in it", host: "::1%.a.test", isAddress: true },
    { name: "a part above 255", host: "1.2.3.256", isAddress: false },
    { name: "a leading zero", host: "1.2.3.04", isAddress: false },
    { name: "five parts", host: "1.2.3.4.5", isAddress: false },
    { name: "digits before a name", host: "1.2.3.test", isAddress: false },
    { name: "nothing", host: "", isAddress: false },
  ],
  ({ host, isAddress }) => assert.is(isIPAddress(host), isAddress),
);

table(
  test,
  [
    { name: "localhost", url: "http://localhost/", isHere: true },
    { name: "a name below localhost, in any case", url: "http://App.LocalHost:80/", isHere: true },
    { name: "localhost with a dot at its end", url: "http://localhost./", isHere: true },
    { name: "127.0.0.0/8", url: "http://127.255.0.3/", isHere: true },
    { name: "::1", url: "http://[0:0::1]/", isHere: true },
    { name: "127.0.0.1 within IPv6", url: "http://[::ffff:127.0.0.1]/", isHere: true },
    { name: "128.0.0.1 within IPv6", url: "http://[::ffff:128.0.0.1]/", isHere: false },
    { name: "::2", url: "http://[::2]/", isHere: false },
    { name: "a name that ends like it", url: "http://notlocalhost/", isHere: false },
    { name: "a name that begins like it", url: "http://localhost.test/", isHere: false },
    { name: "a name that begins like an address", url: "http://127.0.0.1.test/", isHere: false },
    { name: "every address of this machine", url: "http://0.0.0.0/", isHere: false },
  ],
  ({ url, isHere }) => assert.is(isLoopback(canonicalHost(new URL(url))), isHere),
);

table(
  test,
  [
    { name: "the same", host: "a.test", domain: "a.test", matches: true },
    { name: "below", host: "b.a.test", domain: "a.test", matches: true },
    { name: "above", host: "test", domain: "a.test", matches: false },
    { name: "a longer label", host: "ba.test", domain: "a.test", matches: false },
    { name: "shorter than the domain by the dot", host: "test", domain: ".test", matches: false },
  ],
  ({ host, domain, matches }) => {
    assert.is(domainMatches(host, domain), matches);
    assert.is(isBelow(host, domain), matches && host !== domain);
  },
);

test.run();
