/**
 * What a call of fetch asks for: its arguments, read and checked.
 * WHATWG Fetch §5.4 (the Request constructor) · Go: none
 *
 * Rule of this file: for a URL in a string it makes no platform Request, and no object that is not needed. All of
 * it is read before the first await, as the standard has it, but for the body of a Request.
 */
import type { RoundTripOptions } from "../../client/mod.ts";
import type { OutgoingBody } from "../../message/mod.ts";
import { type Header, isToken, quoteEvidence } from "../../wire/mod.ts";
import { FetchError } from "./errors.ts";
import { headerFrom } from "./header.ts";
import { outgoingFrom, outgoingOfStream } from "./outgoing.ts";
import { REFERRER_POLICIES, type ReferrerPolicyName } from "./referrer.ts";

/** The standard's options, and one of ours. */
export interface FetchInit extends RequestInit {
  /** Trace, timeouts, retry rule and proxy of this call. Not part of the standard. */
  readonly roundTrip?: RoundTripOptions | undefined;
}

/** A call, read and checked. */
export interface FetchPlan {
  /** Without its fragment. */
  readonly url: URL;
  readonly method: string;
  readonly header: Header;
  readonly body: OutgoingBody | undefined;
  readonly redirect: "follow" | "manual" | "error";
  /** "none" for `credentials: "omit"`: the jar is neither asked nor told. */
  readonly cookies: "used" | "none";
  readonly signal: AbortSignal | undefined;
  readonly integrity: string;
  readonly referrer: URL | undefined;
  readonly referrerPolicy: ReferrerPolicyName;
  readonly roundTrip: RoundTripOptions | undefined;
}

/** Throws a FetchError for what the standard answers with a TypeError. */
export function planOf(input: string | URL, init: FetchInit | undefined): FetchPlan {
  const url = urlOf(input);
  if (init === undefined || init === null) return { ...PLAIN, url, header: headerFrom(undefined) };
  if (typeof init !== "object" && typeof init !== "function") {
    throw new FetchError("bad-fetch-option", { detail: "init is no object" });
  }
  const method = methodOf(init.method);
  const header = headerFrom(init.headers);
  const { body } = init;
  if (init.duplex !== undefined) oneOf("duplex", init.duplex, DUPLEX);
  if (body !== undefined && body !== null && (method === "GET" || method === "HEAD")) {
    throw new FetchError("bad-fetch-body", { detail: `${method} has no body` });
  }
  return {
    url,
    method,
    header,
    redirect: oneOf("redirect", init.redirect ?? "follow", REDIRECTS),
    ...restOf(init),
    ...ownOf(init),
    body: body === undefined || body === null ? undefined : outgoingFrom(body, init.duplex),
  };
}

/** The same for a Request of the platform; with `init` the platform makes a new one of both first. */
export async function planOfRequest(
  input: Request,
  init: FetchInit | undefined,
): Promise<FetchPlan> {
  const own = ownOf(init ?? {});
  const request = init === undefined ? input : new globalThis.Request(input, init);
  if (request.bodyUsed) throw new FetchError("body-unusable");
  const plan = {
    url: urlOf(request.url),
    method: methodOf(request.method),
    header: headerFrom(request.headers),
    redirect: request.redirect,
    ...restOf(request),
    ...own,
  };
  const { body } = request;
  return { ...plan, body: body === null ? undefined : await outgoingOfStream(body) };
}

/** Is it the platform's Request, or one of another realm? A string answers without loading anything. */
export function isRequest(input: unknown): input is Request {
  if (typeof input !== "object" || input === null) return false;
  return (input as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] === "Request";
}

const PLAIN: Omit<FetchPlan, "url" | "header"> = Object.freeze({
  method: "GET",
  body: undefined,
  redirect: "follow",
  cookies: "used",
  signal: undefined,
  integrity: "",
  referrer: undefined,
  referrerPolicy: "",
  roundTrip: undefined,
});

