/**
 * A visit: one client at one server, by one scheme; and rows of such visits as checks.
 *
 * Rule of this file: after every visit nothing is under way any more, and the transport is closed.
 */
import { deepStrictEqual } from "node:assert/strict";
import { inspect } from "node:util";
import { Client, type Response, Transport, type Trace } from "barewire";
import type { ClientOptions, NodeTransportOptions } from "barewire";
import {
  certificateOf,
  type ClientCheck,
  type ClientWorld,
  type Content,
  type Scheme,
  type Server,
  type Site,
  sha256,
  siteOf,
} from "./client-site.ts";
import { until } from "./world.ts";

const MIB = 1024 * 1024;

/** A client on its way to a server. */
export interface Visit {
  readonly world: ClientWorld;
  readonly server: Server;
  readonly site: Site;
  readonly scheme: Scheme;
  readonly transport: Transport;
  readonly client: Client;
  /** The certificate that is trusted: PEM. */
  readonly ca: string;
  readonly url: (path: string) => string;
  /** Another client, with a transport of its own that trusts the server's certificate. */
  readonly another: (options: NodeTransportOptions, client?: ClientOptions) => Client;
}

/** What must hold at several servers. */
export interface Row {
  readonly name: string;
  readonly at: readonly Server[];
  /** Default: both. */
  readonly by?: readonly Scheme[];
  run(visit: Visit): Promise<string | void>;
}

/** One check for each server and scheme. */
export function checksOf(rows: readonly Row[]): readonly ClientCheck[] {
  return rows.flatMap((row) =>
    (row.by ?? SCHEMES).flatMap((scheme) =>
      row.at.map((server) => ({
        name: `client: ${server.name}${scheme === "https" ? ", TLS" : ""}: ${row.name}`,
        programs: server.programs,
        run: (world: ClientWorld) => visit(world, { server, scheme }, (it) => row.run(it)),
      })),
    ),
  );
}

const SCHEMES: readonly Scheme[] = ["http", "https"];

/** Runs `use`, and looks that it has left nothing behind. */
export async function visit(
  world: ClientWorld,
  where: { readonly server: Server; readonly scheme: Scheme },
  use: (visit: Visit) => Promise<string | void>,
): Promise<string | void> {
  const site = await siteOf(world, where.server);
  const { ca } = await certificateOf(world);
  const transports: Transport[] = [];
  const transportOf = (options: NodeTransportOptions): Transport => {
    const transport = new Transport({ tls: { ca }, ...options });
    transports.push(transport);
    return transport;
  };
  const transport = transportOf({});
  try {
    const said = await use({
      ...where,
      world,
      site,
      transport,
      ca,
      client: new Client({ transport }),
      url: (path) => `${where.scheme}://127.0.0.1:${site.ports[where.scheme]}${path}`,
      another: (options, client = {}) => new Client({ ...client, transport: transportOf(options) }),
    });
    for (const each of transports) await quiet(each);
    return said;
  } finally {
    for (const each of transports) each.close();
  }
}

async function quiet(transport: Transport): Promise<void> {
  const isQuiet = (): true | undefined => {
    const { busy, dialing, waiting } = transport.stats();
    return busy + dialing + waiting === 0 ? true : undefined;
  };
  await until(isQuiet, `a transport to be idle: ${JSON.stringify(transport.stats())}`, 5);
}

/** The response to have this status and all of this content. */
export async function mustBe(response: Response, status: number, content: Content): Promise<void> {
  const octets = await response.body.bytes({ max: 128 * MIB });
  deepStrictEqual(
    { status: response.status, bytes: octets.length, sha256: sha256(octets) },
    { status, bytes: content.bytes, sha256: content.sha256 },
  );
}

/** The response to have this status; its content does not matter. */
export async function mustAnswer(response: Response, status: number): Promise<void> {
  await response.body.bytes();
  deepStrictEqual(response.status, status);
}

/** The promise to reject with one of these codes. */
export async function mustFail(
  promise: Promise<unknown>,
  ...codes: readonly string[]
): Promise<unknown> {
  let error: unknown;
  try {
    await promise;
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Error(`it should have failed with ${codes.join(" or ")}`);
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== "string" || !codes.includes(code)) {
    const told = error instanceof Error ? error.message : inspect(error);
    throw new Error(`not ${codes.join(" or ")}, but ${inspect(code)}: ${told}`, { cause: error });
  }
  return error;
}

/** How often each moment came. */
export function counting(...moments: readonly (keyof Trace)[]): {
  readonly trace: Trace;
  readonly counts: Map<keyof Trace, number>;
} {
  const counts = new Map<keyof Trace, number>(moments.map((moment) => [moment, 0]));
  const count = (moment: keyof Trace) => (): void => {
    counts.set(moment, (counts.get(moment) ?? 0) + 1);
  };
  return { trace: Object.fromEntries(moments.map((moment) => [moment, count(moment)])), counts };
}
