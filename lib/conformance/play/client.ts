/**
 * One client case, played once: a scripted server on an address of its own, the client, and the judgement.
 *
 * Rule of this file: how a client is started is handed in. Its report is the decisive event; time only ends the
 * wait for a client that hangs.
 */
import type { Listener } from "../../bufio/mod.ts";
import type { Ability, Ask, ClientCase, ClientOutcome } from "../case.ts";
import {
  differs,
  escapeText,
  expectedClientOutcomes,
  fill,
  type Fit,
  fitContent,
  fitCount,
  fitRequest,
  FITS,
} from "../judge/mod.ts";
import type { Played } from "./server.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { WireLog } from "./wire-log.ts";

/** What a client is to do. */
export interface ClientTask {
  readonly ask: Ask["do"];
  /** The address; for "get-twice" both of them, to be fetched one after the other in one run. */
  readonly urls: readonly string[];
  /** For "post" and "put": one char per octet. */
  readonly content: string | undefined;
  /** What the client has to be able to do, and may have to be told to. */
  readonly needs: readonly Ability[];
  /** Aborted at the deadline: the client is to be ended. */
  readonly signal: AbortSignal;
}

/** What a client says of itself. */
export interface ClientReport {
  /** Its exit code; 0 for success in whatever way the client tells it. */
  readonly exit: number;
  /** What it gave out: the content, one char per octet. */
  readonly output: string;
}

/** Starts the client under test. "cannot": it has no way to do such a task, and the case does not apply. */
export type ExecClient = (task: ClientTask) => Promise<ClientReport | "cannot">;

export interface ClientPlace {
  /** A listener of its own for each case. */
  readonly listen: () => Promise<Listener>;
  readonly scheme: "http" | "https";
  /** The host part of addresses, where it is not that of the listener. */
  readonly host?: string | undefined;
  readonly exec: ExecClient;
  readonly stepTimeoutMs: number;
  readonly caseTimeoutMs: number;
}

/** Plays the case. Rejects only when no listener can be had or `exec` does. */
export async function playClientCase(subject: ClientCase, place: ClientPlace): Promise<Played> {
  const listener = await place.listen();
  const log = new WireLog();
  const { port, host } = listener.addr;
  const base = `${place.scheme}://${place.host ?? host}:${port}`;
  const path = `/case/${subject.id}`;
  const server = new ScriptedServer(subject, { log, base, path, waitMs: place.caseTimeoutMs });
  listener.accept({ onConn: (conn) => void server.serve(conn), onFailure: () => {} });
  try {
    const report = await run(subject, place, { base, path });
    if (report === "cannot") {
      const message = `the client cannot ${subject.ask.do}`;
      return { class: "not-applicable", message, aside: [], wire: [] };
    }
    if (subject.outcomes.some(({ ended }) => ended !== undefined)) {
      await server.settled(place.stepTimeoutMs);
    }
    const aside = [...new Set(server.requests.flatMap(({ request }) => request.faults))];
    return { ...judge(subject, server, report), aside, wire: log.entries };
  } finally {
    server.end();
    await listener.close();
  }
}

type Reported = ClientReport | "hang";

async function run(
  subject: ClientCase,
  place: ClientPlace,
  { base, path }: { readonly base: string; readonly path: string },
): Promise<Reported | "cannot"> {
  const { ask } = subject;
  const user = "user" in ask && ask.user !== undefined ? `${ask.user}@` : "";
  const first = `${base.replace("//", `//${user}`)}${path}`;
  const blanks = { host: base, base, path, nowMs: Date.now(), field: () => undefined };
  const content = "content" in ask ? fill(ask.content, blanks) : undefined;
  const urls = ask.do === "get-twice" ? [first, first + ask.second] : [first];
  const deadline = new AbortController();
  const late = new Promise<"hang">((resolve) => {
    deadline.signal.addEventListener("abort", () => resolve("hang"), { once: true });
  });
  const timer = setTimeout(() => deadline.abort(), place.caseTimeoutMs);
  try {
    const task = {
      ask: ask.do,
      urls,
      content,
      needs: subject.needs ?? [],
      signal: deadline.signal,
    };
    return await Promise.race([place.exec(task), late]);
  } finally {
    clearTimeout(timer);
  }
}

function judge(
  subject: ClientCase,
  server: ScriptedServer,
  report: Reported,
): Pick<Played, "class" | "message"> {
  const said = inWords(report, server);
  let why = "";
  for (const outcome of subject.outcomes) {
    const fit = fitOutcome(outcome, server, report);
    if (fit.kind === "unknown") return { class: "not-applicable", message: fit.why };
    if (fit.kind === "differs") {
      if (outcome.class === "conforming" && why === "") why = fit.why;
      continue;
    }
    if (outcome.class === "conforming") return { class: "conforming", message: "" };
    return { class: outcome.class, message: told(subject, said, outcome.note ?? why) };
  }
  return { class: "violation", message: told(subject, said, why) };
}

function told(subject: ClientCase, said: string, why: string): string {
  const expected = expectedClientOutcomes(subject.outcomes);
  return `expected ${expected}; seen ${said}${why === "" ? "" : ` (${why})`}`;
}

function inWords(report: Reported, server: ScriptedServer): string {
  const sums = `${server.requests.length} requests on ${server.connections} connections`;
  if (report === "hang") return `no end before the deadline, ${sums}`;
  return `exit code ${report.exit}, output "${escapeText(report.output, 80)}", ${sums}`;
}

function fitOutcome(wanted: ClientOutcome, server: ScriptedServer, report: Reported): Fit {
  for (const fit of outcomeChecks(wanted, server, report)) if (fit.kind !== "fits") return fit;
  return FITS;
}

function* outcomeChecks(
  wanted: ClientOutcome,
  server: ScriptedServer,
  report: Reported,
): Generator<Fit> {
  const { blanks, requests } = server;
  const exit = report === "hang" ? "hang" : report.exit === 0 ? "ok" : "error";
  if (wanted.exit !== undefined && wanted.exit !== exit) {
    yield differs(report === "hang" ? "no end" : `exit code ${report.exit}`);
  }
  if (wanted.output !== undefined) {
    yield fitContent(report === "hang" ? "" : report.output, wanted.output, blanks);
  }
  if (wanted.requests !== undefined) yield fitCount("requests", requests.length, wanted.requests);
  if (wanted.connections !== undefined) {
    yield fitCount("connections", server.connections, wanted.connections);
  }
  for (const sent of wanted.sent ?? []) yield fitRequest(requests[sent.nth], sent, blanks);
  if (wanted.excess !== undefined && wanted.excess !== server.excess) {
    yield differs(`${server.excess} octets behind the last request`);
  }
  if (wanted.ended !== undefined && wanted.ended !== server.ended) {
    yield differs(`the connection ended by ${server.ended}`);
  }
}
