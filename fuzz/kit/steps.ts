/**
 * What a scripted peer does, step by step, and how an input chooses it.
 *
 * Rule of this file: the same octets choose the same steps.
 */
import { type TestClock, type WireClient, settle } from "../../lib/testing/mod.ts";
import type { Random } from "../random.ts";

export type Step =
  | { readonly send: Uint8Array }
  | "pause"
  | "wait"
  | "finish"
  | "reset"
  | "close"
  | "stop"
  | "read";

/** Longer than some timeouts, shorter than others. */
export const WAIT_MS = 7_000;

const CHOICES = ["pause", "wait", "finish", "reset", "close", "stop", "read"] as const;

export async function play(peer: WireClient, clock: TestClock, step: Step): Promise<void> {
  if (typeof step === "object") peer.send(step.send);
  else if (step === "pause") await settle(1);
  else if (step === "finish") peer.finish();
  else if (step === "reset") peer.reset();
  else if (step === "close") peer.close();
  else if (step === "stop") peer.pause();
  else if (step === "read") peer.resume();
  else {
    await settle(1);
    clock.advance(WAIT_MS);
  }
}

/** Where the octets are cut, and what happens there. */
export function stepsOf(octets: Uint8Array, random: Random): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < octets.length; ) {
    const end = at + 1 + random(random(3) === 0 ? 4 : 200);
    steps.push({ send: octets.subarray(at, end) });
    // Pauses are likelier than ends: something is to happen before it is over.
    const choice = random(24);
    if (choice < 12) steps.push(CHOICES[choice] ?? "pause");
    at = end;
  }
  return steps;
}
