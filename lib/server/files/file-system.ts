/**
 * FileSystem: where files come from.
 * Go: http.FileSystem, http.File, fs.FS
 *
 * Rule of this file: contracts. node:fs is behind one in the adapters; memory-file-system.ts is another.
 */

/** What is known of a file or a directory without reading it. */
export interface FileStat {
  readonly kind: "file" | "directory";
  /** In bytes; 0 for a directory. */
  readonly size: number;
  /** In ms since 1970, with fractions where the platform has them; undefined when it is not known. */
  readonly modifiedMs: number | undefined;
  /** The entity tag, with its quotes, where the file system knows a better one than size and time make. */
  readonly etag?: string | undefined;
}

/**
 * Bytes that can be read from anywhere. Whoever reads asks for the next piece when the client has taken the
 * last one: that is all there is to back-pressure.
 */
export interface Content {
  /** In bytes. */
  readonly size: number;
  /**
   * Up to `length` bytes from `position`, in an array that belongs to the caller; fewer only at the end, none
   * behind it.
   */
  read(position: number, length: number): Promise<Uint8Array>;
}

/** A file or directory that has been opened; whoever opened it closes it, once. */
export interface OpenFile extends Content, FileStat {
  close(): Promise<void>;
}

/** An element of a directory. */
export interface DirectoryEntry {
  /** One segment of a name, without a slash. */
  readonly name: string;
  readonly kind: "file" | "directory";
}

/** Why there is nothing to serve: it does not exist, or the platform does not let us read it. */
export type Absence = "not-found" | "forbidden";

/**
 * Names begin with a slash and are clean: "/", "/a/b.txt"; their segments are text, decoded, and hold no
 * slash, no backslash and no NUL, and none is "." or "..". What a platform cannot hold under such a name (a
 * colon on Windows) is not found. Failures that say nothing about the name are thrown.
 */
export interface FileSystem {
  /** Opens a file or directory. Anything else that may be there (a pipe, a device) is not found. */
  open(name: string): Promise<OpenFile | Absence>;
  /** The elements of a directory in any order, no more than `max` of them. */
  readDirectory(name: string, max: number): Promise<readonly DirectoryEntry[] | Absence>;
}
