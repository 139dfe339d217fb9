/**
 * Every limit of the wire layer: name, default, unit, reason, and the status that tells of it.
 * RFC 9112 §3, §7.1.1; RFC 9110 §5.4, §17.5 · Go: DefaultMaxHeaderBytes, internal/chunked.go
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status?: number;
}

export const WIRE_LIMITS = {
  /**
   * Request line and field lines, counted exactly to the last CRLF. A head is held in memory until it is
   * complete; browsers send under 4 KiB, large single-sign-on cookies reach 40 KiB.
   */
  maxHeaderBytes: { default: 65_536, unit: "bytes", status: 431 },
  /**
   * The request-target alone, so that an over-long URL gets its own status. RFC 9112 §3 asks for 8,000 at the
   * least.
   */
  maxTargetBytes: { default: 16_384, unit: "bytes", status: 414 },
  /**
   * Looking up a field walks the lines; 500 is Go's bound, ten times what browsers and proxies send together.
   */
  maxHeaderValueCount: { default: 500, unit: "field lines", status: 431 },
  /** A trailer section is held in memory until it is complete; hyper and Node allow the same. */
  maxTrailerBytes: { default: 16_384, unit: "bytes", status: 431 },
  /** Trailers carry checksums and status, a handful of lines. */
  maxTrailerValueCount: { default: 100, unit: "field lines", status: 431 },
  /**
   * Chunk size and extensions, without the CRLF. Go's bound; a run of zeros in a size would otherwise never
   * end.
   */
  maxChunkLineBytes: { default: 4_096, unit: "bytes", status: 400 },
  /**
   * Framing that outweighs the data: each chunk adds its line and subtracts 16 + 2 × its size, never below 0.
   * Go's rule against bodies that are nearly all chunk extensions (CVE-2023-39326).
   */
  maxChunkExcessBytes: { default: 16_384, unit: "bytes", status: 400 },
  /** As many as a 64-bit size has; the value itself may not exceed 2^53 − 1. */
  maxChunkSizeDigits: { default: 16, unit: "hexadecimal digits", status: 400 },
  /**
   * RFC 9112 §2.2 has a server ignore at least one empty line before a request; an endless run is an attack.
   */
  maxEmptyLines: { default: 2, unit: "lines", status: 400 },
} as const;

/** One number for each limit of the wire layer; see WIRE_LIMITS. */
export type WireLimits = { readonly [name in keyof typeof WIRE_LIMITS]: number };

/** The limits a server reads requests with. */
export const REQUEST_LIMITS: WireLimits = defaults();

/** The limits a client reads responses with. */
export const RESPONSE_LIMITS: WireLimits = {
  ...REQUEST_LIMITS,
  /** About what browsers allow; the rest is the same. */
  maxHeaderBytes: 262_144,
};

function defaults(): WireLimits {
  const entries: Readonly<Record<keyof WireLimits, LimitEntry>> = WIRE_LIMITS;
  const numbers = Object.entries(entries).map(([name, entry]) => [name, entry.default] as const);
  return Object.freeze(Object.fromEntries(numbers) as WireLimits);
}
