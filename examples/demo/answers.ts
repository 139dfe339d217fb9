/**
 * The short answers of the demo: pages, greetings, statuses.
 *
 * Rule of this file: what comes from a request is escaped before it enters HTML; everything else is
 * plain text.
 */
import { createHash } from "node:crypto";
import type { Request, ResponseWriter } from "barewire";
import { escapeHtml, page, plain } from "./page.ts";
import type { Route } from "./route.ts";
import { pause } from "./streams.ts";

const SLOW_MS = 2000;

/** `/`: the page that lists the rest. */
export function index(w: ResponseWriter, r: Request, routes: readonly Route[]): Promise<void> {
  const base = `http://${r.host}`;
  const rows = routes.map((route) => {
    const name = escapeHtml(`${route.methods[0]} ${route.path}`);
    const link = route.methods.includes("GET")
      ? `<a href="${escapeHtml(route.link ?? route.path)}">${name}</a>`
      : name;
    const curl = escapeHtml(`curl ${route.example.replaceAll("URL", () => base)}`);
    const about = escapeHtml(route.about);
    return `<tr><td>${link}</td><td>${about}</td><td><code>${curl}</code></td></tr>`;
  });
  const content = `<p>HTTP/1.1 served from a raw socket. Everything you can ask for:</p>
<table>
${rows.join("\n")}
</table>`;
  return page(w, "barewire demo", content);
}

/** `/hello/NAME` */
export async function hello(w: ResponseWriter, r: Request): Promise<void> {
  const name = r.pathValue("name");
  await plain(w, 200, `Hello, ${name === "" ? "world" : name}!\n`);
}

/** `/trailers`: a hash of the body, in the trailer section behind it. */
export async function trailers(w: ResponseWriter): Promise<void> {
  const pieces = ["The checksum of this text ", "comes after it, ", "in the trailer section.\n"];
  const hash = createHash("sha256");
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  w.header.set("Trailer", "X-Sha256");
  for (const piece of pieces) {
    hash.update(piece);
    await w.write(piece);
    await w.flush();
  }
  w.trailer.set("X-Sha256", hash.digest("hex"));
}

/** `/slow`: an answer that takes its time, for trying timeouts and shutdown. */
export async function slow(w: ResponseWriter, r: Request): Promise<void> {
  const begun = performance.now();
  // A shutdown waits for this answer; only a client that leaves ends it early.
  await pause(SLOW_MS, [r.signal]);
  if (r.signal.aborted) return;
  await plain(w, 200, `This took ${Math.round((performance.now() - begun) / 1000)} seconds.\n`);
}

/** `/status/NNN` */
export async function status(w: ResponseWriter, r: Request): Promise<void> {
  const wanted = r.pathValue("code");
  if (!/^[2-5][0-9][0-9]$/.test(wanted)) {
    return plain(w, 400, "400: /status/NNN takes three digits from 200 to 599\n");
  }
  const code = Number(wanted);
  // These have no body, whatever one would like to write (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
  if (code === 204 || code === 205 || code === 304) w.writeHeader(code);
  else await plain(w, code, `This is a ${code}.\n`);
}

/** `/204` */
export function noContent(w: ResponseWriter): void {
  w.writeHeader(204);
}

/** `/chunked`: each flush makes a chunk. */
export async function chunked(w: ResponseWriter): Promise<void> {
  w.header.set("Content-Type", "text/plain; charset=utf-8");
  for (const piece of ["hello", " ", "world", "\n"]) {
    await w.write(piece);
    await w.flush();
  }
}
