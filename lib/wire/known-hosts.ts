/**
 * The Host values that came last, known by their octets: a client asks for the same host again and again.
 * RFC 9110 §7.2 · Go: none
 *
 * Rule of this file: a few places, each value has one by its length, and whatever comes later takes it. It
 * says nothing about whether a value is good.
 */
import { encodeLatin1 } from "./ascii.ts";
import { flatCopy } from "./field-section.ts";

interface KnownHost {
  readonly octets: Uint8Array;
  readonly text: string;
}

const PLACES = 32;
/** A longer value is no host's name (RFC 1035 §2.3.4), and not worth a place. */
const MAX_BYTES = 255;

const known: (KnownHost | undefined)[] = Array.from({ length: PLACES });

/** The value from `start` to `end`, if it is known. */
export function knownHost(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  const candidate = known[length % PLACES];
  if (candidate === undefined || candidate.text.length !== length) return undefined;
  const { octets } = candidate;
  for (let i = 0; i < length; i++) {
    if (octets[i] !== bytes[start + i]) return undefined;
  }
  return candidate.text;
}

/** Makes the value known. Answers the string that stands for it from now on. */
export function rememberHost(value: string): string {
  if (value.length > MAX_BYTES) return value;
  const place = value.length % PLACES;
  const last = known[place];
  if (last?.text === value) return last.text;
  const text = flatCopy(value);
  known[place] = { octets: encodeLatin1(text), text };
  return text;
}
