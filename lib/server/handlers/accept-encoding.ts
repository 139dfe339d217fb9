/**
 * Accept-Encoding: which of our codings a client likes best.
 * RFC 9110 §12.4.2, §12.5.3
 *
 * Rule of this file: weights are thousandths; what is not well formed is not acceptable.
 */
import { parseWeight } from "../../semantics/mod.ts";
import { lowerAscii, splitList, trimOws } from "../../wire/mod.ts";

/**
 * The coding to use, of those on offer in our order of liking; "identity" when none is wanted at least as
 * much as the content as it is, or when there was no field. A higher weight wins, then our order.
 */
export function chooseCoding(accept: readonly string[], offers: readonly string[]): string {
  const weights = new Map<string, number>();
  for (const element of accept.flatMap(splitList)) {
    const semicolon = element.indexOf(";");
    const name = lowerAscii(trimOws(semicolon < 0 ? element : element.slice(0, semicolon)));
    const weight = semicolon < 0 ? 1000 : (parseWeight(trimOws(element.slice(semicolon + 1))) ?? 0);
    weights.set(name === "x-gzip" ? "gzip" : name, weight);
  }
  const any = weights.get("*") ?? 0;
  let best = "identity";
  // As it is may be refused, but there is always the last resort.
  let weight = Math.max(1, weights.get("identity") ?? 0) - 1;
  for (const offer of offers) {
    const liked = weights.get(offer) ?? any;
    if (liked <= weight) continue;
    best = offer;
    weight = liked;
  }
  return best;
}