const REDIRECTS = ["follow", "manual", "error"] as const;
const MODES = ["cors", "no-cors", "same-origin"] as const;
const CREDENTIALS = ["omit", "same-origin", "include"] as const;
const DUPLEX = ["half"] as const;
const CACHES = ["default", "no-store", "reload", "no-cache", "force-cache"] as const;

/** The options that a Request and an init have in common, but for the method, the headers and the body. */
type SharedOptions = Pick<
  FetchInit,
  "signal" | "credentials" | "mode" | "integrity" | "referrer" | "referrerPolicy"
> & { readonly cache?: unknown };

type SharedParts = Pick<
  FetchPlan,
  "signal" | "cookies" | "integrity" | "referrer" | "referrerPolicy"
>;

function restOf(options: SharedOptions): SharedParts {
  oneOf("mode", options.mode ?? "cors", MODES);
  oneOf("cache", options.cache ?? "default", CACHES);
  const credentials = oneOf("credentials", options.credentials ?? "same-origin", CREDENTIALS);
  return {
    signal: signalOf(options.signal),
    cookies: credentials === "omit" ? "none" : "used",
    integrity: String(options.integrity ?? ""),
    referrer: referrerOf(options.referrer),
    referrerPolicy: oneOf("referrerPolicy", options.referrerPolicy ?? "", REFERRER_POLICIES),
  };
}

/** What no Request holds. */
function ownOf(init: FetchInit): Pick<FetchPlan, "roundTrip"> {
  if (init.dispatcher !== undefined && init.dispatcher !== null) {
    throw new FetchError("unsupported-fetch-option", { detail: "dispatcher" });
  }
  if (init.window !== undefined && init.window !== null) {
    throw new FetchError("bad-fetch-option", { detail: "window must be null" });
  }
  return { roundTrip: init.roundTrip };
}

function urlOf(input: string | URL): URL {
  let url: URL;
  try {
    // A copy even of a URL: it could be changed under way.
    url = new URL(input);
  } catch (cause) {
    throw new FetchError("bad-fetch-url", { cause });
  }
  if (url.username !== "" || url.password !== "") throw new FetchError("fetch-url-has-credentials");
  if (url.hash !== "" || url.href.endsWith("#")) url.hash = "";
  return url;
}

/** Those that the standard writes in capitals however they come. "patch" is not among them. */
const NORMALISED: ReadonlySet<string> = new Set([
  "DELETE",
  "GET",
  "HEAD",
  "OPTIONS",
  "POST",
  "PUT",
]);
const FORBIDDEN: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

function methodOf(given: string | undefined): string {
  if (given === undefined || given === "GET") return "GET";
  const method = String(given);
  const upper = method.toUpperCase();
  if (!isToken(method) || FORBIDDEN.has(upper)) {
    throw new FetchError("bad-fetch-method", { detail: quoteEvidence(method) });
  }
  return NORMALISED.has(upper) ? upper : method;
}

function signalOf(given: unknown): AbortSignal | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "object" && "aborted" in given && "addEventListener" in given) {
    return given as AbortSignal;
  }
  throw new FetchError("bad-fetch-option", { detail: "signal is no AbortSignal" });
}

/** "about:client" is the page that asks, and "" none: here both are none. */
function referrerOf(given: string | undefined): URL | undefined {
  if (given === undefined || given === "" || given === "about:client") return undefined;
  const text = String(given);
  if (!URL.canParse(text)) {
    throw new FetchError("bad-fetch-option", { detail: "referrer is no absolute URL" });
  }
  return new URL(text);
}

function oneOf<T extends string>(name: string, given: unknown, known: readonly T[]): T {
  const value = String(given);
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const detail = `${name} is one of ${known.map((one) => `"${one}"`).join(", ")}`;
  throw new FetchError("bad-fetch-option", { detail });
}
