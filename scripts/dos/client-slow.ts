/**
 * Slow servers: silent ones, heads and bodies that come octet by octet, uploads that nobody reads.
 *
 * Rule of this file: a table. Each row is tried at default settings, where calls are held without harm to others, and
 * with its timeout shortened, to see the call end in time and with the right code. One check waits for the defaults.
 */
import type { ClientCheck } from "./client-check.ts";
import { answering, numbered, type Script } from "./hostile.ts";

const SHORT_TIMEOUT_MS = 800;
/** The clock looks at its alarms each quarter of the shortest timeout; the rest is what a busy machine takes. */
const CUT_MS_MAX: number = SHORT_TIMEOUT_MS * 1.25 + 600;

interface SlowRow {
  readonly name: string;
  readonly script: Script;
  readonly atATime: number;
  /** Which timeout ends it, and how long that is by default. */
  readonly timeout: string;
  readonly defaultS: number;
  readonly code: string;
  readonly manner: ClientCheck["manner"];
  readonly upload?: ClientCheck["upload"];
  /** Progress is looked at once in a timeout: what has come to a halt ends after one or two of them. */
  readonly looks?: "twice";
  readonly peer: "fetch" | "none";
}

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

const ROWS: readonly SlowRow[] = [
  {
    name: "servers that accept and say nothing",
    script: () => undefined,
    atATime: 300,
    timeout: "responseHeaderTimeout",
    defaultS: 60,
    code: "response-header-timed-out",
    manner: "bytes",
    peer: "fetch",
  },
  {
    name: "slow heads, byte by byte",
    script: async (victim) => {
      await victim.request();
      await victim.dripWith("HTTP/1.1 200 OK\r\nX-Slow: a\r\nX-Slower: b\r\nX-Slowest: c", 50);
    },
    atATime: 200,
    timeout: "responseHeaderTimeout",
    defaultS: 60,
    code: "response-header-timed-out",
    manner: "bytes",
    peer: "fetch",
  },
  {
    name: "an interim response, and nothing more",
    script: async (victim) => {
      await victim.request();
      await victim.send("HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n");
    },
    atATime: 200,
    timeout: "responseHeaderTimeout",
    defaultS: 60,
    code: "response-header-timed-out",
    manner: "bytes",
    peer: "fetch",
  },
  {
    name: "slow bodies, byte by byte",
    script: async (victim) => {
      await victim.request();
      await victim.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
      await victim.dripWith("x", 50);
    },
    atATime: 200,
    timeout: "timeout",
    defaultS: Infinity,
    code: "client-timed-out",
    manner: "text",
    peer: "fetch",
  },
  {
    name: "bodies that stall",
    script: async (victim) => {
      await victim.request();
      await victim.send(`${CHUNKED}10\r\nhalf`);
    },
    atATime: 200,
    timeout: "bodyIdleTimeout",
    defaultS: 60,
    code: "body-timed-out",
    manner: "bytes",
    peer: "fetch",
  },
  {
    name: "uploads that nobody reads",
    script: (victim) => void victim.socket.pause(),
    atATime: 20,
    timeout: "writeTimeout",
    defaultS: 60,
    code: "send-timed-out",
    looks: "twice",
    manner: "bytes",
    upload: { octets: 1_073_741_824, as: "stream" },
    peer: "fetch",
  },
];

export const SLOW_CLIENT_CHECKS: readonly ClientCheck[] = [
  ...ROWS.map(held),
  ...ROWS.map(cut),
  byDefault(
    "all of these",
    ROWS.filter(({ upload, defaultS }) => upload === undefined && defaultS < 100),
  ),
  {
    name: "client: bodies left unread, at three hosts",
    bar: "all that a host may have: others are asked as before, and all end when they are cancelled",
    client: {},
    servers: 3,
    script: answering((number) => numbered(number, "x".repeat(100_000))),
    manner: "leave",
    // Below maxConnsPerHost of each, below maxConns together.
    atATime: 600,
    calls: "once",
    codes: ["ok 200"],
    peer: "fetch",
  },
  {
    name: "client: bodies without end, left unread",
    bar: "the servers get rid of no more than the kernel and 256 KiB for each take",
    client: {},
    script: async (victim) => {
      await victim.request();
      await victim.send("HTTP/1.1 200 OK\r\n\r\n");
      await victim.floodWith("x".repeat(4096));
    },
    manner: "leave",
    atATime: 40,
    calls: "once",
    codes: ["ok 200"],
    // Measured at loopback: up to 6 MiB are taken by the receiving side of the kernel.
    sentBytesMax: (atATime) => atATime * 8 * 1_048_576,
    peer: "fetch",
  },
];

function rowCheck(row: SlowRow): Omit<ClientCheck, "bar" | "calls" | "client"> {
  const { script, manner, upload, peer, code, atATime } = row;
  return { name: `client: ${row.name}`, script, manner, upload, peer, codes: [code], atATime };
}

/** Many of them, at default settings. */
function held(row: SlowRow): ClientCheck {
  const bar = "held at default settings: the bars of all";
  return { ...rowCheck(row), bar, calls: "held", client: {} };
}

/** Some of them, with the timeout shortened. */
function cut(row: SlowRow): ClientCheck {
  const ms = SHORT_TIMEOUT_MS;
  const msMax = row.looks === "twice" ? 2 * CUT_MS_MAX : CUT_MS_MAX;
  return {
    ...rowCheck(row),
    name: `client: ${row.name}: the cut`,
    bar: `with ${row.timeout} at ${ms} ms: ${row.code} after ${ms} to ${msMax} ms`,
    client: row.timeout === "timeout" ? { timeout: ms } : { transport: { [row.timeout]: ms } },
    atATime: 20,
    calls: "again",
    msMin: ms - 1,
    msMax,
    size: "full",
    peer: "none",
  };
}

/** Until the default timeout has had its say. */
function byDefault(name: string, rows: readonly SlowRow[]): ClientCheck {
  const codes = [...new Set(rows.map(({ code }) => code))];
  return {
    name: `client: ${name}: the cut at default settings`,
    bar: `${codes.join(", ")} after 60 to 65 s`,
    client: {},
    script: (victim, server) => rows[server.came % rows.length]?.script(victim, server),
    manner: "bytes",
    atATime: 20 * rows.length,
    calls: "once",
    codes,
    msMin: 60_000 - 1,
    msMax: 65_000,
    size: "full",
    peer: "none",
  };
}
