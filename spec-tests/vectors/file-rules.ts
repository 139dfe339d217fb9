/**
 * Rules for ranges and files.
 *
 * Rule of this file: see ../deviations.ts.
 */
import { isObject, textOf } from "./case.ts";
import type { Input, JsonObject, Outcome, Rule } from "./case.ts";

export const FILE_RULES: readonly Rule[] = [
  {
    name: "the last 0 bytes are no satisfiable range",
    section: "RFC 9110 §14.1.2, §14.4",
    topics: ["go-range"],
    decides: (input) => /^bytes=[ \t]*-[ \t]*0+[ \t]*$/.test(rangeField(input)),
    outcome: (input, want) =>
      callOf(input).op === "parse"
        ? { ranges: null }
        : { ...want, status: 416, body: "invalid range: failed to overlap\n" },
  },
  {
    name: "Range is for GET alone",
    section: "RFC 9110 §14.2",
    topics: ["go-fileserver"],
    decides: (input) => callOf(input).op === "serveContent" && fieldOf(input, "Range") !== "",
    outcome: (_input, want) => ({ ...want, HEAD: withoutRange(want["HEAD"]) }),
  },
  {
    name: "an encoded slash is part of no name",
    section: "RFC 3986 §2.2; DESIGN §2.2 (it would pass by the patterns of the mux)",
    topics: ["go-fileserver"],
    decides: (input) =>
      callOf(input).op === "fsRedirect" && /%2f/i.test(textOf(callOf(input).args["path"])),
    outcome: (input) => ({
      status: 404,
      finalPath: decodeURIComponent(textOf(callOf(input).args["path"])),
    }),
  },
];

interface Call {
  readonly op: string;
  readonly args: JsonObject;
}

function callOf(input: Input): Call {
  return input.kind === "call" ? input : { op: "", args: {} };
}

function rangeField(input: Input): string {
  const { args } = callOf(input);
  return textOf(args["range"] ?? args["header"]);
}

function fieldOf(input: Input, name: string): string {
  const fields = callOf(input).args["requestHeaders"];
  return isObject(fields) ? textOf(fields[name]) : "";
}

/** What would be 206 or 416 is a 200 without a range; its type and date are those of the whole. */
function withoutRange(answer: Outcome[string]): JsonObject {
  const want = isObject(answer) ? answer : {};
  const partial = want["status"] === 206 || want["status"] === 416;
  if (!partial) return want;
  return {
    status: 200,
    contentRange: "",
    type: want["status"] === 206 ? want["type"] : undefined,
    lastModified: want["status"] === 206 ? want["lastModified"] : undefined,
  };
}
