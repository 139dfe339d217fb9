/**
 * Fake peers for the runner's tests: servers written as a function of what has come, over a pipe.
 *
 * Rule of this file: no HTTP of ours in it; a peer writes the octets that a test wants to see judged.
 */
import { type Conn, type Dial, pipe } from "../../lib/bufio/mod.ts";
import type { CaseResult, RunReport, ServerCase, Verdict } from "../../lib/conformance/mod.ts";
import { WireClient } from "../../lib/testing/mod.ts";

export const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
export const BAD = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/** What a peer does on its nth connection. */
export type Serve = (peer: WireClient, nth: number) => Promise<void> | void;

/** A Dial to a peer in memory. */
export function dialTo(serve: Serve): Dial {
  let nth = 0;
  return async (): Promise<Conn> => {
    const [ours, theirs] = pipe();
    // A peer that is let go in the middle of its work has nothing more to say.
    Promise.resolve(serve(new WireClient(theirs), nth++)).catch(() => {});
    return ours;
  };
}

/** Answers each head by what the function makes of it; "close" ends, "reset" cuts, "" says nothing. */
export function answering(answer: (head: string, nth: number) => string): Serve {
  return async (peer, nth) => {
    for (;;) {
      const head = await peer.readUntil("\r\n\r\n", 3000);
      const text = answer(head, nth);
      if (text === "reset") return peer.reset();
      const [octets = "", end] = text.split("|");
      if (octets !== "") peer.send(octets);
      if (end === "close") return peer.close();
    }
  };
}

/** A case of contract 0 that sends one request with this field, and takes what is given. */
export function caseOf(id: string, row: Partial<ServerCase> = {}): ServerCase {
  return {
    id,
    role: "server",
    level: "MUST",
    topic: "test",
    title: `the case ${id}`,
    rationale: "Made for a test of the runner.",
    contract: 0,
    steps: [
      { do: "send", text: `GET / HTTP/1.1\r\nHost: {host}\r\nX-Case: ${id}\r\n\r\n` },
      { do: "expect", outcomes: [{ class: "conforming", seen: "response", status: [200] }] },
    ],
    ...row,
  };
}

export function verdicts(report: RunReport): Record<string, Verdict> {
  return Object.fromEntries(report.results.map(({ id, verdict }) => [id, verdict]));
}

/** A report with these results, for the tests of what is made of reports. */
export function reportOf(
  results: readonly Partial<CaseResult>[],
  row: Partial<RunReport> = {},
): RunReport {
  const whole = results.map(
    (result, i): CaseResult => ({
      id: `9112-3.2-0${i + 1}`,
      requirement: `9112-3.2-0${i + 1}`,
      section: "9112-3.2",
      level: "MUST",
      topic: "host",
      title: `case ${i + 1}`,
      verdict: "pass",
      counts: false,
      class: "conforming",
      message: "",
      attempts: ["conforming"],
      aside: [],
      durationMs: 3,
      ...result,
    }),
  );
  const count = (verdict: Verdict): number => whole.filter((r) => r.verdict === verdict).length;
  return {
    schema: 1,
    role: "server",
    peer: { name: "peer", address: "127.0.0.1:1" },
    transport: "plain",
    contract: 2,
    strictness: "must",
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 1234,
    counts: {
      pass: count("pass"),
      tolerated: count("tolerated"),
      info: count("info"),
      fail: count("fail"),
      "not-applicable": count("not-applicable"),
      flaky: count("flaky"),
      known: count("known"),
    },
    failures: whole.filter((r) => r.counts).length,
    unexpectedPasses: [],
    results: whole,
    ...row,
  };
}
