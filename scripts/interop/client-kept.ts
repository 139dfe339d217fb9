/**
 * 10,000 requests over as few connections as the server allows.
 * RFC 9112 §9.3
 *
 * Rule of this file: connections are counted twice, by the client and in the server's log.
 */
import { ok } from "node:assert/strict";
import { APACHE } from "./client-apache.ts";
import { HAPROXY } from "./client-haproxy.ts";
import { NGINX } from "./client-nginx.ts";
import { PYTHON } from "./client-python.ts";
import { type ClientCheck, SMALL } from "./client-site.ts";
import { checksOf, mustBe, type Row, type Visit } from "./client-visit.ts";
import { until } from "./world.ts";

const REQUESTS = { full: 10_000, short: 400 } as const;
const ALL = [NGINX, APACHE, HAPROXY, PYTHON];

const ROWS: readonly Row[] = [
  { name: "many requests, one after another", at: ALL, run: (visit) => ask(visit, 1) },
  { name: "many requests, eight at a time", at: ALL, run: (visit) => ask(visit, 8) },
];

async function ask(visit: Visit, lanes: number): Promise<string> {
  const { world, url, server } = visit;
  const requests = REQUESTS[world.size];
  // The log knows these requests by it.
  const target = `/files/${SMALL.name}?${visit.scheme}-${lanes}`;
  const fewest = Math.max(1, Math.ceil(requests / server.requestsPerConnection));
  const connectionsMax = fewest + lanes - 1;
  const client = visit.another({ maxConnsPerHost: lanes });
  let [begun, opened] = [0, 0];
  const lane = async (): Promise<void> => {
    while (begun < requests) {
      begun++;
      const response = await client.get(url(target));
      await mustBe(response, 200, SMALL);
      if (!response.reused) opened++;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: lanes }, lane));
  const ms = performance.now() - startedAt;
  const ports = await until(() => portsOf(visit, target, requests), "all requests in the log");
  ok(opened <= connectionsMax, `${opened} connections, ${connectionsMax} would do`);
  ok(ports <= opened, `${ports} connections in the log, ${opened} of the client`);
  return `${requests} requests over ${opened} connections in ${Math.round(ms)} ms`;
}

/** How many connections the log has for these requests, once it has all of them. */
function portsOf({ site }: Visit, target: string, requests: number): number | undefined {
  const lines = site
    .log()
    .split("\n")
    .filter((line) => line.endsWith(` 200 GET ${target}`));
  if (lines.length > requests) throw new Error(`${lines.length} requests in the log`);
  if (lines.length < requests) return undefined;
  return new Set(lines.map((line) => line.slice(0, line.indexOf(" ")))).size;
}

export const KEPT_CHECKS: readonly ClientCheck[] = checksOf(ROWS);
