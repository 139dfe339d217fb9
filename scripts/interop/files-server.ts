/**
 * The server that the checks of files and forms talk to: a folder with ranges and compression, and
 * a form.
 *
 *   node files-server.mjs PORT FOLDER
 *
 * Rule of this file: it wires what barewire offers and adds nothing to an answer. One line of JSON
 * (`Answered` of folder.ts) tells what each request was, and what it got.
 */
import { createHash } from "node:crypto";
import {
  compress,
  fileServer,
  listenAndServe,
  type Request,
  type ResponseWriter,
  ServeMux,
  stripPrefix,
} from "barewire";
import type { Answered } from "./folder.ts";

/** A file that is larger is uploaded into a temporary file. */
const FORM_MEMORY_BYTES = 2 * 1024 * 1024;

const [port = "0", folder = "."] = process.argv.slice(2);
const stored = new WeakMap<ResponseWriter, string>();

const mux = new ServeMux();
mux.handle("/files/", stripPrefix("/files", compress()(fileServer(folder))));
mux.handleFunc("POST /form", takeForm);
const server = await listenAndServe(`127.0.0.1:${port}`, logged);
console.log(`listening on ${server.url}`);
process.once("SIGTERM", () => void server.shutdown());

/** Says what came with the form, as the form's fields of the names `title` and `file`. */
async function takeForm(w: ResponseWriter, r: Request): Promise<void> {
  await r.parseMultipartForm(FORM_MEMORY_BYTES);
  const file = await r.formFile("file");
  const hash = createHash("sha256");
  for await (const piece of file?.open() ?? []) hash.update(piece);
  if (file?.path !== undefined) stored.set(w, file.path);
  const answer = {
    title: await r.formValue("title"),
    name: file?.filename,
    type: file?.contentType,
    size: file?.size,
    sha256: hash.digest("hex"),
  };
  w.header.set("Content-Type", "application/json");
  await w.write(`${JSON.stringify(answer)}\n`);
}

async function logged(w: ResponseWriter, r: Request): Promise<void> {
  try {
    await mux.serveHTTP(w, r);
  } finally {
    const line: Answered = {
      port: r.remoteAddr?.port,
      method: r.method,
      target: r.target,
      range: r.header.get("range"),
      status: w.sent.status,
      bytes: w.sent.bytes,
      stored: stored.get(w),
    };
    console.log(JSON.stringify(line));
  }
}
