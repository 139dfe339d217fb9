/**
 * Redirects: a Location, made from what the handler says and where the request went.
 * RFC 9110 §10.2.2, §15.4; RFC 3986 §5.2 · Go: server.go Redirect, RedirectHandler
 *
 * Rule of this file: a reference that names no host leads to this one, whatever it looks like to a browser;
 * one that names a host is the handler's responsibility. Nothing is encoded twice.
 */
import type { Request } from "../../message/mod.ts";
import { reasonPhrase } from "../../semantics/mod.ts";
import { decodeLatin1, isToken } from "../../wire/mod.ts";
import type { HandlerFunc } from "../handler.ts";
import { cleanPath } from "../mux/mod.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { escapeHtml } from "./html.ts";

/**
 * Sends the client elsewhere. `to` is a URL, or a path relative to the request's, which is cleaned of empty
 * and dot segments; its query and fragment are kept. Spaces and what is not ASCII are percent-encoded. For GET and HEAD
 * a page with the link is announced, unless a Content-Type is set or switched off; GET gets it.
 *
 * `to` with a host (`https://…`, `//…`) goes out as it is: look at it before, if it came from a client.
 * Resolves as `w.write` does. `status` is 3xx, or 201. Go: http.Redirect
 *
 *   redirect(w, r, "../login?next=here", 303);
 */
export function redirect(w: ResponseWriter, r: Request, to: string, status: number): Promise<void> {
  const location = locationFor(r.escapedPath, to);
  const { header } = w;
  const plain = !header.has("content-type") && !w.omits("content-type");
  header.set("Location", location);
  if (plain && (r.method === "GET" || r.method === "HEAD")) {
    header.set("Content-Type", "text/html; charset=utf-8");
  }
  w.writeHeader(status);
  if (!plain || r.method !== "GET") return DONE;
  return w.write(`<a href="${escapeHtml(location)}">${reasonPhrase(status)}</a>.\n\n`);
}

/** A handler that redirects everything. Go: http.RedirectHandler */
export function redirectHandler<C = unknown>(to: string, status: number): HandlerFunc<C> {
  return (w, r) => redirect(w, r, to, status);
}

/** The Location for `to`, seen from a path. */
export function locationFor(escapedPath: string, to: string): string {
  return escapeNonAscii(isAbsolute(to) ? to : resolved(escapedPath, to)).replaceAll(" ", "%20");
}

const DONE: Promise<void> = Promise.resolve();

/** Does it name a scheme or a host? `///x` names none. */
function isAbsolute(to: string): boolean {
  if (to.startsWith("//")) return to.length > 2 && !/^[/?#]/.test(to.charAt(2));
  const colon = to.indexOf(":");
  // A scheme, or a first segment with a colon, which no relative reference may have.
  return colon > 0 && isToken(to.slice(0, colon));
}

function resolved(base: string, to: string): string {
  const end = pathEnd(to);
  const path = to.slice(0, end);
  const from = base === "" ? "/" : escapeOctets(base);
  const kept = path === "" && end < to.length ? from : directoryOf(from);
  const whole = path.startsWith("/") ? path : kept + path;
  // Cleaned in every case: the request's own path may be `//evil.example/`.
  return cleanPath(withoutTraps(whole)) + to.slice(end);
}

/**
 * A browser takes a backslash for a slash and passes over tabs: `/\evil.example` and a tab between two
 * slashes would be another host.
 */
function withoutTraps(path: string): string {
  return path.replaceAll("\\", "%5c").replaceAll("\t", "%09");
}

function pathEnd(to: string): number {
  const end = to.search(/[?#]/);
  return end < 0 ? to.length : end;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** A path that came has one char per octet: what is not ASCII in it is no text yet. */
function escapeOctets(path: string): string {
  return path.replace(/[\x80-\xff]/g, (octet) => `%${octet.charCodeAt(0).toString(16)}`);
}

const UTF8 = new TextEncoder();

/** As Go's hexEscapeNonASCII: the octets of its UTF-8 that are not ASCII, in lower-case digits. */
function escapeNonAscii(text: string): string {
  const bytes = UTF8.encode(text);
  if (bytes.length === text.length) return text;
  let escaped = "";
  for (const [i, octet] of bytes.entries()) {
    escaped += octet < 0x80 ? decodeLatin1(bytes, i, i + 1) : `%${octet.toString(16)}`;
  }
  return escaped;
}
