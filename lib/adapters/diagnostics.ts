/**
 * What a client does, published on node:diagnostics_channel.
 * Go: net/http/httptrace, as users wire it to their tracing
 *
 * Rule of this file: it tells and changes nothing. No message is built for a channel without subscribers: a hook
 * of the trace is there only while somebody listens. What a subscriber throws is the process's affair, as
 * diagnostics_channel has it, and never the call's.
 */
import { type Channel, channel } from "node:diagnostics_channel";
import type { RoundTripOptions, RoundTripper, Trace } from "../client/mod.ts";
import type { Request, Response } from "../message/mod.ts";

/** All but interim responses: watching those lifts the limit of their number, and watching may change nothing. */
type Hook = Exclude<keyof Trace, "got1xxResponse">;

type Arguments<H extends Hook> = Parameters<NonNullable<Trace[H]>>;

/** The channel of each hook, and its message. */
type Events = {
  readonly [H in Hook]: readonly [name: string, message: (...args: Arguments<H>) => object];
};

const EVENTS: Events = {
  getConn: ["conn:want", (hostPort) => ({ hostPort })],
  gotConn: ["conn:got", (info) => info],
  putIdleConn: [
    "conn:idle",
    (kept) => (kept === "kept" ? { kept: true } : { kept: false, closed: kept.closed }),
  ],
  dnsStart: ["dns:start", (host) => ({ host })],
  dnsDone: ["dns:done", (result) => result],
  connectStart: ["connect:start", (network, address) => ({ network, address })],
  connectDone: ["connect:done", (network, address, error) => ({ network, address, error })],
  tlsHandshakeStart: ["tls:start", () => ({})],
  tlsHandshakeDone: ["tls:done", (result) => result],
  wroteHeaders: ["request:head-sent", () => ({})],
  wait100Continue: ["request:wait-continue", () => ({})],
  got100Continue: ["request:continue", () => ({})],
  wroteRequest: ["request:sent", (error) => ({ error })],
  onRetry: ["request:retry", (error) => ({ error })],
  gotFirstResponseByte: ["response:first-byte", () => ({})],
};

/**
 * A trace for the `trace` of a Transport. Each of its hooks is a channel of diagnostics_channel, "barewire:client:"
 * before its name, with these messages:
 *
 *   conn:want {hostPort}                    request:head-sent {}
 *   conn:got {remoteAddr, localAddr,        request:wait-continue {}, request:continue {}
 *     tls, reused, idleMs}                  request:sent {error}
 *   conn:idle {kept, closed}                request:retry {error}
 *   dns:start {host}                        response:first-byte {}
 *   dns:done {addresses} or {error}         connect:start {network, address}
 *   tls:start {}                            connect:done {network, address, error}
 *   tls:done TlsInfo or {error}
 *
 * They are published in the async context of whoever causes them, and do not say for which request: see
 * `withDiagnostics` for messages that do. Interim responses are not published.
 */
export function diagnosticsTrace(): Trace {
  const hooks = Object.entries(EVENTS).map(([hook, [name, message]]) => {
    const to = clientChannel(name);
    const build = message as (...args: readonly unknown[]) => object;
    const publish = (...args: readonly unknown[]): void => to.publish(build(...args));
    const get = (): typeof publish | undefined => (to.hasSubscribers ? publish : undefined);
    return [hook, { get, enumerable: true }] as const;
  });
  return Object.defineProperties({}, Object.fromEntries(hooks)) as Trace;
}

const create = clientChannel("request:create");
const headers = clientChannel("request:headers");
const end = clientChannel("request:end");
const error = clientChannel("request:error");

/**
 * The transport, its round trips published; each hop of a redirect is one. The request in a message is the same
 * object in all messages of its round trip. "barewire:client:" before the names:
 *
 *   request:create {request}               before it is handed to the transport
 *   request:headers {request, response}    when the response's head is here
 *   request:end {request, response}        when its body has been read, cancelled or lost
 *   request:error {request, error}         when there will be no response, aborts included
 */
export function withDiagnostics(transport: RoundTripper): RoundTripper {
  return {
    roundTrip: (request, options) =>
      isHeard()
        ? publishedRoundTrip(transport, request, options)
        : transport.roundTrip(request, options),
    closeIdleConnections: () => transport.closeIdleConnections?.(),
  };
}

function isHeard(): boolean {
  return (
    create.hasSubscribers || headers.hasSubscribers || end.hasSubscribers || error.hasSubscribers
  );
}

async function publishedRoundTrip(
  transport: RoundTripper,
  request: Request,
  options: RoundTripOptions | undefined,
): Promise<Response> {
  create.publish({ request });
  let response: Response;
  try {
    response = await transport.roundTrip(request, options);
  } catch (cause) {
    error.publish({ request, error: cause });
    throw cause;
  }
  headers.publish({ request, response });
  response.body.onDone(() => end.publish({ request, response }));
  return response;
}

function clientChannel(name: string): Channel {
  return channel(`barewire:client:${name}`);
}
