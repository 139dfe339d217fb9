/**
 * Every topic that there is code for.
 *
 * Rule of this file: a list. Which of them count is in ../topics.ts.
 */
import { ATTACK_TOPICS } from "./attacks-requests.ts";
import { ATTACK_RESPONSE_TOPICS } from "./attacks-responses.ts";
import type { Topic } from "./case.ts";
import { COOKIE_TOPICS } from "./go-cookie.ts";
import { FORM_TOPICS } from "./go-forms.ts";
import { HELPER_TOPICS } from "./go-helpers.ts";
import { MAX_BYTES_TOPICS } from "./go-max-bytes.ts";
import { FILE_TOPICS } from "./file-topics.ts";
import { INJECTION_TOPICS } from "./injection-api.ts";
import { NEW_REQUEST_TOPICS } from "./go-new-request.ts";
import { PATTERN_TOPICS } from "./go-pattern.ts";
import { ROUTING_TOPICS } from "./go-routing.ts";
import { READ_TOPICS } from "./go-read.ts";
import { CLIENT_READ_TOPICS } from "./goclient-readresponse.ts";
import { CLIENT_TEXT_TOPICS } from "./goclient-texts.ts";
import { EXCHANGE_CLIENT_TOPICS } from "./goclient-exchange.ts";
import { JAR_TOPICS } from "./goclient-jar.ts";
import { POOL_TOPICS } from "./goclient-pool.ts";
import { REQUEST_WIRE_TOPICS } from "./goclient-requestwire.ts";
import { TRANSPORT_TOPICS } from "./goclient-transport.ts";
import { REDIRECT_TOPICS } from "./goclient-redirects.ts";
import { VALUE_TOPICS } from "./go-values.ts";
import { WRITE_TOPICS } from "./go-write.ts";
import { PROXY_TOPICS } from "./goclient-proxy.ts";
import { H11_TOPICS } from "./h11-write.ts";
import { SERVER_TOPICS } from "./server-topics.ts";
import { PARSER_TOPICS } from "./parsers.ts";

export const CATALOGUE: readonly Topic[] = [
  ...VALUE_TOPICS,
  ...READ_TOPICS,
  ...CLIENT_READ_TOPICS,
  ...WRITE_TOPICS,
  ...SERVER_TOPICS,
  ...HELPER_TOPICS,
  ...PARSER_TOPICS,
  ...H11_TOPICS,
  ...ATTACK_TOPICS,
  ...ATTACK_RESPONSE_TOPICS,
  ...INJECTION_TOPICS,
  ...FILE_TOPICS,
  ...NEW_REQUEST_TOPICS,
  ...PATTERN_TOPICS,
  ...ROUTING_TOPICS,
  ...COOKIE_TOPICS,
  ...FORM_TOPICS,
  ...MAX_BYTES_TOPICS,
  ...PROXY_TOPICS,
  ...EXCHANGE_CLIENT_TOPICS,
  ...POOL_TOPICS,
  ...REQUEST_WIRE_TOPICS,
  ...TRANSPORT_TOPICS,
  ...JAR_TOPICS,
  ...REDIRECT_TOPICS,
  ...CLIENT_TEXT_TOPICS,
];
