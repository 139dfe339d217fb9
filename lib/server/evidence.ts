/**
 * What onRefusal is shown of a message that was refused.
 *
 * Rule of this file: always a copy, and little: the peer chose how much it sent.
 */
import type { Reader } from "../bufio/mod.ts";
import { encodeLatin1 } from "../wire/mod.ts";
import type { RequestHead } from "../wire/mod.ts";

/** So much of a refused message is shown. */
export const REFUSAL_EVIDENCE_BYTES = 1024;

/** The first bytes of a refused message: of its head where that was whole, else of what is unread. */
export function evidenceOf(
  { bytes, from, to }: Pick<Reader, "bytes" | "from" | "to">,
  head: Pick<RequestHead, "fields"> | undefined,
): Uint8Array {
  if (head !== undefined) return encodeLatin1(head.fields.text.slice(0, REFUSAL_EVIDENCE_BYTES));
  return bytes.slice(from, Math.min(to, from + REFUSAL_EVIDENCE_BYTES));
}
