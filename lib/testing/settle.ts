/**
 * Waiting until everything that happens in memory has happened.
 * Go: synctest.Wait
 *
 * Rule of this file: a macrotask comes when the queue of microtasks is empty. No span of time is waited for.
 */

/**
 * Resolves when no promise is left that can go on by itself: what pipes deliver and handlers answer without
 * sockets and timers is done then. `turns` macrotasks are let pass. Default 2.
 */
export async function settle(turns: number = 2): Promise<void> {
  for (let i = 0; i < turns; i++) await macrotask();
}

type Later = (fn: () => void) => unknown;

function macrotask(): Promise<void> {
  // Node's comes at once; elsewhere a timer of 0 ms is the same, a little later.
  const { setImmediate } = globalThis as { setImmediate?: Later };
  const later = setImmediate ?? ((fn: () => void) => setTimeout(fn, 0));
  return new Promise((resolve) => void later(resolve));
}
