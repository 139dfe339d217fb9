/**
 * What the programs under test have in common: the page at `/`, and the JSON of contract 2.
 *
 * Rule of this file: no HTTP in it; each program reads and writes with its own library.
 */

/** The page at `/`, with validators, so that ranges and conditions can be judged. */
export const PAGE = "The page that every contract asks for.\n";
export const PAGE_TAG = '"page-1"';
export const PAGE_MODIFIED_MS: number = Date.UTC(2024, 1, 29, 12, 0, 0);

export interface Parsed {
  readonly method: string;
  readonly target: string;
  /** "1.1" */
  readonly version: string;
  readonly host: string | undefined;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/** The parse as JSON, in ASCII: one char per octet, those above 0x7E as escapes. */
export function parseReport(parsed: Parsed): string {
  const body = Buffer.from(parsed.body).toString("latin1");
  return JSON.stringify({ ...parsed, body }).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
