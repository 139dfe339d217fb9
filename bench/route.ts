/**
 * The question of routing: what does one match cost, and does it grow with the number of routes?
 * MAINPATH §5
 *
 *   node --import ./scripts/ts-hook.mjs bench/route.ts [--rounds N]
 *
 * Rule of this file: one process, CPU time of it, all tables and all routers in turns. Each table is
 * asked with as many different requests, so that only the number of routes differs. find-my-way and
 * hono take part where they can be resolved (NODE_PATH will do), Go where `go` is installed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Request } from "../lib/message/mod.ts";
import type { ResponseWriter } from "../lib/server/mod.ts";
import { ServeMux } from "../lib/server/mux/mod.ts";
import { median, printTable } from "./kit.ts";

/** ns per match for each number of routes, NaN where the router refused them, and how much the slowest is above the fastest. */
export interface RouteRow {
  readonly router: string;
  readonly kind: Kind;
  readonly ns: readonly number[];
  readonly spread: number;
}

/** What the routes of a table look like. */
type Kind = "literal" | "wildcard" | "methods" | "hosts";

interface Route {
  readonly method: string;
  readonly host: string;
  /** With {name} for wildcards. */
  readonly path: string;
}

interface Table {
  readonly kind: Kind;
  readonly size: number;
  readonly routes: readonly Route[];
  readonly asked: readonly Route[];
}

/** Asks all requests of the table once. */
type Asker = () => void;

interface Contestant {
  readonly name: string;
  /** Undefined where the router has nothing of that kind. */
  prepare(table: Table): Asker | undefined;
}

const KINDS: readonly Kind[] = ["literal", "wildcard", "methods", "hosts"];
const SIZES: readonly number[] = [10, 1_000, 10_000];
const REQUESTS = 1_000;
const ASKED_PER_ROUND = 300;

/** Measures every router over every table and prints one table of figures. */
export async function measureRoutes(rounds: number): Promise<RouteRow[]> {
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
  for (const [i, ns] of askGo(tables).entries()) note("Go", tables[i]!, ns);
  const rows = [...contestants.map(({ name }) => name), "Go"].flatMap((router) =>
    KINDS.flatMap((kind) => rowOf(router, kind, figures)),
  );
  printTable("One match (ns of CPU time), by number of routes", [
    ["", ...SIZES.map(String), "slowest to fastest"],
    ...rows.map((row) => [
      `${row.router} ${row.kind}`,
      ...row.ns.map((ns) => (Number.isNaN(ns) ? "–" : ns.toFixed(0))),
      Number.isNaN(row.spread) ? "–" : `${row.spread.toFixed(2)} ×`,
    ]),
  ]);
  return rows;
}

