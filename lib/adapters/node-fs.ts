/**
 * nodeFileSystem: a directory of the disk as a FileSystem.
 * Go: http.Dir, os.Root
 *
 * Rule of this file: open first, then look where what is open really lies; it must be below the root. A link
 * that is put in between look and use is of no use then.
 */
import {
  type FileHandle,
  constants,
  lstat,
  open,
  opendir,
  readlink,
  realpath,
} from "node:fs/promises";
import type { Stats } from "node:fs";
import { join, resolve, sep } from "node:path";
import type { Absence, DirectoryEntry, FileSystem, OpenFile } from "../server/mod.ts";

export interface NodeFileSystemOptions {
  /**
   * Symbolic links below the root: there is nothing behind them, or what they lead to is served as long as it
   * lies below the root too. The root itself may be a link, and is looked up each time. Default "refuse".
   */
  readonly symlinks?: "refuse" | "inside" | undefined;
}

/**
 * The files below `root`, for `fileServer` and its like; a relative root is resolved once, now. Nothing outside
 * is reachable, nor what is neither file nor directory. Where names are looked up without regard to case
 * (Windows, macOS) only the spelling on the disk finds a file, unless links are followed.
 *
 * Reads are positional, each into an array of its own; the descriptor closes with the file. Go: http.Dir
 */
export function nodeFileSystem(root: string, options: NodeFileSystemOptions = {}): FileSystem {
  const place: Place = { root: resolve(root), links: options.symlinks ?? "refuse" };
  return {
    open: (name) => orAbsent(() => openName(place, name)),
    readDirectory: (name, max) => orAbsent(() => readNames(place, name, max)),
  };
}

/**
 * @internal Can a clean name be asked of this platform at all? Windows takes a colon for a drive or a stream,
 * drops dots and blanks at the end of a segment, and has devices in every directory.
 */
export function isPortableName(name: string, platform: string): boolean {
  if (!name.startsWith("/") || name.includes("\\") || name.includes("\0")) return false;
  const segments = name.split("/").slice(1);
  if (segments.some((segment) => segment === "." || segment === "..")) return false;
  return platform !== "win32" || segments.every((segment) => !WINDOWS_ODD.test(segment));
}

const WINDOWS_ODD =
  /[:*?"<>|\p{Cc}]|[. ]$|^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/iu;

interface Place {
  readonly root: string;
  readonly links: "refuse" | "inside";
}

/** How often an open is tried when the file is replaced in that very moment. */
const ATTEMPTS = 3;

/** Non-blocking: opening a pipe must not wait for its other end. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

/** What was opened, and found to lie where it may. */
interface Found {
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** Its path for whoever wants to open it again. */
  readonly path: string;
}

/** Opens a file or directory; whoever gets it closes it. */
async function find(place: Place, name: string): Promise<Found | Absence> {
  if (!isPortableName(name, process.platform)) return "not-found";
  const flags = place.links === "refuse" && name !== "/" ? READ_ONLY | NO_FOLLOW : READ_ONLY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const handle = await open(join(place.root, name), flags);
    let found: Found | undefined;
    try {
      const told = await whereIs(handle);
      const stats = await handle.stat();
      const lies = await pathOf(place, name, { handle, stats, told });
      if (lies === undefined || !(stats.isFile() || stats.isDirectory())) return "not-found";
      if (lies !== "moved") return (found = { handle, stats, path: lies.path });
    } finally {
      if (found === undefined) await handle.close();
    }
  }
  return "not-found";
}

/** What was opened, not yet judged. */
interface Opened {
  readonly handle: FileHandle;
  /** Taken after `told`, so that a file that is told to be deleted has no links left. */
  readonly stats: Stats;
  /** Its path as the system tells it; undefined where it does not. */
  readonly told: string | undefined;
}

/**
 * A path of what is open, if it lies where it may; undefined if not, "moved" if it is no longer where it was.
 *
 * Linux tells where an open file lies, whatever has been swapped since. Elsewhere the path is looked up again
 * and must lead to the same file: whoever may write below the root and swaps a directory for a link twice in
 * between could still get by.
 */
