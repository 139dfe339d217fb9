/**
 * What was thrown where nobody could catch it: a promise that was rejected alone, a callback of nobody.
 *
 * Rule of this file: it listens from the moment it is imported, and forgets what it has told.
 */
const uncaught: unknown[] = [];
process.on("unhandledRejection", (reason) => uncaught.push(reason));
process.on("uncaughtException", (error) => uncaught.push(error));

/** Throws when there is anything. */
export function mustHaveCaughtAll(): void {
  if (uncaught.length === 0) return;
  throw new Error(`thrown into nowhere: ${uncaught.splice(0).map(String).join("; ")}`);
}
