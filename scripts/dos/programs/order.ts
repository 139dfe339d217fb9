/**
 * What the programs under attack are told, and the sizes of their answers.
 *
 * Rule of this file: what the programs and the checks must both know; nothing runs here.
 */

export interface RigOrder {
  readonly host: string;
  readonly security: "plain" | "tls";
  /** Options of the server that are not the defaults. */
  readonly options: Readonly<Record<string, number>>;
}

/** What `/big` answers with, so many times: 256 MiB in all. */
export const PIECE: Uint8Array = new Uint8Array(65_536).fill(0x78);
export const BIG_PIECES = 4096;

/** What `/endless` never stops to write. */
export const SMALL_PIECE = "a small piece of text that has no end\n";
