/**
 * Telling of the fields after the body before they are there.
 * RFC 9110 §6.5, §6.6.2 · Go: response.declareTrailer
 *
 * Rule of this file: names only, when the head goes out; the values may change until the body has been sent.
 */
import { Header, formatTrailers } from "../wire/mod.ts";

/**
 * The fields of the head, with a Trailer field for what `trailer` holds, unless the handler has set one or there
 * will be no chunks. `header` is the writer's own and is changed. Throws what is wrong with the trailers already.
 */
export function withTrailerField(
  header: Header | undefined,
  trailer: Header | undefined,
  versionMinor: number,
): Header | undefined {
  if (trailer === undefined) return header;
  formatTrailers(trailer);
  if (trailer.count === 0 || header?.has("trailer") === true) return header;
  const fields = header ?? new Header();
  if (versionMinor > 0 && !fields.has("content-length")) {
    fields.set("Trailer", [...trailer].map(([name]) => name).join(", "));
  }
  return fields;
}

/** Are there to be fields after the body? The handler has set one, or says so. */
export function trailersOf(
  header: Header | undefined,
  trailer: Header | undefined,
): "announced" | "none" {
  const comes = trailer !== undefined && trailer.count > 0;
  return comes || header?.has("trailer") === true ? "announced" : "none";
}
