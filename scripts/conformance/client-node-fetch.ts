/**
 * Node's fetch as a client under test, behind the same command as our own.
 *
 * Rule of this file: a peer to compare with; it has no flags for what fetch always or never does.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/conformance/client-node-fetch.ts [FLAGS] URL [URL2]
 */
import { writeSync } from "node:fs";
import { parseArgs } from "node:util";

const { values: flags, positionals: urls } = parseArgs({
  allowPositionals: true,
  options: {
    head: { type: "boolean", default: false },
    post: { type: "string" },
    put: { type: "string" },
    /** Without it a redirect is an answer like others. */
    redirects: { type: "boolean", default: false },
  },
});

const content = flags.post ?? flags.put;
const method = flags.head
  ? "HEAD"
  : content === undefined
    ? "GET"
    : flags.post === undefined
      ? "PUT"
      : "POST";

try {
  for (const url of urls) {
    const redirect = flags.redirects ? "follow" : "manual";
    const body = content ?? null;
    const response = await globalThis.fetch(url, { method, body, redirect });
    const reader = response.body?.getReader();
    for (let piece = await reader?.read(); piece?.value; piece = await reader?.read()) {
      writeSync(1, piece.value);
    }
  }
} catch (error) {
  console.error(error instanceof Error ? `${error.message}: ${String(error.cause)}` : error);
  process.exitCode = 1;
}
