/**
 * fetch with the standard's signature, on our Transport.
 * WHATWG Fetch · Go: none
 *
 * Rule of this file: wiring, and which scheme goes where; a call is made in the folder beside it.
 */
import type { ContentDecoders, Jar, RoundTripper } from "../client/mod.ts";
import { ClientError } from "../client/mod.ts";
import { Response as Message, bodyFrom } from "../message/mod.ts";
import { Header } from "../wire/mod.ts";
import { nodeDecoders } from "./content-decoders.ts";
import {
  type Arrival,
  FetchError,
  type FetchInit,
  type FetchPlan,
  type FetchSettings,
  arrive,
  isRequest,
  planOf,
  planOfRequest,
  platformResponse,
  readDataURL,
} from "./fetch/mod.ts";
import { defaultTransport } from "./transport.ts";

export {
  FETCH_ERRORS,
  type FetchCode,
  FetchError,
  type FetchInit,
  messageOf,
} from "./fetch/mod.ts";

/** The platform's fetch, which also takes `roundTrip` in its init. */
export type Fetch = (input: string | URL | Request, init?: FetchInit) => Promise<Response>;

/** What a fetch runs on. */
export interface FetchOptions {
  /** Default: `defaultTransport`. Redirects and cookies are fetch's own, so it is no Client. */
  readonly transport?: RoundTripper | undefined;
  /** Asked before every request and told of every response, unless `credentials` is "omit". Default: none. */
  readonly jar?: Jar | undefined;
  /** Which codings are asked for and undone. Default: those of node:zlib. */
  readonly decoders?: ContentDecoders | undefined;
}

/**
 * Makes a fetch of its own: with a jar, through a proxy, over a Unix socket, or on whatever its Transport does.
 *
 *   const fetch = createFetch({ jar: new CookieJar() });
 */
export function createFetch(options: FetchOptions = {}): Fetch {
  const decoders = options.decoders ?? nodeDecoders;
  const codings = decoders.codings.join(", ");
  const settings: FetchSettings = {
    transport: options.transport ?? defaultTransport,
    jar: options.jar,
    decoders,
    defaults: new Header({
      Accept: "*/*",
      "Accept-Encoding": codings === "" ? "identity" : codings,
    }),
  };
  return async function fetch(input, init) {
    const plan = isRequest(input) ? await planOfRequest(input, init) : planOf(input, init);
    const { signal } = plan;
    if (signal?.aborted === true) {
      plan.body?.body.cancel(signal.reason);
      throw signal.reason;
    }
    const arrival = isHTTP(plan.url) ? await arrive(settings, plan) : arriveElsewhere(plan);
    return platformResponse({ ...arrival, signal });
  };
}

/**
 * Fetches as the platform's own `fetch` does, at a fraction of its cost: the Response, and its Headers, are
 * instances of the platform's classes. `fetch(url)` makes no platform Request. It uses `defaultTransport` and no
 * jar: `createFetch` makes others.
 *
 * Rejects with a TypeError that has a `code` (FETCH_ERRORS): what the standard refuses, and "fetch failed" with a
 * ClientError as its `cause`; with the reason of `signal` once that has aborted. A body that breaks off rejects
 * with "terminated". Any status resolves, also 404 and 500. An unread body keeps its connection until it is read,
 * cancelled, or its Response is collected as garbage.
 *
 * As Node's fetch, and unlike browsers:
 * - `redirect: "manual"` gives the 3xx response as it came. At most 20 redirects are followed.
 * - Content is decoded (gzip, deflate, br, and zstd where Node has it), and its fields still say how it came.
 * - `mode`, `cache` and `keepalive` mean nothing, there being neither pages nor a cache; a value that the standard
 *   does not know is still refused. `credentials: "omit"` leaves the jar out, the others do not. A `referrer` is
 *   sent by its policy.
 * - A stream as body wants `duplex: "half"`. The answer may come before the request has been sent to its end.
 *
 * Unlike Node's fetch:
 * - Accept-Language and Sec-Fetch-Mode are not sent; Connection and Transfer-Encoding are no fields of a
 *   response; a "%" without two hexadecimal digits in a path is refused.
 * - The body of a Request is sent with its length, and can follow a 307 or 308, only if it is there at once, as
 *   text and bytes up to 1 MiB are. Give body and URL apart to be sure.
 * - No port is blocked, `blob:` is no scheme, and a `dispatcher` is refused.
 *
 * The first call loads the platform's fetch classes, and Node loads its own HTTP with them; importing barewire
 * does not.
 */
export const fetch: Fetch = createFetch();

function isHTTP({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

/** Rejects with "fetch-failed" for every scheme but data. */
function arriveElsewhere({ url, method }: FetchPlan): Arrival {
  try {
    if (url.protocol !== "data:") {
      throw ClientError.of("unsupported-scheme", { phase: "request", method, url: url.href });
    }
    const { content, contentType } = readDataURL(url.href);
    const header = new Header({ "Content-Type": contentType });
    const { body } = bodyFrom(content);
    const message = new Message({ status: 200, header, body, contentLength: content.length });
    return { message, body: method === "HEAD" ? null : body, url: url.href, redirected: false };
  } catch (cause) {
    throw new FetchError("fetch-failed", { cause });
  }
}
