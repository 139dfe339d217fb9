/**
 * Why a requirement has no case: for whole groups by a rule, for single ones by name.
 *
 * Rule of this file: a reason says what stands between the requirement and a raw peer. "Not written yet" is no
 * reason: such a requirement stays a gap, and coverage shows it.
 */
import type { Requirement } from "./requirement.ts";

/** By id. A requirement that has got a case must go from here; a test sees to it. */
export const REASONS: ReadonlyMap<string, string> = new Map([
  [
    "9112-2.2-03",
    "What a server emits depends on what its application puts into fields, which no contract asks for; the judge refuses a CR without LF in every response that it reads.",
  ],
  [
    "9112-2.2-09",
    "It binds all that is sent: the judge's reader takes a blank before the first field for no response, in every case.",
  ],
  [
    "9112-4-02",
    "It shows only where a reason phrase is empty, which no contract brings about; a missing SP is told beside every verdict.",
  ],
  [
    "9112-5.2-01",
    "It binds all that is sent: a folded line in a response is told beside the verdict of every case.",
  ],
  [
    "9112-6.1-04",
    "It needs an application that writes Transfer-Encoding itself, which no contract asks for.",
  ],
  [
    "9112-6.1-06",
    "It needs an application that applies a transfer coding other than chunked, which no contract asks for.",
  ],
  ["9112-6.1-08", "It needs a server that answers CONNECT with 2xx, which is a proxy."],
  [
    "9112-7.1-08",
    "It binds all that is sent: the judge's reader holds the chunks of every response to the grammar.",
  ],
  [
    "9112-9.8-04",
    "A server that minds a missing closure alert can only write it to its own log; nothing of it is seen on the wire.",
  ],
  [
    "9112-11.1-01",
    "It is about what an application feeds into fields; no contract lets a client choose them.",
  ],
]);

/** What holds for all requirements of a kind. */
const PROXY = "It binds proxies and gateways only, which neither role of this tester is.";
const UNSEEN = "It cannot be seen on the wire by a peer.";

/** Why this requirement has no case, or undefined when there is no reason. */
export function reasonWithoutCase(requirement: Requirement): string | undefined {
  const { id, role, way } = requirement;
  const written = REASONS.get(id);
  if (written !== undefined) return written;
  if (role === "proxy" || role === "cache") return PROXY;
  return way === "no" ? UNSEEN : undefined;
}
