/**
 * What can be wrong with a jar that is read back.
 * Go: none, its jar cannot be saved
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. A cookie that must not
 * be kept is no error but left out without a word; and no text here shows a cookie's name or value.
 */

interface JarErrorEntry {
  readonly text: string;
}

export const JAR_ERRORS = {
  /**
   * `CookieJar.fromJSON` was given something else than what `toJSON` makes (parse the text before); the
   * message says which member is missing or of the wrong type. Nothing was read.
   */
  "bad-jar-json": { text: "this is no saved cookie jar" },
  /** `CookieJar.fromJSON` knows version 1. A newer barewire may have saved it. Nothing was read. */
  "unknown-jar-version": { text: "the saved cookie jar has a version that is not known here" },
} as const;

export type JarCode = keyof typeof JAR_ERRORS;

const ENTRIES: Readonly<Record<JarCode, JarErrorEntry>> = JAR_ERRORS;

/** A saved jar that cannot be read back. */
export class JarError extends Error {
  override readonly name: string = "JarError";
  readonly code: JarCode;

  /** `where` is the member at fault, as `cookies[3].domain`. */
  constructor(code: JarCode, where: string) {
    super(`${ENTRIES[code].text}: ${where}`);
    this.code = code;
  }
}
