/**
 * What the tests of fetch share: a server that does what its path says, and outcomes to compare.
 *
 * Rule of this file: an outcome is plain data, so that two fetches can be compared by it.
 */
import * as assert from "uvu/assert";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type Fetch, fetch } from "../../../lib/adapters/fetch.ts";
import { Server, listenAndServe } from "../../../lib/adapters/mod.ts";
import type { Request, ResponseWriter } from "../../../lib/mod.ts";
import { type Suite, withDeadline } from "../../kit.ts";

/** Runs `fn` with the URL of a server of its own. */
export async function withServer(
  fn: (url: string, server: Server) => Promise<void>,
): Promise<void> {
  const server = await listenAndServe("127.0.0.1:0", answer);
  try {
    await fn(`http://127.0.0.1:${server.addr?.port ?? 0}`, server);
  } finally {
    await server.close();
  }
}

const CODED: ReadonlyMap<string, (text: string) => Uint8Array> = new Map([
  ["gzip", gzipSync],
  ["x-gzip", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
  ["gzip, br", (text: string) => brotliCompressSync(gzipSync(text))],
  ["rot13", (text: string) => Buffer.from(text)],
]);

/** What fields of a request the echo shows. */
const SHOWN = /^(?:content-|x-|accept$|accept-encoding|authorization|cookie|referer|host|range)/i;

async function answer(w: ResponseWriter, r: Request): Promise<void> {
  const [, kind, ...args] = r.path.split("/");
  switch (kind) {
    case "echo":
      return echo(w, r);
    case "status":
      w.writeHeader(Number(args[0]));
      if (args[1] !== undefined) await w.write(args[1]);
      return;
    case "redirect":
      w.header.set("Location", r.query.get("to") ?? "");
      w.writeHeader(Number(args[0]));
      await w.write("moved");
      return;
    case "loop":
      w.header.set("Location", r.target);
      return w.writeHeader(302);
    case "coded": {
      const coding = decodeURIComponent(args[0] ?? "");
      w.header.set("Content-Encoding", coding);
      const coded = CODED.get(coding)?.("in code") ?? new Uint8Array();
      return w.write(args[1] === "broken" ? coded.subarray(0, -6) : coded);
    }
    case "form":
      w.header.set("Content-Type", "application/x-www-form-urlencoded");
      return w.write("a=1&b=%C3%A9");
    case "json":
      w.header.set("Content-Type", "application/json");
      return w.write('\uFEFF{"a":1}');
    case "cookies":
      w.header.add("Set-Cookie", "a=1");
      w.header.add("Set-Cookie", "b=2");
      return w.write(r.header.values("cookie").join("; "));
    case "cut":
      w.header.set("Content-Length", "100");
      await w.write("some");
      await w.flush();
      return w.abort();
    case "stall":
      await w.write("first");
      await w.flush();
      return aborted(r.signal);
    case "never":
      return aborted(r.signal);
    case "drop":
      return w.abort();
    case "large":
      for (let i = 0; i < 64; i++) await w.write(new Uint8Array(16_384).fill(i));
      return;
    default:
      return w.write(`path ${r.path}`);
  }
}

async function echo(w: ResponseWriter, r: Request): Promise<void> {
  const fields: Record<string, string> = {};
  for (const [name, value] of r.header) if (SHOWN.test(name)) fields[name.toLowerCase()] = value;
  const body = (await r.body.text()).replace(/form-?data-[\w-]*|-{4,}[\w-]+/gi, "BOUNDARY");
  w.header.set("Content-Type", "application/json");
  w.header.set("X-Method", r.method);
  await w.write(JSON.stringify({ method: r.method, target: r.target, fields, body }));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
}

/** What a call came to. */
export async function outcome(fn: () => Promise<unknown>): Promise<unknown> {
  try {
    return await fn();
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: error };
    return { thrown: error.name };
  }
}

/** The platform's own. */
export const platformFetch: Fetch = (input, init) => globalThis.fetch(input, init);

/** A row of a comparison. */
export interface Compared {
  readonly name: string;
  readonly run: (fetch: Fetch, url: string) => Promise<unknown>;
  readonly gives: unknown;
  /** What the platform's gives, and why ours does not. */
  readonly platform?: { readonly gives: unknown; readonly because: string };
}

/** Registers each row twice: for ours, which must do as told, and for the platform's. */
export function compare(suite: Suite, rows: readonly Compared[]): void {
  for (const { name, run, gives, platform } of rows) {
    const row = (name_: string, of: Fetch, wanted: unknown): void =>
      suite(
        name_,
        withDeadline(10_000, () =>
          withServer(async (url) => assert.equal(await run(of, url), wanted)),
        ),
      );
    row(`${name}: as told`, fetch, gives);
    if (platform === undefined) row(`${name}: as the platform`, platformFetch, gives);
    else row(`${name}: ${platform.because}`, platformFetch, platform.gives);
  }
}

/** What the echo saw. */
export async function echoed(response: Promise<Response>): Promise<Record<string, unknown>> {
  return (await (await response).json()) as Record<string, unknown>;
}

/** A stream of these texts. */
export const stream = (...pieces: string[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

/** The init of a POST with any body. */
export const post = (body: unknown, more: RequestInit = {}): RequestInit => ({
  method: "POST",
  body: body as string,
  ...more,
});

/** The outcome of what the standard refuses. */
export const TYPE_ERROR: { readonly thrown: string } = { thrown: "TypeError" };
