/**
 * Fuzz target: the responses that we accept, beside what Go's net/http makes of the same octets.
 * RFC 9112 §11.1
 *
 * Rule of this file: the same messages with the same boundaries and fields, interim ones among them, or a
 * difference that differences-go.ts lists. How many octets there are chooses the method that is answered.
 * Where there is no Go, it is not run.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { joined } from "../bytes.ts";
import { GO_RESPONSE_DIFFERENCES } from "../differences-go.ts";
import type { Target } from "../harness.ts";
import { goPeer, prepareGo } from "../kit/go-peer.ts";
import { boundedResponse, readResponses } from "../kit/messages.ts";
import { compare } from "../kit/peer.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";
import { target as responses } from "./responses.ts";

const METHODS = ["GET", "GET", "HEAD", "POST"];

export const target: Target = {
  feed: "whole",
  seeds: responses.seeds,
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-responses|go-readresponse|goclient-|parser-)/,
    keys: ["raw", "wire"],
  },
  prepare: prepareGo,
  async run(pieces) {
    const octets = joined(...pieces);
    const method = METHODS[octets.length % METHODS.length]!;
    const { messages, end } = await readResponses(Reader.of(octets.slice()), [method]);
    const ours = { messages: messages.map(boundedResponse), end };
    const theirs = await goPeer.readResponse(octets, method);
    const difference = compare({ octets, method, ours, theirs }, GO_RESPONSE_DIFFERENCES);
    return JSON.stringify([ours, difference]);
  },
};
