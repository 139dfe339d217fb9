/**
 * fileServer and serveFile: files and directories of a FileSystem by the paths of requests.
 * RFC 9110 §8.8.3, §12.5.3 · Go: fs.go FileServer, ServeFile, serveFile
 *
 * Rule of this file: which file, and whether it is served at all; how it is sent is serve-content.ts. What
 * has been opened is closed, whatever happens. Unlike in Go: only GET and HEAD, entity tags, nothing hidden.
 */
import type { Request } from "../../message/mod.ts";
import { formatETag } from "../../semantics/mod.ts";
import { type Handler, type HandlerFunc, handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import {
  answerNotModified,
  redirectBeside,
  refuse,
  refuseAbsent,
  refuseMethod,
} from "./answers.ts";
import type { Absence, FileStat, FileSystem, OpenFile } from "./file-system.ts";
import { FILE_LIMITS } from "./limits.ts";
import { type Directory, arrange, formatListing } from "./listing.ts";
import { type Place, cleanName, containsDotDot, escapeName, isHidden, placeOf } from "./name.ts";
import { type Precompressed, SIBLING_EXTENSIONS, acceptedCodings } from "./precompressed.ts";
import { type ServeContentOptions, checkPreconditions, sendContent } from "./serve-content.ts";

/** A handler that shows a directory in its own way; the status is still its to choose. */
export type ListingHandler<C = unknown> = (
  w: ResponseWriter<C>,
  r: Request<C>,
  directory: Directory,
) => void | Promise<void>;

export interface FileServerOptions<C = unknown> extends ServeContentOptions {
  /**
   * What a directory without index.html answers: Go's page, a page of your own, or 404. Default "on", as in Go.
   */
  readonly listing?: "on" | "off" | ListingHandler<C> | undefined;
  /** More elements of a directory are not listed. Default 10,000. */
  readonly maxListing?: number | undefined;
  /**
   * Names with a segment that begins with a dot (.git, .env): 404 and not listed, or like any other. Default
   * "refuse"; /.well-known at the root is served in any case (RFC 8615).
   */
  readonly dotfiles?: "refuse" | "serve" | undefined;
  /**
   * Compressed siblings to look for (`app.js.br`, `app.js.gz`), in order of preference; a client that takes
   * one gets it instead of the file. That it is not older is yours to see to. Default: none.
   */
  readonly precompressed?: readonly Precompressed[] | undefined;
  /**
   * Where entity tags come from: time and size of the file, nowhere, or a function whose text (with its
   * quotes) is used. Default "stat": strong, save for a file changed within the last two seconds.
   */
  readonly etag?:
    | "stat"
    | "none"
    | ((stat: FileStat, name: string) => string | undefined)
    | undefined;
  /** Answers where there is no such file, in place of "404 page not found". */
  readonly notFound?: Handler<C> | undefined;
}

/**
 * A handler that serves the files of `fs` by the path of the request, its root at "/"; put `stripPrefix`
 * around it for another place. ".../index.html" is redirected to ".../", a directory without a slash to the
 * same with one, a file with a slash to the same without: 301, by relative references.
 *
 * Paths are decoded once. No encoding, backslash or NUL leads out of the root, nor past the patterns of a mux:
 * what hides a slash or a dot segment is 404. Links within the file system are for `fs` to judge. What `fs`
 * throws is thrown on. Go: FileServer
 */
export function fileServer<C = unknown>(
  fs: FileSystem,
  options: FileServerOptions<C> = {},
): HandlerFunc<C> {
  return (w, r) => {
    if (r.method !== "GET" && r.method !== "HEAD") return refuseMethod(w);
    const place = placeOf(r.escapedPath);
    if (place === undefined) return answerAbsent({ w, r, fs, options }, "not-found");
    return serveName({ w, r, fs, options }, place.name, place, "canonical");
  };
}

/**
 * Answers with the file, or the directory, of that name: "/a/b.txt", or "b.txt" for one at the root; hidden
 * names are refused as by `fileServer`. A path of the request with a ".." segment gets 400 all the same, since
 * many names are made from it; ".../index.html" and a directory without a slash are redirected, nothing else
 * is. Answers any method. Go: ServeFile
 */
export async function serveFile<C>(
  w: ResponseWriter<C>,
  r: Request<C>,
  fs: FileSystem,
  name: string,
  options: FileServerOptions<C> = {},
): Promise<void> {
  if (containsDotDot(r.path)) return refuse(w, 400, "invalid URL path");
  const job = { w, r, fs, options };
  const clean = cleanName(name);
  if (clean === undefined) return answerAbsent(job, "not-found");
  return serveName(job, clean, placeOf(r.escapedPath) ?? NOWHERE, "as asked");
}

/** One request. */
interface Job<C> {
  readonly w: ResponseWriter<C>;
  readonly r: Request<C>;
  readonly fs: FileSystem;
  readonly options: FileServerOptions<C>;
}

const INDEX = "index.html";

/** A path that names nothing is redirected to nowhere either. */
const NOWHERE: Place = { name: "/", base: "", slash: "slash" };

/** A file changed so lately may change again without its date telling. */
const FRESH_MS = 2000;

async function serveName<C>(
  job: Job<C>,
  name: string,
  { base, slash }: Place,
  form: "canonical" | "as asked",
): Promise<void> {
  const { w, r, fs, options } = job;
  if (options.dotfiles !== "serve" && isHidden(name)) return answerAbsent(job, "not-found");
  if (base === INDEX && slash === "no slash") return redirectBeside(w, r, "./");
  const file = await fs.open(name);
  if (typeof file === "string") return answerAbsent(job, file);
  try {
    if (file.kind === "directory") {
      if (slash === "no slash") return redirectBeside(w, r, `${escapeName(base)}/`);
      return await serveDirectory(job, name, file);
    }
    if (form === "canonical" && slash === "slash") {
      return redirectBeside(w, r, `../${escapeName(base).replace(/^\.\//, "")}`);
    }
    return await serveOpenFile(job, name, file);
  } finally {
    await file.close();
  }
}

async function serveDirectory<C>(job: Job<C>, name: string, directory: FileStat): Promise<void> {
  const indexName = `${name === "/" ? "" : name}/${INDEX}`;
  const index = await job.fs.open(indexName);
  if (index === "not-found") return list(job, name, directory);
  if (index === "forbidden") return answerAbsent(job, index);
  try {
    if (index.kind === "directory") return await list(job, name, directory);
    return await serveOpenFile(job, indexName, index);
  } finally {
    await index.close();
  }
}

async function list<C>(job: Job<C>, name: string, { modifiedMs }: FileStat): Promise<void> {
  const { w, r, fs, options } = job;
  const { listing = "on", dotfiles = "refuse" } = options;
  if (listing === "off") return answerAbsent(job, "not-found");
  const max = options.maxListing ?? FILE_LIMITS.maxListing.default;
  const found = await fs.readDirectory(name, max + 1);
  if (typeof found === "string") return answerAbsent(job, found);
  const entries = arrange(found.slice(0, max), dotfiles);
  const directory: Directory = { name, entries, extent: found.length > max ? "cut" : "whole" };
  if (listing !== "on") return listing(w, r, directory);
  // The page shows names alone, and those are what the date of a directory tells about.
  const verdict = checkPreconditions(w, r, modifiedMs, options);
  if (verdict === "failed") return w.writeHeader(412);
  if (verdict === "not-modified") return answerNotModified(w);
  w.header.set("Content-Type", "text/html; charset=utf-8");
  void w.write(formatListing(directory));
  return undefined;
}

async function serveOpenFile<C>(job: Job<C>, name: string, file: OpenFile): Promise<void> {
  const { w, r, fs, options } = job;
  const offered = options.precompressed ?? [];
  if (offered.length === 0 || w.header.has("content-encoding")) {
    return serveBytes(job, { name, file, source: file });
  }
  addVary(w);
  for (const coding of acceptedCodings(r.header.values("accept-encoding").join(", "), offered)) {
    const sibling = await fs.open(`${name}${SIBLING_EXTENSIONS[coding]}`);
    if (typeof sibling === "string") continue;
    try {
      if (sibling.kind === "directory") continue;
      return await serveBytes(job, { name, file, source: sibling, coding });
    } finally {
      await sibling.close();
    }
  }
  return serveBytes(job, { name, file, source: file });
}

/** The representation that was chosen. */
interface Chosen {
  readonly name: string;
  /** What was asked for: its name and its first bytes tell the type. */
  readonly file: OpenFile;
  /** What is sent: the file, or a sibling of it in a coding. */
  readonly source: OpenFile;
  readonly coding?: Precompressed;
}

async function serveBytes<C>(
  { w, r, options }: Job<C>,
  { name, file, source, coding }: Chosen,
): Promise<void> {
  if (!w.header.has("etag")) {
    const etag = etagOf(source, name, options, coding);
    if (etag !== undefined) w.header.set("ETag", etag);
  }
  const verdict = checkPreconditions(w, r, source.modifiedMs, options);
  if (verdict === "failed") return w.writeHeader(412);
  if (verdict === "not-modified") return answerNotModified(w);
  // An encoding that the handler has set may be one that middleware applies to what we write.
  const length = w.header.has("content-encoding") ? "left out" : "told";
  if (coding !== undefined) w.header.set("Content-Encoding", coding);
  return sendContent(w, r, { name, source, sample: file, verdict, length, options });
}

/**
 * Size and time to a fraction of a millisecond. A file that has not changed for a while gets another time when
 * it changes: the tag is strong, as resumed downloads need it. RFC 9110 §8.8.1
 */
function etagOf<C>(
  stat: FileStat,
  name: string,
  { etag = "stat", now = Date.now }: FileServerOptions<C>,
  coding: Precompressed | undefined,
): string | undefined {
  if (etag === "none") return undefined;
  if (etag !== "stat") return etag(stat, name);
  if (stat.etag !== undefined) return stat.etag;
  const { size, modifiedMs } = stat;
  if (modifiedMs === undefined) return undefined;
  const strength = now() - modifiedMs >= FRESH_MS ? "strong" : "weak";
  const time = Math.floor(modifiedMs * 1000).toString(16);
  const suffix = coding === undefined ? "" : `-${coding}`;
  return formatETag({ strength, opaque: `${time}-${size.toString(16)}${suffix}` });
}

function addVary<C>(w: ResponseWriter<C>): void {
  const vary = w.header.values("vary").join(", ").toLowerCase();
  if (!vary.includes("accept-encoding") && vary !== "*") w.header.add("Vary", "Accept-Encoding");
}

function answerAbsent<C>({ w, r, options }: Job<C>, absence: Absence): void | Promise<void> {
  if (absence === "not-found" && options.notFound !== undefined) {
    return handlerFunc(options.notFound)(w, r);
  }
  return refuseAbsent(w, absence);
}
