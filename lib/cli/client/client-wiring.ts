/**
 * A client whose connections are recorded, wired as the command line asks.
 *
 * Rule of this file: wiring only. Inside TLS the plain octets are recorded, not the records of TLS.
 */
import { nodeClientPlatform } from "../../adapters/mod.ts";
import type { Conn, DialTrace } from "../../bufio/mod.ts";
import {
  Client,
  type ClientPlatform,
  type Trace,
  Transport,
  type TransportOptions,
  proxyFromEnvironment,
} from "../../client/mod.ts";
import type { Request } from "../../message/mod.ts";
import { dial, type TlsClientOptions } from "../../net/mod.ts";
import type { Io } from "../io.ts";
import { RecordedConn, WireRecord } from "./recorded-conn.ts";
import type { RequestPlan } from "./request-flags.ts";

/** A client, and what went over its connections. */
export interface WiredClient {
  readonly client: Client;
  readonly transport: Transport;
  /** One record a connection, in the order in which they were made. */
  readonly records: readonly WireRecord[];
}

/** Ends a chain of redirects that is too long. */
export class TooManyRedirects extends Error {
  readonly code = "too-many-redirects";
}

/** What is called on the way. */
export interface WireHooks {
  readonly trace: Trace;
  /** Hears of what no call can be told: an idle connection that spoke. */
  readonly log: (message: string) => void;
  readonly onRedirect: (next: Request, via: readonly Request[]) => void;
}

/** Makes a client for one call. */
export function wireClient(plan: RequestPlan, io: Io, hooks: WireHooks): WiredClient {
  const records: WireRecord[] = [];
  const transport = new Transport(
    transportOptions(plan, io, hooks),
    recordingPlatform(plan, records),
  );
  const client = new Client({
    transport,
    clock: nodeClientPlatform.clock,
    timeout: plan.maxTimeMs,
    checkRedirect: (next, via) => {
      if (plan.maxRedirects < 0) return "use-last-response";
      hooks.onRedirect(next, via);
      if (via.length > plan.maxRedirects) {
        throw new TooManyRedirects(`more than ${plan.maxRedirects} redirects`);
      }
      return undefined;
    },
  });
  return { client, transport, records };
}

function transportOptions(plan: RequestPlan, io: Io, { trace, log }: WireHooks): TransportOptions {
  const tls: TlsClientOptions = {
    serverCertificate: plan.certificates,
    ...(plan.ca === undefined ? {} : { ca: plan.ca }),
  };
  const { proxy } = plan;
  // As with curl the proxy's scheme may be left out.
  const named = proxy === undefined || proxy.includes("://") ? proxy : `http://${proxy}`;
  return {
    trace,
    tls,
    errorLog: log,
    disableCompression: true,
    retry: "never",
    connectTimeout: plan.connectTimeoutMs,
    proxy: named === undefined ? proxyFromEnvironment(io.env) : () => named,
  };
}

function recordingPlatform(plan: RequestPlan, records: WireRecord[]): ClientPlatform {
  const { wrapTLS } = nodeClientPlatform;
  const recorded = (conn: Conn): Conn => {
    const record = new WireRecord();
    records.push(record);
    return new RecordedConn(conn, record);
  };
  return {
    ...nodeClientPlatform,
    dial: async (where) => {
      const { unixPath } = plan;
      return recorded(await (unixPath === undefined ? dial(where) : dialUnix(unixPath, where)));
    },
    wrapTLS: async (conn, where) => {
      if (wrapTLS === undefined) throw new Error("no TLS");
      // What went before (CONNECT, say) stays in its record.
      for (const record of records) record.state = "muted";
      const below = conn instanceof RecordedConn ? conn.inner : conn;
      return recorded(await wrapTLS(below, where));
    },
  };
}

async function dialUnix(
  path: string,
  where: {
    signal?: AbortSignal | undefined;
    timeoutMs?: number | undefined;
    trace?: DialTrace | undefined;
  },
): Promise<Conn> {
  const { signal, timeoutMs, trace } = where;
  return dial({ path, signal, timeoutMs, trace });
}
