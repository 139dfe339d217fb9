/**
 * Fuzz target: the requests that we accept, beside what Node's parser makes of the same octets.
 * RFC 9112 §11.2
 *
 * Rule of this file: the same messages with the same boundaries, or a difference that differences.ts lists.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { REQUEST_DIFFERENCES } from "../differences.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { boundedRequest, readRequests } from "../kit/messages.ts";
import { nodePeer } from "../kit/node-peer.ts";
import { compare } from "../kit/peer.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";
import { target as requests } from "./requests.ts";

export const target: Target = {
  feed: "whole",
  seeds: requests.seeds,
  words: MESSAGE_WORDS,
  vectors: {
    files: /^(?:attacks-requests|go-readrequest|go-server|parser-)/,
    keys: ["raw", "send"],
  },
  async run(pieces) {
    const octets = joined(...pieces);
    const { messages, end } = await readRequests(Reader.of(octets.slice()));
    const bounded = messages.map(boundedRequest);
    const theirs = await nodePeer.readRequests(octets);
    const difference = compare(
      { octets, ours: { messages: bounded, end }, theirs },
      REQUEST_DIFFERENCES,
    );
    return JSON.stringify([bounded, end, difference]);
  },
};
