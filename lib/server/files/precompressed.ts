/**
 * Which of the compressed siblings of a file a client takes: `app.js.br`, `app.js.gz`.
 * RFC 9110 §12.4.2, §12.5.3 · Go: none
 *
 * Rule of this file: the value of Accept-Encoding in, codings in the order of preference out.
 */
import { parseWeight } from "../../semantics/mod.ts";
import { equalsIgnoringCase, splitList, trimOws } from "../../wire/mod.ts";

/** A content coding that a sibling may have. */
export type Precompressed = "br" | "gzip";

/** What is added to the name of a file for its sibling. */
export const SIBLING_EXTENSIONS: Readonly<Record<Precompressed, string>> = {
  br: ".br",
  gzip: ".gz",
};

/**
 * The codings among `offered` that the client takes at least as gladly as none, best first; of equal ones
 * the first offered. None without the field: any would be allowed then, but plain is what is meant.
 */
export function acceptedCodings(
  acceptEncoding: string | undefined,
  offered: readonly Precompressed[],
): readonly Precompressed[] {
  const wishes = splitList(acceptEncoding ?? "").flatMap(wishOf);
  const plain = weightIn(wishes, "identity") ?? 0;
  return offered
    .map((coding) => ({ coding, weight: weightIn(wishes, coding) ?? 0 }))
    .filter(({ weight }) => weight > 0 && weight >= plain)
    .sort((one, other) => other.weight - one.weight)
    .map(({ coding }) => coding);
}

/** An element of Accept-Encoding. */
interface Wish {
  readonly coding: string;
  /** In thousandths. */
  readonly weight: number;
}

/** No wish for an element whose weight is malformed. */
function wishOf(element: string): readonly Wish[] {
  const semicolon = element.indexOf(";");
  if (semicolon < 0) return [{ coding: element, weight: 1000 }];
  const weight = parseWeight(trimOws(element.slice(semicolon + 1)));
  return weight === undefined ? [] : [{ coding: trimOws(element.slice(0, semicolon)), weight }];
}

/** What "*" says counts for codings that are not named. */
function weightIn(wishes: readonly Wish[], coding: string): number | undefined {
  const named = wishes.find((wish) => isSame(wish.coding, coding));
  return (named ?? wishes.find((wish) => wish.coding === "*"))?.weight;
}

function isSame(one: string, other: string): boolean {
  return equalsIgnoringCase(one, other) || (other === "gzip" && equalsIgnoringCase(one, "x-gzip"));
}