async function pathOf(
  place: Place,
  name: string,
  { handle, stats, told }: Opened,
): Promise<{ readonly path: string } | "moved" | undefined> {
  if (told !== undefined) {
    // A file that was replaced since it was opened lay there, and is served as it was.
    const gone = stats.nlink === 0 && told.endsWith(DELETED);
    const real = gone ? told.slice(0, -DELETED.length) : told;
    return isPlaced(place, name, await realpath(place.root), real)
      ? { path: linkTo(handle) }
      : undefined;
  }
  const path = join(place.root, name);
  const [root, real] = await Promise.all([realpath(place.root), realpath(path)]);
  if (!isPlaced(place, name, root, real)) return undefined;
  const seen = await lstat(real);
  return stats.dev === seen.dev && stats.ino === seen.ino ? { path: real } : "moved";
}

/** What Linux puts behind the path of a file that has no name any more. */
const DELETED = " (deleted)";

async function whereIs(handle: FileHandle): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const told = await orAbsent(() => readlink(linkTo(handle)));
  // Where /proc is not mounted it is as on other platforms.
  return told.startsWith("/") ? told : undefined;
}

function linkTo(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** May what lies at `real` be served under this name? */
function isPlaced({ links }: Place, name: string, root: string, real: string): boolean {
  const below = root.endsWith(sep) ? root : root + sep;
  if (real !== root && !real.startsWith(below)) return false;
  return links === "inside" || isSpelt(real, join(root, name.slice(1)));
}

/** macOS has one file for all spellings of an accent. */
function isSpelt(real: string, asked: string): boolean {
  return real === asked || real.normalize() === asked.normalize();
}

async function openName(place: Place, name: string): Promise<OpenFile | Absence> {
  const found = await find(place, name);
  if (typeof found === "string") return found;
  const { handle, stats } = found;
  // A directory is read by its name: its descriptor has done its part.
  if (stats.isDirectory()) await handle.close();
  return openFile(handle, stats);
}

function openFile(handle: FileHandle, stats: Stats): OpenFile {
  const isFile = stats.isFile();
  return {
    kind: isFile ? "file" : "directory",
    size: isFile ? stats.size : 0,
    modifiedMs: stats.mtimeMs,
    read: (position, length) =>
      isFile ? readAt(handle, position, length) : Promise.resolve(new Uint8Array(0)),
    close: () => (isFile ? handle.close() : Promise.resolve()),
  };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

async function readNames(
  place: Place,
  name: string,
  max: number,
): Promise<readonly DirectoryEntry[] | Absence> {
  const found = await find(place, name);
  if (typeof found === "string") return found;
  try {
    const entries: DirectoryEntry[] = [];
    for await (const entry of await opendir(found.path)) {
      if (entries.length >= max) break;
      const isLink = entry.isSymbolicLink();
      const kind = isLink ? await kindBehind(place, `${name}/${entry.name}`) : kindOf(entry);
      if (kind !== undefined) entries.push({ name: entry.name, kind });
    }
    return entries;
  } finally {
    await found.handle.close();
  }
}

/** What a link is to a reader: what it leads to, or nothing. */
async function kindBehind(place: Place, name: string): Promise<DirectoryEntry["kind"] | undefined> {
  if (place.links === "refuse") return undefined;
  const found = await orAbsent(() => find(place, name.replace("//", "/")));
  if (typeof found === "string") return undefined;
  await found.handle.close();
  return kindOf(found.stats);
}

function kindOf(entry: {
  isFile(): boolean;
  isDirectory(): boolean;
}): DirectoryEntry["kind"] | undefined {
  if (entry.isFile()) return "file";
  return entry.isDirectory() ? "directory" : undefined;
}

/** What the platform says of a name it does not have, or does not let us have; the rest is thrown on. */
async function orAbsent<T>(look: () => Promise<T>): Promise<T | Absence> {
  try {
    return await look();
  } catch (error) {
    const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code === "string" && NOT_FOUND.has(code)) return "not-found";
    if (code === "EACCES" || code === "EPERM") return "forbidden";
    throw error;
  }
}

/** ENXIO: a socket, or a device that is not there. */
const NOT_FOUND: ReadonlySet<string> = new Set([
  "ENOENT",
  "ENOTDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
  "ENXIO",
]);
