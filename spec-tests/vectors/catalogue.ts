/**
 * Every topic that there is code for.
 *
 * Rule of this file: a list. Which of them count is in ../topics.ts.
 */
import type { Topic } from "./case.ts";
import { VALUE_TOPICS } from "./go-values.ts";
import { PARSER_TOPICS } from "./parsers.ts";

export const CATALOGUE: readonly Topic[] = [...VALUE_TOPICS, ...PARSER_TOPICS];
