/**
 * The door of view: bytes with their explanation. Come here to show what a message says octet by octet, where it
 * ends and why, and how other readers would cut the same octets.
 */
export type { Annotation, Role, Severity } from "./annotation.ts";
export type { LenientCut } from "./cut.ts";
export type { Outcome } from "./cut-line.ts";
export {
  type Disagreement,
  disagreements,
  isAmbiguous,
  lenientReading,
  outcomeInWords,
} from "./disagreements.ts";
export { escapeOctet, escapeRange } from "./escape.ts";
export type * from "./examination.ts";
export { examine, explain, kindOf } from "./examine.ts";
export {
  isLenientName,
  LENIENT_NAMES,
  LENIENT_PROFILES,
  type LenientName,
  type LenientProfile,
  type LenientSwitches,
  RECOMMENDED,
} from "./lenient.ts";
export { formatHexRow, HEX_ROW_OCTETS, type HexCell, type HexRow, hexRows } from "./render-hex.ts";
export { renderHtml, renderNotesHtml, renderWireHtml } from "./render-html.ts";
export {
  formatRow,
  renderText,
  type Segment,
  type TextOptions,
  type TextRow,
  textRows,
  wireLines,
} from "./render-text.ts";
