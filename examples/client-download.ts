/**
 * Fetches a file of any size onto the disk and tells how far it is; broken off, it goes on where it
 * was.
 * RFC 9110 §13.1.5, §14 · Go: none
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-download.ts
 */
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { get } from "barewire";

const [url = "http://127.0.0.1:8080/files/tone.wav", file = "tone.wav"] = process.argv.slice(2);
const part = `${file}.part`;
// Which version the part is of: a file that has changed meanwhile must not be glued to the old one.
const mark = `${file}.part.etag`;

const etag = await readFile(mark, "utf8").catch(() => "");
const have = etag === "" ? 0 : await sizeOf(part);
const range = have === 0 ? {} : { Range: `bytes=${have}-`, "If-Range": etag };
// As it lies there: octets are counted, and of a compressed answer they would be others.
const response = await get(url, { header: { "Accept-Encoding": "identity", ...range } });

// 206 goes on after what we have, 200 begins anew, 416 says that we had all of it.
const resumes = response.status === 206;
const where = response.header.get("Content-Range");
if (resumes && where?.startsWith(`bytes ${have}-`) !== true) throw new Error(`got ${where}`);
if (response.status === 416 && where === `bytes */${have}`) response.body.cancel();
else if (response.ok) await save();
else throw new Error(`${url} answered ${response.status}`);

await rename(part, file);
await rm(mark, { force: true });
console.log(`${file}: ${await sizeOf(file)} bytes`);

async function save(): Promise<void> {
  // A weak one names a meaning, not octets: no range may rely on it.
  const version = response.header.get("ETag") ?? "";
  if (version === "" || version.startsWith("W/")) await rm(mark, { force: true });
  else await writeFile(mark, version);
  const out = await open(part, resumes ? "a" : "w");
  try {
    let done = resumes ? have : 0;
    const { contentLength } = response;
    const total = contentLength === undefined ? undefined : done + contentLength;
    // A body that breaks off throws here, and so does one that stalls for a minute.
    for await (const piece of response.body) {
      await out.appendFile(piece);
      done += piece.length;
      console.log(total === undefined ? `${done} bytes` : `${done} of ${total} bytes`);
    }
  } finally {
    await out.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
