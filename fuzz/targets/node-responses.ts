/**
 * Fuzz target: the response that we accept, beside what Node's parser makes of the same octets.
 * RFC 9112 §11.1
 *
 * Rule of this file: the same status and content, or a difference that differences.ts lists. Node's client
 * reads one final response; so is ours compared.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { RESPONSE_DIFFERENCES } from "../differences.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { boundedResponse, isInterim, readResponses } from "../kit/messages.ts";
import { nodePeer } from "../kit/node-peer.ts";
import { compare } from "../kit/peer.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";
import { target as responses } from "./responses.ts";

export const target: Target = {
  feed: "whole",
  seeds: responses.seeds,
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-responses|go-readresponse|goclient-|parser-)/,
    keys: ["raw", "wire"],
  },
  async run(pieces) {
    const octets = joined(...pieces);
    const method = octets.length % 4 === 0 ? "HEAD" : "GET";
    const { messages, end } = await readResponses(Reader.of(octets.slice()), [method]);
    const final = messages.filter(
      ({ message }) => !isInterim(message.status) || message.status === 101,
    );
    const bounded = final.slice(0, 1).map(boundedResponse);
    const ours = { messages: bounded, end: bounded.length > 0 ? "last" : end };
    const theirs = await nodePeer.readResponse(octets, method);
    const difference = compare({ octets, method, ours, theirs }, RESPONSE_DIFFERENCES);
    return JSON.stringify([bounded, ours.end, difference]);
  },
};
