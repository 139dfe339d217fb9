/**
 * Does content have the digest that `integrity` asks for?
 * W3C Subresource Integrity §3.3 · Go: none
 *
 * Rule of this file: the strongest algorithm that is listed counts, and any of its digests will do. A list without
 * any digest of a known algorithm asks for nothing, as the standard has it.
 */

/** From the weakest to the strongest. */
const ALGORITHMS: readonly string[] = ["sha256", "sha384", "sha512"];

interface Digest {
  readonly strength: number;
  readonly base64: string;
}

/** Is there something in `metadata` to be checked? */
export function asksForDigest(metadata: string): boolean {
  return digestsOf(metadata).length > 0;
}

/** Does the content have one of the digests? */
export function hasIntegrity(content: Uint8Array, metadata: string): boolean {
  const digests = digestsOf(metadata);
  const strength = Math.max(...digests.map((digest) => digest.strength));
  const algorithm = ALGORITHMS[strength];
  if (algorithm === undefined) return true;
  const { createHash } = process.getBuiltinModule("node:crypto");
  const actual = createHash(algorithm).update(content).digest("base64");
  return digests.some((digest) => digest.strength === strength && same(digest.base64, actual));
}

/** "sha256-<base64>?options", separated by blanks; what is none of them is passed over. */
function digestsOf(metadata: string): Digest[] {
  return metadata.split(/[\t\n\f\r ]+/).flatMap((token) => {
    const parts = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?[\x21-\x7e]*)?$/i.exec(
      token,
    );
    const [, algorithm, base64] = parts ?? [];
    if (algorithm === undefined || base64 === undefined) return [];
    return [{ strength: ALGORITHMS.indexOf(algorithm.toLowerCase()), base64 }];
  });
}

/** base64 and base64url, padded or not. */
function same(given: string, actual: string): boolean {
  const plain = (text: string): string =>
    text.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  return plain(given) === plain(actual);
}
