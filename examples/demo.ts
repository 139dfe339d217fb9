/**
 * The demo server of `npm start`: something to talk to with curl, a browser or wrk.
 *
 *   PORT=8080 npm start        or        npm start -- 8080
 *
 * Rule of this file: it wires the table of routes to a server, logs one line a request and stops
 * politely; what the routes do is in demo/.
 */
import { listenAndServe, type Request, type ResponseWriter, type Server } from "barewire";
import type { Addr } from "barewire/bufio";
import { mux } from "./demo/routes.ts";
import { stopping } from "./demo/streams.ts";

const port = process.argv[2] ?? process.env["PORT"] ?? "8080";
const server = await start(`127.0.0.1:${port}`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(signal));

async function start(address: string): Promise<Server> {
  try {
    const server = await listenAndServe(address, logged, {
      onRefusal: ({ remoteAddr, status, code }) =>
        log(`${peer(remoteAddr)} refused ${status} ${code}`),
    });
    const url = server.url ?? "";
    console.log(`barewire demo on ${url}

  open it in a browser, or try:
  curl -i ${url}hello/you
  curl -N ${url}stream
  curl -T package.json ${url}upload
  curl ${url}wire?format=json
  curl -F file=@package.json ${url}form
  curl -r 0-15 ${url}files/notes.txt

  Ctrl-C stops it.`);
    return server;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** Runs the route and writes one line about it, also when it failed. */
async function logged(w: ResponseWriter, r: Request): Promise<void> {
  const begun = performance.now();
  let failure: number | undefined;
  try {
    await mux.serveHTTP(w, r);
  } catch (error) {
    failure = statusOf(error);
    // The server answers with that status, or cuts what has begun, and says why on stderr.
    throw error;
  } finally {
    const { status, bytes, head } = w.sent;
    const shown = (head === "pending" ? failure : undefined) ?? (status || 200);
    const gone = r.signal.aborted ? ", client gone" : "";
    const line = `"${r.method} ${r.target} ${r.proto}" ${shown} ${bytes}`;
    log(`${peer(r.remoteAddr)} ${line} ${(performance.now() - begun).toFixed(1)} ms${gone}`);
  }
}

/** The library's errors know their status: 413 for a form that is too large, say. */
function statusOf(error: unknown): number {
  const known = error instanceof Error && "status" in error ? error.status : undefined;
  return typeof known === "number" ? known : 500;
}

function peer(addr: Addr | undefined): string {
  return addr === undefined ? "-" : `${addr.host}:${addr.port}`;
}

/** What strangers send is escaped unless it is plain ASCII, so that no terminal obeys it. */
function log(line: string): void {
  const escaped = line.replace(
    /[^ -~]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  console.log(`${new Date().toISOString()} ${escaped}`);
}

let stopAsked = false;

/** The first signal lets answers finish, the second one does not. */
async function stop(signal: string): Promise<void> {
  if (stopAsked) {
    console.log(`${signal} again: closing at once`);
    await server.close();
    process.exit(1);
  }
  stopAsked = true;
  console.log(`${signal}: finishing what runs (again to close at once)`);
  stopping.abort();
  await server.shutdown();
  console.log("stopped");
}
