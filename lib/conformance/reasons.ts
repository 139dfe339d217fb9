/**
 * Why a requirement has no case: for whole groups by a rule, for single ones by name.
 *
 * Rule of this file: a reason says what stands between the requirement and a raw peer. "Not written yet" is no
 * reason: such a requirement stays a gap, and coverage shows it.
 */
import type { Requirement } from "./requirement.ts";

/** What the two roles of this tester leave out, and which requirements of clients and senders that leaves out. */
const NOT_ASKED: ReadonlyMap<string, string> = new Map([
  ...reasonFor(
    "It needs a client that goes through a proxy or makes a tunnel; a client under test is given an address only.",
    "9112-3.2.2-01 9112-3.2.2-02 9112-3.2.3-01 9112-6.3-02 9112-6.3-03 9110-7.3.3-01 9110-9.3.6-01 9110-9.3.6-06",
  ),
  ...reasonFor(
    "A client is told to GET, HEAD, POST or PUT an address: other methods, targets and fields of the caller's own are an interface that not every client has.",
    "9112-3.2.4-01 9112-6.1-05 9110-7.1-01 9110-9.3.5-01 9110-9.3.7-02 9110-9.3.8-03 9110-9.3.8-04 9110-7.8-11 9110-6.5.1-01 9110-6.5.2-01 9110-6.6.2-01 9111-5.2.1.1-01",
  ),
  ...reasonFor(
    "It needs a client that makes range requests, and a way to tell it which.",
    "9110-13.1.5-01 9110-13.1.5-04 9110-13.1.5-05 9110-14.2-03 9110-14.2-04 9110-14.4-01 9110-14.4-04 9110-15.3.7-04",
  ),
  ...reasonFor(
    "It needs a client that pipelines; one that is given two addresses to fetch one after the other does not.",
    "9112-9.3.2-02 9112-9.3.2-03 9112-9.3.2-04 9112-9.6-10",
  ),
  ...reasonFor(
    "It binds caches, or what a client does with a response long after it; a report of exit code and content does not show it.",
    "9110-5.6.7-02 9110-5.6.7-05 9110-10.2.3-01 9111-5.1-01 9111-5.3-02 9111-5.3-03",
  ),
  ...reasonFor(
    "It needs TLS whose closure alert is left out or looked for, and a connection tells neither.",
    "9112-9.8-01 9112-9.8-02 9112-9.8-03",
  ),
  ...reasonFor(
    "It needs a plain and a secure server in one case; a case has one server.",
    "9110-10.1.3-03 9110-10.1.3-04 6265bis-5.7-01",
  ),
  ...reasonFor(
    "It is about what a client keeps and for how long, beyond the one run that a case sees.",
    "6265-5.3-04 6265-5.3-05 6265bis-5.5-01",
  ),
  [
    "9112-9.4-01",
    "Requests at the same time are the caller's doing; a run fetches one address after the other.",
  ],
  [
    "9112-9.5-05",
    "The content goes by a command line and is shorter than what a socket takes at once: there is nothing left to stop.",
  ],
  ["9110-8.4.1.1-01", "No client offers compress, and it need not know what it has not offered."],
  ["9110-10.1.5-02", "What is advertising in a product's name is for people to judge."],
  ["9110-10.1.5-03", "What is needless detail is for people to judge."],
  [
    "9110-10.2.2-01",
    "The fragment stays with the client: neither the wire nor the content shows it.",
  ],
  [
    "6265-5.2.6-01",
    "Other interfaces than HTTP are the client's own; that HTTP still gets the cookie is shown elsewhere.",
  ],
  ["6265-5.3-02", "A scripted server has the name of one machine, under no public suffix."],
  [
    "6265-7.2-01",
    "Whether cookies are off is a setting of the client, of which its report says nothing.",
  ],
]);

function reasonFor(reason: string, ids: string): [string, string][] {
  return ids.split(" ").map((id) => [id, reason]);
}

/** What no contract brings about in a server. */
const NOT_SHOWN: ReadonlyMap<string, string> = new Map([
  ...reasonFor(
    "Blanks around values say nothing to a recipient, and the judge's reader takes them off as any recipient must; inside values they are the application's.",
    "9110-5.6.3-01 9110-5.6.3-02 9110-5.6.3-03 9110-5.6.3-04",
  ),
  ...reasonFor(
    "It binds what an application or a client puts into quotes and comments, and no contract asks for a field that has them.",
    "9110-5.6.4-02 9110-5.6.5-01",
  ),
  ...reasonFor(
    "What an application makes of a media type and its parameters is not on the wire; the contract's JSON has fields as they came.",
    "9110-5.6.6-01 9110-8.3.1-01",
  ),
  ...reasonFor(
    "Which trailers are sent, and how much hangs on them, is up to an application; no contract asks for any.",
    "9112-7.4-03 9110-6.5.1-03",
  ),
  ...reasonFor(
    "It needs an application that gives this status, or changes the protocol; no contract asks for one.",
    "9110-7.8-03 9110-7.8-06 9110-15.3.6-01 9110-15.5.2-01 9110-15.5.14-01 9110-15.5.22-01",
  ),
  ...reasonFor(
    "It needs a server that answers CONNECT with 2xx, which is a proxy.",
    "9110-8.6-06 9110-9.3.6-05",
  ),
  ...reasonFor(
    "Only the server knows whether a validator could be had, and when a page was changed; a contract cannot set its clock or its files.",
    "9110-8.8.2.1-01 9110-8.8.2.1-03 9110-8.8.3.1-01",
  ),
  ...reasonFor(
    "Directives of Cache-Control with field names are an application's; no contract asks for one.",
    "9111-5.2.2.4-01 9111-5.2.2.7-01",
  ),
  ...reasonFor(
    "No contract asks a server to set cookies.",
    "6265-3-02 6265-4.1.1-01 6265-4.1.1-02 6265-4.1.1-03 6265-4.1.1-04 6265-4.1.1-05 6265bis-4.1.3-01",
  ),
  ...reasonFor(
    "The contract's JSON has the Cookie field as it came; what an application takes from it is not on the wire.",
    "6265-4.2.2-01 6265-5.4-05",
  ),
  [
    "9112-9.8-05",
    "A TLS library tells the end of a connection in the same way with a closure alert and without one, so that the judge cannot see the difference.",
  ],
  ["9110-10.2.4-01", "What is needless detail is for people to judge."],
  [
    "9110-15.5.9-01",
    "How long a server waits for a request is its own choice, a minute and more with most; no case can tell patience from a fault in its time.",
  ],
]);

/** By id. A requirement that has got a case must go from here; a test sees to it. */
export const REASONS: ReadonlyMap<string, string> = new Map([
  ...NOT_ASKED,
  ...NOT_SHOWN,
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
