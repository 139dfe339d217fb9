/**
 * JSON in and out.
 * RFC 8259; RFC 9110 §8.3, §15.5.16 · Go: encoding/json with http.MaxBytesReader
 *
 * Rule of this file: UTF-8, a limit, and the media type; what the value must look like is the handler's.
 */
import type { Request } from "../../message/mod.ts";
import { parseMediaType } from "../../semantics/mod.ts";
import { lowerAscii } from "../../wire/mod.ts";
import { KEPT_BODY_BYTES } from "../body-out.ts";
import type { ResponseWriter } from "../response-writer.ts";
import { HandlerError } from "./errors.ts";

export interface WriteJsonOptions {
  /** Default 200. */
  readonly status?: number | undefined;
}

export interface ReadJsonOptions {
  /** How many bytes at the most; more rejects with "body-too-large" (413). Default 1 MiB. */
  readonly max?: number | undefined;
  /** "json" refuses what is not declared as JSON in UTF-8, "any" reads whatever comes. Default "json". */
  readonly contentType?: "json" | "any" | undefined;
}

/**
 * Answers with a value as JSON; a Content-Type that is set stays. Resolves as `w.write` does. Throws
 * "not-a-json-value" before anything is written, and what JSON.stringify throws.
 *
 *   mux.handleFunc("POST /items", async (w, r) => writeJson(w, await add(await readJson(r)), { status: 201 }));
 */
export function writeJson(
  w: ResponseWriter,
  value: unknown,
  options: WriteJsonOptions = {},
): Promise<void> {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new HandlerError("not-a-json-value");
  const { header } = w;
  if (!header.has("content-type")) header.set("Content-Type", "application/json");
  // A short body gets its length anyway; a char takes three bytes at the most.
  const data = text.length * 3 > KEPT_BODY_BYTES ? UTF8.encode(text) : text;
  if (typeof data !== "string") header.set("Content-Length", String(data.length));
  w.writeHeader(options.status ?? 200);
  return w.write(data);
}

/**
 * The body of a request as JSON: of unknown shape, so check it. Rejects with "not-json-type" (415),
 * "body-too-large" (413) or "bad-json" (400); a handler that lets these through answers so.
 *
 *   const item = await readJson(r, { max: 65_536 });
 */
export async function readJson(r: Request, options: ReadJsonOptions = {}): Promise<unknown> {
  if (options.contentType !== "any" && !isJson(r.header.get("content-type"))) {
    throw new HandlerError("not-json-type");
  }
  return r.body.json(options.max === undefined ? {} : { max: options.max });
}

const UTF8 = new TextEncoder();

function isJson(value: string | undefined): boolean {
  if (value === undefined) return false;
  try {
    const { type, parameters } = parseMediaType(value);
    const charset = lowerAscii(parameters.get("charset") ?? "utf-8");
    const json = type === "application/json" || type === "text/json" || type.endsWith("+json");
    return json && (charset === "utf-8" || charset === "utf8");
  } catch {
    return false;
  }
}
