/**
 * What is answered instead of a file: 301, 304, 400, 403, 404, 405, 416.
 * RFC 9110 §15.4.2, §15.4.5, §15.5 · Go: fs.go serveError, localRedirect, writeNotModified, toHTTPError
 *
 * Rule of this file: heads and texts; which of them it is, is decided by those who call. The texts are Go's.
 */
import type { Request } from "../../message/mod.ts";
import { reasonPhrase } from "../../semantics/mod.ts";
import { TARGET } from "../../wire/mod.ts";
import type { ResponseWriter } from "../response-writer.ts";

/** An error as text. What was set for the file itself would be wrong with it and is taken out. */
export function refuse<C>(w: ResponseWriter<C>, status: number, text: string): void {
  const { header } = w;
  for (const name of ABOUT_THE_FILE) header.delete(name);
  header.set("Content-Type", "text/plain; charset=utf-8");
  header.set("X-Content-Type-Options", "nosniff");
  w.writeHeader(status);
  void w.write(`${text}\n`);
}

/** 404 and 403 with their number, as Go writes them. */
export function refuseAbsent<C>(w: ResponseWriter<C>, absence: "not-found" | "forbidden"): void {
  if (absence === "forbidden") refuse(w, 403, `403 ${reasonPhrase(403)}`);
  else refuse(w, 404, "404 page not found");
}

/** A file is there to be read: a DELETE that is answered with its content would seem to have succeeded. */
export function refuseMethod<C>(w: ResponseWriter<C>): void {
  w.header.set("Allow", "GET, HEAD");
  refuse(w, 405, reasonPhrase(405));
}

/**
 * 301 to a place beside this one, by a relative reference, so that it stays right below a stripped prefix.
 * It never begins with a slash: no name can lead to another host.
 */
export function redirectBeside<C>(w: ResponseWriter<C>, r: Request<C>, reference: string): void {
  const query = r.rawQuery === "" ? "" : `?${escapeQuery(r.rawQuery)}`;
  w.header.set("Location", `${reference}${query}`);
  w.writeHeader(301);
}

/** 304: what describes the content has no place in it, nor has a date beside an entity tag. */
export function answerNotModified<C>(w: ResponseWriter<C>): void {
  const { header } = w;
  header.delete("Content-Type");
  header.delete("Content-Length");
  header.delete("Content-Encoding");
  if (header.has("etag")) header.delete("Last-Modified");
  w.writeHeader(304);
}

const ABOUT_THE_FILE = [
  "Cache-Control",
  "Content-Encoding",
  "Content-Length",
  "Etag",
  "Last-Modified",
];

/** The query as it came; what a URI cannot hold is encoded. */
function escapeQuery(query: string): string {
  let escaped = "";
  for (let i = 0; i < query.length; i++) {
    const octet = query.charCodeAt(i);
    if (TARGET[octet] === 1 && octet < 0x80) escaped += query.charAt(i);
    else escaped += `%${octet.toString(16).toUpperCase()}`;
  }
  return escaped;
}
