/**
 * Clean paths: no empty segment, no "." and no "..".
 * RFC 3986 §5.2.4 · Go: path.Clean, server.go cleanPath
 *
 * Rule of this file: it works on the path as it stands in the target and decodes nothing: "%2e%2e" is a name
 * like any other here, and "%2F" no slash.
 */

/**
 * The shortest path that means the same: begins with "/", has no empty and no dot segment, and ends with a
 * slash if the given one does. ".." does not climb above the root.
 *
 * `cleanPath("a//b/../c/")` is "/a/c/".
 */
export function cleanPath(path: string): string {
  if (pathForm(path) !== "unclean") return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const slash = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}

/**
 * What a path looks like. plain: clean and without "%"; encoded: clean, with "%" to decode; unclean:
 * `cleanPath` would change it.
 */
export type PathForm = "plain" | "encoded" | "unclean";

/** Looks at what follows each slash and makes nothing: every request goes through here. */
export function pathForm(path: string): PathForm {
  if (path.charCodeAt(0) !== SLASH) return "unclean";
  for (let slash = 0; slash >= 0; slash = path.indexOf("/", slash + 1)) {
    const next = path.charCodeAt(slash + 1);
    if (next === SLASH || (next === DOT && isDotSegment(path, slash + 1))) return "unclean";
  }
  return path.includes("%") ? "encoded" : "plain";
}

/** Is the segment that begins with the dot at `start` nothing but one or two dots? */
function isDotSegment(path: string, start: number): boolean {
  const end = path.charCodeAt(start + 1) === DOT ? start + 2 : start + 1;
  return end === path.length || path.charCodeAt(end) === SLASH;
}

const DOT = 0x2e;
const SLASH = 0x2f;
