/**
 * Floods within one message: fields, values, targets, empty lines, chunk framing, trailers; and messages that are
 * within the limits but are the worst of their kind.
 *
 * Rule of this file: two tables. An endless row is refused within so many bytes, one connection counted exactly
 * first and slowly, then many at full speed; a legal row is answered, again and again.
 */
import { BOTH, type Check, must, type World } from "./check.ts";
import { again, connectTo } from "./peer.ts";

interface EndlessRow {
  readonly name: string;
  readonly first: string;
  /** Sent again and again behind `first`. */
  readonly piece: (index: number) => string;
  readonly status: number;
  /** The limit that must end it, in bytes on the wire. */
  readonly limitBytes: number;
}

interface LegalRow {
  readonly name: string;
  readonly request: () => string;
  /** Default 20. */
  readonly atATime?: number;
  readonly peer: "node-http" | "none";
}

const KIB = 1024;
const GET = "GET /hello/you HTTP/1.1\r\nHost: a\r\n";
const CHUNKED = "POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
/** Pieces that are on their way when it is refused. */
const SLACK_BYTES = 64 * KIB;
/** While it is counted what is sent, the server gets the time to read it: the kernel would take megabytes. */
const PAUSE_MS = 3;
/** An attacker gives up here, and the check has failed. */
const GIVE_UP_BYTES = 8 * 1024 * KIB;
const AT_A_TIME = 20;

const ENDLESS: readonly EndlessRow[] = [
  {
    name: "endless fields",
    first: GET,
    piece: (i) => `X-${i}: v\r\n`.repeat(50),
    status: 431,
    limitBytes: 64 * KIB,
  },
  {
    name: "an endless field value",
    first: `${GET}X: `,
    piece: () => "v".repeat(4 * KIB),
    status: 431,
    limitBytes: 64 * KIB,
  },
  {
    name: "endless long field values",
    first: GET,
    piece: (i) => `X-${i}: ${"v".repeat(4 * KIB)}\r\n`,
    status: 431,
    limitBytes: 64 * KIB,
  },
  {
    name: "an endless field name",
    first: GET,
    piece: () => "n".repeat(4 * KIB),
    status: 431,
    limitBytes: 64 * KIB,
  },
  {
    name: "an endless target",
    first: "GET /",
    piece: () => "t".repeat(4 * KIB),
    status: 414,
    limitBytes: 16 * KIB,
  },
  {
    name: "an endless method",
    first: "",
    piece: () => "M".repeat(4 * KIB),
    status: 431,
    limitBytes: 64 * KIB,
  },
  {
    name: "endless empty lines before a request",
    first: "",
    piece: () => "\r\n".repeat(2 * KIB),
    status: 400,
    limitBytes: 6,
  },
  {
    name: "an endless chunk extension",
    first: `${CHUNKED}5;`,
    piece: () => "e".repeat(4 * KIB),
    status: 400,
    limitBytes: 4 * KIB,
  },
  {
    name: "a small chunk extension on each chunk",
    first: CHUNKED,
    piece: () => `1;${"e".repeat(100)}\r\nx\r\n`.repeat(20),
    status: 400,
    limitBytes: 24 * KIB,
  },
  {
    name: "zeros without end in a chunk size",
    first: CHUNKED,
    piece: () => "0".repeat(4 * KIB),
    status: 400,
    limitBytes: 16,
  },
  {
    name: "endless trailers",
    first: `${CHUNKED}0\r\n`,
    piece: (i) => `X-${i}: v\r\n`.repeat(20),
    status: 431,
    limitBytes: 16 * KIB,
  },
  {
    name: "an endless trailer value",
    first: `${CHUNKED}0\r\nX: `,
    piece: () => "v".repeat(4 * KIB),
    status: 431,
    limitBytes: 16 * KIB,
  },
];

/** "Aa" and "BB" have the same hash in the polynomial of 31, and so has every string of them. */
function colliding(index: number): string {
  return index.toString(2).padStart(9, "0").replaceAll("0", "Aa").replaceAll("1", "BB");
}

/** Names that are array indices: engines hash those without a seed, these to the same bucket. */
function indexName(index: number): string {
  return String(index * 65_536);
}

