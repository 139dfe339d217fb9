/**
 * Sets of addresses.
 *
 * Rule of this file: text in, octets or a verdict out.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAddress } from "../../../lib/semantics/mod.ts";
import { AddressSet } from "../../../lib/server/handlers/address-set.ts";
import { table, throwsCode } from "../../kit.ts";

const test = suite("address set");

const memberships: readonly { name: string; entries: string[]; text: string; expect: boolean }[] = [
  { name: "an address holds itself", entries: ["192.0.2.1"], text: "192.0.2.1", expect: true },
  { name: "in its other spelling", entries: ["192.0.2.1"], text: "::ffff:192.0.2.1", expect: true },
  { name: "and not its neighbour", entries: ["192.0.2.1"], text: "192.0.2.2", expect: false },
  {
    name: "a block between octets",
    entries: ["10.16.0.0/12"],
    text: "10.31.255.255",
    expect: true,
  },
  { name: "and what lies behind it", entries: ["10.16.0.0/12"], text: "10.32.0.0", expect: false },
  { name: "a block of everything", entries: ["0.0.0.0/0"], text: "203.0.113.9", expect: true },
  { name: "which is all of IPv4 only", entries: ["0.0.0.0/0"], text: "2001:db8::1", expect: false },
  { name: "an IPv6 block", entries: ["fd00::/8"], text: "fdff::1", expect: true },
  { name: "of all", entries: ["::/0"], text: "1.2.3.4", expect: true },
  { name: "loopback", entries: ["loopback"], text: "127.9.9.9", expect: true },
  { name: "loopback of IPv6", entries: ["loopback"], text: "::1", expect: true },
  { name: "private", entries: ["private"], text: "172.31.0.1", expect: true },
  { name: "not private", entries: ["private"], text: "172.32.0.1", expect: false },
  { name: "link-local", entries: ["link-local"], text: "fe80::1", expect: true },
  { name: "unix has no addresses", entries: ["unix"], text: "127.0.0.1", expect: false },
  { name: "nothing holds nothing", entries: [], text: "127.0.0.1", expect: false },
];

table(test, memberships, ({ entries, text, expect }) =>
  assert.is(new AddressSet(entries).has(parseAddress(text)!), expect),
);

table(
  test,
  [
    "",
    "x",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/x",
    "10.0.0.0/08",
    "::/129",
    "fe80::1%a",
    "10.0.0.0/8/8",
  ].map((entry) => ({ name: `"${entry}" is no entry`, entry })),
  ({ entry }) => void throwsCode(() => new AddressSet([entry]), "bad-trust-list"),
);

test.run();
