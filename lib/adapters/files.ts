/**
 * Files of the disk as handlers: `fileServer` and `serveFile` that take a folder.
 * Go: http.FileServer(http.Dir(root)), http.ServeFile
 *
 * Rule of this file: it turns a folder's name into a FileSystem; what is served is decided in
 * lib/server/files.
 */
import type { Request } from "../message/mod.ts";
import { fileServer as serverOf, serveFile as serve } from "../server/mod.ts";
import type { FileServerOptions, FileSystem, HandlerFunc, ResponseWriter } from "../server/mod.ts";
import { nodeFileSystem } from "./node-fs.ts";

/**
 * A handler that serves the files below a folder, or of a FileSystem: see `fileServer` of `barewire/server`.
 *
 *   handle("/static/", stripPrefix("/static", fileServer("public")));
 */
export function fileServer<C = unknown>(
  root: string | FileSystem,
  options: FileServerOptions<C> = {},
): HandlerFunc<C> {
  return serverOf<C>(fileSystemOf(root), options);
}

/** Answers with one file or directory: `name` is its path below `root`. Go: ServeFile */
export function serveFile<C>(
  w: ResponseWriter<C>,
  r: Request<C>,
  root: string | FileSystem,
  name: string,
  options: FileServerOptions<C> = {},
): Promise<void> {
  return serve(w, r, fileSystemOf(root), name, options);
}

function fileSystemOf(root: string | FileSystem): FileSystem {
  return typeof root === "string" ? nodeFileSystem(root) : root;
}
