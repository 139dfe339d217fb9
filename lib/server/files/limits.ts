/**
 * Every limit of file serving: name, default, unit, reason.
 * Go: fs.go maxRanges
 *
 * Rule of this file: a table and nothing else; docs/limits.md is generated from it.
 */
import { MAX_RANGES } from "../../semantics/mod.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status?: number;
}

/** The limits by name. */
export type FileLimitName = "maxRanges" | "maxListing" | "pieceBytes";

export const FILE_LIMITS: Readonly<Record<FileLimitName, LimitEntry>> = {
  /**
   * Each range of a request costs a part of the answer with its own head (CVE-2011-3192). Go's bound; players
   * and download managers ask for a handful.
   */
  maxRanges: { default: MAX_RANGES, unit: "ranges", status: 416 },
  /**
   * A directory listing is sorted and therefore held in memory. Beyond it the listing says that there is
   * more.
   */
  maxListing: { default: 10_000, unit: "entries" },
  /**
   * A file is read in such pieces, one after the other as the client takes them: what a slow download costs
   * in memory.
   */
  pieceBytes: { default: 131_072, unit: "bytes" },
};
