/**
 * Fuzz target: a stream explained octet by octet, and shown as HTML.
 *
 * Rule of this file: what is said covers every octet once, the messages are those that a program reads, and no
 * octet becomes markup.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { type Examination, disagreements, examine, renderHtml } from "../../lib/view/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { boundedRequest, boundedResponse, readRequests, readResponses } from "../kit/messages.ts";
import { mustEqual } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";
import { target as requests } from "./requests.ts";
import { target as responses } from "./responses.ts";

export const target: Target = {
  feed: "whole",
  seeds: [...requests.seeds, ...responses.seeds],
  words: [...MESSAGE_WORDS, '<b a="', "'>", "&"],
  vectors: { files: /^(?:attacks-|go-readre|parser-)/, keys: ["raw", "send", "wire"] },
  async run(pieces) {
    const octets = joined(...pieces);
    const found = examine(octets);
    mustCover(found, octets.length);
    const complete = found.messages.filter(({ state }) => state === "complete");
    const read = await startsOf(found.kind, octets);
    // A fault that is the server's to find (no Host) ends it before a reader does.
    const same = found.fault === undefined ? read : read.slice(0, complete.length);
    mustEqual(
      "messages",
      complete.map(({ title }) => title),
      same,
    );
    mustBeEscaped(renderHtml(octets, found.annotations));
    return JSON.stringify([found, disagreements(octets).length]);
  },
};

/** Ranges follow each other from the first octet to the last. */
function mustCover({ annotations }: Examination, length: number): void {
  let at = 0;
  for (const { from, to } of annotations) {
    mustEqual("no gap", from, at);
    at = to;
  }
  mustEqual("to the end", at, length);
}

/** No octet of the stream becomes markup: all tags are those that are written there. */
function mustBeEscaped(html: string): void {
  const rest = html.replace(
    /<\/?(?:span|pre|table|thead|tbody|tr|th|td|code)(?: class="[a-z -]+")?>/g,
    "",
  );
  mustEqual("markup", /[<>"']/.test(rest), false);
}

async function startsOf(kind: Examination["kind"], octets: Uint8Array): Promise<string[]> {
  const reader = Reader.of(octets.slice());
  const read =
    kind === "request"
      ? (await readRequests(reader)).messages.map(boundedRequest)
      : (await readResponses(reader, ["GET"])).messages.map(boundedResponse);
  return read.map(({ start }) => start);
}
