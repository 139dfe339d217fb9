/**
 * undici's own request() as a client under test: the library below Node's fetch, in its newest version.
 *
 * Rule of this file: nothing is set but what a task needs; content goes out as it comes. The first argument is
 * where undici is installed.
 */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    head: { type: "boolean", default: false },
    post: { type: "string" },
    put: { type: "string" },
    redirects: { type: "boolean", default: false },
  },
});
const [where, ...urls] = positionals;
const { Agent, interceptors, request } = (await import(pathToFileURL(where).href)).default;

const body = flags.post ?? flags.put ?? null;
const method = flags.head
  ? "HEAD"
  : body === null
    ? "GET"
    : flags.post === undefined
      ? "PUT"
      : "POST";
const agent = new Agent();
const dispatcher = flags.redirects
  ? agent.compose(interceptors.redirect({ maxRedirections: 20 }))
  : agent;

try {
  for (const url of urls) {
    const response = await request(url, { method, body, dispatcher });
    for await (const piece of response.body) writeSync(1, piece);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  // A graceful close would wait for what a hostile server never ends.
  await agent.destroy();
}
