/**
 * Runs cases against a reference or a mutant of it, in memory.
 *
 * Rule of this file: the tester as it is, over pipes; what is written here only puts the two together.
 */
import { type Conn, type Listener, pipe } from "../../../lib/bufio/mod.ts";
import {
  type CaseResult,
  type ClientCase,
  runClientCases,
  type RunOptions,
  runServerCases,
  type ServerCase,
} from "../../../lib/conformance/mod.ts";
import type { ClientFault } from "./client-mutants.ts";
import { ReferenceClient } from "./reference-client.ts";
import { ReferenceServer } from "./reference-server.ts";
import type { ServerFault } from "./server-mutants.ts";

/** Waits fail after this: no network can be slow here. A machine can, so failures are repeated. */
const OPTIONS: RunOptions = {
  stepTimeoutMs: 800,
  caseTimeoutMs: 6000,
  concurrency: 24,
  repeats: 1,
  keepWire: "none",
};

/** A server with these faults, judged by these cases. */
export async function tryServer(
  cases: readonly ServerCase[],
  faults: readonly ServerFault[],
  options: RunOptions = {},
): Promise<readonly CaseResult[]> {
  const server = new ReferenceServer(...faults);
  const dial = async (): Promise<Conn> => {
    const [ours, theirs] = pipe();
    void server.serve(theirs);
    return ours;
  };
  const target = { host: "reference.example", port: 80 };
  const report = await runServerCases(cases, target, {
    ...OPTIONS,
    caseTimeoutMs: 20_000,
    ...options,
    contract: 2,
    dial,
  });
  return report.results;
}

/** Ports that are open in memory, by number. */
class Ports {
  readonly #open = new Map<number, (conn: Conn) => void>();
  #next = 1;

  readonly listen = async (): Promise<Listener> => {
    const port = this.#next++;
    const accept: Listener["accept"] = (callbacks) =>
      void this.#open.set(port, (conn) => callbacks.onConn(conn));
    const close = async (): Promise<void> => void this.#open.delete(port);
    return { accept, close, addr: { network: "tcp", host: "127.0.0.1", port } };
  };

  readonly dial = (port: number): Conn | undefined => {
    const onConn = this.#open.get(port);
    if (onConn === undefined) return undefined;
    const [ours, theirs] = pipe();
    onConn(theirs);
    return ours;
  };
}

/** A client with these faults, judged by these cases. */
export async function tryClient(
  cases: readonly ClientCase[],
  faults: readonly ClientFault[],
  options: RunOptions = {},
): Promise<readonly CaseResult[]> {
  const ports = new Ports();
  const client = new ReferenceClient(ports.dial, faults);
  const target = { name: "the reference client", listen: ports.listen, exec: client.exec };
  const report = await runClientCases(cases, target, { ...OPTIONS, ...options });
  return report.results;
}
