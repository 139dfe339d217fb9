/**
 * One call of a Client: from its request over redirects and retries to the response that the caller gets.
 * RFC 9110 §15.4, RFC 6265 §5.4 · Go: client.go Client.do, Client.send
 *
 * Rule of this file: it waits, and asks those who decide: redirect.ts where to go, retry-policy.ts whether again,
 * the jar for cookies. Whatever happens, no body is left open but the one that is returned, and the reason of the
 * caller's signal goes before every other error.
 */
import type { Request, Response } from "../message/mod.ts";
import { aboutToBeSent, noBody } from "../message/mod.ts";
import { formatCookies } from "../semantics/mod.ts";
import type { Header } from "../wire/mod.ts";
import { CallDeadline } from "./call-deadline.ts";
import { type CallOptions, type ClientSettings, timeoutOf } from "./client-options.ts";
import {
  CLIENT_ERRORS,
  ClientError,
  type ClientErrorCode,
  type ClientErrorFacts,
  type ClientPhase,
  codeOf,
} from "./errors.ts";
import { type RedirectChain, chainOf, nextInChain } from "./redirect.ts";
import { type RetryPolicy, retryDelayMs, wantsRetry } from "./retry-policy.ts";
import { basicFrom, userInfoOf } from "./user-info.ts";
import { delay, drain, untilAborted } from "./waiting.ts";

/** What is read of a redirect's body so that its connection can be kept. Go: maxBodySlurpSize */
const REDIRECT_DRAIN_BYTES = 2_048;
/** The same for an answer that is not the last: what a Transport reads of a cancelled body. */
const RETRY_DRAIN_BYTES = 262_144;

/**
 * Was the request refused for its expectation alone, and can it be sent again? RFC 9110 §10.1.1: then it should
 * be, without.
 */
export function isUnmetExpectation(request: Request, response: Response): boolean {
  if (response.status !== 417 || !request.header.has("expect")) return false;
  return request.body === noBody || request.getBody !== undefined;
}

export class Hops {
  readonly #settings: ClientSettings;
  readonly #options: CallOptions | undefined;
  readonly #retryPolicy: RetryPolicy | undefined;
  readonly #outer: AbortSignal | undefined;
  readonly #deadline: CallDeadline | undefined;
  readonly #via: Request[] = [];
  #chain: RedirectChain;
  /** What has a body that must not stay open when the call fails. */
  #sending: Request;
  #response: Response | undefined;

  constructor(settings: ClientSettings, request: Request, options: CallOptions | undefined) {
    const timeoutMs = timeoutOf(options?.timeout, settings.timeout);
    const policy = options?.retryPolicy ?? settings.retryPolicy;
    this.#settings = settings;
    this.#options = options;
    this.#retryPolicy = policy === "never" ? undefined : policy;
    this.#outer = request.exchange?.signal;
    this.#deadline =
      timeoutMs === Infinity ? undefined : new CallDeadline(settings.clock, timeoutMs, request);
    this.#chain = chainOf(request, settings.jar === undefined ? "none" : "used");
    this.#sending = request;
  }

  /** The response of the call. `first` answers the request already, where it was sent before. */
  async run(first?: Response): Promise<Response> {
    try {
      let response = await this.#met(first ?? (await this.#send(this.#chain.last)));
      while (await this.#follow(response)) {
        response = await this.#met(await this.#send(this.#chain.last));
      }
      this.#arrive(response);
      return response;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  get #signal(): AbortSignal | undefined {
    return this.#deadline?.signal ?? this.#outer;
  }

  /** Sends a request, as often as the policy wants. */
  async #send(request: Request): Promise<Response> {
    this.#sending = request;
    this.#deadline?.goOn(request);
    let response = await this.#sendOnce(request);
    const policy = this.#retryPolicy;
    if (policy === undefined) return response;
    for (let attempt = 1; ; attempt++) {
      if (!wantsRetry(policy, request, { status: response.status, attempt })) return response;
      this.#response = response;
      await this.#beforeRetry(policy, request, response, attempt);
      this.#sending = this.#again(request);
      response = await this.#sendOnce(this.#sending);
    }
  }

