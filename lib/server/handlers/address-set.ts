/**
 * Sets of IP addresses, by CIDR blocks.
 * RFC 4632, RFC 6890 · Go: netip.Prefix
 *
 * Rule of this file: the names of well-known blocks, and what is in a set of them; addresses themselves are
 * read in semantics.
 */
import { type AddressBlock, blockContains, parseAddressBlock } from "../../semantics/mod.ts";
import { HandlerError } from "./errors.ts";

/** Blocks of addresses, and perhaps all peers that have none. */
export class AddressSet {
  readonly #blocks: AddressBlock[] = [];
  readonly #unix: boolean;

  /** Addresses, blocks (`10.0.0.0/8`) and names. Throws "bad-trust-list". */
  constructor(entries: readonly string[]) {
    this.#unix = entries.includes("unix");
    for (const entry of entries) {
      const blocks = NAMES.get(entry) ?? [entry];
      for (const block of blocks) this.#blocks.push(parseBlock(block));
    }
  }

  has(address: Uint8Array): boolean {
    return this.#blocks.some((block) => blockContains(block, address));
  }

  /** Are peers on Unix sockets and pipes in the set? */
  get hasUnix(): boolean {
    return this.#unix;
  }
}

const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["loopback", ["127.0.0.0/8", "::1"]],
  ["link-local", ["169.254.0.0/16", "fe80::/10"]],
  ["private", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]],
  ["unix", []],
]);

function parseBlock(text: string): AddressBlock {
  const block = parseAddressBlock(text);
  if (block === undefined) throw new HandlerError("bad-trust-list", `"${text}"`);
  return block;
}
