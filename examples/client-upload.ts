/**
 * Sends a file of any size in little memory, and tells how far it is.
 * Go: http.NewRequest with an os.File
 *
 * Try: npm start, and beside it
 *      node --import ./scripts/ts-hook.mjs examples/client-upload.ts package.json
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { defaultClient, newRequest } from "barewire";

const [file = "package.json", url = "http://127.0.0.1:8080/upload"] = process.argv.slice(2);
const { size } = await stat(file);

// A function is called again when the file has to be sent again, after a redirect with 307, say.
const request = newRequest("PUT", url, () => watched(createReadStream(file)), {
  header: { "Content-Type": "application/octet-stream" },
});
// Without the length the body would be sent in chunks.
const response = await defaultClient.do(request.with({ contentLength: size }));

console.log(`${response.status} ${await response.body.text()}`);

/** The same pieces. The next one is asked for when the server has taken the last: that is progress. */
async function* watched(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const piece of pieces) {
    yield piece;
    sent += piece.length;
    console.log(`${Math.round((100 * sent) / size)} %`);
  }
}
