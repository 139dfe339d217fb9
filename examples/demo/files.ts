/**
 * `/files/`: a folder of the disk and a sound that no disk holds, as one file system; `/media` plays
 * the sound.
 * RFC 9110 §14
 *
 * Rule of this file: which files there are; how they are sent, ranges and listings included, is
 * fileServer's.
 */
import {
  fileServer,
  memoryFileSystem,
  nodeFileSystem,
  stripPrefix,
  type FileSystem,
  type HandlerFunc,
  type ResponseWriter,
} from "barewire";
import { notFound, page } from "./page.ts";
import { tone } from "./tone.ts";

const disk = nodeFileSystem("examples/demo/files");
const made = memoryFileSystem({ "/tone.wav": { content: tone, etag: '"tone-1"' } });

/** What is made, before what lies on the disk. */
const both: FileSystem = {
  open: async (name) => {
    const file = await made.open(name);
    return typeof file === "string" || file.kind === "directory" ? disk.open(name) : file;
  },
  readDirectory: async (name, max) => {
    const [ours, theirs] = await Promise.all([
      made.readDirectory(name, max),
      disk.readDirectory(name, max),
    ]);
    if (typeof ours === "string" || typeof theirs === "string") return theirs;
    return [...ours, ...theirs].slice(0, max);
  },
};

/** `/files/` */
export const files: HandlerFunc = stripPrefix("/files", fileServer(both, { notFound }));

/** `/media`: a browser asks for a sound in ranges, so that it can be played from anywhere. */
export function media(w: ResponseWriter): Promise<void> {
  const content = `<p>The browser asks for this sound with Range, and gets 206:</p>
<p><audio controls preload="auto" src="/files/tone.wav"></audio></p>
<p><a href="/">back</a></p>`;
  return page(w, "A sound in ranges", content, ["media-src 'self'"]);
}
