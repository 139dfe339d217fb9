/**
 * Media types with their parameters, read and written.
 * RFC 9110 §8.3.1 · Go: mime/mediatype.go ParseMediaType, FormatMediaType
 *
 * Rule of this file: the value of one Content-Type field. The grammar of parameters is the wire
 * room's; unlike Go's it takes no blanks beside "=" and joins no continuations (`name*0`), foreign
 * to this field.
 */
import { WireError, isToken, lowerAscii, parseParameters, quote, trimOws } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";

/** A media type, taken apart. */
export interface MediaType {
  /** `type/subtype`, in lower case when it comes from `parseMediaType`. */
  readonly type: string;
  /**
   * Values by name, the names in lower case; values as they are meant, without quotes and escapes.
   */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Reads a media type; blanks around it are allowed, and so are semicolons without a parameter. A
 * parameter may be given again only with the same value, as in Go.
 *
 * @throws {SemanticsError} `bad-media-type` when it is not `type/subtype` before the first
 * semicolon
 * @throws {WireError} `bad-parameter` or `bad-quoted-string` when what follows is not parameters
 */
export function parseMediaType(text: string): MediaType {
  const semicolon = text.indexOf(";");
  const typeEnd = semicolon < 0 ? text.length : semicolon;
  const type = lowerAscii(trimOws(text.slice(0, typeEnd)));
  if (!isType(type)) throw new SemanticsError("bad-media-type");
  return { type, parameters: parseParameters(text.slice(typeEnd)) };
}

/**
 * Writes a media type as `type/subtype; name=value`, in lower case save the values, which are
 * quoted where they are not tokens. Parameters keep their order.
 *
 * @throws {SemanticsError} `bad-media-type`
 * @throws {WireError} `bad-parameter` for a name that is not a token, or that was given before in
 * another case; `bad-field-value` for a value with a control character or one above U+00FF
 */
export function formatMediaType({ type, parameters }: MediaType): string {
  if (!isType(type)) throw new SemanticsError("bad-media-type");
  let text = lowerAscii(type);
  const names = new Set<string>();
  for (const [name, value] of parameters) {
    const lower = lowerAscii(name);
    if (!isToken(lower) || names.has(lower)) throw new WireError("bad-parameter");
    names.add(lower);
    text += `; ${lower}=${isToken(value) ? value : quote(value)}`;
  }
  return text;
}

function isType(text: string): boolean {
  const slash = text.indexOf("/");
  return slash > 0 && isToken(text.slice(0, slash)) && isToken(text.slice(slash + 1));
}
