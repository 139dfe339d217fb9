/**
 * The heads that come over a connection: those on the way are told and counted, up to the one that is the answer.
 * RFC 9110 §15, §15.2, RFC 9112 §4 · Go: transport.go persistConn.readResponse
 *
 * Rule of this file: it looks at what is buffered and waits for nothing. What a final head leads to is the
 * exchange's affair.
 */
import type { Conn, Reader } from "../../bufio/mod.ts";
import type { ResponseHead } from "../../wire/mod.ts";
import { HeadScan, Header, WireError, scanResponseHead } from "../../wire/mod.ts";
import type { Call } from "../call.ts";
import type { ConnectionTally } from "./connection-tally.ts";
import { ClientError } from "../errors.ts";
import type { ConnectionParts } from "./exchange-contracts.ts";
import type { TransportSettings } from "../options.ts";

export class ResponseHeads {
  readonly #conn: Conn;
  readonly #reader: Reader;
  readonly #tally: ConnectionTally;
  readonly #settings: TransportSettings;
  #scan: HeadScan;
  #interims = 0;
  #interimBytes = 0;

  constructor(parts: ConnectionParts) {
    this.#conn = parts.conn;
    this.#reader = parts.reader;
    this.#tally = parts.tally;
    this.#settings = parts.host.settings;
    this.#scan = this.#newScan(this.#settings.wire.maxHeaderBytes);
  }

  /** Those of another response come next. */
  begin(): void {
    if (this.#interimBytes > 0) this.#scan = this.#newScan(this.#settings.wire.maxHeaderBytes);
    this.#interims = 0;
    this.#interimBytes = 0;
  }

  /** The next head, if it is here whole. */
  next(): ResponseHead | "need-more" {
    const reader = this.#reader;
    const head = scanResponseHead(reader.bytes, this.#scan, reader.from, reader.to);
    if (head === "need-more") {
      if (reader.ended) throw new WireError("truncated-head");
      reader.want();
      return head;
    }
    reader.consume(head.byteLength);
    // 000 to 099 are of no class. What stands above 599 is a 5xx to whoever looks at it. RFC 9110 §15
    if (head.status < 100) throw new WireError("bad-status-line");
    return head;
  }

  /** A 1xx response: told to the hook, which may refuse it, or else counted; and forgotten. */
  pass(call: Call, head: ResponseHead): void {
    const { trace } = call.settings;
    if (trace?.got1xxResponse === undefined) {
      this.#count(call, head);
      return;
    }
    try {
      trace.got1xxResponse(head.status, Header.from(head.fields));
    } catch (cause) {
      throw ClientError.of("hook-threw", { ...this.#tally.facts(call, "head"), cause });
    }
  }

  #count(call: Call, head: ResponseHead): void {
    const { maxInterimResponses, maxResponseHeaderBytes } = this.#settings.limits;
    this.#interims++;
    this.#interimBytes += head.byteLength;
    if (this.#interims > maxInterimResponses) {
      throw this.#tally.error(call, "too-many-interim-responses", "head");
    }
    this.#scan = this.#newScan(maxResponseHeaderBytes - this.#interimBytes);
  }

  #newScan(maxHeaderBytes: number): HeadScan {
    const { wire, decode } = this.#settings;
    const limits = { ...wire, maxHeaderBytes };
    return new HeadScan("response", { limits, decode: decode ?? this.#conn.latin1?.decode });
  }
}
