/**
 * compress: answers in gzip or Brotli for clients that want it.
 * RFC 9110 §8.4, §8.8.1, §12.5.3 · Go: nothing; as gorilla's CompressHandler
 *
 * Rule of this file: whether an answer is compressed is decided once, when enough of it is there to know;
 * until then it is held. What compresses is a contract: `barewire` and `barewire/adapters` have node:zlib's.
 */
import type { Request } from "../../message/mod.ts";
import type { HandlerFunc } from "../handler.ts";
import { handlerFunc } from "../handler.ts";
import type { AnswerSink } from "../response-connection.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { chooseCoding } from "./accept-encoding.ts";
import type { Middleware } from "./chain.ts";
import { isCompressibleType } from "./compressible.ts";
import { CompressingSink } from "./compressing-sink.ts";
import type { CompressPlan, CompressPolicy, Compression } from "./compression.ts";

export interface CompressOptions {
  /** The codings on offer; of two that a client likes the same the first is used. */
  readonly compressions: readonly Compression[];
  /** Bodies that are shorter go as they are. Default 1,024. */
  readonly minBytes?: number | undefined;
  /** Is content of this type worth it? Default: text, JSON, XML, scripts, fonts, and the like. */
  readonly types?: ((contentType: string) => boolean) | undefined;
  /** How many answers are compressed at the same time (each holds about 300 KB); more go as they are. Default 256. */
  readonly maxConcurrent?: number | undefined;
}

/**
 * Compresses answers that gain by it, as the client asks for with Accept-Encoding, and streams them: `flush`
 * sends all that was written. Such an answer gets Content-Encoding and Vary, a weak ETag, and neither
 * Content-Length nor Accept-Ranges. Left alone are short bodies, types that are compressed already, answers
 * with a Content-Encoding, a range, a digest or `no-transform`, HEAD, CONNECT, upgrades, 204 and 304.
 *
 * An attacker who can put text beside a secret in one page can guess the secret by its compressed length
 * (BREACH): do not compress such pages.
 *
 *   await listenAndServe(":8080", compress()(mux)); // from `barewire`, with gzip and br of node:zlib
 */
export function compress<C = unknown>(options: CompressOptions): Middleware<C> {
  const compressions = new Map(options.compressions.map((one) => [one.coding, one]));
  const codings = [...compressions.keys()];
  const policy: CompressPolicy = {
    minBytes: options.minBytes ?? MIN_BYTES,
    types: options.types ?? isCompressibleType,
    places: { free: options.maxConcurrent ?? MAX_CONCURRENT },
  };
  return (handler) => {
    const serve = handlerFunc(handler);
    return (w, r) => {
      if (r.method === "CONNECT" || r.header.has("upgrade")) return serve(w, r);
      const coding = chooseCoding(r.header.values("accept-encoding"), codings);
      return serveInto(serve, w, r, { ...policy, compression: compressions.get(coding) });
    };
  };
}

const MIN_BYTES = 1024;
const MAX_CONCURRENT = 256;

function serveInto<C>(
  serve: HandlerFunc<C>,
  w: ResponseWriter<C>,
  r: Request<C>,
  plan: CompressPlan,
): void | Promise<void> {
  let sink!: CompressingSink;
  w.intercept((below: AnswerSink) => (sink = new CompressingSink(w, r, below, plan)));
  let result: void | Promise<void>;
  try {
    result = serve(w, r);
  } catch (error) {
    sink.giveUp();
    throw error;
  }
  if (result === undefined) return sink.end();
  return result.then(
    () => sink.end(),
    (error: unknown) => {
      sink.giveUp();
      throw error;
    },
  );
}
