/**
 * One check of a client: it asks hostile servers and an innocent one, is watched, and judged.
 *
 * Rule of this file: as for servers (run.ts), a full run gives each check a client of its own; a short one lets checks
 * of the same settings share theirs. The hostile servers are still there when it is judged what is left over.
 */
import {
  type Finding,
  GROWTH_MIB_MAX,
  P99_MS_MAX,
  SETTLE_MS_MAX,
  WARM_UP_REQUESTS,
} from "./check.ts";
import { type ClientCheck, faultsOf, type ScriptCheck, tryScript } from "./client-check.ts";
import type { AskPlan, ClientOrder, ClientReport, ClientSpec } from "./client-order.ts";
import { HostileServer } from "./hostile.ts";
import { percentile } from "./latency.ts";
import { sleep } from "./peer.ts";
import { descriptorsOf, residentMib } from "./proc.ts";
import { settle } from "./run.ts";
import { type Helper, startHelper, startSubject, type Subject, type Watcher } from "./subject.ts";
import type { Watched } from "./watcher.ts";

export interface ClientRunOptions {
  readonly size: "short" | "full";
  readonly host: string;
  readonly client: "barewire" | "fetch";
}

const FULL_SECONDS = 4;
const SHORT_SECONDS = 0.2;
const SHORT_PART = 5;
/** A call that has not ended so long after its time never will. */
const NEVER_MS = 8000;

/** Runs checks one after the other, with one watcher and one innocent server. */
export class ClientRunner {
  readonly #watcher: Watcher;
  readonly #options: ClientRunOptions;
  #innocent: Subject | undefined;
  #shared: { readonly key: string; readonly client: Helper } | undefined;

  constructor(watcher: Watcher, options: ClientRunOptions) {
    this.#watcher = watcher;
    this.#options = options;
  }

  async run(check: ClientCheck): Promise<Finding> {
    const { size, host, client: subject } = this.#options;
    this.#innocent ??= await startSubject({ program: "rig" }, host, "barewire");
    const client = await this.#clientFor(check.client);
    const hostile = await this.#startAll(check);
    const { pid } = client;
    const atATime = size === "full" ? check.atATime : Math.ceil(check.atATime / SHORT_PART);
    const { target } = this.#innocent;
    await this.#watcher.begin({ target, pid, innocents: [], warmth: "warm" });
    const plan: AskPlan = {
      urls: hostile.map(({ url }) => url),
      manner: check.manner,
      atATime,
      times: check.calls === "again" ? "again" : "once",
      upload: check.upload,
      pauseMs: check.pauseMs,
    };
    await order(client, { kind: "begin", innocentURL: this.#innocentURL, plans: [plan] });
    await sleep((size === "full" ? FULL_SECONDS : SHORT_SECONDS) * 1000);
    const report = (await order(client, ending(check))) as ClientReport;
    const watched = withLatencies(await this.#watcher.end(), report);
    const settled = await settle(pid, watched.before.descriptors);
    const after = { mib: residentMib(pid), descriptors: descriptorsOf(pid) };
    const problems = [...judge(watched, report), ...faultsOf(check, report.outcomes, subject)];
    if (settled === undefined) {
      const left = after.descriptors - watched.before.descriptors;
      problems.push(`${left} descriptors left over after ${SETTLE_MS_MAX} ms`);
    }
    const sent = hostile.reduce((sum, server) => sum + server.takenBytes, 0);
    const sentMax = check.sentBytesMax?.(atATime) ?? Infinity;
    if (sent > sentMax) problems.push(`the servers got rid of ${mib(sent)} MiB`);
    if (!client.alive) problems.push("the client has died");
    await Promise.all(hostile.map((server) => server.close()));
    if (problems.length > 0 || size === "full") await this.#discard();
    return { subject, watched, after, seen: figuresOf(report), problems };
  }

  /** A script of its own, that must end. */
  async runScript(check: ScriptCheck): Promise<Finding> {
    const server = await HostileServer.start(this.#options.host, check.script);
    const problems: string[] = [];
    let seen = "";
    try {
      seen = await tryScript(check, server);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
    await server.close();
    const after = { mib: 0, descriptors: 0 };
    return { subject: "barewire", watched: undefined, after, seen, problems };
  }

  /** Ends what is still shared. */
  async finish(): Promise<void> {
    await this.#discard();
    await this.#innocent?.end("SIGKILL");
  }

  get #innocentURL(): string {
    const { host, port } = this.#innocent?.target ?? { host: "", port: 0 };
    return `http://${host.includes(":") ? `[${host}]` : host}:${port}/hello/you`;
  }

  async #clientFor(spec: ClientSpec): Promise<Helper> {
    const key = JSON.stringify(spec);
    if (this.#shared?.key === key && this.#shared.client.alive) return this.#shared.client;
    await this.#discard();
    const client = await startHelper(`client-${this.#options.client}`, [key]);
    this.#shared = { key, client };
    const url = this.#innocentURL;
    await order(client, { kind: "warm-up", url, requests: WARM_UP_REQUESTS });
    return client;
  }

  #startAll({ servers = 1, script }: ClientCheck): Promise<HostileServer[]> {
    const { host } = this.#options;
    return Promise.all(Array.from({ length: servers }, () => HostileServer.start(host, script)));
  }

  async #discard(): Promise<void> {
    await this.#shared?.client.end();
    this.#shared = undefined;
  }
}

function ending({ calls, msMax = 0 }: ClientCheck): ClientOrder {
  if (calls === "held") return { kind: "finish", how: "abort" };
  return { kind: "finish", how: "wait", msMax: msMax + NEVER_MS };
}

function order(client: Helper, what: ClientOrder): Promise<unknown> {
  return client.ask(what);
}

/** The watcher asks nobody here: the innocents are the client's own. */
export function withLatencies(watched: Watched, { latencies, failures }: ClientReport): Watched {
  return {
    ...watched,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    worstMs: latencies.at(-1) ?? 0,
    answers: latencies.length,
    failures,
  };
}

function judge(watched: Watched, report: ClientReport): string[] {
  const problems = report.left.map((what) => `left over: ${what}`);
  const growth = watched.peak.mib - watched.before.mib;
  if (growth > GROWTH_MIB_MAX) problems.push(`memory grew by ${growth.toFixed(0)} MiB`);
  if (watched.p99Ms > P99_MS_MAX) problems.push(`p99 of innocents ${watched.p99Ms.toFixed(0)} ms`);
  if (watched.answers === 0) problems.push("no innocent was answered");
  for (const [why, times] of watched.failures) problems.push(`innocent ${why} (${times} times)`);
  return problems;
}

/** "head-too-large 412 times, at most 0.3 MiB, 2 to 35 ms". */
function figuresOf({ outcomes }: ClientReport): string {
  return outcomes
    .toSorted(([, a], [, b]) => b.times - a.times)
    .slice(0, 4)
    .map(([code, { times, octetsMax, msMin, msMax }]) => {
      const octets = octetsMax > 0 ? `, at most ${mib(octetsMax)} MiB` : "";
      return `${code} ${times} times${octets}, ${Math.round(msMin)} to ${Math.round(msMax)} ms`;
    })
    .join("; ");
}

function mib(octets: number): string {
  return (octets / 1_048_576).toFixed(2);
}
