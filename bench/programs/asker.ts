/**
 * The client of the question of clients: 64 loops that ask, read the answer, and ask again.
 *
 * Rule of this file: each way of asking is what a user of it would write. Arguments: the way, the port.
 */
import * as http from "node:http";
import * as net from "node:net";
import { BODY, ready } from "./rim.ts";

/** Asks once and reads the whole answer. */
type Ask = () => Promise<unknown>;

const LOOPS = 64;
const [way = "", port = ""] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}/`;

const WAYS: Readonly<Record<string, () => Promise<Ask>>> = {
  floor: floor,
  barewire: async () => {
    const { Client, Transport } = await barewire();
    const client = new Client({ transport: new Transport({ maxIdleConnsPerHost: LOOPS }) });
    return async () => (await client.get(url)).body.text();
  },
  "barewire-fetch": async () => {
    const { createFetch, Transport } = await barewire();
    const ask = createFetch({ transport: new Transport({ maxIdleConnsPerHost: LOOPS }) });
    return async () => (await ask(url)).text();
  },
  "node-http": async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: LOOPS });
    return () =>
      new Promise((resolve, reject) => {
        const request = http.get(url, { agent }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (piece: string) => {
            text += piece;
          });
          response.on("end", () => resolve(text));
        });
        request.on("error", reject);
      });
  },
  "node-fetch": async () => async () => (await fetch(url)).text(),
  undici: async () => {
    const { Agent, request } = await undici();
    const dispatcher = new Agent({ connections: LOOPS });
    return async () => (await request(url, { dispatcher })).body.text();
  },
};

/** The built library: what users run. */
function barewire(): Promise<typeof import("../../lib/mod.ts")> {
  return import(new URL("../../dist/mod.js", import.meta.url).href);
}

interface Undici {
  readonly Agent: new (options: { connections: number }) => object;
  request(url: string, options: object): Promise<{ body: { text(): Promise<string> } }>;
}

/** No dependency: it comes from the folder that PEERS names (see ../peers.ts). */
async function undici(): Promise<Undici> {
  const { createRequire } = await import("node:module");
  return createRequire(`${process.env["PEERS"] ?? "."}/package.json`)("undici") as Undici;
}

/** The least that a client on Node can cost: constant octets out, nothing parsed. */
async function floor(): Promise<Ask> {
  const request =
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
    "User-Agent: barewire/0.1\r\nAccept-Encoding: gzip\r\n\r\n";
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
      const options = { host: "127.0.0.1", port: Number(port), noDelay: true, onread };
      const socket = net.connect(options, () => {
        free.push(send);
        resolve();
      });
    });
  }
  return () => new Promise((resolve) => free.pop()?.(resolve));
}

const make = WAYS[way];
if (make === undefined) throw new Error(`no way to ask: ${way}`);
const ask = await make();
let count = 0;
let running = true;
const loop = async (): Promise<void> => {
  while (running) {
    await ask();
    count++;
  }
};
let loops: Promise<unknown> = Promise.resolve();
ready(0, {
  start: () => {
    running = true;
    loops = Promise.all(Array.from({ length: LOOPS }, loop));
    return 0;
  },
  count: () => count,
  stop: async () => {
    running = false;
    await loops;
    return count;
  },
});
