/**
 * What can go wrong with a file while it is served.
 * Go: io.ErrUnexpectedEOF out of io.CopyN
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. That there is no such
 * file is no error here, but an answer.
 */

interface FileErrorEntry {
  readonly text: string;
}

export const FILE_ERRORS = {
  /**
   * A file became shorter while it was being sent. Its length had been announced, so the connection is cut
   * for the client to see that the answer is not complete. Replace files by renaming a new one over them
   * instead of writing into them.
   */
  "file-truncated": { text: "the file ended before all of its bytes were served" },
  /** The `size` of what `serveContent` was given is not a whole number from 0 to 2^53 − 1. */
  "bad-file-content": { text: "the content has no size in bytes" },
} as const;

export type FileCode = keyof typeof FILE_ERRORS;

const ENTRIES: Readonly<Record<FileCode, FileErrorEntry>> = FILE_ERRORS;

/** A file that cannot be served as it was announced. */
export class FileError extends Error {
  override readonly name: string = "FileError";
  readonly code: FileCode;

  constructor(code: FileCode) {
    super(ENTRIES[code].text);
    this.code = code;
  }
}
