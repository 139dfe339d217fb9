/**
 * The weight of an element in a negotiation field: how much a client likes it.
 * RFC 9110 §12.4.2 · Go: none
 *
 * Rule of this file: one parameter in, thousandths out, so that weights compare exactly.
 */
import { equalsIgnoringCase, isDigits } from "../wire/mod.ts";

/** `q=0.5` as 500, at most 1000; undefined when it is no weight. Blanks around it are the caller's to trim. */
export function parseWeight(parameter: string): number | undefined {
  if (!equalsIgnoringCase(parameter.slice(0, 2), "q=")) return undefined;
  const [whole, point, fraction] = [parameter.charAt(2), parameter.charAt(3), parameter.slice(4)];
  if ((whole !== "0" && whole !== "1") || (point !== "" && point !== ".")) return undefined;
  if (fraction !== "" && (fraction.length > 3 || !isDigits(fraction))) return undefined;
  const digits = whole + fraction.padEnd(3, "0");
  let weight = 0;
  for (let i = 0; i < digits.length; i++) weight = weight * 10 + (digits.charCodeAt(i) - 0x30);
  return weight <= 1000 ? weight : undefined;
}
