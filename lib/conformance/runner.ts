/**
 * Runs server cases: several at a time, a failing one again and alone, and makes a report of it.
 *
 * Rule of this file: it plays and counts, and writes nothing. A case is judged by its first play unless that
 * fails; then it is repeated when nothing else is running, and a failure that does not come back is flaky. So is a
 * play repeated that a reset has left without a response; all attempts are in the result.
 */
import type { Conn, Dial } from "../bufio/mod.ts";
import { dial, dialTLS } from "../net/mod.ts";
import type { Case, Contract, ServerCase } from "./case.ts";
import {
  checkContract,
  type Played,
  playServerCase,
  serverAnswers,
  type ServerPlace,
} from "./play/mod.ts";
import { ConformanceError } from "./errors.ts";
import { Expectations } from "./expectations.ts";
import {
  type CaseResult,
  countsAsFailure,
  countVerdicts,
  REPORT_SCHEMA,
  resultBase,
  type RunReport,
  type Strictness,
  verdictOf,
} from "./result.ts";

export interface ServerTarget {
  readonly host: string;
  readonly port: number;
  /** "accept-any": TLS with any certificate; "verify": TLS with a good one. Default: no TLS. */
  readonly tls?: "verify" | "accept-any" | undefined;
  /** What Host says. Default: host and port. */
  readonly authority?: string | undefined;
  /** What reports call it. Default: the address. */
  readonly name?: string | undefined;
}

/** Which plays keep their wire log. */
export type KeepWire = "failures" | "all" | "none";

/** What both roles can be told. */
export interface RunOptions {
  /** ms that each wait may take. Default 2,000. */
  readonly stepTimeoutMs?: number | undefined;
  /** ms that a whole case may take. Default 15,000. */
  readonly caseTimeoutMs?: number | undefined;
  /** Cases at a time. Default 4. */
  readonly concurrency?: number | undefined;
  /** How often a failing case is repeated. Default 2. */
  readonly repeats?: number | undefined;
  readonly strictness?: Strictness | undefined;
  readonly expectations?: Expectations | undefined;
  readonly keepWire?: KeepWire | undefined;
  /** Ends the run after the cases that are being played; what is not judged is not in the report. */
  readonly signal?: AbortSignal | undefined;
  /** Told as soon as a case has its verdict, in the order of verdicts. Must not throw. */
  readonly onResult?: ((result: CaseResult) => void) | undefined;
}

export interface ServerRunOptions extends RunOptions {
  /** What the server keeps. Default: found out. */
  readonly contract?: Contract | undefined;
  /** Another way to the server than a socket. */
  readonly dial?: Dial | undefined;
}

const STEP_TIMEOUT_MS = 2000;
const CASE_TIMEOUT_MS = 15_000;
const CONCURRENCY = 4;
const REPEATS = 2;

/**
 * Judges a server. Rejects with ConformanceError "peer-unreachable" when the first connection fails, and with
 * "peer-unfit" when `GET /` is not answered; what happens later is a verdict.
 */
export async function runServerCases(
  cases: readonly ServerCase[],
  target: ServerTarget,
  options: ServerRunOptions = {},
): Promise<RunReport> {
  const place = placeOf(target, options);
  const transport = target.tls === undefined ? "plain" : "tls";
  await reach(place);
  await serverAnswers(place);
  const contract = options.contract ?? (await checkContract(place));
  const refusal = (subject: ServerCase): string | undefined => {
    if (subject.contract > contract) return `needs contract ${subject.contract}`;
    const { transport: only } = subject;
    return only === undefined || only === transport ? undefined : `only over ${only}`;
  };
  return runCases(cases, options, {
    refusal,
    play: async (subject) => playServerCase(subject, place),
    about: {
      role: "server",
      peer: { name: target.name ?? place.authority, address: `${target.host}:${target.port}` },
      transport,
      contract,
    },
  });
}

/** What a role adds to the running. */
export interface RunPlan<C extends Case> {
  /** Why a case does not apply, known before it is played. */
  readonly refusal: (subject: C) => string | undefined;
  readonly play: (subject: C) => Promise<Played>;
  readonly about: Pick<RunReport, "role" | "peer" | "transport" | "contract">;
}

