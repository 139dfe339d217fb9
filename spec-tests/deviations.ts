/**
 * The kinds of input that we answer otherwise than the vectors want, on purpose.
 * DESIGN.md sections 2 and 4 · docs/differences-from-go.md
 *
 * Rule of this file: a rule decides by the input alone, and what it gives instead is asserted. A rule that
 * decides no case fails the run. What octets mean is looked up in vectors/peek.ts, not in lib.
 */
import { REQUEST_RULES } from "./vectors/request-rules.ts";
import type { Rule } from "./vectors/case.ts";

export const DEVIATIONS: readonly Rule[] = [...REQUEST_RULES];
