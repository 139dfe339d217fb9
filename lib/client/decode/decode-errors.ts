/**
 * What can go wrong while the coding of a response's content is undone.
 * RFC 9110 §8.4 · Go: gzip.ErrHeader, gzip.ErrChecksum, io.ErrUnexpectedEOF
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. The message names the
 * coding and counts octets, and shows none.
 */

interface DecodeErrorEntry {
  readonly text: string;
}

export const DECODE_ERRORS = {
  /**
   * The message was complete by its framing, but the compressed data in it are not: whoever compressed them
   * stopped early. What was read before is right; the rest is missing.
   */
  "truncated-content-coding": { text: "the compressed content breaks off" },
  /**
   * The octets are no data of this coding, or a checksum in them does not agree. What was read before cannot
   * be trusted. Servers that name a coding which they have not applied are the usual reason: ask with an
   * Accept-Encoding of your own (`identity`) to get the content as it is.
   */
  "corrupt-content-coding": { text: "the content is not compressed as Content-Encoding says" },
  /**
   * The compressed data were complete, and then came octets that belong to nothing. What was read before is
   * right. (For gzip, further members are no junk: they are decoded.)
   */
  "junk-after-content-coding": { text: "something follows the compressed content" },
  /**
   * More octets came out than `maxDecodedBytes` allows. Raise it for servers that you trust, or turn
   * decompression off and decide yourself.
   */
  "decoded-body-too-large": { text: "the content is larger than allowed once it is decompressed" },
  /**
   * More than `maxDecodedRatio` octets came out for each that came in: a decompression bomb, or data that
   * repeat themselves without end. The first `decodedRatioFloorBytes` are not judged.
   */
  "decoded-ratio-too-high": { text: "the content grows too much by decompression" },
  /**
   * `decodedBody` was asked to undo a coding that is not among the `codings` of the decoders it was given. (A
   * Transport leaves such content as it is.)
   */
  "unknown-content-coding": { text: "this platform cannot undo the content coding" },
} as const;

export type DecodeCode = keyof typeof DECODE_ERRORS;

const ENTRIES: Readonly<Record<DecodeCode, DecodeErrorEntry>> = DECODE_ERRORS;

/** What is known beside the code. */
export interface DecodeFacts {
  /** Ends the sentence. */
  readonly evidence?: string;
  readonly cause?: unknown;
}

/** Content whose coding cannot be undone, or not within the limits. */
export class DecodeError extends Error {
  override readonly name: string = "DecodeError";
  readonly code: DecodeCode;
  /** The coding that was being undone: "gzip". */
  readonly coding: string;

  constructor(code: DecodeCode, coding: string, facts: DecodeFacts = {}) {
    const { evidence, cause } = facts;
    const detail = evidence === undefined ? "" : `, ${evidence}`;
    super(`${ENTRIES[code].text}: ${coding}${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.coding = coding;
  }
}