/** The running that both roles share. */
export async function runCases<C extends Case>(
  cases: readonly C[],
  options: RunOptions,
  plan: RunPlan<C>,
): Promise<RunReport> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const results = new Map<string, CaseResult>();
  const again: { readonly subject: C; readonly first: Timed }[] = [];
  const settle = (subject: C, plays: readonly Timed[]): void => {
    const result = resultOf(subject, plays, options);
    results.set(subject.id, result);
    options.onResult?.(result);
  };
  const queue = [...cases];
  const worker = async (): Promise<void> => {
    for (;;) {
      const subject = options.signal?.aborted === true ? undefined : queue.shift();
      if (subject === undefined) return;
      const first = await timed(subject, plan);
      if (isInDoubt(first) && repeatsOf(options) > 0) again.push({ subject, first });
      else settle(subject, [first]);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency ?? CONCURRENCY }, worker));
  for (const { subject, first } of again) {
    const plays = [first];
    while (plays.length <= repeatsOf(options) && options.signal?.aborted !== true) {
      const play = await timed(subject, plan);
      plays.push(play);
      // What a reset had hidden has been seen; a failure is repeated to the end, to tell whether it is flaky.
      if (first.class === "tolerated" && play.lost === undefined) break;
    }
    settle(subject, plays);
  }
  const ordered = cases.flatMap(({ id }) => results.get(id) ?? []);
  return {
    schema: REPORT_SCHEMA,
    ...plan.about,
    strictness: options.strictness ?? "must",
    startedAt,
    durationMs: Math.round(performance.now() - began),
    counts: countVerdicts(ordered),
    failures: ordered.filter(({ counts }) => counts).length,
    unexpectedPasses: ordered
      .filter(({ verdict, reason }) => verdict !== "known" && reason !== undefined)
      .map(({ id }) => id),
    results: ordered,
  };
}

interface Timed extends Played {
  readonly durationMs: number;
}

async function timed<C extends Case>(subject: C, plan: RunPlan<C>): Promise<Timed> {
  const refusal = plan.refusal(subject);
  if (refusal !== undefined) {
    return { class: "not-applicable", message: refusal, aside: [], wire: [], durationMs: 0 };
  }
  const began = performance.now();
  const played = await plan.play(subject);
  return { ...played, durationMs: Math.round(performance.now() - began) };
}

/** A failure, or a reset in place of a response: it overtakes octets on their way, and may have destroyed one. */
function isInDoubt(play: Played): boolean {
  return play.class === "violation" || (play.class === "tolerated" && play.lost === "reset");
}

function repeatsOf(options: RunOptions): number {
  return options.repeats ?? REPEATS;
}

function resultOf(subject: Case, plays: readonly Timed[], options: RunOptions): CaseResult {
  const { level } = subject;
  // After a reset that hid a response, the play in which it was seen decides.
  const hidden = plays[0]?.class === "tolerated" ? plays.at(-1) : undefined;
  const first = hidden ??
    plays[0] ?? {
      class: "not-applicable",
      message: "",
      aside: [],
      wire: [],
      durationMs: 0,
    };
  const attempts = plays.map((play) => play.class);
  const isFlaky = attempts.includes("violation") && attempts.some((is) => is !== first.class);
  const plain = isFlaky && level !== "MAY" ? "flaky" : verdictOf(first.class, level);
  const expected = options.expectations?.reasonFor(subject.id);
  const isKnown = expected !== undefined && (plain === "fail" || plain === "flaky");
  const verdict = isKnown ? "known" : plain;
  // A reason on anything else tells of an expectation that has not come true.
  const reason = isKnown || plain === "pass" || plain === "tolerated" ? expected : undefined;
  const keep = options.keepWire ?? "failures";
  const keepsWire = keep === "all" || (keep === "failures" && verdict !== "pass");
  return {
    ...resultBase(subject),
    verdict,
    counts: countsAsFailure(verdict, level, options.strictness ?? "must"),
    class: first.class,
    message: isFlaky
      ? `${first.message}; in ${attempts.length} plays: ${attempts.join(", ")}`
      : first.message,
    fate: first.fate,
    attempts,
    reason,
    aside: first.aside,
    durationMs: plays.reduce((sum, play) => sum + play.durationMs, 0),
    wire: keepsWire && first.wire.length > 0 ? first.wire : undefined,
  };
}

/** ms that each wait may take. */
export function stepTimeoutOf(options: RunOptions): number {
  return options.stepTimeoutMs ?? STEP_TIMEOUT_MS;
}

/** ms that a whole case may take. */
export function caseTimeoutOf(options: RunOptions): number {
  return options.caseTimeoutMs ?? CASE_TIMEOUT_MS;
}

function placeOf(target: ServerTarget, options: ServerRunOptions): ServerPlace {
  const { host, port, tls } = target;
  const stepTimeoutMs = stepTimeoutOf(options);
  const connect = async (): Promise<Conn> => {
    const { signal } = options;
    if (options.dial !== undefined) return options.dial({ host, port, signal });
    const limit = { connectTimeoutMs: Math.max(stepTimeoutMs, STEP_TIMEOUT_MS) };
    if (tls === undefined) return dial({ host, port }, limit);
    return dialTLS({ host, port }, { ...limit, serverCertificate: tls });
  };
  const usual = port === (tls === undefined ? 80 : 443);
  const bracketed = host.includes(":") ? `[${host}]` : host;
  return {
    connect,
    authority: target.authority ?? (usual ? bracketed : `${bracketed}:${port}`),
    scheme: tls === undefined ? "http" : "https",
    stepTimeoutMs,
    caseTimeoutMs: caseTimeoutOf(options),
  };
}

async function reach(place: ServerPlace): Promise<void> {
  try {
    const conn = await place.connect();
    conn.abort();
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new ConformanceError("peer-unreachable", detail, { cause });
  }
}
