/**
 * The client's half of a soak: some hostile servers of `npm run dos` at a time, others in each window, and an
 * innocent one all the time.
 *
 * Rule of this file: all of it at default settings, by one process. At the end of each window nothing may be left of
 * its calls.
 */
import type { ClientCheck } from "../dos/client-check.ts";
import { CLIENT_CHECKS } from "../dos/checks.ts";
import { type AskPlan, type ClientOrder, type ClientReport, FOREIGN } from "../dos/client-order.ts";
import { HostileServer } from "../dos/hostile.ts";
import { type Helper, type Subject, startHelper } from "../dos/subject.ts";

const AT_A_TIME = 2;
const PAUSE_MS = 100;
/** It needs a client that is never late: what comes after the next request was sent is its answer. */
const ALONE = "on connections that lie idle";
const WARM_UP_REQUESTS = 300;

const ATTACKS = CLIENT_CHECKS.filter(
  ({ client, size, name }) =>
    Object.keys(client).length === 0 && size !== "full" && !name.includes(ALONE),
);

export class ClientSide {
  readonly client: Helper;
  readonly faults: Map<string, number> = new Map();
  calls = 0;
  readonly #innocentURL: string;
  #next = 0;
  #hostile: HostileServer[] = [];
  #under: readonly ClientCheck[] = [];

  private constructor(client: Helper, innocentURL: string) {
    this.client = client;
    this.#innocentURL = innocentURL;
  }

  static async start(innocent: Subject): Promise<ClientSide> {
    const client = await startHelper("client-barewire", ["{}"]);
    const { host, port } = innocent.target;
    const side = new ClientSide(client, `http://${host}:${port}/hello/you`);
    await side.#order({ kind: "warm-up", url: side.#innocentURL, requests: WARM_UP_REQUESTS });
    return side;
  }

  /** Begins a window. */
  async begin(): Promise<void> {
    this.#under = Array.from({ length: AT_A_TIME }, () => this.#take());
    this.#hostile = await Promise.all(
      this.#under.map(({ script }) => HostileServer.start("127.0.0.1", script)),
    );
    const plans = this.#under.map((check, i): AskPlan => {
      const url = this.#hostile[i]?.url ?? "";
      const times = check.calls === "again" ? "again" : "once";
      const { manner, upload } = check;
      const atATime = Math.min(20, Math.ceil(check.atATime / 10));
      return { urls: [url], manner, upload, times, atATime, pauseMs: check.pauseMs ?? PAUSE_MS };
    });
    await this.#order({ kind: "begin", innocentURL: this.#innocentURL, plans });
  }

  /** Ends it; what is under way is aborted. */
  async end(): Promise<ClientReport> {
    const report = (await this.#order({ kind: "finish", how: "abort" })) as ClientReport;
    await Promise.all(this.#hostile.map((server) => server.close()));
    const known = new Set([...this.#under.flatMap(({ codes }) => codes), "aborted"]);
    for (const [code, { times }] of report.outcomes) {
      this.calls += times;
      if (code === FOREIGN || !known.has(code)) this.#fault(`client: ended with ${code}`, times);
    }
    for (const what of report.left) this.#fault(`client: left over: ${what}`, 1);
    for (const [why, times] of report.failures) this.#fault(`client's innocent: ${why}`, times);
    return report;
  }

  #take(): ClientCheck {
    const check = ATTACKS[this.#next++ % ATTACKS.length];
    if (check === undefined) throw new Error("there are no attacks");
    return check;
  }

  #order(order: ClientOrder): Promise<unknown> {
    return this.client.ask(order);
  }

  #fault(what: string, times: number): void {
    const name = `${what} (${this.#under.map(({ name }) => name).join(", ")})`;
    this.faults.set(name, (this.faults.get(name) ?? 0) + times);
  }
}
