/**
 * Byte ranges: Range in, Content-Range out.
 * RFC 9110 §14.1, §14.2, §14.4 · Go: fs.go parseRange, httpRange.contentRange
 *
 * Rule of this file: the value of one field and a length; whether a request may ask for ranges at all is in
 * precondition.ts. Blanks are allowed where Go allows them, which is more than the grammar does. Stricter
 * than Go: a last N bytes with N = 0 are no satisfiable range (Go answers `bytes 22-21/22`). Wider: the
 * unit in any case, numbers of any size, and a unit that we do not know is ignored, as it must be.
 */
import { equalsIgnoringCase, isDigits, isToken, trimOws } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";

/** Some octets of a representation, all of them inside it. */
export interface ByteRange {
  /** Offset of the first octet. */
  readonly start: number;
  /** How many; at least one. */
  readonly length: number;
}

export interface ParseRangeOptions {
  /** More ranges than these are refused as malformed. Default 200, Go's bound. */
  readonly maxRanges?: number | undefined;
}

/** So many ranges are read unless told otherwise. */
export const MAX_RANGES = 200;

/**
 * The ranges that a Range field asks for, out of `length` octets, in the order of the field; those that
 * begin behind the end are left out, those that end behind it are cut. Empty when the whole is meant: no
 * field, an empty one, a set without a range, a unit other than bytes, or no octets at all.
 *
 * Overlapping ranges are not joined: compare their sum with the length before you send them.
 *
 * @throws {SemanticsError} `bad-range` when the value is no set of byte ranges or holds too many;
 * `range-not-satisfiable` when none of the ranges has an octet in common with the representation
 */
export function parseRange(
  value: string | undefined,
  length: number,
  options: ParseRangeOptions = {},
): readonly ByteRange[] {
  const specs = specsOf(value ?? "");
  if (specs.length > (options.maxRanges ?? MAX_RANGES)) throw new SemanticsError("bad-range");
  const ranges = specs.map((spec) => rangeOf(spec, length)).filter((range) => range !== undefined);
  if (ranges.length === 0 && specs.length > 0 && length > 0) {
    throw new SemanticsError("range-not-satisfiable");
  }
  return ranges;
}

/** The value of Content-Range for a part: "bytes 0-499/1234". RFC 9110 §14.4 */
export function formatContentRange(range: ByteRange, length: number): string {
  return `bytes ${range.start}-${range.start + range.length - 1}/${length}`;
}

/** The value of Content-Range for a 416 answer: "bytes *" with the length behind a slash. */
export function formatUnsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}

/** The elements of the set; none for an empty value and for another unit. */
function specsOf(value: string): string[] {
  if (value === "") return [];
  const equals = value.indexOf("=");
  const unit = value.slice(0, Math.max(equals, 0));
  if (!isToken(unit)) throw new SemanticsError("bad-range");
  if (!equalsIgnoringCase(unit, "bytes")) return [];
  const specs = value.slice(equals + 1).split(",");
  return specs.map(trimOws).filter((spec) => spec !== "");
}

/** The octets that an element stands for; undefined when the representation has none of them. */
function rangeOf(spec: string, length: number): ByteRange | undefined {
  const dash = spec.indexOf("-");
  if (dash < 0) throw new SemanticsError("bad-range");
  const first = trimOws(spec.slice(0, dash));
  const last = trimOws(spec.slice(dash + 1));
  if (first === "") {
    const count = Math.min(position(last), length);
    return count === 0 ? undefined : { start: length - count, length: count };
  }
  const start = position(first);
  const end = last === "" ? length - 1 : Math.min(position(last), length - 1);
  if (start >= length) {
    // Checked all the same: an element that contradicts itself spoils the set.
    if (last !== "" && position(last) < start) throw new SemanticsError("bad-range");
    return undefined;
  }
  if (end < start) throw new SemanticsError("bad-range");
  return { start, length: end - start + 1 };
}

/** A number of octets; what is beyond every representation counts as 2^53 − 1. */
function position(digits: string): number {
  if (!isDigits(digits)) throw new SemanticsError("bad-range");
  let number = 0;
  for (let i = 0; i < digits.length; i++) {
    number = Math.min(number * 10 + (digits.charCodeAt(i) - 0x30), Number.MAX_SAFE_INTEGER);
  }
  return number;
}
