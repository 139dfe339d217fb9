/**
 * Cases for servers: octets that are in no field name, and lines that are no field.
 * RFC 9112 §5 · RFC 9110 §5.6.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import { get, message, serverCases } from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { refusedRequest } from "./words.ts";

/** A name that is no token, in an otherwise good request. */
function badName(variant: string, line: string, title: string, rationale: string): ServerRow {
  return refusedRequest(`9110-5.6.2-01/${variant}`, "MUST", get([line]), [title, rationale]);
}

export const FIELD_NAME_CASES: readonly ServerCase[] = serverCases("fields", [
  badName(
    "nul",
    "X\x00A: v",
    "a NUL in a field name",
    "A name in C ends there, so two recipients see two names.",
  ),
  badName(
    "control",
    "X\x01A: v",
    "a control in a field name",
    "Below SP and no line end: what is left when only CR, LF and NUL are looked for.",
  ),
  badName(
    "del",
    "X\x7fA: v",
    "a DEL in a field name",
    "Above all the good characters, and still in ASCII: a table of 127 entries lacks it.",
  ),
  badName(
    "high",
    "X\xe9: v",
    "an octet above 0x7F in a field name",
    "A letter in Latin-1 to text functions; a signed char is negative here.",
  ),
  badName(
    "nbsp-behind",
    "X-A\xa0: v",
    "an octet 0xA0 behind a field name",
    "Some trim it from names, and then the name is another one.",
  ),
  badName(
    "next-line-before",
    "\x85X-A: v",
    "an octet 0x85 before a field name",
    "As 0xA0, at the other end, and a line end to functions that split text.",
  ),
  badName(
    "vertical-tab",
    "X-A\x0b: v",
    "a vertical tab between name and colon",
    "A blank in C, none in HTTP: neither SP nor TAB, for which there is a rule of its own.",
  ),
  badName("slash", "X/A: v", "a slash in a field name", "A delimiter that also separates paths."),
  badName(
    "quote",
    'X"A: v',
    "a double quote in a field name",
    "It opens a string for readers that know quotes before they know colons.",
  ),
  badName(
    "equals",
    "X=A: v",
    "an equals sign in a field name",
    "It ends the name in environments into which fields are exported.",
  ),
  badName(
    "comma",
    "X,A: v",
    "a comma in a field name",
    "Names are put into lists such as Connection and Vary, where it would be two.",
  ),
  refusedRequest("9112-5-01/blank-for-colon", "MUST", get(["X-A v"]), [
    "name and value with a SP in place of the colon",
    "A reader that splits a line into words takes the first for the name.",
  ]),
  refusedRequest("9112-5-01/only-colon", "MUST", get([":"]), [
    "a line of a colon alone",
    "Neither name nor value: a parser that measures both takes it for the end of the head.",
  ]),
  refusedRequest("9112-5-01/continued-name", "MUST", get(["X-", " A: v"]), [
    "a name that goes on in the next line",
    "Folds are of values; joined here, they make a field that no line has.",
  ]),
  refusedRequest("9112-5.1-01/host", "MUST", message("GET / HTTP/1.1", ["Host : {host}"]), [
    "a SP between Host and its colon",
    "With the blank taken off the request is good, with the field dropped Host is missing.",
  ]),
]);
