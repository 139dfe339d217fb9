/**
 * Asks a mux without a server: a request in, the answer as it would go out.
 *
 * Rule of this file: the request may be one that no server would let through, as middleware can make it.
 */
import { Request } from "../../../lib/message/mod.ts";
import type { ServeMux } from "../../../lib/server/mux/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";

export interface Asked {
  /** Default "GET". */
  readonly method?: string;
  readonly target: string;
  /** Default "example.com". */
  readonly host?: string;
  readonly versionMinor?: 0 | 1;
}

export interface Answer {
  readonly status: number;
  /** The value of a field, undefined without it. */
  field(name: string): string | undefined;
  readonly body: string;
  /** The request as it was left. */
  readonly request: Request;
}

export function requestOf(asked: Asked): Request {
  const { method = "GET", target, host = "example.com", versionMinor = 1 } = asked;
  return new Request({ method, target, host, versionMinor });
}

/** What the mux answers; its handlers may return promises. */
export async function ask(mux: ServeMux, asked: Asked): Promise<Answer> {
  const { method = "GET", versionMinor = 1 } = asked;
  const request = requestOf(asked);
  // What is recorded is an answer to a request that any server takes; the mux sees the one asked for.
  const usual = newTestRequest(method === "CONNECT" ? "GET" : method, "/", { versionMinor });
  const recorded = await record((w) => mux.serveHTTP(w, request), usual);
  if (recorded.error !== undefined) throw recorded.error;
  return {
    status: recorded.status,
    field: (name) => recorded.header.get(name),
    body: recorded.text,
    request,
  };
}
