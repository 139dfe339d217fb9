/**
 * IP addresses and blocks of them.
 *
 * Rule of this file: text in, octets or a verdict out. Blocks are judged further where they make up sets
 * (server/handlers/address-set) and NO_PROXY (client/proxy).
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blockContains, ipv4Of, parseAddress, parseAddressBlock } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("IP addresses");

const hex = (octets: Uint8Array | undefined): string | undefined =>
  octets === undefined ? undefined : Buffer.from(octets).toString("hex").replace(/^0+/, "");

const addresses: readonly { name: string; text: string; expect: string | undefined }[] = [
  { name: "a char above U+00FF", text: "1::\u0130", expect: undefined },
  { name: "IPv4", text: "192.0.2.1", expect: "ffffc0000201" },
  { name: "mapped IPv4", text: "::ffff:192.0.2.1", expect: "ffffc0000201" },
  { name: "mapped IPv4 in groups", text: "::FFFF:c000:201", expect: "ffffc0000201" },
  { name: "loopback", text: "::1", expect: "1" },
  { name: "nothing but a gap", text: "::", expect: "" },
  { name: "all groups", text: "1:2:3:4:5:6:7:8", expect: "10002000300040005000600070008" },
  { name: "a gap in the middle", text: "2001:db8::5", expect: "20010db8000000000000000000000005" },
  { name: "a gap at the end", text: "1::", expect: "10000000000000000000000000000" },
  {
    name: "a zone is passed over",
    text: "fe80::1%eth0",
    expect: "fe800000000000000000000000000001",
  },
  { name: "a gap for nothing", text: "1:2:3:4::5:6:7:8", expect: undefined },
  { name: "two gaps", text: "1::2::3", expect: undefined },
  { name: "too few groups", text: "1:2:3", expect: undefined },
  { name: "too many groups", text: "1:2:3:4:5:6:7:8:9", expect: undefined },
  { name: "five digits", text: "::12345", expect: undefined },
  { name: "no digit", text: "::g", expect: undefined },
  { name: "an empty group", text: "1:2:3:4:5:6:7:", expect: undefined },
  { name: "IPv4 in front", text: "1.2.3.4::", expect: undefined },
  { name: "bad IPv4 at the end", text: "::1.2.3", expect: undefined },
  { name: "three parts", text: "1.2.3", expect: undefined },
  { name: "five parts", text: "1.2.3.4.5", expect: undefined },
  { name: "a leading zero, which some read as octal", text: "010.0.0.1", expect: undefined },
  { name: "256", text: "1.2.3.256", expect: undefined },
  { name: "a sign", text: "+1.2.3.4", expect: undefined },
  { name: "IPv4 with a zone", text: "1.2.3.4%eth0", expect: undefined },
  { name: "nothing", text: "", expect: undefined },
  { name: "a name", text: "unknown", expect: undefined },
];

table(test, addresses, ({ text, expect }) => assert.is(hex(parseAddress(text)), expect));

table(
  test,
  [
    { name: "IPv4", text: "192.0.2.1", expect: "c0000201" },
    { name: "IPv4 in IPv6 form", text: "::ffff:192.0.2.1", expect: "c0000201" },
    { name: "IPv6", text: "::1", expect: undefined },
  ].map((row) => ({ ...row, name: `as four octets: ${row.name}` })),
  ({ text, expect }) => assert.is(hex(ipv4Of(parseAddress(text)!)), expect),
);

test("a block is an address and the bits that count, of 128", () => {
  assert.is(parseAddressBlock("10.0.0.0/8")?.bits, 104);
  assert.is(parseAddressBlock("::1")?.bits, 128);
  assert.is(parseAddressBlock("fe80::1%eth0"), undefined);
  assert.is(parseAddressBlock("10.0.0.0/33"), undefined);
  const block = parseAddressBlock("2001:db8::/33")!;
  assert.is(blockContains(block, parseAddress("2001:db8:7fff::1")!), true);
  assert.is(blockContains(block, parseAddress("2001:db8:8000::1")!), false);
});

test.run();
