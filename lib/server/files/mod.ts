/**
 * The door of files: handlers that serve files, and the contract of where they come from. Come here for
 * fileServer, serveFile and serveContent, for a FileSystem of your own, or for one in memory.
 */
export { FILE_ERRORS, FileError } from "./errors.ts";
export type { FileCode } from "./errors.ts";
export { fileServer, serveFile } from "./file-server.ts";
export type { FileServerOptions, ListingHandler } from "./file-server.ts";
export type {
  Absence,
  Content,
  DirectoryEntry,
  FileStat,
  FileSystem,
  OpenFile,
} from "./file-system.ts";
export { FILE_LIMITS } from "./limits.ts";
export type { FileLimitName } from "./limits.ts";
export { formatListing } from "./listing.ts";
export type { Directory } from "./listing.ts";
export { memoryFileSystem } from "./memory-file-system.ts";
export type { MemoryFile, MemoryFileSystemOptions } from "./memory-file-system.ts";
export type { Precompressed } from "./precompressed.ts";
export { serveContent } from "./serve-content.ts";
export type { ServeContentOptions, TypeLookup } from "./serve-content.ts";
