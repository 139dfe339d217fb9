/**
 * A client under attack, whichever it is: it asks hostile servers as it is told by messages, and an innocent one
 * meanwhile.
 *
 * Rule of this file: it judges nothing but whose answer it got; figures go to whoever sent the order. `Asking`
 * is what differs between clients.
 */
import { getEventListeners, setMaxListeners } from "node:events";
import { feel, PERIOD_MS } from "../latency.ts";
import {
  type AskPlan,
  type ClientOrder,
  type ClientReport,
  FOREIGN,
  type Manner,
  NUMBER_FIELD,
  type Outcome,
} from "../client-order.ts";
import { mustBeLoopback } from "../loopback.ts";

/** An answer, as far as it is looked at. */
export interface Answered {
  readonly status: number;
  field(name: string): string | null | undefined;
  /** Does what the manner says, and answers how many octets it saw. */
  read(manner: Manner): Promise<number>;
  cancel(): void;
}

export interface Asking {
  ask(url: string, signal: AbortSignal, upload: AskPlan["upload"]): Promise<Answered>;
  /** Closes what lies idle; later, what is left of all calls, in words. */
  closeIdle(): void;
  left(): readonly string[];
  /** How an error is called, and how many octets of its response it knows of. */
  tell(error: unknown): { readonly code: string; readonly octets: number };
}

const LEFT_MS_MAX = 2000;
const INNOCENT_MS_MAX = 5000;

interface Round {
  readonly stop: AbortController;
  readonly outcomes: Map<string, Outcome>;
  readonly latencies: number[];
  readonly failures: Map<string, number>;
  readonly kept: Answered[];
  readonly work: Promise<unknown>[];
  state: "running" | "stopping";
  innocent: Promise<void>;
}

/** Serves orders until the other side is gone. */
export function serveOrders(asking: Asking): void {
  let round: Round | undefined;
  const unhandled: string[] = [];
  process.on("unhandledRejection", (reason) => unhandled.push(`unhandled: ${String(reason)}`));
  process.on("uncaughtException", (error) => unhandled.push(`uncaught: ${String(error)}`));
  const serve = async (order: ClientOrder): Promise<unknown> => {
    if (order.kind === "warm-up") return warmUp(asking, order.url, order.requests);
    if (order.kind === "begin") {
      round = begin(asking, order.innocentURL, order.plans);
      return "begun";
    }
    if (round === undefined) throw new Error("nothing was begun");
    const report = await finish(asking, round, order.how === "abort" ? 0 : order.msMax);
    return { ...report, left: [...report.left, ...unhandled.splice(0)] };
  };
  process.on("message", (order: ClientOrder) => {
    serve(order).then(
      (answer) => process.send?.(answer),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}

function begin(asking: Asking, innocentURL: string, plans: readonly AskPlan[]): Round {
  const stop = new AbortController();
  // One signal for all calls, on purpose: what they leave on it is counted.
  setMaxListeners(0, stop.signal);
  const round: Round = {
    stop,
    outcomes: new Map(),
    latencies: [],
    failures: new Map(),
    kept: [],
    work: [],
    state: "running",
    innocent: Promise.resolve(),
  };
  round.innocent = beInnocent(asking, innocentURL, round);
  for (const plan of plans) {
    for (const url of plan.urls) mustBeLoopback(new URL(url).hostname);
    for (let i = 0; i < plan.atATime; i++) round.work.push(follow(asking, plan, round));
  }
  return round;
}

let calls = 0;

async function follow(asking: Asking, plan: AskPlan, round: Round): Promise<void> {
  do {
    const number = ++calls;
    const url = `${plan.urls[number % plan.urls.length] ?? ""}${number}`;
    const from = performance.now();
    const { code, octets } = await oneCall(asking, plan, { url, number, round });
    count(round.outcomes, code, { ms: performance.now() - from, octets });
    // A server that is gone at once must not starve this process of its turns.
    await (plan.pauseMs === undefined ? new Promise(setImmediate) : sleep(plan.pauseMs));
  } while (plan.times === "again" && round.state === "running");
}

async function oneCall(
  asking: Asking,
  plan: AskPlan,
  { url, number, round }: { url: string; number: number; round: Round },
): Promise<{ code: string; octets: number }> {
  const { signal } = round.stop;
  try {
    const answer = await asking.ask(url, signal, plan.upload);
    const whose = answer.field(NUMBER_FIELD);
    if (typeof whose === "string" && whose !== String(number)) {
      answer.cancel();
      return { code: FOREIGN, octets: 0 };
    }
    if (plan.manner === "leave") {
      round.kept.push(answer);
      return { code: `ok ${answer.status}`, octets: 0 };
    }
    return { octets: await answer.read(plan.manner), code: `ok ${answer.status}` };
  } catch (error) {
    return signal.aborted ? { code: "aborted", octets: 0 } : asking.tell(error);
  }
}

/** Calls have so many ms to end by themselves; then they are aborted. */
async function finish(asking: Asking, round: Round, msMax: number): Promise<ClientReport> {
  round.state = "stopping";
  await round.innocent;
  const abort = (): void => round.stop.abort(new Error("the check is over"));
  const timer = msMax > 0 ? setTimeout(abort, msMax) : undefined;
  if (timer === undefined) abort();
  await Promise.all(round.work);
  clearTimeout(timer);
  // Only those that nobody reads are ended here.
  for (const answer of round.kept) answer.cancel();
  asking.closeIdle();
  const left = (): readonly string[] => {
    const listeners = getEventListeners(round.stop.signal, "abort").length;
    return listeners === 0 ? asking.left() : [...asking.left(), `listeners ${listeners}`];
  };
  const late = performance.now() + LEFT_MS_MAX;
  while (left().length > 0 && performance.now() < late) {
    await sleep(20);
    asking.closeIdle();
  }
  return {
    outcomes: [...round.outcomes],
    latencies: round.latencies.toSorted((a, b) => a - b),
    failures: [...round.failures],
    left: left(),
  };
}

/** Asks another server meanwhile, with the same client. */
async function beInnocent(asking: Asking, url: string, round: Round): Promise<void> {
  let due = performance.now();
  while (round.state === "running") {
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const begun = performance.now();
    due = begun + PERIOD_MS;
    try {
      await innocently(asking, url);
      feel(round.latencies, performance.now() - begun);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      round.failures.set(why, (round.failures.get(why) ?? 0) + 1);
    }
  }
}

async function innocently(asking: Asking, url: string): Promise<void> {
  const answer = await asking.ask(url, AbortSignal.timeout(INNOCENT_MS_MAX), undefined);
  if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
  await answer.read("text");
}

async function warmUp(asking: Asking, url: string, requests: number): Promise<"warm"> {
  for (let i = 0; i < requests; i++) await innocently(asking, url);
  asking.closeIdle();
  await sleep(150);
  return "warm";
}

function count(
  outcomes: Map<string, Outcome>,
  code: string,
  { ms, octets }: { ms: number; octets: number },
): void {
  const before = outcomes.get(code);
  outcomes.set(code, {
    times: (before?.times ?? 0) + 1,
    msMin: Math.min(before?.msMin ?? Infinity, ms),
    msMax: Math.max(before?.msMax ?? 0, ms),
    octetsMax: Math.max(before?.octetsMax ?? 0, octets),
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
