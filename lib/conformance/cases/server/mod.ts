/**
 * The door of the cases for servers: one list, by topic.
 */
import type { ServerCase } from "../../case.ts";
import { ANSWER_FIELD_CASES } from "./answer-fields.ts";
import { EXPECT_CASES, METHOD_CASES, STATUS_CASES } from "./answers.ts";
import { CHUNK_PART_CASES } from "./chunked-parts.ts";
import { CHUNK_SIZE_CASES } from "./chunked-sizes.ts";
import { CHUNKED_CASES } from "./chunked.ts";
import { CODING_CASES } from "./codings.ts";
import { CONDITIONAL_CASES, RANGE_CASES } from "./conditionals-ranges.ts";
import { ORDER_CASES, TAG_CASES } from "./conditionals.ts";
import { CONNECTION_CASES } from "./connection.ts";
import { CONTENT_LENGTH_CASES } from "./content-length.ts";
import { LENGTH_VALUE_CASES } from "./content-lengths.ts";
import { DATE_CASES } from "./dates.ts";
import { ERROR_CASES, NOT_MODIFIED_CASES } from "./errors.ts";
import { FIELD_NAME_CASES } from "./field-names.ts";
import { FIELD_VALUE_CASES } from "./field-values.ts";
import { FIELD_CASES } from "./fields.ts";
import { HIDDEN_CASES } from "./hidden-framing.ts";
import { HOST_VALUE_CASES } from "./host-values.ts";
import { HOST_CASES } from "./host.ts";
import { LINE_CASES } from "./message-lines.ts";
import { MESSAGE_CASES } from "./message.ts";
import { METHOD_DETAIL_CASES } from "./method-details.ts";
import { PERSISTENCE_CASES } from "./persistence.ts";
import { IF_RANGE_CASES, RANGE_FIELD_CASES } from "./range-answers.ts";
import { RANGE_FORM_CASES } from "./ranges.ts";
import { REQUEST_LINE_GRAMMAR_CASES } from "./request-line-grammar.ts";
import { REQUEST_LINE_CASES } from "./request-line.ts";
import { SMUGGLING_CASES } from "./smuggling.ts";
import { TARGET_CASES } from "./targets.ts";
import { TRANSFER_ENCODING_CASES } from "./transfer-encoding.ts";
import { UNREAD_CONTENT_CASES } from "./unread-content.ts";
import { EXPECTATION_CASES, UPGRADE_CASES } from "./upgrade-expect.ts";
import { VERSION_FORM_CASES } from "./version-forms.ts";
import { VERSION_CASES } from "./versions.ts";

/** Every case for servers. */
export const SERVER_CASES: readonly ServerCase[] = [
  ...MESSAGE_CASES,
  ...LINE_CASES,
  ...REQUEST_LINE_CASES,
  ...REQUEST_LINE_GRAMMAR_CASES,
  ...TARGET_CASES,
  ...VERSION_CASES,
  ...VERSION_FORM_CASES,
  ...HOST_CASES,
  ...HOST_VALUE_CASES,
  ...FIELD_CASES,
  ...FIELD_NAME_CASES,
  ...FIELD_VALUE_CASES,
  ...CONTENT_LENGTH_CASES,
  ...LENGTH_VALUE_CASES,
  ...UNREAD_CONTENT_CASES,
  ...TRANSFER_ENCODING_CASES,
  ...CODING_CASES,
  ...CHUNKED_CASES,
  ...CHUNK_SIZE_CASES,
  ...CHUNK_PART_CASES,
  ...CONNECTION_CASES,
  ...PERSISTENCE_CASES,
  ...UPGRADE_CASES,
  ...EXPECT_CASES,
  ...EXPECTATION_CASES,
  ...METHOD_CASES,
  ...METHOD_DETAIL_CASES,
  ...STATUS_CASES,
  ...ANSWER_FIELD_CASES,
  ...ERROR_CASES,
  ...NOT_MODIFIED_CASES,
  ...CONDITIONAL_CASES,
  ...TAG_CASES,
  ...ORDER_CASES,
  ...DATE_CASES,
  ...RANGE_CASES,
  ...RANGE_FORM_CASES,
  ...RANGE_FIELD_CASES,
  ...IF_RANGE_CASES,
  ...SMUGGLING_CASES,
  ...HIDDEN_CASES,
];
