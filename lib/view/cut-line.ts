/**
 * How a lenient reader finds the end of a line, and what becomes of a message.
 * RFC 9112 §2.2
 *
 * Rule of this file: what the lenient cutters share.
 */
import type { LenientSwitches } from "./lenient.ts";

/** What becomes of a message. */
export type Outcome =
  /** `to` is the octet behind its last. */
  | { readonly kind: "ends"; readonly to: number; readonly why: string }
  /** Something at `at` is not taken. */
  | { readonly kind: "refuses"; readonly at: number; readonly why: string }
  /** More octets have to come; `to` is where it would end, as far as that is known. */
  | { readonly kind: "waits"; readonly to: number | undefined; readonly why: string };

/** The content of a line ends at `end`, the next one begins at `next`. */
export type FoundLine =
  | { readonly end: number; readonly next: number }
  | { readonly outcome: Outcome };

/** The line that begins at `from`. */
export function findLine(text: string, from: number, how: LenientSwitches["lineEnd"]): FoundLine {
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "\n") {
      if (how === "crlf") return { outcome: refuses(i, "a bare LF") };
      return { end: i, next: i + 1 };
    }
    if (char !== "\r") continue;
    if (text.charAt(i + 1) === "\n") return { end: i, next: i + 2 };
    if (i + 1 === text.length) break;
    if (how !== "cr-or-lf") return { outcome: refuses(i, "a bare CR") };
    return { end: i, next: i + 1 };
  }
  return { outcome: waits(undefined, "a line without an end") };
}

/** The reader gives up at `at`. */
export function refuses(at: number, why: string): Outcome {
  return { kind: "refuses", at, why };
}

/** The reader waits for octets that are not there. */
export function waits(to: number | undefined, why: string): Outcome {
  return { kind: "waits", to, why };
}
