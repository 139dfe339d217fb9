/**
 * How a misbehaving peer misbehaves: steps as data, presets made of them, and the reader of scripts.
 *
 * Rule of this file: data and its check; the playing is play-chaos.ts.
 */
import { usage } from "./io.ts";

/** One step of a misbehaving peer. Text is one octet per char. */
export type ChaosStep =
  /** Waits for the head of the other side's message. */
  | { readonly await: "head" }
  | { readonly send: string }
  /** One octet after the other, with a pause after each. */
  | { readonly dribble: string; readonly everyMs: number }
  /** The same text again and again, with a pause after each. */
  | { readonly trickle: string; readonly everyMs: number; readonly times: number }
  | { readonly pauseMs: number }
  /** Our side ends (fin), both sides (close), or the connection is cut (reset). */
  | { readonly end: "fin" | "close" | "reset" };

/** A way to misbehave, for both roles. */
export interface ChaosPreset {
  readonly about: string;
  readonly server: readonly ChaosStep[];
  readonly client: readonly ChaosStep[];
}

const GET = "GET / HTTP/1.1\r\nHost: {host}\r\n";
const POST = "POST / HTTP/1.1\r\nHost: {host}\r\n";
const OK = "HTTP/1.1 200 OK\r\n";

export const CHAOS_PRESETS: Readonly<Record<string, ChaosPreset>> = {
  slowloris: {
    about: "a head that never ends, one field line a second",
    server: [
      { await: "head" },
      { send: OK },
      { trickle: "X-More: 1\r\n", everyMs: 1000, times: 3600 },
    ],
    client: [{ send: GET }, { trickle: "X-More: 1\r\n", everyMs: 1000, times: 3600 }],
  },
  "early-close": {
    about: "ends in the middle of a body whose length it has told",
    server: [
      { await: "head" },
      { send: `${OK}Content-Length: 100\r\n\r\nonly this` },
      { end: "close" },
    ],
    client: [
      { send: `${POST}Content-Length: 100\r\n\r\nonly this` },
      { end: "fin" },
      { pauseMs: 1000 },
    ],
  },
  "double-content-length": {
    about: "two Content-Length lines that differ",
    server: [
      { await: "head" },
      { send: `${OK}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde` },
      { pauseMs: 1000 },
      { end: "close" },
    ],
    client: [
      { send: `${POST}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde` },
      { pauseMs: 1000 },
      { end: "close" },
    ],
  },
  "trailing-garbage": {
    about: "octets behind a message that are no message",
    server: [
      { await: "head" },
      { send: `${OK}Content-Length: 5\r\n\r\nhello!!garbage\r\n` },
      { pauseMs: 1000 },
      { end: "close" },
    ],
    client: [{ send: `${GET}\r\n!!garbage\r\n\r\n` }, { pauseMs: 1000 }, { end: "close" }],
  },
  dribble: {
    about: "a good message, one octet every 50 ms",
    server: [
      { await: "head" },
      { dribble: `${OK}Content-Length: 5\r\n\r\nhello`, everyMs: 50 },
      { end: "close" },
    ],
    client: [{ dribble: `${GET}\r\n`, everyMs: 50 }, { await: "head" }, { end: "close" }],
  },
  reset: {
    about: "cuts the connection (RST) in the middle of a body",
    server: [
      { await: "head" },
      { send: `${OK}Content-Length: 100\r\n\r\nonly this` },
      { pauseMs: 50 },
      { end: "reset" },
    ],
    client: [
      { send: `${POST}Content-Length: 100\r\n\r\nonly this` },
      { pauseMs: 50 },
      { end: "reset" },
    ],
  },
};

/** Reads a script: a JSON array of steps. Throws an Exit that names the step. */
export function parseChaosScript(text: string): ChaosStep[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usage(`the script is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
  if (!Array.isArray(value)) throw usage("the script is no array of steps");
  return value.map((step: unknown, index) => {
    const read = stepOf(step);
    if (read === undefined)
      throw usage(`step ${index + 1} of the script is none: ${JSON.stringify(step)}`);
    return read;
  });
}

function stepOf(value: unknown): ChaosStep | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const everyMs = ms(members.get("everyMs"));
  const pauseMs = ms(members.get("pauseMs"));
  const times = ms(members.get("times"));
  const [send, dribble, trickle] = ["send", "dribble", "trickle"].map((name) =>
    octetText(members.get(name)),
  );
  const end = members.get("end");
  if (members.get("await") === "head") return { await: "head" };
  if (send !== undefined) return { send };
  if (dribble !== undefined && everyMs !== undefined) return { dribble, everyMs };
  if (trickle !== undefined && everyMs !== undefined && times !== undefined) {
    return { trickle, everyMs, times };
  }
  if (pauseMs !== undefined) return { pauseMs };
  return end === "fin" || end === "close" || end === "reset" ? { end } : undefined;
}

const COUNT_MAX = 3_600_000;

function ms(value: unknown): number | undefined {
  const fits =
    typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= COUNT_MAX;
  return fits ? value : undefined;
}

function octetText(value: unknown): string | undefined {
  return typeof value === "string" && !/[^\x00-\xff]/.test(value) ? value : undefined;
}
