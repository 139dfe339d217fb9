/**
 * The question of routing: what does one match cost, and does it grow with the number of routes?
 * MAINPATH §5
 *
 * Rule of this file: one process, CPU time of it, all tables and all routers in turns. Each table is
 * asked with as many different requests, so that only the number of routes differs.
 */
import { Request } from "../lib/message/mod.ts";
import type { ResponseWriter } from "../lib/server/mod.ts";
import { ServeMux } from "../lib/server/mux/mod.ts";
import type { Answer, AnswerRow, Effort, Question } from "./answer.ts";
import { median } from "./kit.ts";
import { askGo, checked, peers } from "./route-peers.ts";
import type { Asker, Contestant, Kind, Route, Table } from "./route-peers.ts";

const KINDS: readonly Kind[] = ["literal", "wildcard", "methods", "hosts"];
const SIZES: readonly number[] = [10, 1_000, 10_000];
const REQUESTS = 1_000;
const ASKED_PER_ROUND = 300;

/** Every router over every table. */
export const ROUTE: Question = { name: "route", parts: ["match"], ask: measureRoutes };

async function measureRoutes(_: string, { rounds }: Effort): Promise<Answer> {
  const tables = KINDS.flatMap((kind) => SIZES.map((size) => makeTable(kind, size)));
  const figures = new Map<string, number[]>();
  const note = (router: string, table: Table, ns: number): void => {
    const key = `${router} ${table.kind} ${table.size}`;
    figures.set(key, [...(figures.get(key) ?? []), ns]);
  };
  const contestants = [BAREWIRE, ...(await peers())];
  const runs = contestants.flatMap((contestant) =>
    tables.flatMap((table) => {
      const ask = contestant.prepare(table);
      return ask === undefined ? [] : [{ name: contestant.name, table, ask }];
    }),
  );
  for (const { ask } of runs) nanosOf(ask); // warms up
  for (let round = 0; round < rounds; round++) {
    for (const { name, table, ask } of runs) note(name, table, nanosOf(ask));
  }
  for (const [i, ns] of askGo(tables, ASKED_PER_ROUND).entries()) note("Go", tables[i]!, ns);
  const rows = [...contestants.map(({ name }) => name), "Go"].flatMap((router) =>
    KINDS.flatMap((kind) => rowOf(router, kind, figures)),
  );
  return {
    title: "One match (ns of CPU time), by number of routes",
    columns: [...SIZES.map(String), "slowest to fastest"],
    rows,
  };
}

/** Missing where the router has nothing of that kind, or refused the tables. */
function rowOf(
  router: string,
  kind: Kind,
  figures: ReadonlyMap<string, readonly number[]>,
): AnswerRow[] {
  const ns = SIZES.map((size) => median(figures.get(`${router} ${kind} ${size}`) ?? []));
  if (ns.every(Number.isNaN)) return [];
  const bySize = Object.fromEntries(ns.map((figure, i) => [String(SIZES[i]), figure]));
  const spread = Math.max(...ns) / Math.min(...ns);
  return [{ name: `${router} ${kind}`, figures: { ...bySize, "slowest to fastest": spread } }];
}

const BAREWIRE: Contestant = {
  name: "barewire",
  prepare({ routes, asked }) {
    const mux = new ServeMux();
    let handled = 0;
    const handler = (): void => {
      handled++;
    };
    for (const { method, host, path } of routes) mux.handle(`${method} ${host}${path}`, handler);
    // The handlers do not touch it.
    const writer = undefined as unknown as ResponseWriter;
    const requests = asked.map(
      ({ method, host, path }) => new Request({ method, host, target: path }),
    );
    return checked(asked.length, () => {
      handled = 0;
      for (const request of requests) void mux.serveHTTP(writer, request);
      return handled;
    });
  },
};

function nanosOf(ask: Asker): number {
  const before = process.cpuUsage();
  for (let i = 0; i < ASKED_PER_ROUND; i++) ask();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (ASKED_PER_ROUND * REQUESTS);
}

/**
 * Routes as programs have them: few words at the first place, many at the second. The smallest table has
 * several there too, so that a search takes the same steps in all sizes.
 */
function makeTable(kind: Kind, size: number): Table {
  const routes = Array.from({ length: size }, (_, i) => routeOf(kind, i));
  let seed = 12_345;
  const asked = Array.from({ length: REQUESTS }, (_, i) => {
    seed = (seed * 48_271) % 2_147_483_647;
    const route = routes[seed % size]!;
    const path = route.path.replace("{id}", `id${i}`).replace("{part}", `part${i}`);
    return { ...route, host: flat(route.host), path: flat(path) };
  });
  return { kind, size, routes, asked };
}

function routeOf(kind: Kind, i: number): Route {
  const area = `/area${i % 3}`;
  const number = padded(i);
  switch (kind) {
    case "literal":
      return { method: "GET", host: "", path: `${area}/item${number}/list` };
    case "wildcard":
      return { method: "GET", host: "", path: `${area}/item${number}/{id}/of/{part}` };
    case "methods": {
      const method = ["GET", "POST", "PUT", "DELETE", "PATCH"][i % 5]!;
      return { method, host: "", path: `/area/item${padded(i / 5)}/{id}` };
    }
    case "hosts":
      return { method: "GET", host: `host${number}.example`, path: `${area}/list` };
  }
}

/** Paths are as long in a small table as in a large one. */
function padded(i: number): string {
  return String(Math.floor(i)).padStart(5, "0");
}

/** One piece of memory, as text from the wire is: what was joined is walked more slowly. */
function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
