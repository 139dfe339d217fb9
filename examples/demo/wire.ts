/**
 * `/wire`: the request head as it arrived, byte for byte, and what the parser made of it.
 * RFC 9112 §2.1
 *
 * Rule of this file: the bytes come from `rawHead`, one char for one byte, and leave as the same
 * bytes.
 */
import type { Request, ResponseWriter } from "barewire";

/** Plain bytes, or JSON when Accept or `?format=json` ask for it. */
export async function wire(w: ResponseWriter, r: Request): Promise<void> {
  w.header.set("X-Content-Type-Options", "nosniff");
  w.header.set("Vary", "Accept");
  if (wantsJson(r)) {
    w.header.set("Content-Type", "application/json");
    return w.write(`${JSON.stringify(parseOf(r), undefined, 2)}\n`);
  }
  w.header.set("Content-Type", "text/plain; charset=iso-8859-1");
  await w.write(Buffer.from(r.rawHead, "latin1"));
}

function wantsJson(r: Request): boolean {
  if (r.query.get("format") === "json") return true;
  return r.header
    .values("Accept")
    .some((value) => value.toLowerCase().includes("application/json"));
}

/** JSON leaves out what is undefined, which is what absent means. */
function parseOf(r: Request): unknown {
  return {
    head: r.rawHead,
    bytes: r.rawHead.length,
    parse: {
      method: r.method,
      target: r.target,
      path: r.path,
      query: [...r.query],
      proto: r.proto,
      host: r.host,
      header: [...r.header],
      contentLength: r.contentLength,
      transferEncoding: r.transferEncoding,
      remoteAddr: r.remoteAddr,
    },
  };
}
