/**
 * What the property tests share: a fixed seed, and the texts that the grammar of fields is made of.
 * RFC 9110 §5.5, §5.6
 *
 * Rule of this file: generators and nothing else. The same seed gives the same values in every run; a
 * property that fails prints its seed, and the smallest value that it fails for.
 */
import fc from "fast-check";

export const SEED = 9110;

/** Holds the property for so many values, 500 unless told otherwise. */
export function holds<T>(property: fc.IProperty<T>, numRuns: number = 500): void {
  fc.assert(property, { seed: SEED, numRuns });
}

/** Text of these characters. */
export function textOf(chars: string, lengths: fc.StringConstraints = {}): fc.Arbitrary<string> {
  return fc.string({ maxLength: 12, ...lengths, unit: fc.constantFrom(...chars) });
}

/** The chars from one code to another, both of them included. */
export function charsBetween(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join("");
}

const LETTERS: string = charsBetween(0x61, 0x7a);
const DIGITS: string = charsBetween(0x30, 0x39);

export const LOWER_TCHAR: string = `${LETTERS}${DIGITS}!#$%&'*+-.^_\`|~`;
export const TCHAR: string = LOWER_TCHAR + LETTERS.toUpperCase();
/** What a field's value may hold: HTAB, printable ASCII, and every octet from 0x80. */
export const FIELD_CHARS: string = `\t${charsBetween(0x20, 0x7e)}${charsBetween(0x80, 0xff)}`;

export const token: fc.Arbitrary<string> = textOf(TCHAR, { minLength: 1 });
export const lowerToken: fc.Arbitrary<string> = textOf(LOWER_TCHAR, { minLength: 1 });
export const fieldText: fc.Arbitrary<string> = textOf(FIELD_CHARS);
/** The value of a field as a reader tells it: no blanks at its ends. */
export const fieldValue: fc.Arbitrary<string> = fieldText.map((text) =>
  text.replace(/^[ \t]+|[ \t]+$/g, ""),
);

/** Field lines whose names mean nothing to the reader of a message. */
export const fieldLines: fc.Arbitrary<[name: string, value: string][]> = fc.array(
  fc.tuple(
    token.map((name) => `x${name}`),
    fieldValue,
  ),
  { maxLength: 6 },
);

/** Seconds from 0000-01-01 to the end of 9999, as ms. */
export const instant: fc.Arbitrary<number> = secondsAsMs(-62_167_219_200, 253_402_300_799);

export function secondsAsMs(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max }).map((seconds) => seconds * 1000);
}

/** Where octets may be cut: parts of their length, so that they fit octets of any number. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  maxLength: 8,
});

/** The octets cut there; pieces may be empty. */
export function piecesOf(octets: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = at.map((part) => Math.floor(part * octets.length)).sort((a, b) => a - b);
  return [...places, octets.length].map((end, i) => octets.slice(places[i - 1] ?? 0, end));
}
