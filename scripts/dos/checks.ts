/**
 * All checks, in the order in which they are run.
 *
 * Rule of this file: a list. Each group has a file of its own, named after the side that is attacked.
 */
import type { Check } from "./check.ts";
import type { ClientCheck, ScriptCheck } from "./client-check.ts";
import { CONTENT_CLIENT_CHECKS } from "./client-content.ts";
import { FLOOD_CLIENT_CHECKS } from "./client-floods.ts";
import { LEAVING_CLIENT_CHECKS, SCRIPT_CHECKS } from "./client-leaving.ts";
import { SLOW_CLIENT_CHECKS } from "./client-slow.ts";
import { BOUNDS_CHECKS } from "./server-bounds.ts";
import { FAIRNESS_CHECKS } from "./server-fairness.ts";
import { FLOOD_CHECKS } from "./server-floods.ts";
import { LEAVING_CHECKS } from "./server-leaving.ts";
import { SHUTDOWN_CHECKS } from "./server-shutdown.ts";
import { SLOW_CHECKS } from "./server-slow.ts";

export const CHECKS: readonly Check[] = [
  ...SLOW_CHECKS,
  ...FLOOD_CHECKS,
  ...FAIRNESS_CHECKS,
  ...LEAVING_CHECKS,
  ...BOUNDS_CHECKS,
  ...SHUTDOWN_CHECKS,
];

export const CLIENT_CHECKS: readonly ClientCheck[] = [
  ...SLOW_CLIENT_CHECKS,
  ...FLOOD_CLIENT_CHECKS,
  ...CONTENT_CLIENT_CHECKS,
  ...LEAVING_CLIENT_CHECKS,
];

export const CLIENT_SCRIPT_CHECKS: readonly ScriptCheck[] = SCRIPT_CHECKS;
