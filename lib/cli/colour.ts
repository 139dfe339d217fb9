/**
 * Colours: when there are any, and which role has which.
 *
 * Rule of this file: NO_COLOR ends the matter, FORCE_COLOR begins it, else a terminal decides.
 */
import { styleText } from "node:util";
import type { Role, Severity } from "../view/mod.ts";
import type { Io, Sink } from "./io.ts";

type Format = Parameters<typeof styleText>[0];

/** Colours a text, or leaves it as it is. */
export type Paint = (format: Format, text: string) => string;

/** The paint for one of the two streams. */
export function paintFor({ env }: Pick<Io, "env">, sink: Sink): Paint {
  if (!hasColour(env, sink)) return (_, text) => text;
  return (format, text) =>
    format === "reset" ? text : styleText(format, text, { validateStream: false });
}

function hasColour(env: Io["env"], sink: Sink): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return sink.kind === "terminal" && env["TERM"] !== "dumb";
}

/** The colour of octets by their role; what is wrong is seen before all else. */
export function formatOf(role: Role, severity: Severity): Format {
  if (severity === "error") return ["bold", "red"];
  if (severity === "warning") return "yellow";
  return FORMATS[role];
}

const FORMATS: Readonly<Record<Role, Format>> = {
  "empty-line": "dim",
  method: ["bold", "green"],
  target: "bold",
  version: "dim",
  status: ["bold", "green"],
  reason: "green",
  space: "dim",
  "line-end": "dim",
  "field-name": "cyan",
  colon: "dim",
  "field-value": "reset",
  blank: "dim",
  "head-end": "dim",
  body: "reset",
  "chunk-size": ["bold", "magenta"],
  "chunk-extension": "magenta",
  "chunk-data": "reset",
  "chunk-end": "dim",
  "last-chunk": ["bold", "magenta"],
  "trailer-end": "dim",
  tunnel: "blue",
  fault: ["bold", "red"],
  unread: "dim",
  framing: "blue",
  "message-end": ["bold", "blue"],
  missing: ["bold", "red"],
};
