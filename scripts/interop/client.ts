/**
 * All checks of the client: against other people's servers, and through their proxies.
 *
 * Rule of this file: a list and a deadline; what is checked stands in the files beside it.
 */
import { CONTENT_CHECKS } from "./client-content.ts";
import { KEPT_CHECKS } from "./client-kept.ts";
import { LARGE_CHECKS } from "./client-large.ts";
import { PROXY_CHECKS } from "./client-proxies.ts";
import type { ClientCheck } from "./client-site.ts";
import { STEP_CHECKS } from "./client-steps.ts";
import { TLS_CHECKS } from "./client-tls.ts";

const CHECK_MS_MAX = 90_000;

/** In the order in which they are run. */
export const CLIENT_CHECKS: readonly ClientCheck[] = [
  ...CONTENT_CHECKS,
  ...STEP_CHECKS,
  ...TLS_CHECKS,
  ...PROXY_CHECKS,
  ...LARGE_CHECKS,
  ...KEPT_CHECKS,
].map((check) => ({ ...check, run: (world) => inTime(check.run(world)) }));

/** A call that hangs is a fault, and must not hold up the rest. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`it was not over after ${CHECK_MS_MAX / 1000} s`);
    timer = setTimeout(() => reject(error), CHECK_MS_MAX);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
