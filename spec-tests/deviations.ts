/**
 * The kinds of input that we answer otherwise than the vectors want, on purpose.
 * DESIGN.md sections 2 and 4 · docs/differences-from-go.md
 *
 * Rule of this file: a rule decides by the input alone, and what it gives instead is asserted. A rule that
 * decides no case fails the run. What octets mean is looked up in vectors/peek.ts, not in lib.
 */
import type { Rule } from "./vectors/case.ts";
import { ATTACK_RESPONSE_RULES } from "./vectors/attacks-responses.ts";
import { EXCHANGE_RULES } from "./vectors/exchange-rules.ts";
import { COOKIE_RULES } from "./vectors/go-cookie.ts";
import { EXCHANGE_CLIENT_RULES } from "./vectors/goclient-exchange.ts";
import { JAR_RULES } from "./vectors/goclient-jar.ts";
import { REQUEST_WIRE_RULES } from "./vectors/goclient-requestwire.ts";
import { TRANSPORT_RULES } from "./vectors/goclient-transport.ts";
import { REDIRECT_RULES } from "./vectors/goclient-redirects.ts";
import { CLIENT_TEXT_RULES } from "./vectors/goclient-texts.ts";
import { HELPER_RULES } from "./vectors/go-helpers.ts";
import { FILE_RULES } from "./vectors/file-rules.ts";
import { INJECTION_RULES } from "./vectors/injection-api.ts";
import { HANDLER_RULES } from "./vectors/handler-rules.ts";
import { REQUEST_RULES } from "./vectors/request-rules.ts";
import { CALL_RULES, RESPONSE_RULES } from "./vectors/response-rules.ts";

export const DEVIATIONS: readonly Rule[] = [
  ...REQUEST_RULES,
  ...RESPONSE_RULES,
  ...CALL_RULES,
  ...ATTACK_RESPONSE_RULES,
  ...EXCHANGE_RULES,
  ...HANDLER_RULES,
  ...FILE_RULES,
  ...HELPER_RULES,
  ...COOKIE_RULES,
  ...INJECTION_RULES,
  ...EXCHANGE_CLIENT_RULES,
  ...REQUEST_WIRE_RULES,
  ...TRANSPORT_RULES,
  ...JAR_RULES,
  ...REDIRECT_RULES,
  ...CLIENT_TEXT_RULES,
];