  async #beforeRetry(
    policy: RetryPolicy,
    request: Request,
    response: Response,
    attempt: number,
  ): Promise<void> {
    const { clock } = this.#settings;
    const delayMs = retryDelayMs(policy, { response, attempt, nowMs: clock.now() });
    this.#sending.body.cancel();
    try {
      policy.onRetry?.({ request, response, attempt, delayMs });
    } catch (cause) {
      throw wrapped(cause, "hook-threw", factsOf(request, "wait"));
    }
    await untilAborted(drain(response.body, RETRY_DRAIN_BYTES), this.#signal);
    await delay(clock, delayMs, this.#signal);
  }

  /** The response, or that to the same request without an expectation that could not be met. */
  async #met(response: Response): Promise<Response> {
    this.#response = response;
    const request = this.#chain.last;
    if (!isUnmetExpectation(request, response)) return response;
    this.#sending.body.cancel();
    await untilAborted(drain(response.body, RETRY_DRAIN_BYTES), this.#signal);
    const header = request.header.clone();
    header.delete("expect");
    this.#sending = this.#again(request).with({ header });
    return (this.#response = await this.#sendOnce(this.#sending));
  }

  /** The request with its content from the beginning. */
  #again(request: Request): Request {
    if (request.getBody === undefined) return request;
    try {
      return request.with({ body: request.getBody() });
    } catch (cause) {
      throw wrapped(cause, "body-cannot-be-resent", factsOf(request, "request"));
    }
  }

  /** One round trip with the jar's cookies before and after it. Go: Client.send */
  async #sendOnce(request: Request): Promise<Response> {
    const { jar, transport } = this.#settings;
    const url = jar === undefined ? undefined : cookieURLOf(request);
    const prepared = this.#prepared(request, url);
    let response: Response;
    try {
      response = await transport.roundTrip(prepared, this.#options);
    } catch (error) {
      throw transportFailure(error, request);
    }
    this.#response = response;
    if (url === undefined || !response.header.has("set-cookie")) return response;
    const cookies = response.cookies();
    try {
      if (cookies.length > 0) jar?.setCookies(url, cookies);
    } catch (cause) {
      throw wrapped(cause, "hook-threw", factsOf(request, "head"));
    }
    return response;
  }

  /** The request as it is sent: a copy where something is added, since the caller's is left alone. */
  #prepared(request: Request, url: URL | undefined): Request {
    const header = this.#headerOf(request, url);
    const signal = this.#deadline?.signal;
    if (header === request.header && signal === undefined) return request;
    const exchange = signal === undefined ? request.exchange : aboutToBeSent(signal);
    return request.with({ header, exchange });
  }

  #headerOf(request: Request, url: URL | undefined): Header {
    const { header } = request;
    let own: Header | undefined;
    try {
      const userInfo = userInfoOf(request.target);
      if (userInfo !== undefined && (header.get("authorization") ?? "") === "") {
        own = header.clone();
        own.set("Authorization", basicFrom(userInfo));
      }
      const cookies = url === undefined ? [] : (this.#settings.jar?.cookies(url) ?? []);
      if (cookies.length > 0) {
        own ??= header.clone();
        const given = header.values("cookie").filter((value) => value !== "");
        own.set("Cookie", [...given, formatCookies(cookies)].join("; "));
      }
    } catch (cause) {
      throw wrapped(cause, "hook-threw", factsOf(request, "request"));
    }
    return own ?? header;
  }

  /** Makes the next request the chain's last; false when the response is the one to be returned. */
  async #follow(response: Response): Promise<boolean> {
    const answered = this.#chain.last;
    const chain = nextInChain(this.#chain, response);
    if (chain === "stop") return false;
    this.#sending.body.cancel();
    this.#sending = chain.last;
    this.#via.push(answered);
    const verdict = await this.#verdict(chain.last, response);
    if (verdict === "use-last-response") {
      chain.last.body.cancel();
      return false;
    }
    await untilAborted(drain(response.body, REDIRECT_DRAIN_BYTES), this.#signal);
    if (verdict instanceof ClientError) throw verdict;
    this.#chain = chain;
    return true;
  }

  /** What the policy says; an error is told after the response has been closed. */
  async #verdict(
    next: Request,
    response: Response,
  ): Promise<"follow" | "use-last-response" | ClientError> {
    const { checkRedirect, maxHops } = this.#settings;
    const facts: ClientErrorFacts = {
      phase: "redirect",
      method: this.#chain.first.method,
      url: response.header.get("location") ?? "",
      response,
    };
    if (checkRedirect === undefined) {
      const count = this.#via.length;
      if (count < maxHops) return "follow";
      return new ClientError("too-many-redirects", `stopped after ${count} redirects`, facts);
    }
    try {
      return (await untilAborted(checkRedirect(next, this.#via), this.#signal)) ?? "follow";
    } catch (cause) {
      return refusal(cause, facts);
    }
  }

  /** The head of the final response is here. */
  #arrive(response: Response): void {
    const isHandedOver =
      response.status === 101 || (this.#chain.last.method === "CONNECT" && response.ok);
    if (isHandedOver) this.#deadline?.awaitHijack(response.body);
    else this.#deadline?.awaitBody(response.body);
  }

  #failure(error: unknown): unknown {
    // Looked at first: closing bodies may set off other things.
    const ended = [this.#outer, this.#deadline?.signal].find((signal) => signal?.aborted === true);
    this.#deadline?.dispose();
    this.#sending.body.cancel();
    this.#response?.body.cancel();
    return ended === undefined ? error : ended.reason;
  }
}

/** What a transport rejected with, as the errors of this room are. */
export function transportFailure(error: unknown, request: Request): ClientError {
  return wrapped(error, "transport-failed", factsOf(request, "send"));
}

/** The error of a redirect that `checkRedirect` refused, with its code where it has one. */
function refusal(cause: unknown, facts: ClientErrorFacts): ClientError {
  if (!(cause instanceof ClientError)) return wrapped(cause, "redirect-refused", facts);
  // Its facts are of another call: those of this one are wanted.
  return new ClientError(cause.code, CLIENT_ERRORS["redirect-refused"].text, { ...facts, cause });
}

/** ClientError.from, with the words of an error that has no code. */
function wrapped(cause: unknown, fallback: ClientErrorCode, facts: ClientErrorFacts): ClientError {
  const isPlain = cause instanceof Error && codeOf(cause) === undefined;
  return ClientError.from(cause, fallback, isPlain ? { ...facts, detail: cause.message } : facts);
}

function factsOf({ method, target }: Request, phase: ClientPhase): ClientErrorFacts {
  return { phase, method, url: target };
}

/** The URL with the Host that is asked for; undefined for hosts that no URL, and so no cookie, can have. */
function cookieURLOf(request: Request): URL | undefined {
  try {
    return request.url;
  } catch {
    return undefined;
  }
}