function fields(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${name(index)}: v\r\n`).join("");
}

function oneByteChunks(count: number): string {
  return `${"1\r\nx\r\n".repeat(count)}0\r\n\r\n`;
}

function query(count: number, name: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => name(index)).join("&");
}

const LEGAL: readonly LegalRow[] = [
  {
    name: "heads of 60 KiB",
    request: () => `${GET}X: ${"v".repeat(60 * KIB)}\r\n\r\n`,
    peer: "none",
  },
  {
    name: "heads of 490 fields",
    request: () => `${GET}${fields(490, (i) => `X-${i}`)}\r\n`,
    peer: "node-http",
  },
  {
    name: "hash-colliding field names, all looked up",
    request: () => `GET /look HTTP/1.1\r\nHost: a\r\n${fields(490, colliding)}\r\n`,
    peer: "node-http",
  },
  {
    name: "field names that are numbers, all looked up",
    request: () => `GET /look HTTP/1.1\r\nHost: a\r\n${fields(490, indexName)}\r\n`,
    peer: "node-http",
  },
  {
    name: "hash-colliding names in a query, all looked up",
    request: () => `GET /look?${query(512, colliding)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    peer: "node-http",
  },
  {
    name: "one-byte chunks, streamed",
    request: () => `${CHUNKED}${oneByteChunks(20_000)}`,
    peer: "node-http",
  },
  {
    name: "one-byte chunks, read whole",
    request: () => `${CHUNKED.replace("/upload", "/text")}${oneByteChunks(1_000_000)}`,
    atATime: 5,
    peer: "node-http",
  },
];

export const FLOOD_CHECKS: readonly Check[] = [
  ...ENDLESS.map(endless),
  ...LEGAL.map(legal),
  {
    name: "heads that come byte by byte",
    bar: "each is answered 200",
    subject: { program: "demo" },
    innocents: BOTH,
    peer: "node-http",
    attack: byteByByte,
  },
];

function endless(row: EndlessRow): Check {
  return {
    name: row.name,
    bar: `${row.status} before ${size(row.limitBytes + SLACK_BYTES)} were sent (the limit is ${size(row.limitBytes)}), then ${AT_A_TIME} at a time at full speed`,
    subject: { program: "demo" },
    innocents: BOTH,
    peer: "node-http",
    attack: async (world) => {
      const alone = await connectTo(world.target);
      await alone.send(row.first);
      await alone.flood(row.piece, GIVE_UP_BYTES, PAUSE_MS);
      const status = await alone.answered(3000);
      const { sentBytes } = alone;
      const isCut = !alone.open;
      alone.leave();
      const times = await again(world.count(AT_A_TIME), world.seconds, async () => {
        const peer = await connectTo(world.target);
        await peer.send(row.first);
        await peer.flood(row.piece, GIVE_UP_BYTES, 0);
        await peer.answered(1000);
        peer.leave();
      });
      const isRefused =
        world.server === "barewire" ? status === row.status : status >= 400 || isCut;
      must(isRefused, `answered ${status || "nothing"} after ${size(sentBytes)}`);
      must(sentBytes <= row.limitBytes + SLACK_BYTES, `cut after ${size(sentBytes)} only`);
      return `${status} after ${size(sentBytes)}, ${times} times`;
    },
  };
}

function legal(row: LegalRow): Check {
  return {
    name: row.name,
    bar: `each is answered 200, ${row.atATime ?? AT_A_TIME} at a time`,
    subject: { program: "rig" },
    innocents: BOTH,
    peer: row.peer,
    attack: async (world) => {
      const request = row.request();
      let wrong = 0;
      const atATime = world.count(row.atATime ?? AT_A_TIME);
      const times = await again(atATime, world.seconds, async () => {
        const peer = await connectTo(world.target);
        await peer.send(request);
        if ((await peer.answered()) !== 200) wrong++;
        peer.leave();
      });
      must(wrong === 0, `${wrong} of ${times} were not answered 200`);
      return `${times} of ${size(request.length)}`;
    },
  };
}

async function byteByByte(world: World): Promise<string> {
  const head = `${GET}X-Long: ${"v".repeat(300)}\r\n\r\n`;
  let wrong = 0;
  const times = await again(world.count(AT_A_TIME), world.seconds, async () => {
    const peer = await connectTo(world.target);
    for (const byte of head) {
      await peer.send(byte);
      await new Promise(setImmediate);
    }
    if ((await peer.answered()) !== 200) wrong++;
    peer.leave();
  });
  must(wrong === 0, `${wrong} of ${times} were not answered 200`);
  return `${times} heads of ${head.length} writes`;
}

function size(bytes: number): string {
  return bytes < KIB ? `${bytes} B` : `${Math.round(bytes / KIB)} KiB`;
}
