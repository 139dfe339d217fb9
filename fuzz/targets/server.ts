/**
 * Fuzz target: a whole connection of a server over a pipe, its input cut anywhere, with pauses between the
 * pieces where they are few.
 * RFC 9112 §9
 *
 * Rule of this file: the same answers for every cut, octet by octet, and a client can read every one of them.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { encodeLatin1 } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { isInterim, readResponses } from "../kit/messages.ts";
import { type Served, serve } from "../kit/serve.ts";
import type { Step } from "../kit/steps.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

/** So many pieces are told apart by time too; more only by where they were cut. */
const PAUSES_MAX = 6;

export const target: Target = {
  seeds: [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /s HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /i HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nGET /l HTTP/1.0\r\n\r\n",
    "POST /u HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloHEAD /f HTTP/1.1\r\nHost: a\r\n\r\nGET /t HTTP/1.1\r\nHost: a\r\n\r\n",
    "PUT /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nhello\r\n0\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    "PUT /r HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\nPOST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour",
    "GET /x HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\nGET /wwww HTTP/1.1\r\nHost: a\r\n\r\n",
  ],
  words: [
    ...MESSAGE_WORDS,
    ...["/u", "/n", "/t", "/p", "/l", "/f", "/s", "/c", "/i", "/w", "/a", "/x", "/r"].map(
      (path) => ` ${path}`,
    ),
    "GET /l HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc",
  ],
  vectors: { files: /^(?:attacks-requests|go-server-wire|go-readrequest)/, keys: ["raw", "send"] },
  async run(pieces) {
    const steps = pieces.flatMap((send): Step[] =>
      pieces.length <= PAUSES_MAX ? [{ send }, "pause"] : [{ send }],
    );
    // The client's end comes apart: an answer says close when it is written behind that end, and time decides.
    const served = await serve([...steps, "pause"]);
    await mustBeReadable(served);
    // A reset overtakes what is on its way, and how much that was is a matter of time.
    return JSON.stringify(served.end === "reset" ? { ...served, text: "" } : served);
  },
};

/** Every octet belongs to an answer; there are not more of them than requests, and one refusal. */
async function mustBeReadable({ text, methods, end }: Served): Promise<void> {
  if (end !== "ended") return;
  const asked = [...methods, "GET"];
  const answers = await readResponses(Reader.of(encodeLatin1(text)), asked);
  const final = answers.messages.filter(({ message }) => !isInterim(message.status));
  const isCut = answers.end !== "end" && answers.end !== "last";
  if (isCut && !CUT.has(answers.end)) throw new Error(`unreadable (${answers.end}): ${text}`);
  if (final.length > asked.length) throw new Error(`${final.length} answers: ${text}`);
}

/** Handlers that throw, or write less than they said, leave their answer short on purpose. */
const CUT: ReadonlySet<string> = new Set(["truncated-body"]);
