/**
 * The topics go-range and go-fileserver: ranges, conditions and files.
 * RFC 9110 §8.8, §13, §14 · vectors: go-range, go-fileserver
 *
 * Rule of this file: one operation of the files, one small function here; whole answers are those of the real
 * server over a pipe. What is served GET and HEAD is wanted for both.
 */
import { Request } from "../../lib/message/mod.ts";
import { SemanticsError, formatDate, parseRange, scanETag } from "../../lib/semantics/mod.ts";
import {
  type FileSystem,
  fileServer,
  formatListing,
  memoryFileSystem,
  serveContent,
  serveFile,
} from "../../lib/server/files/mod.ts";
import type { HandlerFunc } from "../../lib/server/mod.ts";
import { type Recorded, newTestRequest, record } from "../../lib/testing/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { isObject, objectsOf, textOf } from "./case.ts";
import type { Case, Input, Json, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { latin1Of, octetsOf } from "./cuts.ts";

export const FILE_TOPICS: readonly Topic[] = ["go-range", "go-fileserver"].map((file) => ({
  name: file,
  file,
  parallel: 1,
  cases: (content) => objectsOf(content["cases"]).map(caseOf),
  run: async (input) => [{ way: "", outcome: await outcomeOf(input) }] satisfies Run[],
}));

function caseOf(one: JsonObject): Case {
  const op = textOf(one["op"]);
  const args: JsonObject = Object.fromEntries(
    Object.entries(one).filter(([name]) => name !== "id" && !name.startsWith("want")),
  );
  return { id: textOf(one["id"]), input: { kind: "call", op, args }, want: wantOf(op, one) };
}

function wantOf(op: string, one: JsonObject): Outcome {
  switch (op) {
    case "parse":
      return { ranges: one["want"] };
    case "limit":
      return { accepted: one["want"] };
    case "serveContent": {
      const answer: JsonObject = {
        status: one["wantStatus"],
        type: one["wantContentType"],
        contentRange: one["wantContentRange"],
        lastModified: dateOf(textOf(one["wantLastModified"])),
      };
      return { GET: answer, HEAD: answer };
    }
    default:
      return {
        status: one["wantStatus"],
        ranges: one["wantRanges"],
        body: one["wantBody"],
        finalPath: one["finalPath"],
        opened: one["wantOpen"],
        firstOpened: one["wantFirstOpen"],
        etag: one["wantETag"],
        rest: one["wantRest"],
        entry: one["want"],
      };
  }
}

async function outcomeOf(input: Input): Promise<Outcome> {
  if (input.kind !== "call") throw new Error("a call is wanted");
  const call = CALLS[input.op];
  if (call === undefined) throw new Error(`no operation ${input.op}`);
  return call(input.args);
}

const FILE = "0123456789\n";
const INDEX = "index.html says hello\n";
const FOLDER: FileSystem = memoryFileSystem({
  "/file": FILE,
  "/index.html": INDEX,
  "/style.css": "body {}\n",
  "/testdata/file": FILE,
  "/testdata/index.html": INDEX,
  "/testdata/style.css": "body {}\n",
});

const CALLS: Readonly<Record<string, (args: JsonObject) => Outcome | Promise<Outcome>>> = {
  parse: (args) => ({ ranges: parsed(textOf(args["header"]), Number(args["length"])) }),
  limit: (args) => {
    const count = Number(args["numRanges"]);
    const header = `bytes=${Array.from({ length: count }, (_, n) => `${n}-${n}`).join(",")}`;
    return { accepted: parsed(header, count)?.length ?? 0 };
  },
  serveFile: async (args) => {
    const answer = await ranged("/file", args["range"]);
    return { status: answer.status, ranges: rangesIn(answer) };
  },
  serveSuffix: async (args) => {
    const { status, text } = await ranged("/index.html", args["range"]);
    return { status, body: text };
  },
  serveContent: async (args) => ({
    GET: await contentAnswer("GET", args),
    HEAD: await contentAnswer("HEAD", args),
  }),
  dotdot: async (args) => {
    const { status } = await asking(textOf(args["path"]), (w, r) =>
      serveFile(w, r, FOLDER, "/file"),
    );
    return { status };
  },
  fsRedirect: (args) => followed(textOf(args["path"])),
  cleanPath: async (args) => {
    const opened: string[] = [];
    const folder = memoryFileSystem({ "/dir/x": "" });
    const spy: FileSystem = {
      open: (name) => {
        opened.push(name);
        return folder.open(name);
      },
      readDirectory: (name, max) => folder.readDirectory(name, max),
    };
    const { status } = await asking(textOf(args["path"]), fileServer(spy));
    return { status, opened, firstOpened: opened[0] };
  },
  scanETag: (args) => {
    const { etag, rest } = scanETag(textOf(args["value"])) ?? { etag: "", rest: "" };
    return { etag, rest };
  },
  dirListingEntry: (args) => {
    const entries = [{ name: textOf(args["name"]), kind: "file" as const }];
    const page = formatListing({ name: "/", entries, extent: "whole" });
    return { entry: page.split("\n").find((line) => line.startsWith("<a ")) };
  },
};

function parsed(header: string, length: number): [number, number][] | null {
  try {
    const ranges = parseRange(header, length).map((range): [number, number] => [
      range.start,
      range.length,
    ]);
    return ranges.length === 0 ? null : ranges;
  } catch (error) {
    if (error instanceof SemanticsError) return null;
    throw error;
  }
}

function ranged(name: string, range: Json): Promise<Recorded> {
  const header = new Header(typeof range === "string" ? [["Range", range]] : []);
  const request = newTestRequest("GET", "/x", { header });
  return record((w, r) => serveFile(w, r, FOLDER, name), request);
}

/** Which bytes of the file came, as [start, end); null for those of an answer that is not partial. */
function rangesIn(answer: Recorded): Json {
  if (answer.status !== 206) return null;
  const type = answer.header.get("content-type") ?? "";
  const body = latin1Of(answer.body);
  const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(type)?.[1];
  if (boundary === undefined) return [placed(answer.header.get("content-range") ?? "", body)];
  const parts = `\r\n${body}`.split(`\r\n--${boundary}`);
  if (parts.shift() !== "" || parts.pop() !== "--\r\n") return "the parts are not delimited";
  return parts.map((part) => {
    const end = part.indexOf("\r\n\r\n");
    const range = /\r\nContent-Range: (.*)\r\n/.exec(part.slice(0, end + 2))?.[1] ?? "";
    return placed(range, part.slice(end + 4));
  });
}

function placed(contentRange: string, bytes: string): Json {
  const [, start, last] = /^bytes (\d+)-(\d+)\/11$/.exec(contentRange) ?? [];
  if (bytes !== FILE.slice(Number(start), Number(last) + 1)) return `${contentRange}: ${bytes}`;
  return [Number(start), Number(last) + 1];
}

/** The instant that the vectors call MTIME: any with a fraction of a second. */
const MTIME_MS = Date.UTC(2024, 1, 29, 12, 30, 15) + 123.4;

/** The vectors' words for dates as fields. */
function dateOf(text: string): string {
  if (text === "MTIME") return formatDate(MTIME_MS);
  return text === "MTIME-2s" ? formatDate(MTIME_MS - 2000) : text;
}

async function contentAnswer(method: string, args: JsonObject): Promise<Outcome> {
  const { name, content, modtime, setETag, setContentType, requestHeaders } = args;
  const fields = isObject(requestHeaders) ? Object.entries(requestHeaders) : [];
  const header = new Header(
    fields.map(([field, value]) => [field, dateOf(textOf(value))] as const),
  );
  const modifiedMs = modtime === "MTIME" ? MTIME_MS : Date.parse(textOf(modtime));
  const answer = await record(
    (w, r) => {
      if (typeof setETag === "string") w.header.set("ETag", setETag);
      if (typeof setContentType === "string") w.header.set("Content-Type", setContentType);
      const known = modtime === null ? undefined : modifiedMs;
      return serveContent(w, r, textOf(name), known, contentOf(content));
    },
    newTestRequest(method, "/", { header }),
  );
  return {
    status: answer.status,
    type: answer.header.get("content-type") ?? "",
    contentRange: answer.header.get("content-range") ?? "",
    lastModified: answer.header.get("last-modified") ?? "",
  };
}

/** Null is a content that must not be touched. */
function contentOf(content: Json): Uint8Array | { size: number; read: () => never } {
  if (typeof content === "string") return octetsOf(content);
  const touched = (): never => {
    throw new Error("the content was touched");
  };
  return {
    get size(): number {
      return touched();
    },
    read: touched,
  };
}

/** What the handler answers for a path as it stands, also one that no server would let through. */
async function asking(path: string, handler: HandlerFunc): Promise<Recorded> {
  const request = new Request({ method: "GET", target: path, host: "example.com" });
  return record((w) => handler(w, request), newTestRequest("GET", "/"));
}

const REDIRECTS_MAX = 5;

/** Follows redirects of a file server below /test/. */
async function followed(path: string): Promise<Outcome> {
  let url = new URL(`http://example.com${path}`);
  for (let turn = 0; turn < REDIRECTS_MAX; turn++) {
    const { pathname } = url;
    const below = pathname.startsWith("/test/");
    const answer = below
      ? await asking(pathname.slice("/test".length), fileServer(FOLDER))
      : undefined;
    const status = answer?.status ?? 404;
    const location = answer?.header.get("location");
    if (status !== 301 || location === undefined) {
      return { status, finalPath: decodeURIComponent(pathname) };
    }
    url = new URL(location, url);
  }
  return { status: 0, finalPath: "a loop" };
}
