/**
 * Cases for clients: what stands behind a chunk size.
 * RFC 9112 §7.1.1
 *
 * Rule of this file: data, by requirement. What is in chunks is "hello".
 */
import type { ClientCase } from "../../case.ts";
import { CLOSE, type ClientRow, clientCases, delivers, fails } from "../../write.ts";
import { chunked200, failsOrTolerably, gets } from "./words.ts";

const END = "0\r\n\r\n";

/** An extension that is to be ignored. */
function extended(variant: string, content: string, title: string, rationale: string): ClientRow {
  const deeds = gets(chunked200(content), CLOSE);
  const id = `9112-7.1.1-02/${variant}`;
  return { id, level: "MUST", title, rationale, ...deeds, outcomes: [delivers("hello")] };
}

export const CHUNK_EXTENSION_CASES: readonly ClientCase[] = clientCases("chunked", [
  extended(
    "name",
    `5;a\r\nhello\r\n${END}`,
    "an extension of a name alone",
    "The value is optional, and the name says nothing to us.",
  ),
  extended(
    "value",
    `5;a=b;c=d\r\nhello\r\n0;e=f\r\n\r\n`,
    "extensions with values, also on the last chunk",
    "Any number of them, on any chunk.",
  ),
  extended(
    "quoted",
    `5;a="b;c\\"5"\r\nhello\r\n${END}`,
    "a quoted value with a semicolon and a quote",
    "Quotes keep the octets of the grammar apart from the data.",
  ),
  extended(
    "bad-blanks",
    `5 ; a = b\r\nhello\r\n${END}`,
    "blanks around ';' and '='",
    "Bad blanks are to be read and left out, here as anywhere.",
  ),
  {
    id: "9112-7.1-07/lf-extension",
    level: "MUST",
    title: "LF within an extension",
    rationale:
      "For one reader the line ends here, for another two octets later: the known way to smuggle.",
    ...gets(chunked200(`5;a\nhello\r\n${END}`), CLOSE),
    outcomes: [fails()],
  },
  {
    id: "9112-7.1-07/cr-extension",
    level: "MUST",
    title: "CR within an extension",
    rationale: "No octet of an extension; harmless where it is skipped with the rest.",
    ...gets(chunked200(`5;a\rb\r\nhello\r\n${END}`), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
  {
    id: "9112-7.1-07/empty-extension",
    level: "MUST",
    title: "a semicolon without an extension",
    rationale: "The grammar wants a name; what follows is skipped anyway.",
    ...gets(chunked200(`5;\r\nhello\r\n${END}`), CLOSE),
    outcomes: failsOrTolerably("hello"),
  },
]);
