/**
 * What a check of the client is: hostile servers, and a client that asks them.
 *
 * Rule of this file: types, and what several groups of checks share. The bars of all are those of the server's
 * checks; the innocents are requests of the same client to another server.
 */
import { FOREIGN, type AskPlan, type ClientSpec } from "./client-order.ts";
import type { HostileServer, Script } from "./hostile.ts";
import { runScript } from "./subject.ts";

/** Something that must hold for a client. */
export interface ClientCheck {
  readonly name: string;
  /** What it asks beside the bars of all checks. */
  readonly bar: string;
  readonly client: ClientSpec;
  /** How each connection is treated; `servers` of them listen, one unless it says otherwise. */
  readonly script: Script;
  readonly servers?: number;
  readonly manner: AskPlan["manner"];
  /** In a full run; a fifth in a short one. */
  readonly atATime: number;
  readonly upload?: AskPlan["upload"];
  readonly pauseMs?: number;
  /**
   * "again": each call ends by itself, and is made again; "once": it is made once; "held": none ends until all
   * are aborted.
   */
  readonly calls: "again" | "held" | "once";
  /** How calls may end, by code; any other is a fault. Other clients have their own codes. */
  readonly codes: readonly string[];
  /** Octets of a response that a call takes at the most. */
  readonly octetsMax?: number;
  /** When a call ends, in ms. */
  readonly msMin?: number;
  readonly msMax?: number;
  /** Left out of short runs, for the time it takes. */
  readonly size?: "full";
  /** Whether the global fetch can be asked the same. */
  readonly peer: "fetch" | "none";
  /** Octets that all servers of the check may have got rid of, the kernel's buffers included. */
  readonly sentBytesMax?: (atATime: number) => number;
}

/** A call that took an octet beyond its limit may have had this much under way. */
export const UNDER_WAY_BYTES = 131_072;

/** What is wrong with how the calls ended. */
export function faultsOf(
  check: ClientCheck,
  outcomes: readonly (readonly [
    code: string,
    { readonly msMin: number; readonly msMax: number; readonly octetsMax: number },
  ])[],
  client: "barewire" | "fetch",
): string[] {
  const problems: string[] = [];
  if (outcomes.length === 0) problems.push("no call has ended");
  for (const [code, { msMin, msMax, octetsMax }] of outcomes) {
    if (code === FOREIGN) problems.push(FOREIGN);
    if (check.calls === "held" && code !== "aborted") problems.push(`a call ended with ${code}`);
    if (check.calls === "again" && code === "aborted") problems.push("a call never ended");
    if (client !== "barewire") continue;
    const isKnown = code === "aborted" || check.codes.includes(code);
    if (!isKnown) problems.push(`a call ended with ${code}`);
    if (code === "aborted") continue;
    if (octetsMax > (check.octetsMax ?? Infinity))
      problems.push(`${code} after ${octetsMax} octets`);
    if (msMin < (check.msMin ?? 0)) problems.push(`${code} after ${Math.round(msMin)} ms`);
    if (msMax > (check.msMax ?? Infinity)) problems.push(`${code} after ${Math.round(msMax)} ms`);
  }
  return [...new Set(problems)];
}

/** A check that has no client to watch: a script that must end by itself. */
export interface ScriptCheck {
  readonly name: string;
  readonly bar: string;
  readonly how: "read" | "leave" | "cancel";
  readonly script: Script;
  readonly msMax: number;
}

/** Runs a script against a hostile server; throws when it does not end in time. */
export async function tryScript(check: ScriptCheck, server: HostileServer): Promise<string> {
  const begun = performance.now();
  const { out, ended } = await runScript([check.how, server.url], check.msMax);
  const ms = Math.round(performance.now() - begun);
  if (ended !== "0" || !out.includes("done")) throw new Error(`ended with ${ended}, said "${out}"`);
  return `ended after ${ms} ms`;
}
