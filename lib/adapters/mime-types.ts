/**
 * Media types from a package of yours, for the `types` option of the file handlers.
 * RFC 9110 §8.3 · Go: mime.TypeByExtension with the host's tables
 *
 * Rule of this file: no table and no dependency. The built-in table is short and the same everywhere; who
 * wants the long one of IANA brings it along: `mime-types` has `lookup`, `mime` has `getType`.
 */
import type { TypeLookup } from "../server/mod.ts";

/** What such packages look like; the answer for an unknown name is false, null or undefined. */
export type MimePackage =
  | { lookup(name: string): string | false | null | undefined }
  | { getType(name: string): string | false | null | undefined };

/**
 * The `types` option over a package: `fileServer(fs, { types: typesFrom(mime) })`. Text without a charset
 * gets UTF-8, as in the built-in table: browsers would guess otherwise.
 */
export function typesFrom(mime: MimePackage): TypeLookup {
  return (name) => {
    const type = "lookup" in mime ? mime.lookup(name) : mime.getType(name);
    if (typeof type !== "string" || type === "") return undefined;
    return isText(type) && !type.includes(";") ? `${type}; charset=utf-8` : type;
  };
}

function isText(type: string): boolean {
  const lower = type.toLowerCase();
  return lower.startsWith("text/") || lower === "application/javascript";
}
