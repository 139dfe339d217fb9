/**
 * Vary: what of the request an answer was chosen by.
 * RFC 9110 §12.5.5
 *
 * Rule of this file: names are added once, and "*" says all.
 */
import type { Header } from "../../wire/mod.ts";
import { equalsIgnoringCase, splitList } from "../../wire/mod.ts";

/** Adds a field name to Vary unless it is there. */
export function addVary(header: Header, name: string): void {
  const names = header.values("vary").flatMap(splitList);
  if (names.some((known) => known === "*" || equalsIgnoringCase(known, name))) return;
  header.set("Vary", [...names, name].join(", "));
}