function rowOf(
  router: string,
  kind: Kind,
  figures: ReadonlyMap<string, readonly number[]>,
): RouteRow[] {
  const ns = SIZES.map((size) => median(figures.get(`${router} ${kind} ${size}`) ?? []));
  if (ns.every(Number.isNaN)) return [];
  return [{ router, kind, ns, spread: Math.max(...ns) / Math.min(...ns) }];
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

async function peers(): Promise<Contestant[]> {
  const found: Contestant[] = [];
  const findMyWay = await load<{ default: () => FindMyWay }>("find-my-way");
  if (findMyWay !== undefined) {
    found.push(
      pathRouter("find-my-way", ({ routes }) => {
        const router = findMyWay.default();
        for (const { method, path } of routes) router.on(method, colons(path), () => {});
        return (method, path) => router.find(method, path) !== null;
      }),
    );
  }
  for (const name of ["RegExpRouter", "TrieRouter"] as const) {
    const file = name === "TrieRouter" ? "trie-router" : "reg-exp-router";
    const hono = await load<Readonly<Record<string, new () => HonoRouter>>>(`hono/router/${file}`);
    const Router = hono?.[name];
    if (Router === undefined) continue;
    found.push(
      pathRouter(`hono ${name}`, ({ routes }) => {
        const router = new Router();
        for (const { method, path } of routes) router.add(method, colons(path), {});
        return (method, path) => router.match(method, path)[0].length > 0;
      }),
    );
  }
  return found;
}

/** A peer that knows methods and paths but no hosts. */
function pathRouter(
  name: string,
  build: (table: Table) => (method: string, path: string) => boolean,
): Contestant {
  return {
    name,
    prepare: (table) => {
      if (table.kind === "hosts") return undefined;
      try {
        const has = build(table);
        const ask = checked(table.asked.length, () => {
          let count = 0;
          for (const { method, path } of table.asked) if (has(method, path)) count++;
          return count;
        });
        ask();
        return ask;
      } catch {
        return undefined; // hono makes one expression of all routes, which can become too large
      }
    },
  };
}

interface FindMyWay {
  on(method: string, path: string, handler: () => void): void;
  find(method: string, path: string): object | null;
}

interface HonoRouter {
  add(method: string, path: string, handler: object): void;
  match(method: string, path: string): readonly [readonly unknown[], ...unknown[]];
}

/** A peer's module, if it can be resolved from here or through NODE_PATH. */
async function load<T>(name: string): Promise<T | undefined> {
  try {
    const file = createRequire(import.meta.url).resolve(name);
    return (await import(pathToFileURL(file).href)) as T;
  } catch {
    return undefined; // not installed: the table says so by leaving it out
  }
}

/** A router that misses would look fast. */
function checked(wanted: number, askAll: () => number): Asker {
  return () => {
    const count = askAll();
    if (count !== wanted) throw new Error(`${count} of ${wanted} requests were routed`);
  };
}

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
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const route = routes[seed % size]!;
    const path = route.path.replace("{id}", `id${i}`).replace("{part}", `part${i}`);
    return { ...route, host: flat(route.host), path: flat(path) };
  });
  return { kind, size, routes, asked };
}

function routeOf(kind: Kind, i: number): Route {
  const area = `/area${i % 3}`;
  switch (kind) {
    case "literal":
      return { method: "GET", host: "", path: `${area}/resource${i}/list` };
    case "wildcard":
      return { method: "GET", host: "", path: `${area}/resource${i}/{id}/of/{part}` };
    case "methods": {
      const method = ["GET", "POST", "PUT", "DELETE", "PATCH"][i % 5]!;
      return { method, host: "", path: `/area${((i / 5) % 10) | 0}/resource${(i / 5) | 0}/{id}` };
    }
    case "hosts":
      return { method: "GET", host: `host${i}.example`, path: `${area}/list` };
  }
}

/** One piece of memory, as text from the wire is: what was joined is walked more slowly. */
function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

function colons(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** The same tables through Go's ServeMux; no figures where there is no Go. */
function askGo(tables: readonly Table[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "barewire-route-"));
  try {
    const file = join(folder, "route.go");
    writeFileSync(file, GO_PROGRAM);
    const printed = execFileSync("go", ["run", file], {
      input: JSON.stringify({ tables, times: ASKED_PER_ROUND }),
      encoding: "latin1",
      stdio: ["pipe", "pipe", "ignore"],
    });
    return JSON.parse(printed) as number[];
  } catch {
    return []; // no Go, or one before 1.22
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const GO_PROGRAM = `package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"syscall"
)

type route struct{ Method, Host, Path string }

type question struct {
	Tables []struct{ Routes, Asked []route }
	Times  int
}

func cpu() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		panic(err)
	}
	ns := []float64{}
	for _, t := range q.Tables {
		mux := http.NewServeMux()
		for _, r := range t.Routes {
			mux.HandleFunc(r.Method+" "+r.Host+r.Path, func(http.ResponseWriter, *http.Request) {})
		}
		var requests []*http.Request
		for _, a := range t.Asked {
			r := &http.Request{Method: a.Method, Host: a.Host, URL: &url.URL{Path: a.Path}}
			requests = append(requests, r)
		}
		var before int64
		for i := 0; i < 2*q.Times; i++ {
			if i == q.Times {
				before = cpu()
			}
			for _, r := range requests {
				mux.ServeHTTP(nil, r)
			}
		}
		ns = append(ns, float64(cpu()-before)/float64(q.Times*len(requests)))
	}
	json.NewEncoder(os.Stdout).Encode(ns)
}
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
  await measureRoutes(Number(values.rounds));
}
