/**
 * The neighbour: the same routes from node:http at its default settings.
 *
 *   node node-http.mjs '{"host": "127.0.0.1", "security": "plain", "options": {}}'
 *
 * Rule of this file: what a Node programmer would write, back-pressure included. An option of ours is
 * translated where it has a counterpart, and ignored where it has none.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { BIG_PIECES, PIECE, type RigOrder, SMALL_PIECE } from "./order.ts";

const order = JSON.parse(process.argv[2] ?? "{}") as RigOrder;
const { options } = order;
let begun = 0;
let ended = 0;

type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

const ROUTES: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["GET /hello/you", (_, response) => response.end("Hello, you!\n")],
  ["POST /early", (_, response) => response.end("answered before the body was read\n")],
  ["GET /big", (_, response) => writeMany(response, PIECE, BIG_PIECES)],
  ["GET /endless", (_, response) => writeMany(response, SMALL_PIECE, Infinity)],
  ["GET /hold", () => undefined],
  ["GET /later", (_, response) => setTimeout(() => response.end("later\n"), 5)],
  ["POST /upload", upload],
  ["POST /text", whole],
  ["GET /look", look],
]);

function counted(request: http.IncomingMessage, response: http.ServerResponse): void {
  begun++;
  response.once("finish", () => ended++);
  const path = (request.url ?? "").split("?", 1)[0];
  const answer = ROUTES.get(`${request.method} ${path}`);
  if (answer === undefined) response.writeHead(404).end();
  else void answer(request, response);
}

async function upload(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  let bytes = 0;
  try {
    for await (const piece of request) bytes += (piece as Buffer).length;
  } catch {
    return; // the client has gone, or was cut
  }
  response.end(`${bytes}\n`);
}

/** What is usually written: pieces in a list, joined at the end. */
async function whole(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return; // the client has gone, or was cut
  }
  response.end(`${Buffer.concat(pieces).toString().length}\n`);
}

function look(request: http.IncomingMessage, response: http.ServerResponse): void {
  const query = new URL(request.url ?? "", "http://peer").searchParams;
  let found = 0;
  for (const name of Object.keys(request.headers)) if (request.headers[name] !== undefined) found++;
  for (const [name] of query) if (query.has(name)) found++;
  response.end(`${found}\n`);
}

async function writeMany(
  response: http.ServerResponse,
  piece: string | Uint8Array,
  count: number,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  for (let i = 0; i < count && !gone.signal.aborted; i++) {
    if (response.write(piece)) continue;
    // The wait ends when the client leaves, and then so does the loop.
    await once(response, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  response.end();
}

const settings = {
  ...(options["readHeaderTimeout"] === undefined
    ? {}
    : { headersTimeout: options["readHeaderTimeout"], connectionsCheckingInterval: 250 }),
  ...(options["idleTimeout"] === undefined ? {} : { keepAliveTimeout: options["idleTimeout"] }),
  ...(options["handlerTimeout"] === undefined
    ? {}
    : { requestTimeout: options["handlerTimeout"], connectionsCheckingInterval: 250 }),
};
const pem = (what: string): string => readFileSync(`examples/tls/localhost-${what}.pem`, "utf8");
const server =
  order.security === "tls"
    ? https.createServer({ ...settings, cert: pem("cert"), key: pem("key") }, counted)
    : http.createServer(settings, counted);
if (options["maxConns"] !== undefined) server.maxConnections = options["maxConns"];
server.listen(0, order.host, () => {
  const { port } = server.address() as AddressInfo;
  const host = order.host.includes(":") ? `[${order.host}]` : order.host;
  console.log(`listening on ${order.security === "tls" ? "https" : "http"}://${host}:${port}/`);
});
process.once("SIGTERM", () => {
  server.close(() => console.log(`begun ${begun}, ended ${ended}`));
});
