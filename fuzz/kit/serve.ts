/**
 * A server at the end of a pipe, fed with octets, and everything that must hold when the connection is over.
 *
 * Rule of this file: time stands still until nothing else happens, then it is moved until the connection ends.
 * What a handler does is chosen by the path alone, so that no cut can change it.
 */
import { pipe, poisonBorrowedBytes } from "../../lib/bufio/mod.ts";
import type { Request } from "../../lib/message/mod.ts";
import { type HandlerFunc, type ResponseWriter, Server } from "../../lib/server/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { type Step, play } from "./steps.ts";
import { mustEqual } from "./text.ts";
import { mustHaveCaughtAll } from "./uncaught.ts";

// Whoever keeps a lent byte past its time reads 0xAA.
poisonBorrowedBytes(true);

/** What came of a connection. */
export interface Served {
  /** All that the server sent, one char per octet. */
  readonly text: string;
  /** The methods of the requests that a handler saw, in their order. */
  readonly methods: readonly string[];
  /** How it ended, as the client saw it. */
  readonly end: string;
}

/** Little, so that a client that does not read holds a handler up soon. */
const HIGH_WATER_BYTES = 4_096;
/** Long enough for every timeout there is. */
const ALL_TIMEOUTS_MS = 1_000_000;

/**
 * Takes the steps one by one, then ends the client's side and waits for the server's. Throws when the
 * connection never ends, when an alarm is left, and when something was thrown into nowhere.
 */
export async function serve(steps: readonly Step[]): Promise<Served> {
  const clock = new TestClock();
  const methods: string[] = [];
  const errors: unknown[] = [];
  const server = new Server(
    {
      handler: (w, r) => {
        methods.push(r.method);
        return behave(w, r);
      },
      errorLog: () => {},
      onError: (error) => void errors.push(error),
      maxHeaderBytes: 1_024,
      // Every answer is to have been asked for by a handler, or the laws could not count them.
      disableGeneralOptionsHandler: true,
    },
    { clock },
  );
  const [near, far] = pipe({ tenure: "borrowed", highWaterBytes: HIGH_WATER_BYTES });
  server.serveConn(far);
  const client = new WireClient(near);
  for (const step of steps) await play(client, clock, step);
  client.resume();
  client.finish();
  await settle(3);
  for (let turn = 0; turn < 8 && client.end === "open"; turn++) {
    clock.advance(ALL_TIMEOUTS_MS);
    await settle(2);
  }
  const { end, text } = client;
  if (end === "open") throw new Error("the connection never ends");
  client.close();
  await settle(2);
  mustEqual("connections left", server.stats().conns.total, 0);
  await server.close();
  mustEqual("alarms left", clock.watched, 0);
  mustHaveCaughtAll();
  const foreign = errors.find((error) => error !== PLANNED && !isCoded(error));
  if (foreign !== undefined) throw foreign;
  return { text, methods, end };
}

/** What handlers throw on purpose. */
const PLANNED = new Error("planned");
const LARGE = "x".repeat(4_000);

/** Paths that begin so are answered so; every other path by an echo. */
const BEHAVIOURS: readonly (readonly [prefix: string, handler: HandlerFunc])[] = [
  ["/u", (w) => void w.write("unread")],
  ["/n", () => undefined],
  [
    "/t",
    () => {
      throw PLANNED;
    },
  ],
  [
    "/p",
    async (w, r) => {
      // Two octets or the end, and not what is here: whether there is a fault behind the first is a matter of time.
      const into = new Uint8Array(2);
      for (let at = 0; at < 2; ) {
        const count = await r.body.read(into.subarray(at));
        if (count === undefined) break;
        at += count;
      }
      await w.write("partly");
    },
  ],
  [
    "/r",
    async (w, r) => {
      const into = new Uint8Array(3);
      for (let n = await r.body.read(into); n !== undefined; n = await r.body.read(into)) {
        await w.write(into.subarray(0, n));
      }
      w.trailer.set("X-Sum", String(r.trailer.get("x")));
    },
  ],
  [
    "/l",
    async (w) => {
      for (let i = 0; i < 4; i++) await w.write(LARGE);
    },
  ],
  [
    "/f",
    async (w) => {
      await w.write("first");
      await w.flush();
      await w.write("second");
    },
  ],
  [
    "/s",
    (w, r) => {
      w.writeHeader([204, 304, 500, 201, 404][r.path.length % 5]!);
    },
  ],
  [
    "/c",
    (w) => {
      w.header.set("Connection", "close");
      void w.write("bye");
    },
  ],
  [
    "/i",
    async (w, r) => {
      w.writeHeader(103);
      await w.write(await r.body.text());
      w.trailer.set("X-Sum", String(r.trailer.get("x")));
    },
  ],
  [
    "/w",
    async (w, r) => {
      w.header.set("Content-Length", String(r.path.length));
      await w.write("12345");
    },
  ],
  ["/a", (w) => w.abort()],
  [
    "/x",
    async (w) => {
      await w.write("begun");
      await w.flush();
      throw PLANNED;
    },
  ],
];

function behave(w: ResponseWriter, r: Request): void | Promise<void> {
  const behaviour = BEHAVIOURS.find(([prefix]) => r.path.startsWith(prefix));
  return behaviour === undefined ? echo(w, r) : behaviour[1](w, r);
}

async function echo(w: ResponseWriter, r: Request): Promise<void> {
  const content = await r.body.bytes();
  w.header.set("X-Target", r.target);
  await w.write(content);
}

function isCoded(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[a-z0-9-]+$/.test(code);
}
