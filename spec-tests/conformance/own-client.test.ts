/**
 * Our own client before the judge: every case for clients, played in this process.
 *
 * Rule of this file: what it fails is named here with the text that decides it, and nothing else may fail.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Client, CookieJar, newRequest, Transport } from "../../lib/mod.ts";
import {
  CLIENT_CASES,
  type ClientReport,
  type ClientTask,
  runClientCases,
} from "../../lib/conformance/mod.ts";
import { withDeadline } from "../kit.ts";

const test = suite("our own client before the judge");

const METHODS = { get: "GET", "get-twice": "GET", head: "HEAD", post: "POST", put: "PUT" } as const;

/** What a user of the front door would write; abilities are turned on where a case is about them. */
async function ask({ ask: what, urls, content, needs, signal }: ClientTask): Promise<ClientReport> {
  const acceptEncodings = needs.includes("decompression") ? ["gzip", "deflate"] : [];
  const transport = new Transport({
    acceptEncodings,
    expectContinueTimeout: 200,
    errorLog: () => {},
  });
  const client = new Client({
    transport,
    jar: needs.includes("cookies") ? new CookieJar() : undefined,
    checkRedirect: needs.includes("redirects") ? undefined : () => "use-last-response",
  });
  let output = "";
  try {
    for (const url of urls) {
      const body = content === undefined ? undefined : latin1(content);
      const request = newRequest(METHODS[what], url, body, { signal });
      if (content !== undefined) request.header.set("Content-Type", "text/plain");
      if (needs.includes("expect")) request.header.set("Expect", "100-continue");
      const response = await client.do(request);
      for await (const piece of response.body) output += String.fromCharCode(...piece);
    }
    return { exit: 0, output };
  } catch {
    return { exit: 1, output };
  } finally {
    client.closeIdleConnections();
  }
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** What our client fails, and why it may. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  [
    "9110-5.3-03/comma",
    "RFC 6265 §5.4 gives the value back as it came; ours puts quotes around one with a comma or a blank, as Go does.",
  ],
]);

test(
  "every MUST and SHOULD is kept, but for what is named here",
  withDeadline(60_000, async () => {
    const report = await runClientCases(
      CLIENT_CASES,
      { name: "barewire", exec: ask },
      { strictness: "should", repeats: 1, caseTimeoutMs: 4000 },
    );
    const bad = report.results.filter(({ verdict }) => verdict === "fail" || verdict === "flaky");
    const messages = bad.map(({ id, message }) => `${id}: ${message}`);
    assert.equal(
      bad.map(({ id }) => id).filter((id) => !KNOWN.has(id)),
      [],
      messages.join("\n"),
    );
    assert.equal(bad.map(({ id }) => id).sort(), [...KNOWN.keys()].sort());
    assert.ok(report.results.length >= 150);
    if (process.env["BAREWIRE_VERDICTS"] === "1") {
      for (const { id, verdict } of report.results) console.log(`${verdict} ${id}`);
    }
  }),
);

test.run();
