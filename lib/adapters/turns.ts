/**
 * Later turns of Node's event loop, handed out one at a time.
 * Go: the scheduler's run queue
 *
 * Rule of this file: in each turn of the loop one of those that wait goes on, and in between the loop looks at
 * its sockets. So a greedy connection delays the others by one turn of its own, however many are greedy: with
 * one setImmediate for each of them, a turn of the loop, and with it each new connection (the loop accepts
 * one in a turn), would wait for them all.
 */
const waiting = new Set<() => void>();

/** Calls `fn` in a later turn, after those that asked before. */
export function nextTurn(fn: () => void): void {
  // A function of its own: the same one may be asked for twice.
  waiting.add(() => fn());
  if (waiting.size === 1) setImmediate(runFirst);
}

function runFirst(): void {
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  if (waiting.size > 0) setImmediate(runFirst);
  first();
}
