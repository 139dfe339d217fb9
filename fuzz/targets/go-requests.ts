/**
 * Fuzz target: the requests that we accept, beside what Go's net/http makes of the same octets.
 * RFC 9112 §11.2
 *
 * Rule of this file: the same messages with the same boundaries and fields, or a difference that
 * differences-go.ts lists. Where there is no Go, it is not run.
 */
import { Reader } from "../../lib/bufio/mod.ts";
import { joined } from "../bytes.ts";
import { GO_REQUEST_DIFFERENCES } from "../differences-go.ts";
import type { Target } from "../harness.ts";
import { goPeer, prepareGo } from "../kit/go-peer.ts";
import { boundedRequest, readRequests } from "../kit/messages.ts";
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
  prepare: prepareGo,
  async run(pieces) {
    const octets = joined(...pieces);
    const { messages, end } = await readRequests(Reader.of(octets.slice()));
    const ours = { messages: messages.map(boundedRequest), end };
    const theirs = await goPeer.readRequests(octets);
    const difference = compare({ octets, ours, theirs }, GO_REQUEST_DIFFERENCES);
    return JSON.stringify([ours, difference]);
  },
};
