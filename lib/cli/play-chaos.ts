/**
 * Plays the steps of a misbehaving peer over one connection.
 *
 * Rule of this file: what it does is what the steps say; it ends early when the other side is gone.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { WireClient } from "../testing/mod.ts";
import type { ChaosStep } from "./chaos-script.ts";

const AWAIT_MS = 60_000;
const STEP_MS = 100;

/** Plays one after the other; resolves to how it ended. */
export async function playChaos(
  peer: WireClient,
  steps: readonly ChaosStep[],
  host: string,
  signal: AbortSignal,
): Promise<"played" | "peer left"> {
  for (const step of steps) {
    if (peer.end === "reset" || signal.aborted) return "peer left";
    await play(peer, step, host, signal);
  }
  return "played";
}

async function play(
  peer: WireClient,
  step: ChaosStep,
  host: string,
  signal: AbortSignal,
): Promise<void> {
  if ("await" in step) {
    return peer.until(({ text, end }) => text.includes("\r\n\r\n") || end !== "open", AWAIT_MS);
  }
  if ("send" in step) return peer.send(step.send.replaceAll("{host}", host));
  if ("pauseMs" in step) return wait(peer, step.pauseMs, signal);
  if ("end" in step) {
    if (step.end === "fin") peer.finish();
    else if (step.end === "close") peer.close();
    else peer.reset();
    return;
  }
  const pieces =
    "dribble" in step
      ? step.dribble.replaceAll("{host}", host).split("")
      : Array.from({ length: step.times }, () => step.trickle);
  for (const piece of pieces) {
    if (peer.end === "reset" || signal.aborted) return;
    peer.send(piece);
    await wait(peer, step.everyMs, signal);
  }
}

/** Waits in short steps, and no longer than the other side is there. */
async function wait(peer: WireClient, ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && peer.end !== "reset"; left -= STEP_MS) {
    try {
      await pause(Math.min(left, STEP_MS), undefined, { signal });
    } catch {
      // The only failure is the signal's, which ends the whole play.
      return;
    }
  }
}
