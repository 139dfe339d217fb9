/**
 * From the path of a request to the name of a file: decoded once, and never out of the root.
 * RFC 3986 §3.3, §6.2.2 · Go: fs.go fileHandler.ServeHTTP, containsDotDot; path.Clean
 *
 * Rule of this file: text in, text out. A mux has looked at the segments of the path as they stand in the
 * target, so nothing may turn into another segment here: an encoding that hides a slash, a backslash, a NUL
 * or a dot segment names no file. (Go takes "%2F" for a slash and walks past the mux's patterns.) Dot
 * segments that are written as such are resolved, and end at the root.
 */
import { pathUnescape } from "../../semantics/mod.ts";

/** The place that a path names. */
export interface Place {
  /** For the FileSystem: "/" or "/a/b". */
  readonly name: string;
  /** The last segment, decoded, that is not empty; "." or ".." where the path ends so, "" for the root. */
  readonly base: string;
  /** Does the path end with a slash? */
  readonly slash: "slash" | "no slash";
}

/**
 * What a path names, as it stands in the target ("" counts as "/"); undefined when it can be no name.
 *
 * `placeOf("/a%20b/../c/")` has the name "/c", `placeOf("/a%2Fb")` is undefined.
 */
export function placeOf(escapedPath: string): Place | undefined {
  const segments: string[] = [];
  let base = "";
  for (const raw of escapedPath.split("/")) {
    if (raw !== "") base = raw;
    if (raw === "..") segments.pop();
    if (isDots(raw) || raw === "") continue;
    const segment = pathUnescape(raw);
    if (isDots(segment) || !isSegment(segment)) return undefined;
    base = segment;
    segments.push(segment);
  }
  const slash = escapedPath === "" || escapedPath.endsWith("/") ? "slash" : "no slash";
  return { name: `/${segments.join("/")}`, base, slash };
}

/**
 * A name that a program gives, cleaned: "a//b/../c" becomes "/a/c". Nothing is decoded. Undefined when a
 * segment holds a backslash or a NUL.
 */
export function cleanName(name: string): string | undefined {
  const segments: string[] = [];
  for (const segment of name.split("/")) {
    if (segment === "..") segments.pop();
    if (isDots(segment) || segment === "") continue;
    if (!isSegment(segment)) return undefined;
    segments.push(segment);
  }
  return `/${segments.join("/")}`;
}

/** Is one of the segments "..", with backslashes counted as slashes? Go: containsDotDot */
export function containsDotDot(path: string): boolean {
  return path.includes("..") && path.replaceAll("\\", "/").split("/").includes("..");
}

/**
 * Is a segment hidden by a dot at its beginning? "/.well-known" at the root is not: it is there to be read
 * by everybody (RFC 8615).
 */
export function isHidden(name: string): boolean {
  return name.replace(/^\/\.well-known(?=\/|$)/, "").includes("/.");
}

/** The ending of the last segment with its dot, empty without one: ".css". Go: filepath.Ext */
export function extensionOf(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  const dot = last.lastIndexOf(".");
  return dot < 0 ? "" : last.slice(dot);
}

/**
 * A segment as a relative reference: encoded as Go's url.URL does, "./" before one with a colon, which would
 * be taken for a scheme, and no "&" that HTML would take for a character's name.
 */
export function escapeName(name: string): string {
  let reference = name.includes(":") ? "./" : "";
  const octets = UTF8.encode(name);
  for (const [at, octet] of octets.entries()) {
    const char = String.fromCharCode(octet);
    const plain = octet === AMPERSAND ? !isAlphanumeric(octets[at + 1]) : PLAIN.has(char);
    reference += plain ? char : `%${octet.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return reference;
}

const UTF8 = new TextEncoder();
const AMPERSAND = 0x26;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERIC: ReadonlySet<string> = new Set(`0123456789${LETTERS}${LETTERS.toUpperCase()}`);
const PLAIN: ReadonlySet<string> = new Set([...ALPHANUMERIC, ..."-_.~$+,/:;=@"]);

function isAlphanumeric(octet: number | undefined): boolean {
  return octet !== undefined && ALPHANUMERIC.has(String.fromCharCode(octet));
}

function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}

/** Is it one segment on every platform? */
function isSegment(text: string): boolean {
  return !text.includes("/") && !text.includes("\\") && !text.includes("\0");
}
