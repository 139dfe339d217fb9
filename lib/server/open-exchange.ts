/**
 * From a head that is good to what its handler is given.
 * Go: server.go conn.readRequest, its second half
 *
 * Rule of this file: it fills the exchange and reads nothing; what is thrown here refuses the request, and leaves
 * the exchange without a writer.
 */
import type { WireBodySource } from "../message/mod.ts";
import { openBody, openSource, requestOf } from "../message/mod.ts";
import type { Request } from "../message/mod.ts";
import { keepsAlive } from "../wire/mod.ts";
import type { Framing, RequestHead } from "../wire/mod.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeOwner } from "./host.ts";
import { expected } from "./request-checks.ts";
import { ResponseWriter } from "./response-writer.ts";

/** Whose request it is. */
export interface OpeningOwner<C> extends ExchangeOwner<C> {
  /** Requests that it has begun before. */
  readonly requests: number;
}

/** The request for the handler; the writer of its answer is the exchange's. */
export function openExchange<C>(
  exchange: Exchange<C>,
  owner: OpeningOwner<C>,
  head: RequestHead,
  framing: Framing,
  host: string,
): Request<C> {
  exchange.expects = expected(head, framing);
  const kept = keepsAlive(head);
  exchange.method = head.method;
  exchange.versionMinor = head.versionMinor;
  exchange.askedToKeep = kept && head.versionMinor === 0;
  exchange.keep = kept && owner.requests + 1 < owner.host.limits.maxRequestsPerConn;
  const source = sourceOf(exchange, owner, framing);
  const body = openBody(source, framing, owner.host.reading);
  const w = new ResponseWriter<C>(exchange, exchange);
  const r = requestOf(head, framing, {
    host,
    body,
    fate: exchange.keep ? "keep" : "close",
    exchange: w,
  });
  exchange.request = r;
  exchange.writer = w;
  exchange.body = body;
  exchange.source = source;
  return r;
}

function sourceOf<C>(
  exchange: Exchange<C>,
  { conn, host, reader }: ExchangeOwner<C>,
  framing: Framing,
): WireBodySource | undefined {
  if (framing.kind === "none") return undefined;
  const { limits } = host.reading;
  return openSource(reader, framing, { watcher: exchange, limits, decode: conn.latin1?.decode });
}
