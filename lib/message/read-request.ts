/**
 * From a scanned head to a Request, and from a Reader to a Request.
 * RFC 9112 §3, §6 · Go: request.go ReadRequest, transfer.go readTransfer
 *
 * Rule of this file: syntax and framing. That Host is there and well formed, and that an expectation is known,
 * are a server's checks. The server's loop calls the synchronous half; `readRequest` adds the waiting.
 */
import type { Reader } from "../bufio/mod.ts";
import {
  FieldKind,
  HeadScan,
  WireError,
  checkTarget,
  kindBits,
  keepsAlive,
  parseTarget,
  parseTrailerNames,
  requestFraming,
  scanRequestHead,
} from "../wire/mod.ts";
import type { Framing, HeadScanOptions, RequestHead } from "../wire/mod.ts";
import { Body, noBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import { Request } from "./request.ts";
import { WireBodySource } from "./wire-body.ts";

export interface ReadOptions extends HeadScanOptions {
  /** What `bytes`, `text` and `json` of the body hold unless told otherwise. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
}

/**
 * Reads one request. Resolves when its head is complete; the body is read through `request.body` from the
 * same reader. Undefined when the reader ended before the first octet.
 *
 * Rejects with WireError or IoError. Go: http.ReadRequest
 */
export async function readRequest(
  reader: Reader,
  options: ReadOptions = {},
): Promise<Request | undefined> {
  const head = await readHead(reader, new HeadScan("request", options), scanRequestHead);
  if (head === undefined) return undefined;
  checkTarget(head.method, head.target);
  if (head.fields.values(FieldKind.host).length > 1) throw new WireError("duplicate-host");
  const framing = requestFraming(head, options.profile);
  const source = openSource(reader, framing, options);
  const body = openBody(source, framing, options);
  const host = head.fields.value(FieldKind.host) ?? "";
  return requestOf(head, framing, { host, body, fate: keepsAlive(head) ? "keep" : "close" });
}

/** The source of a message's content; undefined when there is none. */
export function openSource(
  reader: Reader,
  framing: Framing,
  options: ConstructorParameters<typeof WireBodySource>[2],
): WireBodySource | undefined {
  if (framing.kind === "none" || (framing.kind === "length" && framing.length === 0))
    return undefined;
  return new WireBodySource(reader, framing, options);
}

export function openBody(
  source: WireBodySource | undefined,
  framing: Framing,
  options: { readonly maxBodyBytes?: number | undefined },
): Body {
  if (source === undefined) return noBody;
  const length = framing.kind === "length" ? framing.length : undefined;
  return new Body(source, { length, maxBytes: options.maxBodyBytes });
}

/** What a Request is made of besides its head. */
export interface RequestSurroundings<C> {
  /** The Host field, checked or not; empty when there is none. */
  readonly host: string;
  readonly body: Body;
  /** Does the connection close after this request? */
  readonly fate: "keep" | "close";
  readonly exchange?: Exchange<C> | undefined;
}

/** A Request made of checked parts. Throws "bad-target" and "forbidden-trailer". */
export function requestOf<C>(
  head: RequestHead,
  framing: Framing,
  around: RequestSurroundings<C>,
): Request<C> {
  const { fields } = head;
  const chunked = framing.kind === "chunked";
  if (chunked && fields.has(FieldKind.trailer)) parseTrailerNames(fields.values(FieldKind.trailer));
  return new Request<C>({
    method: head.method,
    target: head.target,
    versionMinor: head.versionMinor,
    section: fields,
    sectionOmit: chunked ? OMIT_CHUNKED : OMIT_HOST,
    host: authorityOf(head) ?? around.host,
    body: around.body,
    contentLength: chunked ? undefined : framing.kind === "length" ? framing.length : 0,
    transferEncoding: chunked ? CHUNKED : undefined,
    close: around.fate === "close",
    exchange: around.exchange,
  });
}

/** Scans until a head is complete; undefined when nothing came. */
export async function readHead<H extends { readonly byteLength: number }>(
  reader: Reader,
  scan: HeadScan,
  run: (bytes: Uint8Array, scan: HeadScan, from: number, to: number) => H | "need-more",
): Promise<H | undefined> {
  for (;;) {
    const head = run(reader.bytes, scan, reader.from, reader.to);
    if (head !== "need-more") {
      reader.consume(head.byteLength);
      return head;
    }
    if ((await reader.more()) === "more") continue;
    if (reader.buffered > 0 && scan.started) throw new WireError("truncated-head");
    return undefined;
  }
}

const SLASH = 0x2f;

const CHUNKED: readonly string[] = Object.freeze(["chunked"]);
const OMIT_HOST = kindBits(FieldKind.host);
const OMIT_CHUNKED = kindBits(
  FieldKind.host,
  FieldKind.transferEncoding,
  FieldKind.trailer,
  // Only profile "go" lets it stand beside chunked; RFC 9112 §6.3 has it removed then.
  FieldKind.contentLength,
);

/** RFC 9112 §3.2.2: the authority of an absolute target wins over the Host field. */
function authorityOf(head: RequestHead): string | undefined {
  const { target } = head;
  if (target.charCodeAt(0) === SLASH || target === "*") return undefined;
  const parsed = parseTarget(head.method, target);
  return parsed.kind === "absolute" || parsed.kind === "authority" ? parsed.authority : undefined;
}
