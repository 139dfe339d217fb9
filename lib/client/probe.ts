/**
 * A look at a body of unknown length before the head is written: is there anything in it?
 * RFC 9112 §6.3 · Go: transfer.go probeRequestBody
 *
 * Rule of this file: only for methods where servers do not expect content. It waits for a moment; a body that
 * is slower than that is one.
 */
import type { Alarm, Clock } from "../bufio/mod.ts";
import type { Body, Request } from "../message/mod.ts";

/** Methods that rarely have content. Go: unexpectedly also PROPFIND and SEARCH, which usually do */
const PROBED_METHODS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "DELETE",
  "OPTIONS",
  "PROPFIND",
  "SEARCH",
]);

export function wantsProbe(request: Request): boolean {
  const { body } = request;
  return (
    body.length === undefined &&
    request.contentLength === undefined &&
    request.transferEncoding.length === 0 &&
    PROBED_METHODS.has(request.method)
  );
}

/**
 * "empty", "content", or, when `ms` are over, the promise that must have resolved before the body is read.
 * Rejects as the body does.
 */
export async function probe(
  body: Body,
  clock: Clock,
  ms: number,
): Promise<"empty" | "content" | { readonly ready: Promise<void> }> {
  const ready = look(body);
  let alarm: Alarm | undefined;
  const late = new Promise<"late">((resolve) => {
    alarm = { deadlineAt: clock.now() + ms, onDeadline: () => resolve("late") };
    clock.watch(alarm, ms);
  });
  try {
    const found = await Promise.race([ready, late]);
    if (found !== "late") return found;
    const later = ready.then(() => undefined);
    // It may fail while the call still waits for a connection; whoever sends the body hears of it then.
    later.catch(() => undefined);
    return { ready: later };
  } finally {
    if (alarm !== undefined) clock.unwatch(alarm);
  }
}

async function look(body: Body): Promise<"empty" | "content"> {
  for (;;) {
    const piece = body.poll();
    if (piece === undefined) return "empty";
    if (piece !== "need-more") {
      body.unread(piece);
      return "content";
    }
    await body.ready();
  }
}
