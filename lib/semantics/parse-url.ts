/**
 * A URL object, or none.
 * WHATWG URL · Go: url.Parse
 *
 * Rule of this file: the constructor is asked, never URL.canParse: once hot, Node 20's answers for some hosts
 * beyond ASCII otherwise than the constructor does, in both directions.
 */

/** The URL, resolved against `base` when it is relative; undefined where the URL class can hold none. */
export function parseURL(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
