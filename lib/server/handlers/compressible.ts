/**
 * Which answers are worth compressing.
 * RFC 9110 §8.3, §8.4, §14; RFC 9111 §5.2.2.6 · Go: nothing
 *
 * Rule of this file: predicates. Images, sounds, films and archives are compressed already; an answer whose
 * fields describe its very octets is left alone.
 */
import { allowsBody } from "../../semantics/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { hasToken, lowerAscii, trimOws } from "../../wire/mod.ts";

/** Text in any of its forms; `type` as in Content-Type. */
export function isCompressibleType(type: string): boolean {
  const semicolon = type.indexOf(";");
  const plain = lowerAscii(trimOws(semicolon < 0 ? type : type.slice(0, semicolon)));
  if (plain.startsWith("text/") || plain.endsWith("+json") || plain.endsWith("+xml")) return true;
  return TYPES.has(plain);
}

const TYPES: ReadonlySet<string> = new Set([
  "application/javascript",
  "application/json",
  "application/rtf",
  "application/vnd.ms-fontobject",
  "application/wasm",
  "application/x-javascript",
  "application/x-ndjson",
  "application/xml",
  "font/otf",
  "font/ttf",
  "image/bmp",
  "image/vnd.microsoft.icon",
  "image/x-icon",
]);

/** May an answer with this status and these fields be compressed at all, its type and size aside? */
export function mayCompress(status: number, header: Header): boolean {
  if (status < 200 || status === 206 || !allowsBody(status)) return false;
  if (header.values("cache-control").some((value) => hasToken(value, "no-transform"))) return false;
  return !OF_THE_OCTETS.some((name) => header.has(name));
}

/** Already encoded, a part, or with a sum over the octets as they are. */
const OF_THE_OCTETS: readonly string[] = [
  "content-encoding",
  "content-range",
  "content-digest",
  "content-md5",
  "digest",
];
