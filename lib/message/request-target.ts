/**
 * What the target of a request says: path, query, scheme, and the URL that it makes with a host.
 * RFC 9112 §3.2, §3.3 · Go: url.URL EscapedPath, RawQuery; http.readRequest
 *
 * Rule of this file: the target is cut, never changed: what is not asked for is not decoded, and nothing is
 * resolved. That it is well formed was checked when it came.
 */
import { parseURL } from "../semantics/mod.ts";
import { MessageError } from "./errors.ts";

/** The path of an origin or absolute form; empty for `*` and for an authority. */
export function escapedPathOf(target: string): string {
  const { start, end } = pathSpan(target);
  const path = target.slice(start, end);
  return path === "" && start > 0 ? "/" : path;
}

/** What follows the first "?". */
export function rawQueryOf(target: string): string {
  const mark = target.indexOf("?");
  return mark < 0 ? "" : target.slice(mark + 1);
}

/** The scheme of an absolute form, in lower case. */
export function schemeOf(target: string): string | undefined {
  const mark = target.indexOf("://");
  return mark > 0 && !target.startsWith("/") ? target.slice(0, mark).toLowerCase() : undefined;
}

/** The URL; throws "url-unrepresentable" where the URL class can hold none. */
export function urlOf(target: string, scheme: string, host: string): URL {
  const path = escapedPathOf(target);
  const rawQuery = rawQueryOf(target);
  const text = `${scheme}://${host}${path}${rawQuery === "" ? "" : `?${rawQuery}`}`;
  const url = path.startsWith("/") && host !== "" ? parseURL(text) : undefined;
  if (url === undefined) throw new MessageError("url-unrepresentable");
  return url;
}

/** Where the path stands in a request-target; empty span for `*` and for an authority. */
function pathSpan(target: string): { start: number; end: number } {
  const mark = target.indexOf("?");
  const end = mark < 0 ? target.length : mark;
  if (target.startsWith("/")) return { start: 0, end };
  const scheme = target.indexOf("://");
  if (scheme < 0 || scheme > end) return { start: 0, end: 0 };
  const slash = target.indexOf("/", scheme + 3);
  return slash < 0 || slash > end ? { start: end, end } : { start: slash, end };
}
