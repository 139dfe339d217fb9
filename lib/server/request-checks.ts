/**
 * What a server checks in a head beyond its grammar, and what it reads from it at once.
 * RFC 9110 §7.2, §7.4, §9.3.7, §10.1.1; RFC 9112 §3.2 · Go: server.go readRequest, serverHandler
 *
 * Rule of this file: pure questions; a head that is not to be answered is thrown as a WireError.
 */
import type { Conn } from "../bufio/mod.ts";
import type { Request } from "../message/mod.ts";
import { FieldKind, WireError, checkHost, expectation } from "../wire/mod.ts";
import type { Framing, RequestHead } from "../wire/mod.ts";
import type { ConnectionHost } from "./host.ts";
import type { ResponseWriter } from "./response-writer.ts";

const SLASH = 0x2f;
const HTTPS = "https://";

/**
 * An https resource is not answered for over a connection that anybody may have made: throws
 * "https-over-plain". RFC 9110 §7.4
 */
export function checkScheme(
  target: string,
  conn: Pick<Conn, "tls">,
  host: Pick<ConnectionHost<never>, "takesHttpsOverPlain">,
): void {
  if (target.charCodeAt(0) === SLASH || conn.tls !== undefined || host.takesHttpsOverPlain) return;
  if (target.slice(0, HTTPS.length).toLowerCase() === HTTPS) {
    throw new WireError("https-over-plain");
  }
}

/**
 * The Host field, "" when an HTTP/1.0 request has none; `known` is one that was found good before. HTTP/1.1 needs
 * exactly one; a bad one is refused in every version. RFC 9112 §3.2
 */
export function hostOf(head: RequestHead, known: string | undefined): string {
  const { host } = head;
  if (head.fields.repeats(FieldKind.host)) throw new WireError("duplicate-host");
  if (host === undefined) {
    if (head.versionMinor > 0) throw new WireError("missing-host");
    return "";
  }
  // One that recurs is the same string, and comparing costs nothing.
  if (host !== known) checkHost(host);
  return host;
}

/** Does the client wait for a word before it sends its body? Without a body nobody waits. RFC 9110 §10.1.1 */
export function expected(head: RequestHead, framing: Framing): "continue" | "nothing" {
  const waits = expectation(head) === "100-continue";
  const hasBody = framing.kind === "chunked" || (framing.kind === "length" && framing.length > 0);
  return waits && hasBody ? "continue" : "nothing";
}

/** `OPTIONS *` asks about the server as a whole, and no handler. RFC 9110 §9.3.7 */
export function asksAboutServer(request: Pick<Request, "method" | "target">): boolean {
  return request.target === "*" && request.method === "OPTIONS";
}

/** There is nothing to tell about the server but that it answers. Go: globalOptionsHandler */
export function answerGeneralOptions(w: Pick<ResponseWriter, "header" | "writeHeader">): void {
  w.header.set("Content-Length", "0");
  w.writeHeader(200);
}
