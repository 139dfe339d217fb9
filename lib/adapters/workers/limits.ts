/**
 * The limits and waits of workers: name, default, unit, reason.
 *
 * Rule of this file: tables and nothing else; docs/limits.md and docs/timeouts.md are generated from them.
 */

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
}

interface TimeoutEntry {
  readonly default: number;
}

/** The limits by name. */
export type WorkerLimitName = "maxWorkers" | "maxFailedStarts";

export const WORKER_LIMITS: Readonly<Record<WorkerLimitName, LimitEntry>> = {
  /**
   * Each is a process with a heap of its own. More of them than cores gain nothing: a larger count is a
   * mistake.
   */
  maxWorkers: { default: 256, unit: "workers" },
  /**
   * Until all workers have been ready once, a worker that fails so often in a row ends them all: what never
   * started will not start. Later it is tried for ever, since a database that is away comes back.
   */
  maxFailedStarts: { default: 5, unit: "starts" },
};

/** The waits by name. */
export type WorkerTimeoutName =
  | "startTimeout"
  | "settleTimeout"
  | "restartDelay"
  | "maxRestartDelay"
  | "shutdownTimeout"
  | "killTimeout";

export const WORKER_TIMEOUTS: Readonly<Record<WorkerTimeoutName, TimeoutEntry>> = {
  /**
   * A start that hangs is otherwise a core that serves nothing, and nobody is told.
   * @from a worker's process is started
   * @until its `run` has returned
   * @outcome it is killed, which is a failed start
   */
  startTimeout: { default: 60_000 },
  /**
   * What falls at the first request would otherwise be started again without a pause.
   * @from a worker is ready
   * @until it counts as started for good
   * @outcome a death before is a failed start, one after it is made good at once
   */
  settleTimeout: { default: 1000 },
  /**
   * Short enough for a fault that passes, and a start costs about as much.
   * @from a start has failed
   * @until the next one, each pause in a row twice as long as the one before
   * @outcome the worker is started again
   */
  restartDelay: { default: 100 },
  /**
   * When what was missing has come back, half a minute is long enough to wait.
   * @from a start has failed, many times in a row
   * @until the next one
   * @outcome the worker is started again
   */
  maxRestartDelay: { default: 30_000 },
  /**
   * Container runtimes kill after ten seconds or more.
   * @from the shutdown begins
   * @until every answer under way is out
   * @outcome connections that are left are cut
   */
  shutdownTimeout: { default: 10_000 },
  /**
   * A worker that computes without end hears nothing.
   * @from a worker was to have ended
   * @until its process is gone
   * @outcome SIGKILL
   */
  killTimeout: { default: 1000 },
};

/** One number for each limit of workers; see WORKER_LIMITS. */
export type WorkerLimits = { readonly [name in WorkerLimitName]: number };

/** One number of ms for each wait of workers; see WORKER_TIMEOUTS. */
export type WorkerTimeouts = { readonly [name in WorkerTimeoutName]: number };

/** What may be given in place of the defaults. */
export type WorkerSettings = {
  readonly [name in WorkerLimitName | WorkerTimeoutName]?: number | undefined;
};

/** The number that is given for each name, or the default of the table. */
export function settingsFrom(given: WorkerSettings): WorkerLimits & WorkerTimeouts {
  const of = (name: WorkerLimitName): number => given[name] ?? WORKER_LIMITS[name].default;
  const ms = (name: WorkerTimeoutName): number => msFrom(given[name], name);
  return {
    maxWorkers: of("maxWorkers"),
    maxFailedStarts: of("maxFailedStarts"),
    startTimeout: ms("startTimeout"),
    settleTimeout: ms("settleTimeout"),
    restartDelay: ms("restartDelay"),
    maxRestartDelay: ms("maxRestartDelay"),
    shutdownTimeout: ms("shutdownTimeout"),
    killTimeout: ms("killTimeout"),
  };
}

/** A wait that a timer of Node's can keep: a longer one, Infinity too, becomes twenty days. */
export function msFrom(given: number | undefined, name: WorkerTimeoutName): number {
  return Math.min(Math.max(given ?? WORKER_TIMEOUTS[name].default, 0), LONGEST_MS);
}

const LONGEST_MS = 20 * 24 * 3_600_000;
