/**
 * The client under attack: barewire's at default settings, but for what a check names.
 *
 *   node client-barewire.mjs '{"transport": {"writeTimeout": 800}}'    (forked: it takes orders)
 *
 * Rule of this file: a user's program over the front door. Alarms are counted where the clock is told of them.
 */
import { Client, ClientError, CookieJar, newRequest, Transport } from "barewire";
import { type Alarm, TimerClock } from "barewire/bufio";
import type { AskPlan, ClientSpec } from "../client-order.ts";
import { type Answered, serveOrders } from "./asker.ts";

const PIECE = new Uint8Array(65_536).fill(0x75);

// Servers that say too much are told of in a line each: thousands of them here.
console.warn = () => undefined;

const spec = JSON.parse(process.argv[2] ?? "{}") as ClientSpec;
const alarms = countAlarms();
const transport = new Transport({
  ...spec.transport,
  ...(spec.codings === undefined ? {} : { acceptEncodings: spec.codings }),
});
const client = new Client({
  transport,
  ...(spec.timeout === undefined ? {} : { timeout: spec.timeout }),
  ...(spec.jar === undefined ? {} : { jar: new CookieJar() }),
});

serveOrders({
  ask: async (url, signal, upload) => {
    const response = await client.do(requestFor(url, signal, upload));
    const { status, body } = response;
    const answered: Answered = {
      status,
      field: (name) => response.header.get(name),
      cancel: () => body.cancel(),
      read: async (manner) => {
        if (manner === "bytes") return (await body.bytes()).length;
        if (manner === "text") return (await body.text()).length;
        let octets = 0;
        for await (const piece of body) {
          octets += piece.length;
          if (manner === "cancel") break;
        }
        return octets;
      },
    };
    return answered;
  },
  closeIdle: () => client.closeIdleConnections(),
  left: () => {
    const { idle, busy, dialing, waiting } = transport.stats();
    const figures = { idle, busy, dialing, waiting, alarms: alarms.size };
    return Object.entries(figures)
      .filter(([, figure]) => figure !== 0)
      .map(([what, figure]) => `${what} ${figure}`);
  },
  tell: (error) => ({
    code: codeOf(error),
    octets: error instanceof ClientError ? error.bytesReceived : 0,
  }),
});

let whole = new Uint8Array(0);

function requestFor(url: string, signal: AbortSignal, upload: AskPlan["upload"]) {
  if (upload === undefined) return newRequest("GET", url, undefined, { signal });
  const { octets } = upload;
  const body = upload.as === "piece" ? wholeOf(octets) : () => streamOf(octets);
  return newRequest("POST", url, body, { signal });
}

/** One for all calls: what memory grows by is the client's doing then, and not the caller's. */
function wholeOf(octets: number): Uint8Array {
  if (whole.length !== octets) whole = new Uint8Array(octets);
  return whole;
}

async function* streamOf(octets: number): AsyncGenerator<Uint8Array> {
  for (let left = octets; left > 0; left -= PIECE.length) yield PIECE;
}

/** An error without a code of ours is a finding: its sentence is shown. */
function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  return `no code: ${String(error)}`;
}

function countAlarms(): ReadonlySet<Alarm> {
  const watched = new Set<Alarm>();
  const proto = TimerClock.prototype;
  // By descriptor: a method is not to be taken off its object otherwise.
  const { watch, unwatch } = Object.getOwnPropertyDescriptors(proto);
  proto.watch = function (this: TimerClock, alarm: Alarm, shortestMs: number): void {
    watched.add(alarm);
    watch.value?.call(this, alarm, shortestMs);
  };
  proto.unwatch = function (this: TimerClock, alarm: Alarm): void {
    watched.delete(alarm);
    unwatch.value?.call(this, alarm);
  };
  return watched;
}
