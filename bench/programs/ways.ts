/**
 * The ways of asking: ours, undici's, node:http's, Node's fetch, and bare sockets.
 *
 * Rule of this file: each is what a user of it would write, with as many connections kept as there are loops.
 */
import * as http from "node:http";
import { createRequire } from "node:module";
import * as net from "node:net";
import { BODY, POST_BYTES } from "./rim.ts";

/** Asks once and reads the whole answer. */
export type Ask = (url: string) => Promise<unknown>;

/** What is to be asked. */
export interface Errand {
  /** "post" sends POST_BYTES; "pipelined" puts 16 requests on each of 4 connections; the others GET. */
  readonly what: string;
  readonly ports: readonly number[];
  /** The folder that packages are required from. */
  readonly packages: string;
}

/** How many ask at a time. */
export const LOOPS = 64;

const DEPTH = 16;
const TYPE = "application/octet-stream";
const CONTENT = Buffer.alloc(POST_BYTES, "x");

/** By name; each makes what it needs once. */
export const WAYS: Readonly<Record<string, (errand: Errand) => Promise<Ask>>> = {
  floor,
  barewire: async ({ what }) => {
    const { Client, Transport } = await import("barewire");
    const conns = what === "pipelined" ? LOOPS / DEPTH : LOOPS;
    const transport = new Transport({
      maxIdleConns: 10 * LOOPS,
      maxIdleConnsPerHost: conns,
      maxConnsPerHost: conns,
      pipeliningDepth: what === "pipelined" ? DEPTH : 1,
    });
    const client = new Client({ transport });
    return what === "post"
      ? async (url) => (await client.post(url, TYPE, CONTENT)).body.text()
      : async (url) => (await client.get(url)).body.text();
  },
  "barewire-fetch": async () => {
    const { Transport, createFetch } = await import("barewire");
    const ask = createFetch({ transport: new Transport({ maxIdleConnsPerHost: LOOPS }) });
    return async (url) => (await ask(url)).text();
  },
  undici: async ({ what, packages }) => {
    const { Agent, request } = undici(packages);
    const dispatcher = new Agent({ connections: LOOPS });
    const options = { dispatcher, ...contentFor(what) };
    return async (url) => (await request(url, options)).body.text();
  },
  "undici-pool": async ({ what, ports, packages }) => {
    const { Pool } = undici(packages);
    const limits =
      what === "pipelined"
        ? { connections: LOOPS / DEPTH, pipelining: DEPTH }
        : { connections: LOOPS };
    const pool = new Pool(`http://127.0.0.1:${ports[0]}`, limits);
    return async () => (await pool.request({ path: "/", method: "GET" })).body.text();
  },
  "undici-fetch": async ({ packages }) => {
    const { Agent, fetch: ask } = undici(packages);
    const dispatcher = new Agent({ connections: LOOPS });
    return async (url) => (await ask(url, { dispatcher })).text();
  },
  "node-http": async ({ what }) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: LOOPS });
    const { body, ...rest } = contentFor(what);
    return (url) =>
      new Promise((resolve, reject) => {
        const request = http.request(url, { agent, ...rest }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (piece: string) => {
            text += piece;
          });
          response.on("end", () => resolve(text));
        });
        request.on("error", reject);
        request.end(body);
      });
  },
  "node-fetch": async () => async (url) => (await fetch(url)).text(),
};

interface Content {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

function contentFor(what: string): Content {
  if (what !== "post") return { method: "GET", headers: {}, body: undefined };
  const headers = { "content-type": TYPE, "content-length": String(POST_BYTES) };
  return { method: "POST", headers, body: CONTENT };
}

interface Answered {
  readonly body: { text(): Promise<string> };
}

/** As much of undici as is used. */
interface Undici {
  readonly Agent: new (options: object) => object;
  readonly Pool: new (
    origin: string,
    options: object,
  ) => { request(options: object): Promise<Answered> };
  readonly request: (url: string, options: object) => Promise<Answered>;
  readonly fetch: (url: string, options: object) => Promise<{ text(): Promise<string> }>;
}

function undici(packages: string): Undici {
  return createRequire(`${packages}/package.json`)("undici") as Undici;
}

/** The least that a client on Node can cost: constant octets out, nothing parsed; one port. */
async function floor({ what, ports }: Errand): Promise<Ask> {
  const port = ports[0] ?? 0;
  const fields =
    `Host: 127.0.0.1:${port}\r\n` + "User-Agent: barewire/0.1\r\nAccept-Encoding: gzip\r\n";
  const request =
    what === "post"
      ? `POST / HTTP/1.1\r\n${fields}Content-Type: ${TYPE}\r\nContent-Length: ${POST_BYTES}\r\n\r\n` +
        CONTENT.toString("latin1")
      : `GET / HTTP/1.1\r\n${fields}\r\n`;
  const shared = Buffer.allocUnsafeSlow(64 * 1024);
  const free: ((done: (text: string) => void) => void)[] = [];
  for (let i = 0; i < LOOPS; i++) {
    await new Promise<void>((resolve) => {
      let done: (text: string) => void = () => undefined;
      const send = (next: (text: string) => void): void => {
        done = next;
        socket.write(request, "latin1");
      };
      const callback = (): boolean => {
        free.push(send);
        done(BODY);
        return true;
      };
      const onread = { buffer: shared, callback };
      const socket = net.connect({ host: "127.0.0.1", port, noDelay: true, onread }, () => {
        free.push(send);
        resolve();
      });
    });
  }
  return () => new Promise((resolve) => free.pop()?.(resolve));
}
