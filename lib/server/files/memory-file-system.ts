/**
 * Files in memory: for programs that bring their pages along, and for tests.
 * Go: testing/fstest.MapFS, embed.FS
 *
 * Rule of this file: it holds what it was given when it was made; directories are what the names imply.
 */
import type {
  Absence,
  Content,
  DirectoryEntry,
  FileStat,
  FileSystem,
  OpenFile,
} from "./file-system.ts";
import { cleanName } from "./name.ts";

/** A file with more to say about it than its bytes. */
export interface MemoryFile {
  /** Text (as UTF-8), bytes, or a size and a function that makes the bytes when they are read. */
  readonly content: string | Uint8Array | Content;
  /** In ms since 1970. Default: of the file system. */
  readonly modifiedMs?: number | undefined;
  /** With its quotes. Default: made from time and size. */
  readonly etag?: string | undefined;
}

export interface MemoryFileSystemOptions {
  /** Of files that have no date of their own, and of directories; in ms since 1970. Default: not known. */
  readonly modifiedMs?: number | undefined;
}

/**
 * A file system of these files by their names ("/a/b.txt" or "a/b.txt"; an object's keys or a Map's). Names
 * are cleaned; one with a backslash or a NUL cannot be asked for and is passed over.
 */
export function memoryFileSystem(
  files:
    | ReadonlyMap<string, string | Uint8Array | MemoryFile>
    | Readonly<Record<string, string | Uint8Array | MemoryFile>>,
  options: MemoryFileSystemOptions = {},
): FileSystem {
  const nodes = new Map<string, Node>([["/", newDirectory()]]);
  const given = files instanceof Map ? [...files] : Object.entries(files);
  for (const [name, file] of given as [string, string | Uint8Array | MemoryFile][]) {
    const clean = cleanName(name);
    if (clean !== undefined && clean !== "/") plant(nodes, clean, fileNode(file, options));
  }
  return {
    open: (name) => Promise.resolve(openNode(nodes.get(name), options)),
    readDirectory: (name, max) => Promise.resolve(entriesOf(nodes.get(name), max)),
  };
}

type Node = DirectoryNode | FileNode;

interface DirectoryNode {
  readonly kind: "directory";
  readonly entries: Map<string, DirectoryEntry>;
}

interface FileNode {
  readonly kind: "file";
  readonly source: Content;
  readonly stat: FileStat;
}

function newDirectory(): DirectoryNode {
  return { kind: "directory", entries: new Map() };
}

function fileNode(
  file: string | Uint8Array | MemoryFile,
  options: MemoryFileSystemOptions,
): FileNode {
  const given: MemoryFile =
    typeof file === "string" || file instanceof Uint8Array ? { content: file } : file;
  const source = sourceOf(given.content);
  const { modifiedMs = options.modifiedMs, etag } = given;
  return { kind: "file", source, stat: { kind: "file", size: source.size, modifiedMs, etag } };
}

/** Puts a file in its place, and the directories above it where there are none. */
function plant(nodes: Map<string, Node>, name: string, file: FileNode): void {
  nodes.set(name, file);
  let { kind }: Node = file;
  for (let path = name; path !== "/"; ) {
    const slash = path.lastIndexOf("/");
    const above = slash === 0 ? "/" : path.slice(0, slash);
    const last = path.slice(slash + 1);
    const found = nodes.get(above);
    const directory = found?.kind === "directory" ? found : newDirectory();
    directory.entries.set(last, { name: last, kind });
    nodes.set(above, directory);
    kind = "directory";
    path = above;
  }
}

function openNode(node: Node | undefined, options: MemoryFileSystemOptions): OpenFile | Absence {
  if (node === undefined) return "not-found";
  const close = (): Promise<void> => Promise.resolve();
  if (node.kind === "file") {
    return { ...node.stat, read: (position, length) => node.source.read(position, length), close };
  }
  const read = (): Promise<Uint8Array> => Promise.resolve(new Uint8Array(0));
  return { kind: "directory", size: 0, modifiedMs: options.modifiedMs, read, close };
}

function entriesOf(node: Node | undefined, max: number): readonly DirectoryEntry[] | Absence {
  return node?.kind === "directory" ? [...node.entries.values()].slice(0, max) : "not-found";
}

/** Bytes that are handed out are copies: whoever receives them may change them. */
function sourceOf(content: string | Uint8Array | Content): Content {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) return content;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    size: bytes.length,
    read: (position, length) => Promise.resolve(bytes.slice(position, position + length)),
  };
}
