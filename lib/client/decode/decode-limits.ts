/**
 * Every limit of decompression: name, default, unit, reason.
 * Go: none (its client decompresses without a bound)
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
}

/** The limits by name. */
export type DecodeLimitName =
  | "maxDecodedBytes"
  | "maxDecodedRatio"
  | "decodedRatioFloorBytes"
  | "maxContentCodings";

export const DECODE_LIMITS: Readonly<Record<DecodeLimitName, LimitEntry>> = {
  /**
   * What a decompressed body may come to, however slowly: a stream that is copied to a disk must end. Content
   * that is not compressed is not counted.
   */
  maxDecodedBytes: { default: 1_073_741_824, unit: "bytes" },
  /**
   * Text shrinks to a fifth, logs to a fiftieth; deflate can reach 1,030 and Brotli far more, which only
   * bombs do (CVE-2022-32206). Counted over the whole chain, against what came on the wire.
   */
  maxDecodedRatio: { default: 100, unit: "octets out for one in" },
  /**
   * Below it the ratio is not judged: a page of blanks may shrink to nothing, and a megabyte harms nobody. It
   * is also what `bytes()` holds by default.
   */
  decodedRatioFloorBytes: { default: 1_048_576, unit: "bytes" },
  /**
   * Each coding of a list has a decoder with its own memory, and they multiply (CVE-2026-22036). A longer
   * list is left as it is; honest servers apply one.
   */
  maxContentCodings: { default: 3, unit: "codings" },
};

/** One number for each limit; see DECODE_LIMITS. */
export type DecodeLimits = { readonly [name in DecodeLimitName]: number };

export const DEFAULT_DECODE_LIMITS: DecodeLimits = Object.freeze(
  Object.fromEntries(
    Object.entries(DECODE_LIMITS).map(([name, entry]) => [name, entry.default] as const),
  ) as DecodeLimits,
);
