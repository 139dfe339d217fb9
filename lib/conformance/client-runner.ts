/**
 * Runs client cases: a scripted server and a run of the client for each.
 *
 * Rule of this file: the running is runner.ts's; here is only where a client case is played.
 */
import type { Listener } from "../bufio/mod.ts";
import { listen } from "../net/mod.ts";
import type { ClientCase } from "./case.ts";
import { type ExecClient, playClientCase } from "./play/mod.ts";
import type { RunReport } from "./result.ts";
import { caseTimeoutOf, runCases, type RunOptions, stepTimeoutOf } from "./runner.ts";

export interface ClientTarget {
  /** What reports call the client: its name and version. */
  readonly name: string;
  readonly exec: ExecClient;
  /** Listeners of another kind, for TLS. Default: a free port of 127.0.0.1. */
  readonly listen?: (() => Promise<Listener>) | undefined;
  /** The transport that `listen` gives. Default "plain". */
  readonly transport?: "plain" | "tls" | undefined;
  /** The host part of addresses. Default: the listener's. */
  readonly host?: string | undefined;
}

/** Judges a client. Rejects when no listener can be had, or when `exec` rejects. */
export async function runClientCases(
  cases: readonly ClientCase[],
  target: ClientTarget,
  options: RunOptions = {},
): Promise<RunReport> {
  const transport = target.transport ?? "plain";
  const place = {
    listen: target.listen ?? (async (): Promise<Listener> => listen("127.0.0.1:0")),
    scheme: transport === "tls" ? ("https" as const) : ("http" as const),
    host: target.host,
    exec: target.exec,
    stepTimeoutMs: stepTimeoutOf(options),
    caseTimeoutMs: caseTimeoutOf(options),
  };
  return runCases(cases, options, {
    refusal: ({ transport: only }) =>
      only === undefined || only === transport ? undefined : `only over ${only}`,
    play: async (subject) => playClientCase(subject, place),
    about: { role: "client", peer: { name: target.name, address: "" }, transport },
  });
}
