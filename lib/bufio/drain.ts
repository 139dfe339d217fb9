/**
 * The promise behind `drained()`: made only when somebody asks, and nobody is forced to look at it.
 * Go: none (Write blocks)
 *
 * Rule of this file: a failure is told to the sink as well, so an unwatched promise never ends the process.
 */
import type { IoError } from "./errors.ts";

/** Everybody who waits for the same queue to empty. */
export class Drain {
  readonly promise: Promise<void>;
  resolve: () => void = () => {};
  reject: (error: IoError) => void = () => {};

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(ignore);
  }
}

/** The answer when waiting is in vain. It is never reported as unhandled: nobody need await every write. */
export function rejected(error: Error): Promise<void> {
  const promise = Promise.reject<void>(error);
  promise.catch(ignore);
  return promise;
}

function ignore(): void {
  // Whoever awaits the promise sees the failure; see the rule above.
}
