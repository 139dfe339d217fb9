/**
 * A tunnel through an HTTP proxy: CONNECT and its answer.
 * RFC 9110 §9.3.6 · Go: transport.go dialConn (targetScheme "https")
 *
 * Rule of this file: one request, one final answer. Any 2xx opens the tunnel (Go takes 200 alone), and then
 * there is no content, whatever the fields say. Behind any other answer the connection is of no use.
 */
import type { Conn, Reader } from "../../bufio/mod.ts";
import { readHead } from "../../message/mod.ts";
import {
  type DecodeLatin1,
  formatField,
  formatRequestLine,
  HeadScan,
  Header,
  lowerAscii,
  quoteEvidence,
  RESPONSE_LIMITS,
  scanResponseHead,
} from "../../wire/mod.ts";
import { hostPort } from "../host-port.ts";
import { ProxyError } from "./errors.ts";
import { negotiate, type NegotiationOptions } from "./negotiation.ts";

/** What a proxy answered to CONNECT. */
export interface ProxyAnswer {
  readonly status: number;
  /** The reason phrase; may be empty. */
  readonly statusText: string;
  readonly header: Header;
}

/** Where a tunnel leads. */
export interface TunnelTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ConnectOptions extends NegotiationOptions {
  readonly target: TunnelTarget;
  /** The value of User-Agent; absent or empty: none. One in `header` comes instead. */
  readonly userAgent?: string | undefined;
  /** The value of Proxy-Authorization. One in `header` is left out for it. */
  readonly authorization?: string | undefined;
  /** Further fields. Host and the fields of framing are left out. */
  readonly header?: Header | undefined;
  /** Bytes of the answer's head and of interim ones before it. Default 262,144. */
  readonly maxResponseHeaderBytes?: number | undefined;
  /** A faster latin1 decoder than the portable one. */
  readonly decode?: DecodeLatin1 | undefined;
  /** Sees the final answer before its status counts; what it throws ends the attempt. */
  readonly onProxyConnectResponse?: ((answer: ProxyAnswer) => void | Promise<void>) | undefined;
}

/**
 * Asks the proxy at the other end of a Conn, which nobody has started, for a tunnel. Resolves to the Conn
 * through it.
 *
 * Rejects with ProxyError "proxy-refused" (with `status` and `statusText`), "proxy-closed" or
 * "proxy-timed-out", with WireError for an answer that is no HTTP or too large, with IoError, with what the
 * hook throws, or with the signal's reason; the Conn is aborted then.
 */
export function connectThrough(conn: Conn, options: ConnectOptions): Promise<Conn> {
  return negotiate(conn, options, async (reader) => {
    conn.write(formatConnect(options));
    const answer = await readAnswer(reader, options);
    await options.onProxyConnectResponse?.(answer);
    const { status, statusText } = answer;
    if (status >= 200 && status <= 299) return;
    const reason = statusText === "" ? "unknown status code" : quoteEvidence(statusText);
    throw new ProxyError("proxy-refused", { status, statusText, detail: `${status} ${reason}` });
  });
}

/** Fields that are ours to write, and fields that would announce content. Go: reqWriteExcludeHeader */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "trailer",
]);

/** The head of the request. Throws WireError for what may not be sent. */
function formatConnect({ target, userAgent, authorization, header }: ConnectOptions): string {
  const authority = hostPort(target);
  let text = formatRequestLine("CONNECT", authority) + formatField("Host", authority);
  const agent = header?.get("user-agent") ?? userAgent ?? "";
  if (agent !== "") text += formatField("User-Agent", agent);
  for (const [name, value] of header ?? []) {
    const lower = lowerAscii(name);
    if (OWN_FIELDS.has(lower) || lower === "user-agent") continue;
    if (lower === "proxy-authorization" && authorization !== undefined) continue;
    text += formatField(name, value);
  }
  if (authorization !== undefined) text += formatField("Proxy-Authorization", authorization);
  return `${text}\r\n`;
}

/** Reads the final answer. 101 is none: nothing was asked that it could agree to. */
async function readAnswer(reader: Reader, options: ConnectOptions): Promise<ProxyAnswer> {
  const { decode, maxResponseHeaderBytes = RESPONSE_LIMITS.maxHeaderBytes } = options;
  let leftBytes = maxResponseHeaderBytes;
  for (;;) {
    const limits = { ...RESPONSE_LIMITS, maxHeaderBytes: leftBytes };
    const scan = new HeadScan("response", { limits, decode });
    const head = await readHead(reader, scan, scanResponseHead);
    if (head === undefined) throw new ProxyError("proxy-closed");
    leftBytes -= head.byteLength;
    const { status, reason } = head;
    if (status >= 200 || status === 101) {
      return { status, statusText: reason, header: Header.from(head.fields) };
    }
  }
}
