/**
 * Fuzz target: a whole connection of a server over a pipe whose client pauses, stops reading, waits and goes
 * away when it likes.
 * RFC 9112 §9.6
 *
 * Rule of this file: nothing is promised of the answers but that they are answers as far as they go. Nothing
 * is left: no connection, no alarm, no promise that nobody keeps.
 */
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { serve } from "../kit/serve.ts";
import { stepsOf } from "../kit/steps.ts";
import { hashOf, randomFrom } from "../random.ts";
import { target as server } from "./server.ts";

export const target: Target = {
  feed: "whole",
  seeds: server.seeds,
  words: server.words ?? [],
  vectors: { files: /^(?:attacks-requests|go-server-wire)/, keys: ["raw", "send"] },
  async run(pieces) {
    // The octets themselves choose where they are cut and what happens there.
    const octets = joined(...pieces);
    const { text } = await serve(stepsOf(octets, randomFrom(hashOf(octets))));
    if (text !== "" && !/^HTTP\/1\.[01] \d{3} /.test(text)) throw new Error(`no answer: ${text}`);
    return text.slice(0, 12);
  },
};
