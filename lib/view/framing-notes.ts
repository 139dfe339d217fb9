/**
 * How the end of a body was found, told by the numbered steps of RFC 9112 §6.3.
 *
 * Rule of this file: it tells of a decision that wire's framing.ts has made; it makes none.
 */
import { FieldKind, equalsIgnoringCase } from "../wire/mod.ts";
import type { Framing, RequestHead, ResponseHead } from "../wire/mod.ts";
import type { Note } from "./annotation.ts";
import { octets } from "./label-chunks.ts";

const SECTION = "9112 §6.3";

/** What is to be said behind the head of a request: the steps passed over, and the one that decides. */
export function requestFramingNotes(head: RequestHead, framing: Framing): Note[] {
  const { fields } = head;
  switch (framing.kind) {
    case "none":
      return steps(7, "neither Transfer-Encoding nor Content-Length: there is no body");
    case "length":
      return steps(
        6,
        lengthText(framing.length),
        repeatedLengths(fields.repeats(FieldKind.contentLength)),
      );
    case "chunked":
      return chunkedSteps(fields.has(FieldKind.contentLength));
    case "until-close":
      // No request is framed so.
      return [];
    default:
      return framing satisfies never;
  }
}

/** The same for a response to a request with this method. */
export function responseFramingNotes(
  head: ResponseHead,
  requestMethod: string,
  framing: Framing,
): Note[] {
  const { fields, status } = head;
  switch (framing.kind) {
    case "none":
      return bodiless(status, requestMethod);
    case "length":
      return steps(
        6,
        lengthText(framing.length),
        repeatedLengths(fields.repeats(FieldKind.contentLength)),
      );
    case "chunked":
      return chunkedSteps(fields.has(FieldKind.contentLength));
    case "until-close":
      return [
        ...oldCodings(head),
        ...steps(8, "no length is known: the body ends with the connection"),
      ];
    default:
      return framing satisfies never;
  }
}

/** Why no message but this one is to be read from the connection, where that is so. */
export function doubtOf({ versionMinor, fields }: RequestHead | ResponseHead): string | undefined {
  if (!fields.has(FieldKind.transferEncoding)) {
    return fields.repeats(FieldKind.contentLength) ? "Content-Length comes twice" : undefined;
  }
  if (fields.has(FieldKind.contentLength)) return "Transfer-Encoding stands beside Content-Length";
  if (versionMinor === 0) return "HTTP/1.0 knows no Transfer-Encoding";
  const values = fields.values(FieldKind.transferEncoding);
  const plain = values.length === 1 && equalsIgnoringCase(values[0] ?? "", "chunked");
  return plain ? undefined : "Transfer-Encoding is not just chunked";
}

function steps(decisive: number, text: string, aside: readonly Note[] = []): Note[] {
  const passed = `steps 1 to ${decisive - 1} do not apply`;
  return [
    { text: passed, section: SECTION },
    ...aside,
    { text: `step ${decisive}: ${text}`, section: SECTION },
  ];
}

function lengthText(length: number): string {
  return `Content-Length alone: the body has ${octets(length)}`;
}

function repeatedLengths(repeats: boolean): Note[] {
  if (!repeats) return [];
  const text = "step 5: several Content-Length lines, all equal: taken as one";
  return [{ text, section: SECTION, severity: "warning" }];
}

function chunkedSteps(hasLength: boolean): Note[] {
  if (!hasLength) return steps(4, "chunked is the last coding: the last chunk ends the body");
  const both =
    "step 3: Transfer-Encoding and Content-Length: the former wins; may be smuggling, and the connection ends after it";
  return [
    { text: "steps 1 to 2 do not apply", section: SECTION },
    { text: both, section: SECTION, severity: "warning" },
    { text: "step 4: chunked is the last coding: the last chunk ends the body", section: SECTION },
  ];
}

function bodiless(status: number, requestMethod: string): Note[] {
  if (requestMethod === "CONNECT" && status >= 200 && status < 300) {
    return steps(2, "CONNECT has succeeded: what follows is a tunnel's, whatever the fields say");
  }
  const why = requestMethod === "HEAD" ? "it answers HEAD" : `the status is ${status}`;
  return [{ text: `step 1: ${why}: there is no body, whatever the fields say`, section: SECTION }];
}

function oldCodings({ versionMinor, fields }: ResponseHead): Note[] {
  if (versionMinor > 0 || !fields.has(FieldKind.transferEncoding)) return [];
  const text =
    "HTTP/1.0 knows no Transfer-Encoding: the field is passed over, the framing is faulty";
  return [{ text, section: "9112 §6.1", severity: "warning" }];
}
