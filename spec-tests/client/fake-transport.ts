/**
 * A RoundTripper without a connection: answers made by the test, requests written down; and a signal that counts
 * its listeners.
 *
 * Rule of this file: it keeps the contract of RoundTripper: bodies of requests are read, and a signal that aborts
 * ends what waits for it.
 */
import * as assert from "uvu/assert";
import type { ClientOptions } from "../../lib/client/client-options.ts";
import { Client } from "../../lib/client/client.ts";
import { ClientError } from "../../lib/client/errors.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import type { RoundTripOptions, RoundTripper } from "../../lib/client/contracts.ts";
import { Body, type BodySource, Request, Response, bodyFrom } from "../../lib/message/mod.ts";
import { Header, type HeaderInit } from "../../lib/wire/mod.ts";
import { rejects, text } from "../kit.ts";

/** A client over the transport, on a clock that stands still. */
export function clientOf(
  transport: RoundTripper,
  options: Partial<ClientOptions> = {},
): { client: Client; clock: TestClock } {
  const clock = new TestClock();
  return { client: new Client({ transport, clock, ...options }), clock };
}

/** Waits for a ClientError with this code. */
export async function failure(promise: Promise<unknown>, code: string): Promise<ClientError> {
  const error = await rejects(promise, code);
  assert.instance(error, ClientError);
  return error as unknown as ClientError;
}

/** What a promise rejects with, also when that is no error of ours. */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (reason) {
    return reason;
  }
  return "it resolved";
}

/** What the test says of an answer. */
export interface Answer {
  readonly status?: number;
  readonly header?: HeaderInit;
  /** A string has a length, pieces have none. */
  readonly body?: string | readonly string[] | Body;
}

/** What the server saw. */
export interface Seen {
  readonly request: Request;
  readonly options: RoundTripOptions | undefined;
  readonly body: string;
}

type Script = (request: Request, count: number) => Answer | Error | Promise<Answer | Error>;

/** Answers what `script` says; an Error rejects. */
export class FakeTransport implements RoundTripper {
  readonly seen: Seen[] = [];
  readonly responses: Response[] = [];
  closed = 0;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  async roundTrip(request: Request, options?: RoundTripOptions): Promise<Response> {
    const body = text(await request.body.bytes());
    this.seen.push({ request, options, body });
    const answer = await this.#script(request, this.seen.length);
    if (answer instanceof Error) throw answer;
    const response = responseOf(request, answer);
    this.responses.push(response);
    return response;
  }

  closeIdleConnections(): void {
    this.closed++;
  }

  /** "POST http://a/ content" of each request. */
  get lines(): string[] {
    return this.seen.map(({ request, body }) =>
      `${request.method} ${request.target} ${body}`.trimEnd(),
    );
  }
}

function responseOf(request: Request, answer: Answer): Response {
  const { body = "" } = answer;
  const made = body instanceof Body ? body : bodyFrom(body).body;
  return new Response({
    status: answer.status ?? 200,
    header: new Header(answer.header),
    body: made,
    contentLength: made.length,
    request,
  });
}

/** A redirect to `location`. */
export function to(location: string, status = 302, header: HeaderInit = {}): Answer {
  return { status, header: [["Location", location], ...new Header(header)] };
}

/** A promise that only the signal of a request ends, as a transport that waits for its server. */
export function hangs(request: Request): Promise<never> {
  const { signal } = request;
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}

/** A body that never comes, until the signal of its request fails it. */
export function stalled(request: Request): Body {
  let fail: (error: Error) => void = () => undefined;
  const source: BodySource = {
    pull: () => "need-more",
    wait: () => new Promise<void>((_, reject) => (fail = reject)),
    cancel: () => undefined,
  };
  request.signal.addEventListener("abort", () => fail(new Error("the socket is gone")));
  return new Body(source);
}

/** A signal that knows how many listen to it. */
export class CountedSignal extends EventTarget {
  aborted = false;
  reason: unknown;
  listeners = 0;
  added = 0;

  override addEventListener(type: string, ...rest: [never, never?]): void {
    this.added++;
    this.listeners++;
    super.addEventListener(type, ...rest);
  }

  override removeEventListener(type: string, ...rest: [never, never?]): void {
    this.listeners--;
    super.removeEventListener(type, ...rest);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event("abort"));
  }

  /** As the type that is asked for. */
  get signal(): AbortSignal {
    return this as unknown as AbortSignal;
  }
}
