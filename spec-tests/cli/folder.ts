/**
 * A folder with a file in it, for the verbs that serve one.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withDeadline } from "../kit.ts";

/** A test that is given a folder with notes.txt ("0123456789") in it, which is gone afterwards. */
export function withFolder(
  deadlineMs: number,
  use: (folder: string) => Promise<void>,
): () => Promise<void> {
  return withDeadline(deadlineMs, async () => {
    const folder = mkdtempSync(join(tmpdir(), "cli-"));
    try {
      writeFileSync(join(folder, "notes.txt"), "0123456789");
      await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
