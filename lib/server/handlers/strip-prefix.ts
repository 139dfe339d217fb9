/**
 * stripPrefix: a handler that need not know where it was put.
 * RFC 3986 §3.3 · Go: server.go StripPrefix
 *
 * Rule of this file: the prefix is compared with the path as it means and with the path as it stands: a
 * slash of the prefix is a slash in the target, never "%2F".
 */
import { decodeLatin1, HEX_VALUE } from "../../wire/mod.ts";
import type { Request } from "../../message/mod.ts";
import type { Handler, HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import { notFound } from "./plain-answers.ts";

/**
 * Serves requests whose path begins with `prefix` (decoded text) by the handler, which sees a copy of the
 * request without it; all others get 404. A target begins with a slash: where none is left, there is one put.
 * The empty prefix changes nothing. Go: http.StripPrefix
 *
 *   mux.handle("/static/", stripPrefix("/static", fileServer("./public")));
 */
export function stripPrefix<C = unknown>(prefix: string, handler: Handler<C>): HandlerFunc<C> {
  const serve = handlerFunc(handler);
  if (prefix === "") return serve;
  const wanted = octetsOf(prefix);
  return (w, r) => {
    const target = strippedTarget(r, wanted);
    return target === undefined ? notFound(w) : serve(w, r.with({ target }));
  };
}

/** The target without the prefix; undefined when it does not begin with it. */
function strippedTarget<C>(r: Request<C>, prefix: string): string | undefined {
  const { escapedPath, target } = r;
  const cut = prefixEnd(escapedPath, prefix);
  if (cut === undefined) return undefined;
  const rest = escapedPath.slice(cut);
  const query = target.indexOf("?");
  const origin = authorityOf(target);
  return `${origin}${rest.startsWith("/") ? "" : "/"}${rest}${query < 0 ? "" : target.slice(query)}`;
}

/** Of "http://host/path" what stands before the path, which tells scheme and host; else nothing. */
function authorityOf(target: string): string {
  if (target.startsWith("/")) return "";
  const from = target.indexOf("://") + 3;
  const end = target.slice(from).search(/[/?]/);
  return end < 0 ? target : target.slice(0, from + end);
}

/** Where in the escaped path the prefix ends; undefined when it does not begin so. */
function prefixEnd(escaped: string, prefix: string): number | undefined {
  let at = 0;
  for (let i = 0; i < prefix.length; i++) {
    const wanted = prefix.charCodeAt(i);
    const { octet, next } = octetAt(escaped, at);
    if (octet !== wanted || (wanted === SLASH && next !== at + 1)) return undefined;
    at = next;
  }
  return at;
}

const SLASH = 0x2f;

/** The octet that stands, or is encoded, at a place; NaN beyond the end. */
function octetAt(escaped: string, at: number): { octet: number; next: number } {
  if (escaped.charAt(at) === "%") {
    const high = HEX_VALUE[escaped.charCodeAt(at + 1)] ?? 255;
    const low = HEX_VALUE[escaped.charCodeAt(at + 2)] ?? 255;
    if (high < 16 && low < 16) return { octet: high * 16 + low, next: at + 3 };
  }
  return { octet: escaped.charCodeAt(at), next: at + 1 };
}

/** One char per octet of the text's UTF-8. */
function octetsOf(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return decodeLatin1(bytes, 0, bytes.length);
}
