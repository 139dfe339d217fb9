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
import { type Step, serve } from "../kit/serve.ts";
import { hashOf, randomFrom } from "../random.ts";
import { target as server } from "./server.ts";

const STEPS = ["pause", "wait", "finish", "reset", "close", "stop", "read"] as const;

export const target: Target = {
  feed: "whole",
  seeds: server.seeds,
  words: server.words ?? [],
  vectors: { files: /^(?:attacks-requests|go-server-wire)/, keys: ["raw", "send"] },
  async run(pieces) {
    const { text } = await serve(stepsOf(joined(...pieces)));
    if (text !== "" && !/^HTTP\/1\.[01] \d{3} /.test(text)) throw new Error(`no answer: ${text}`);
    return text.slice(0, 12);
  },
};

/** The octets themselves choose where they are cut and what happens there. */
function stepsOf(octets: Uint8Array): Step[] {
  const random = randomFrom(hashOf(octets));
  const steps: Step[] = [];
  for (let at = 0; at < octets.length; ) {
    const end = at + 1 + random(random(3) === 0 ? 4 : 200);
    steps.push({ send: octets.subarray(at, end) });
    // Pauses are likelier than ends: something is to happen before it is over.
    const choice = random(24);
    if (choice < 12) steps.push(choice < STEPS.length ? STEPS[choice]! : "pause");
    at = end;
  }
  return steps;
}
