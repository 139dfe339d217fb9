/**
 * Where in the program a pattern was registered, for the message of a conflict.
 * Go: runtime.Caller in server.go registerErr
 *
 * Rule of this file: it reads the `stack` of an Error, which no standard describes, and gives up rather than
 * guess. Each public function that registers makes the Error itself, so that the frame above is the
 * caller's; it is read only when there is something to tell.
 */

/** "file:line" of whoever called the function that made the Error, or "unknown location". */
export function callerOf(stack: unknown): string {
  if (typeof stack !== "string") return UNKNOWN;
  const lines = stack.split("\n");
  const v8 = lines.filter((line) => line.startsWith("    at "));
  // SpiderMonkey and JavaScriptCore: `function@file:line:column`, no line before the frames.
  const frame = v8.length > 0 ? v8[1] : lines[1];
  const place = frame === undefined ? undefined : FILE_AND_LINE.exec(sourceOf(frame));
  return place === null || place === undefined ? UNKNOWN : `${place[1]!}:${place[2]!}`;
}

const UNKNOWN = "unknown location";

/** A file, perhaps as a URL, its line, and perhaps a column. */
const FILE_AND_LINE = /^(?:file:\/\/)?([^:].*?):(\d+)(?::\d+)?$/;

/** What a frame says after the function: `    at f (SOURCE)`, `    at SOURCE`, `f@SOURCE`. */
function sourceOf(frame: string): string {
  if (!frame.startsWith("    at ")) return frame.slice(frame.indexOf("@") + 1);
  const open = frame.lastIndexOf("(");
  if (open >= 0 && frame.endsWith(")")) return frame.slice(open + 1, -1);
  return frame.slice("    at ".length).replace(/^async /, "");
}
