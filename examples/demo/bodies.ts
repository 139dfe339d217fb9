/**
 * The routes that take a body: sent back, or counted and hashed.
 *
 * Rule of this file: never more than 1 MiB of a body is held at a time.
 */
import { createHash } from "node:crypto";
import type { Request, ResponseWriter } from "barewire";

const HELD_BYTES_MAX = 1024 * 1024;

/** `POST /echo`: up to 1 MiB is read whole and goes back with its length; a longer one streams. */
export async function echo(w: ResponseWriter, r: Request): Promise<void> {
  // Not the type that was sent: this page must not become a way to show a stranger's HTML.
  w.header.set("Content-Type", "application/octet-stream");
  w.header.set("X-Content-Type-Options", "nosniff");
  let held: Uint8Array[] | undefined = [];
  let bytes = 0;
  for await (const chunk of r.body) {
    bytes += chunk.length;
    if (held === undefined) {
      await w.write(chunk);
      continue;
    }
    held.push(chunk);
    if (bytes <= HELD_BYTES_MAX) continue;
    for (const early of held) await w.write(early);
    held = undefined;
  }
  if (held === undefined) return;
  w.header.set("Content-Length", String(bytes));
  for (const chunk of held) await w.write(chunk);
}

/** `POST /upload`, or PUT, which is what `curl -T` sends. */
export async function upload(w: ResponseWriter, r: Request): Promise<void> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of r.body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  w.header.set("Content-Type", "application/json");
  await w.write(`${JSON.stringify({ bytes, sha256: hash.digest("hex") })}\n`);
}
