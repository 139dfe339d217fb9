/**
 * Asks a mux without a connection: a request in, the answer as it would go out.
 *
 * Rule of this file: the real ResponseWriter over a connection that only keeps what it is sent.
 */
import { Request } from "../../../lib/message/mod.ts";
import { ResponseWriter } from "../../../lib/server/response-writer.ts";
import type { ResponseConnection } from "../../../lib/server/response-writer.ts";
import type { ServeMux } from "../../../lib/server/mux/mod.ts";
import { decodeLatin1 } from "../../../lib/wire/mod.ts";

export interface Asked {
  /** Default "GET". */
  readonly method?: string;
  readonly target: string;
  /** Default "example.com". */
  readonly host?: string;
  readonly versionMinor?: number;
}

export interface Answer {
  readonly status: number;
  /** The value of a field, undefined without it. */
  field(name: string): string | undefined;
  readonly body: string;
  /** The request as it was left. */
  readonly request: Request;
}

/** A request as a server makes it. */
export function requestOf(asked: Asked): Request {
  const { method = "GET", target, host = "example.com", versionMinor = 1 } = asked;
  return new Request({ method, target, host, versionMinor });
}

/** What the mux answers; the handlers may return promises. */
export async function ask(mux: ServeMux, asked: Asked): Promise<Answer> {
  const request = requestOf(asked);
  let sent = "";
  const connection: ResponseConnection<unknown> = {
    remoteAddr: undefined,
    localAddr: undefined,
    tls: undefined,
    context: undefined,
    server: mux,
    dateLine: () => "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
    fate: () => "keep",
    send: (data) => {
      sent += typeof data === "string" ? data : decodeLatin1(data, 0, data.length);
    },
    flush: () => {},
    ready: () => Promise.resolve(),
    onInterim: () => {},
    onHeadSent: () => {},
    log: (message) => {
      throw new Error(message);
    },
    signal: () => new AbortController().signal,
    setReadDeadline: () => {},
    setWriteDeadline: () => {},
    hijack: () => {
      throw new Error("not here");
    },
    abort: () => {},
  };
  const { method, versionMinor } = request;
  const w = new ResponseWriter(connection, { method, versionMinor, askedToKeep: false });
  await mux.serveHTTP(w, request);
  w.finish();
  const split = sent.indexOf("\r\n\r\n");
  const head = sent.slice(0, split);
  return {
    status: w.sent.status,
    field: (name) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1],
    body: sent.slice(split + 4),
    request,
  };
}
