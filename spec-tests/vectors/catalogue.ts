/**
 * Every topic that there is code for.
 *
 * Rule of this file: a list. Which of them count is in ../topics.ts.
 */
import type { Topic } from "./case.ts";
import { COOKIE_TOPICS } from "./go-cookie.ts";
import { FORM_TOPICS } from "./go-forms.ts";
import { HELPER_TOPICS } from "./go-helpers.ts";
import { MAX_BYTES_TOPICS } from "./go-max-bytes.ts";
import { FILE_TOPICS } from "./file-topics.ts";
import { NEW_REQUEST_TOPICS } from "./go-new-request.ts";
import { PATTERN_TOPICS } from "./go-pattern.ts";
import { ROUTING_TOPICS } from "./go-routing.ts";
import { READ_TOPICS } from "./go-read.ts";
import { VALUE_TOPICS } from "./go-values.ts";
import { WRITE_TOPICS } from "./go-write.ts";
import { H11_TOPICS } from "./h11-write.ts";
import { SERVER_TOPICS } from "./server-topics.ts";
import { PARSER_TOPICS } from "./parsers.ts";

export const CATALOGUE: readonly Topic[] = [
  ...VALUE_TOPICS,
  ...READ_TOPICS,
  ...WRITE_TOPICS,
  ...SERVER_TOPICS,
  ...HELPER_TOPICS,
  ...PARSER_TOPICS,
  ...H11_TOPICS,
  ...FILE_TOPICS,
  ...NEW_REQUEST_TOPICS,
  ...PATTERN_TOPICS,
  ...ROUTING_TOPICS,
  ...COOKIE_TOPICS,
  ...FORM_TOPICS,
  ...MAX_BYTES_TOPICS,
];
