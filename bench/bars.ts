/**
 * The bars: what was promised of the figures.
 *
 * Rule of this file: a table, and its judge. A bar whose question was not asked is passed over, and said to be; a
 * stretch is a wish and fails nothing.
 */
import type { Lookup } from "./results.ts";

interface Bar {
  readonly kind: "bar" | "stretch";
  readonly name: string;
  readonly most: number;
  readonly unit: string;
  readonly figure: (at: Lookup) => number;
}

/** A figure of our row. */
function ours(answer: string, column: string, row = "barewire"): Bar["figure"] {
  return (at) => at(answer, row, column);
}

function bar(name: string, most: number, unit: string, figure: Bar["figure"]): Bar {
  return { kind: "bar", name, most, unit, figure };
}

function stretch(name: string, most: number, unit: string, figure: Bar["figure"]): Bar {
  return { kind: "stretch", name, most, unit, figure };
}

/** Where two promises were made about one figure, the stricter. */
const BARS: readonly Bar[] = [
  bar("hello", 1.2, "× floor", ours("server/hello", "to floor")),
  bar("hello", 0.52, "× node:http", ours("server/hello", "to node-http")),
  bar("hello", 0.7, "× Go", ours("server/hello", "to go")),
  stretch("hello", 1.08, "× floor", ours("server/hello", "to floor")),
  stretch("hello", 1, "× Bun", ours("server/hello", "to bun")),
  bar("browser-sized head", 1.35, "× floor", ours("server/browser-head", "to floor")),
  bar("browser-sized head", 0.46, "× node:http", ours("server/browser-head", "to node-http")),
  stretch("browser-sized head", 1.15, "× floor", ours("server/browser-head", "to floor")),
  stretch("browser-sized head", 1, "× Bun", ours("server/browser-head", "to bun")),
  stretch("browser-sized head", 1, "× Deno", ours("server/browser-head", "to deno")),
  bar("pipelined", 0.08, "× node:http", ours("server/pipelined", "to node-http")),
  bar("pipelined", 0.16, "× Bun", ours("server/pipelined", "to bun")),
  stretch("pipelined", 0.8, "µs", ours("server/pipelined", "total")),
  bar("one await of a resolved promise", 1.08, "× hello", ours("server/async", "to hello")),
  bar("1,000 routes", 1.1, "× hello", ours("server/mux", "to hello")),
  bar("POST of 1 KiB", 0.5, "× node:http", ours("server/post", "to node-http")),
  bar("TLS", 1.1, "× bare tls.Socket", ours("server/tls", "to bare-tls")),
  ...["down", "up"].flatMap((way) => [
    ...bodyBars(way, "content-length", 1.11),
    ...bodyBars(way, "chunked", 1.25),
  ]),
  bar("idle connection", 1.3, "× bare net.Socket", ours("memory/idle", "to bare-socket")),
  bar("idle connection", 0.7, "× node:http", ours("memory/idle", "to node-http")),
  bar("idle connection", 8, "KiB", ours("memory/idle", "KiB")),
  bar("client GET", 1.35, "× floor", ours("client/get", "to floor")),
  bar("client GET", 0.68, "× undici", ours("client/get", "to undici")),
  bar("client GET", 0.36, "× node:http", ours("client/get", "to node-http")),
  bar("client GET", 0.85, "× Go", ours("client/get", "to go")),
  stretch("client GET", 1.2, "× floor", ours("client/get", "to floor")),
  stretch("client GET", 0.6, "× undici", ours("client/get", "to undici")),
  bar("fetch", 0.2, "× Node's fetch", ours("client/fetch", "to node-fetch", "barewire-fetch")),
  bar("browser-sized head alone", 1000, "ns", ours("parse/heads", "browser")),
  bar(
    "browser-sized head alone",
    0.4,
    "× http-parser-js",
    ours("parse/heads", "browser to http-parser-js"),
  ),
  bar("browser-sized head alone", 1, "× llhttp", ours("parse/heads", "browser to llhttp")),
  stretch("browser-sized head alone", 600, "ns", ours("parse/heads", "browser")),
  bar(
    "import",
    0,
    "ms over 1.5 × node:net + 10 ms",
    (at) => at("start/import", "barewire", "ms") - 1.5 * at("start/import", "node:net", "ms") - 10,
  ),
  bar("barewire/wire", 9, "KiB gzipped", ours("start/size", "gzipped", "barewire/wire")),
  bar("barewire/server", 25, "KiB gzipped", ours("start/size", "gzipped", "barewire/server")),
  bar("front door", 60, "KiB gzipped", ours("start/size", "gzipped")),
  bar("10,000 connections", 1.3, "× 10", ours("scale/connections", "growth")),
  bar("10,000 routes", 1.2, "× 10", ours("scale/routes", "growth")),
  bar("an octet of a head of 60 KiB", 1.1, "× 1 KiB", ours("scale/heads", "growth")),
  bar("the worst delay of a timer", 50, "ms", (at) =>
    Math.max(
      at("fairness/timer", "a handler writes small pieces without end, the reader is fast", "ms"),
      at("fairness/timer", "a peer pipelines without end", "ms"),
    ),
  ),
];

function bodyBars(way: string, framing: string, most: number): Bar[] {
  const row = (piece: string): string => `${framing}, in pieces of ${piece}`;
  const small = row("16 KiB");
  const large = row("64 MiB");
  const answer = `body/${way}`;
  return [
    bar(`body ${way}, ${small}`, most, "× bare", ours(answer, "to bare", small)),
    bar(`body ${way}, ${large}`, most, "× bare", ours(answer, "to bare", large)),
    bar(`body ${way}, ${small}`, 0.75, "× node:http", ours(answer, "to node-http", small)),
    bar(`body ${way}, ${large}`, 1.1, "× node:http", ours(answer, "to node-http", large)),
  ];
}

/** Prints a verdict for each bar that can be judged; answers how many were missed. */
export function judge(at: Lookup): number {
  console.log("\nBars");
  let missed = 0;
  let passedOver = 0;
  for (const { kind, name, figure, most, unit } of BARS) {
    const value = figure(at);
    if (Number.isNaN(value)) {
      passedOver++;
      continue;
    }
    const isMet = value <= most;
    if (!isMet && kind === "bar") missed++;
    const verdict = isMet ? "pass" : kind === "bar" ? "FAIL" : "wish";
    console.log(`  ${verdict}  ${name}: ${value.toFixed(3)} ${unit} (at most ${most})`);
  }
  console.log(`  ${missed} missed, ${passedOver} not measured`);
  return missed;
}
