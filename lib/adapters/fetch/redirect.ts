/**
 * Where a redirect leads a fetch: the next request, or that there is none.
 * WHATWG Fetch §4.4 (HTTP-redirect fetch) · Go: redirectBehavior, which differs
 *
 * Rule of this file: pure, but for asking for the body once more. The Client's rules are Go's; these are those of
 * the standard, and differ in three things:
 *
 *   301 302    only POST becomes GET; other methods stay          303   all but GET and HEAD become GET
 *   a stream   cannot be sent twice: an error, except for 303     Authorization   goes with the origin, not the host
 */
import { ClientError, type ClientErrorFacts } from "../../client/mod.ts";
import type { OutgoingBody, Response } from "../../message/mod.ts";
import type { Header } from "../../wire/mod.ts";

/** One request of a chain. */
export interface Hop {
  /** Without its fragment. */
  readonly url: URL;
  readonly method: string;
  /** The caller's fields, as far as they still hold. */
  readonly header: Header;
  readonly body: OutgoingBody | undefined;
}

/** The standard's: how many redirects are followed. */
export const REDIRECTS_MAX = 20;

/** Fields that tell a server who asks, or for whom. The standard names the first; undici has all four. */
const OF_ORIGIN: readonly string[] = ["Authorization", "Proxy-Authorization", "Cookie", "Host"];

/** WHATWG Fetch: "request-body-header name", and the length, which is written for every body anew. */
const OF_BODY: readonly string[] = [
  "Content-Encoding",
  "Content-Language",
  "Content-Location",
  "Content-Type",
  "Content-Length",
];

/** Is it a status of which a Location is followed? */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * The next request; undefined when the response has no Location and is the answer itself. Throws a ClientError:
 * "bad-location", "unsupported-scheme", "body-cannot-be-resent".
 */
export function nextHop(hop: Hop, response: Response): Hop | undefined {
  const facts = { phase: "redirect", method: hop.method, url: hop.url.href, response } as const;
  const url = destinationOf(response, facts);
  if (url === undefined) return undefined;
  const stays = url.origin === hop.url.origin;
  if (!stays && (url.username !== "" || url.password !== "")) {
    const detail = "user information for another origin";
    throw new ClientError("bad-location", "the Location is refused", { ...facts, detail });
  }
  const { status } = response;
  const { method } = hop;
  if (status !== 303 && hop.body !== undefined && hop.body.getBody === undefined) {
    throw ClientError.of("body-cannot-be-resent", facts);
  }
  const isOver =
    ((status === 301 || status === 302) && method === "POST") ||
    (status === 303 && method !== "GET" && method !== "HEAD");
  const header = hop.header.clone();
  if (isOver) for (const name of OF_BODY) header.delete(name);
  if (!stays) for (const name of OF_ORIGIN) header.delete(name);
  url.username = url.password = url.hash = "";
  const { body } = hop;
  return { url, header, method: isOver ? "GET" : method, body: isOver ? undefined : again(body) };
}

/** The body from its start: what was sent cannot be read again. */
function again(body: OutgoingBody | undefined): OutgoingBody | undefined {
  return body?.getBody === undefined ? undefined : { ...body, body: body.getBody() };
}

function destinationOf(response: Response, facts: ClientErrorFacts): URL | undefined {
  let url: URL | undefined;
  try {
    url = response.location();
  } catch (cause) {
    throw ClientError.from(cause, "bad-url", facts);
  }
  if (url === undefined || url.protocol === "http:" || url.protocol === "https:") return url;
  throw ClientError.of("unsupported-scheme", { ...facts, url: url.href });
}
