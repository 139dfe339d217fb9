/**
 * data: URLs, which hold their content themselves.
 * WHATWG Fetch §6 (data: URL processor), RFC 2397 · Go: none
 *
 * Rule of this file: pure. A type that is none becomes the default; a content that is none is an error.
 */
import { formatMediaType, parseMediaType } from "../../semantics/mod.ts";
import { FetchError } from "./errors.ts";

export interface DataContent {
  readonly contentType: string;
  readonly content: Uint8Array;
}

const DEFAULT_TYPE = "text/plain;charset=US-ASCII";

/** `href` is a data: URL as the URL class writes it, without its fragment. Throws "bad-data-url". */
export function readDataURL(href: string): DataContent {
  const comma = href.indexOf(",");
  if (comma < 0) throw new FetchError("bad-data-url", { detail: "no comma" });
  const before = href.slice("data:".length, comma).trim();
  const isBase64 = /; *base64$/i.test(before);
  const declared = isBase64 ? before.replace(/; *base64$/i, "") : before;
  const octets = percentDecoded(href.slice(comma + 1));
  return {
    contentType: typeOf(declared.startsWith(";") ? `text/plain${declared}` : declared),
    content: isBase64 ? base64Decoded(octets) : octets,
  };
}

function typeOf(declared: string): string {
  try {
    return formatMediaType(parseMediaType(declared)).replaceAll("; ", ";");
  } catch {
    return DEFAULT_TYPE;
  }
}

/** Forgiving, as `atob` is: blanks and missing padding do no harm. */
function base64Decoded(octets: Uint8Array): Uint8Array {
  try {
    return Buffer.from(atob(Buffer.from(octets).toString("latin1")), "latin1");
  } catch {
    throw new FetchError("bad-data-url", { detail: "no base64" });
  }
}

/** A "%" without two digits stands for itself. The URL class has left nothing above U+007F. */
function percentDecoded(text: string): Uint8Array {
  const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    Buffer.from(hex, "hex").toString("latin1"),
  );
  return Buffer.from(decoded, "latin1");
}
