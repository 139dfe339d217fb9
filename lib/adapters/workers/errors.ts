/**
 * What can go wrong with workers before one of them serves.
 * Go: none (there one process uses all cores)
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. A worker that dies later
 * is no error here: it is started again, and the log tells of it.
 */

interface WorkersErrorEntry {
  readonly text: string;
}

export const WORKERS_ERRORS = {
  /** `count` is a whole number from 1 to `maxWorkers`. Leave it out for one worker a core. */
  "bad-worker-count": { text: "so many workers cannot be started" },
  /**
   * Before all workers were ready for the first time, one of them failed `maxFailedStarts` times in a row:
   * `run` threw, the process died, or it was not ready within `startTimeout`. The sentence has what it said
   * last; all workers have been ended. Once all have been ready, a worker that fails is started again for
   * ever.
   */
  "workers-not-started": { text: "the workers could not be started" },
  /**
   * A worker runs the same program and comes to the first call, so a second one could not be told from it.
   * For several addresses listen to all of them in one `run`.
   */
  "workers-called-twice": { text: "workers() is called once in a process" },
  /**
   * `workers` was called below another program's node:cluster, a process manager for example. Only one of
   * them can start processes: let the manager do it and call `listenAndServe` alone, or start the program
   * without it.
   */
  "not-our-worker": { text: "this process is a cluster worker that somebody else has started" },
  /**
   * With port 0 and `share: "reusePort"` all workers listen on the port that the first one finds. For that
   * `run` has to return the Server, or an object with its `addr`.
   */
  "worker-port-unknown": { text: "the first worker has not said which port it found" },
} as const;

export type WorkersCode = keyof typeof WORKERS_ERRORS;

const ENTRIES: Readonly<Record<WorkersCode, WorkersErrorEntry>> = WORKERS_ERRORS;

/** Workers that do not come to serve. */
export class WorkersError extends Error {
  override readonly name: string = "WorkersError";
  readonly code: WorkersCode;

  constructor(code: WorkersCode, detail?: string) {
    super(detail === undefined ? ENTRIES[code].text : `${ENTRIES[code].text}: ${detail}`);
    this.code = code;
  }
}
