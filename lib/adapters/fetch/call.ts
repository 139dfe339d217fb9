/**
 * One fetch: from its plan over redirects to the Response.
 * WHATWG Fetch §4.3, §4.4, §4.6 · Go: none
 *
 * Rule of this file: it waits, and asks those who decide. What goes wrong on the way becomes "fetch failed" with
 * its reason as `cause`; the reason of the caller's signal goes before every other error.
 */
import {
  ClientError,
  type ContentDecoders,
  type Jar,
  type RoundTripper,
  decodableCodings,
  decodedBody,
} from "../../client/mod.ts";
import type { OutgoingBody, Response as Message } from "../../message/mod.ts";
import { type Body, Request, aboutToBeSent, bodyFrom } from "../../message/mod.ts";
import { formatCookies } from "../../semantics/mod.ts";
import { type Header, hasConnectionOption, isDigits } from "../../wire/mod.ts";
import { FetchError } from "./errors.ts";
import { asksForDigest, hasIntegrity } from "./integrity.ts";
import type { FetchPlan } from "./plan.ts";
import { type Hop, REDIRECTS_MAX, isRedirect, nextHop } from "./redirect.ts";
import { refererValue } from "./referrer.ts";

/** What a fetch runs on. */
export interface FetchSettings {
  readonly transport: RoundTripper;
  readonly jar: Jar | undefined;
  readonly decoders: ContentDecoders;
  /** The fields of a request that has none of its own: Accept and Accept-Encoding. */
  readonly defaults: Header;
}

/** The end of a chain. */
export interface Arrival {
  readonly message: Message;
  readonly body: Body | null;
  readonly url: string;
  readonly redirected: boolean;
}

/** Rejects with "fetch-failed", or with the reason of the signal. */
export async function arrive(settings: FetchSettings, plan: FetchPlan): Promise<Arrival> {
  let hop: Hop = plan;
  try {
    for (let count = 0; ; count++) {
      const message = await send(settings, plan, hop);
      const next = nextOf(plan, hop, message, count);
      if (next === undefined) return await arrivalOf(settings, plan, hop, message, count);
      message.body.cancel();
      hop = next;
    }
  } catch (cause) {
    hop.body?.body.cancel(cause);
    const { signal } = plan;
    throw signal?.aborted === true ? signal.reason : new FetchError("fetch-failed", { cause });
  }
}

function nextOf(plan: FetchPlan, hop: Hop, message: Message, count: number): Hop | undefined {
  if (!isRedirect(message.status) || plan.redirect === "manual") return undefined;
  try {
    if (plan.redirect === "error") throw new FetchError("unexpected-redirect");
    const next = nextHop(hop, message);
    if (next === undefined || count < REDIRECTS_MAX) return next;
    const facts = { phase: "redirect", method: hop.method, url: next.url.href } as const;
    throw ClientError.of("too-many-redirects", { ...facts, response: message });
  } catch (error) {
    message.body.cancel();
    throw error;
  }
}

/** One round trip, with the jar's cookies before and after it. */
async function send(settings: FetchSettings, plan: FetchPlan, hop: Hop): Promise<Message> {
  const jar = plan.cookies === "used" ? settings.jar : undefined;
  const request = requestOf(settings, plan, hop, jar);
  const message = await settings.transport.roundTrip(request, plan.roundTrip);
  try {
    if (jar !== undefined && message.header.has("set-cookie")) {
      jar.setCookies(hop.url, message.cookies());
    }
  } catch (error) {
    message.body.cancel();
    throw error;
  }
  return message;
}

function requestOf(
  settings: FetchSettings,
  plan: FetchPlan,
  hop: Hop,
  jar: Jar | undefined,
): Request {
  const { url, method, body } = hop;
  const outgoing = body ?? NO_BODY;
  const own = hop.header.count > 0 || body !== undefined ? hop.header.clone() : undefined;
  if (own !== undefined) complete(own, outgoing, settings.defaults);
  const header = own ?? settings.defaults.clone();
  if (plan.referrer !== undefined && !header.has("referer")) {
    const referer = refererValue(plan.referrer, url, plan.referrerPolicy);
    if (referer !== undefined) header.add("Referer", referer);
  }
  if (jar !== undefined) addCookies(header, jar, url);
  return new Request({
    method,
    target: url.href,
    host: own?.get("host") ?? url.host,
    header,
    body: outgoing.body,
    getBody: outgoing.getBody,
    contentLength: body === undefined ? 0 : (declaredLength(header) ?? body.length),
    close: own !== undefined && asksForClose(own),
    exchange: plan.signal === undefined ? undefined : aboutToBeSent(plan.signal),
  });
}

/** The fields that the caller has not given. */
function complete(header: Header, { contentType }: OutgoingBody, defaults: Header): void {
  if (contentType !== undefined && !header.has("content-type")) {
    header.add("Content-Type", contentType);
  }
  for (const [name, value] of defaults) {
    if (header.has(name)) continue;
    // A piece of coded content cannot be decoded.
    const isPiece = name === "Accept-Encoding" && header.has("range");
    header.add(name, isPiece ? "identity" : value);
  }
}

function asksForClose(header: Header): boolean {
  return header.values("connection").some((value) => hasConnectionOption(value, "close"));
}

const NO_BODY: OutgoingBody = bodyFrom(undefined);

/** 2^53 has 16 digits. */
const LENGTH_DIGITS_MAX = 15;

/** How long the caller says that the body is: of a stream nobody else knows. */
function declaredLength(header: Header): number | undefined {
  const value = header.get("content-length");
  if (value === undefined || !isDigits(value) || value.length > LENGTH_DIGITS_MAX) return undefined;
  return Number(value);
}

function addCookies(header: Header, jar: Jar, url: URL): void {
  const cookies = jar.cookies(url);
  if (cookies.length === 0) return;
  const given = header.values("cookie").filter((value) => value !== "");
  header.set("Cookie", [...given, formatCookies(cookies)].join("; "));
}

async function arrivalOf(
  settings: FetchSettings,
  plan: FetchPlan,
  hop: Hop,
  message: Message,
  count: number,
): Promise<Arrival> {
  if (message.status === 101) {
    leave(message);
    throw new FetchError("unexpected-upgrade");
  }
  const arrival = { message, url: hop.url.href, redirected: count > 0 };
  if (hop.method === "HEAD" || NULL_BODY_STATUSES.has(message.status)) {
    message.body.cancel();
    return { ...arrival, body: null };
  }
  const body = decoded(message, settings.decoders);
  return { ...arrival, body: plan.integrity === "" ? body : await checked(body, plan.integrity) };
}

/** Closes the connection of a 101 response, which is of no use for anything else. */
function leave(message: Message): void {
  try {
    message.hijack().conn.abort();
  } catch {
    // One without Upgrade leaves no connection.
    message.body.cancel();
  }
}

/** WHATWG Fetch: "null body status". */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([204, 205, 304]);

/** The content with its codings undone, if all of them are known. The fields stay as they came. */
function decoded(message: Message, decoders: ContentDecoders): Body {
  const codings = decodableCodings(message.header.values("content-encoding"), decoders.codings);
  if (codings === undefined || message.body.length === 0) return message.body;
  return decodedBody(message.body, codings, decoders);
}

/** The content, read whole and compared. */
async function checked(body: Body, integrity: string): Promise<Body> {
  if (!asksForDigest(integrity)) return body;
  const content = await body.bytes({ max: Infinity });
  if (!hasIntegrity(content, integrity)) throw new FetchError("integrity-mismatch");
  return bodyFrom(content).body;
}
