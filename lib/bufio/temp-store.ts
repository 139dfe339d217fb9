/**
 * The contract of a place for octets that are too many for memory: uploads while their handler runs.
 * Go: os.CreateTemp, as mime/multipart uses it
 *
 * Rule of this file: types only. A file is written from its beginning to its end, once, then read at any
 * place, then removed; who made it removes it.
 */

/** Makes temporary files. `nodeTempStore` of the adapters makes them in a folder. */
export interface TempStore {
  /** A new, empty file that nobody else can see or guess. Rejects with the platform's error. */
  create(): Promise<TempFile>;
}

/** One temporary file. After `remove` every call but `remove` rejects. */
export interface TempFile {
  /** Where it is, for whoever moves it to its final place; undefined where files have no path. */
  readonly path: string | undefined;
  /**
   * Appends. Resolves when the octets are taken, and only then may the array be used again. One call at a
   * time.
   */
  write(octets: Uint8Array): Promise<void>;
  /**
   * Nothing more will be written. From here on no descriptor is held, so that a form with a thousand files
   * needs none.
   */
  finish(): Promise<void>;
  /**
   * Fills `into` with what stands at `position`; answers how many octets that were: fewer than asked for
   * only at the end, 0 behind it. After `finish` only; several calls at a time are allowed.
   */
  readAt(into: Uint8Array, position: number): Promise<number>;
  /** Deletes it, also in the middle of writing. Harmless when repeated, and when the file has been moved. */
  remove(): Promise<void>;
}
