/**
 * Client: asks for URLs, follows redirects, keeps cookies, and bounds the whole of it in time.
 * RFC 9110 §3.3, §15.4 · Go: http.Client
 *
 * Rule of this file: the caller's side. A call that needs none of it costs what its round trip costs; all others
 * are made in hops.ts.
 */
import { type BodyLike, type Request, type Response, newRequest } from "../message/mod.ts";
import { type WireCode, WireError } from "../wire/mod.ts";
import {
  type AskOptions,
  type CallOptions,
  type ClientOptions,
  type ClientSettings,
  clientSettings,
} from "./client-options.ts";
import { ClientError } from "./errors.ts";
import { Hops, isUnmetExpectation, transportFailure } from "./hops.ts";
import { redirectMethod } from "./redirect.ts";
import { userInfoOf } from "./user-info.ts";

/** The values of a form: pairs, or names with one or several values. */
export type FormValues =
  | URLSearchParams
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | readonly string[]>>;

/**
 * Asks for URLs. All calls reject with a ClientError (its `phase` says where it happened), or with the reason of
 * the request's signal, which goes before every other error. They resolve to the response when its head is here,
 * whatever its status; read or cancel its body, or it keeps its connection. Go: http.Client
 */
export class Client {
  readonly #settings: ClientSettings;
  /** Is there nothing to be done around a round trip, unless the call itself asks for it? */
  readonly #isPlain: boolean;

  constructor(options: ClientOptions) {
    const settings = clientSettings(options);
    const { jar, timeout, retryPolicy } = settings;
    this.#settings = settings;
    this.#isPlain = jar === undefined && timeout === Infinity && retryPolicy === undefined;
  }

  /**
   * Sends a request and follows redirects: 301, 302 and 303 become GET (HEAD stays HEAD) without content; 307 and
   * 308 keep method and content, and are returned as they are when it cannot be got again. Credentials and cookies
   * of the caller do not follow to another host.
   *
   * Beside the transport's errors: "client-timed-out", "too-many-redirects", "redirect-refused", "bad-location"
   * (the last three with `response`). The request is not changed, its body read or cancelled. Go: Client.Do
   */
  async do(request: Request, options?: CallOptions): Promise<Response> {
    if (!this.#isPlain || isSpecial(request, options)) {
      return new Hops(this.#settings, request, options).run();
    }
    let response: Response;
    try {
      response = await this.#settings.transport.roundTrip(request, options);
    } catch (error) {
      request.body.cancel();
      const signal = request.exchange?.signal;
      throw signal?.aborted === true ? signal.reason : transportFailure(error, request);
    }
    const isLast =
      redirectMethod(request.method, response.status) === undefined &&
      !isUnmetExpectation(request, response);
    if (isLast) return response;
    return new Hops(this.#settings, request, options).run(response);
  }

  /** Go: Client.Get */
  get(url: string | URL, options?: AskOptions): Promise<Response> {
    return this.#ask("GET", url, undefined, options);
  }

  /** Go: Client.Head */
  head(url: string | URL, options?: AskOptions): Promise<Response> {
    return this.#ask("HEAD", url, undefined, options);
  }

  /**
   * Without `contentType` the body's own counts, which forms and Blobs have (a FormData names its boundary in
   * it). Go: Client.Post
   */
  post(
    url: string | URL,
    contentType: string | undefined,
    body?: BodyLike,
    options?: AskOptions,
  ): Promise<Response> {
    return this.#ask("POST", url, { contentType, body }, options);
  }

  /** Sends the values urlencoded, sorted by name. Go: Client.PostForm, url.Values.Encode */
  postForm(url: string | URL, values: FormValues, options?: AskOptions): Promise<Response> {
    const body = new URLSearchParams(sortedPairs(values)).toString();
    return this.post(url, "application/x-www-form-urlencoded", body, options);
  }

  /** Closes the transport's idle connections, where it can. Go: Client.CloseIdleConnections */
  closeIdleConnections(): void {
    this.#settings.transport.closeIdleConnections?.();
  }

  #ask(
    method: string,
    url: string | URL,
    content: { contentType: string | undefined; body: BodyLike } | undefined,
    options: AskOptions | undefined,
  ): Promise<Response> {
    let request: Request;
    try {
      request = newRequest(method, url, content?.body, options);
      if (content?.contentType !== undefined) {
        request.header.set("Content-Type", content.contentType);
      }
    } catch (cause) {
      const facts = { phase: "request", method, url: String(url), cause } as const;
      const isUrl = cause instanceof WireError && OF_URL.has(cause.code);
      return Promise.reject(
        isUrl
          ? ClientError.of("bad-url", { ...facts, detail: WHAT_IT_NEEDS })
          : ClientError.from(cause, "bad-url", facts),
      );
    }
    return this.do(request, options);
  }
}

const WHAT_IT_NEEDS = "it needs http:// or https://, a host, and a port up to 65535 if any";

/** What newRequest finds wrong with a URL. */
const OF_URL: ReadonlySet<WireCode> = new Set<WireCode>(["bad-target", "bad-host"]);

function isSpecial(request: Request, options: CallOptions | undefined): boolean {
  if (userInfoOf(request.target) !== undefined) return true;
  return options?.timeout !== undefined || options?.retryPolicy !== undefined;
}

function sortedPairs(values: FormValues): [string, string][] {
  const pairs: [string, string][] = [];
  if (Symbol.iterator in values) {
    for (const [name, value] of values as Iterable<readonly [string, string]>) {
      pairs.push([name, value]);
    }
  } else {
    for (const [name, given] of Object.entries(values)) {
      for (const value of typeof given === "string" ? [given] : given) pairs.push([name, value]);
    }
  }
  return pairs.sort(([a], [b]) => comparePoints(a, b));
}

/** By code points, which is the order of the octets in UTF-8; equal names keep theirs. */
function comparePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (const [i, char] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (char !== other) return (char.codePointAt(0) ?? 0) - (other.codePointAt(0) ?? 0);
  }
  return left.length - right.length;
}
