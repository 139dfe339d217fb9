/**
 * The door of the cases for servers: one list, in the order of the files.
 */
import type { ServerCase } from "../../case.ts";
import { EXPECT_CASES, METHOD_CASES, STATUS_CASES } from "./answers.ts";
import { CHUNKED_CASES } from "./chunked.ts";
import { CONDITIONAL_CASES, RANGE_CASES } from "./conditionals-ranges.ts";
import { CONNECTION_CASES } from "./connection.ts";
import { CONTENT_LENGTH_CASES } from "./content-length.ts";
import { FIELD_CASES } from "./fields.ts";
import { HOST_CASES } from "./host.ts";
import { MESSAGE_CASES } from "./message.ts";
import { REQUEST_LINE_CASES } from "./request-line.ts";
import { SMUGGLING_CASES } from "./smuggling.ts";
import { TRANSFER_ENCODING_CASES } from "./transfer-encoding.ts";
import { VERSION_CASES } from "./versions.ts";

/** Every case for servers. */
export const SERVER_CASES: readonly ServerCase[] = [
  ...MESSAGE_CASES,
  ...REQUEST_LINE_CASES,
  ...VERSION_CASES,
  ...HOST_CASES,
  ...FIELD_CASES,
  ...CONTENT_LENGTH_CASES,
  ...TRANSFER_ENCODING_CASES,
  ...CHUNKED_CASES,
  ...CONNECTION_CASES,
  ...EXPECT_CASES,
  ...METHOD_CASES,
  ...STATUS_CASES,
  ...CONDITIONAL_CASES,
  ...RANGE_CASES,
  ...SMUGGLING_CASES,
];
