/**
 * Our own client as a client under test: the front door's Client behind a command.
 *
 * Rule of this file: nothing is set but what a task needs, so that what is judged is what everybody gets. The
 * content goes to standard output as it comes, also of an answer that turns out to be cut.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/conformance/client-barewire.ts [FLAGS] URL [URL2]
 */
import { writeSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  Client,
  type ClientOptions,
  CookieJar,
  newRequest,
  type Request,
  type Response,
  Transport,
} from "../../lib/mod.ts";

const { values: flags, positionals: urls } = parseArgs({
  allowPositionals: true,
  options: {
    head: { type: "boolean", default: false },
    /** Sends this. */
    post: { type: "string" },
    put: { type: "string" },
    /** Without it a redirect is an answer like others. */
    redirects: { type: "boolean", default: false },
    cookies: { type: "boolean", default: false },
    decompress: { type: "boolean", default: false },
    expect: { type: "boolean", default: false },
  },
});

const options: ClientOptions = {
  transport: new Transport(
    flags.decompress
      ? { acceptEncodings: ["gzip", "deflate", "br"] }
      : { disableCompression: true },
  ),
  jar: flags.cookies ? new CookieJar() : undefined,
  checkRedirect: flags.redirects ? undefined : () => "use-last-response",
};
const client = new Client(options);

try {
  for (const url of urls) await print(await client.do(requestTo(url)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  client.closeIdleConnections();
}

function requestTo(url: string): Request {
  const content = flags.post ?? flags.put;
  if (content === undefined) return newRequest(flags.head ? "HEAD" : "GET", url);
  const request = newRequest(flags.post === undefined ? "PUT" : "POST", url, content);
  request.header.set("Content-Type", "text/plain");
  if (flags.expect) request.header.set("Expect", "100-continue");
  return request;
}

async function print(response: Response): Promise<void> {
  for await (const piece of response.body) writeSync(1, piece);
}
