/**
 * The other routers of the question of routing: find-my-way, hono, and Go's own.
 *
 * Rule of this file: none of them is a dependency. Those in JavaScript come into the scratch folder of peers.ts,
 * Go takes part where `go` is installed; the others are left out of the table.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { lost, packageFolder } from "./peers.ts";

/** What the routes of a table look like. */
export type Kind = "literal" | "wildcard" | "methods" | "hosts";

export interface Route {
  readonly method: string;
  readonly host: string;
  /** With {name} for wildcards. */
  readonly path: string;
}

export interface Table {
  readonly kind: Kind;
  readonly size: number;
  readonly routes: readonly Route[];
  readonly asked: readonly Route[];
}

/** Asks all requests of the table once. */
export type Asker = () => void;

export interface Contestant {
  readonly name: string;
  /** Undefined where the router has nothing of that kind. */
  prepare(table: Table): Asker | undefined;
}

/** The routers that are there. */
export async function peers(): Promise<Contestant[]> {
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

/** A peer's module; undefined where its package cannot be had, which has been said then. */
async function load<T>(name: string): Promise<T | undefined> {
  const folder = packageFolder(`${name.split("/", 1)[0]}@latest`);
  if (folder === undefined) return undefined;
  const file = createRequire(join(folder, "package.json")).resolve(name);
  return (await import(pathToFileURL(file).href)) as T;
}

/** The same tables through Go's ServeMux; no figures where there is no Go. */
export function askGo(tables: readonly Table[], times: number): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), "barewire-route-"));
  try {
    const file = join(folder, "route.go");
    writeFileSync(file, GO_PROGRAM);
    const printed = execFileSync("go", ["run", file], {
      input: JSON.stringify({ tables, times }),
      encoding: "latin1",
      timeout: 300_000,
      stdio: ["pipe", "pipe", "ignore"],
    });
    return JSON.parse(printed) as number[];
  } catch {
    lost("go's ServeMux", "no `go` on the PATH, or one before 1.22");
    return [];
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

/** A router that misses would look fast. */
export function checked(wanted: number, askAll: () => number): Asker {
  return () => {
    const count = askAll();
    if (count !== wanted) throw new Error(`${count} of ${wanted} requests were routed`);
  };
}

function colons(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
