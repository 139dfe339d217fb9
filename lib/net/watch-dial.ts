/**
 * What a socket tells about its way to a connection, told to a DialTrace.
 * RFC 8305 · Go: httptrace.ClientTrace DNSStart, ConnectStart and their like
 *
 * Rule of this file: Node's events in, the trace's calls out, each start with its done. A Node that does not
 * tell of single attempts tells less.
 */
import { isIP, type Socket } from "node:net";
import { type DialTrace, IoError } from "../bufio/mod.ts";

/** Where the socket is going. */
export type WatchedTarget =
  | { readonly host: string; readonly port: number }
  | { readonly path: string };

/** Begins to watch a socket that has just begun to connect; `end` is called with how it went. */
export function watchDial(
  socket: Socket,
  target: WatchedTarget,
  trace: DialTrace,
): { end(error: unknown): void } {
  if ("path" in target) {
    trace.connectStart?.("unix", target.path);
    return { end: (error) => trace.connectDone?.("unix", target.path, error) };
  }
  const lookup = new LookupWatch(socket, target.host, trace);
  const attempts = new AttemptsWatch(socket, lookup, trace);
  return {
    end(error) {
      lookup.done(error);
      attempts.endAll(error);
    },
  };
}

/** 'lookup' comes once for each address, all in one turn, and before the first attempt. */
class LookupWatch {
  readonly #trace: DialTrace;
  readonly #addresses: string[] = [];
  #state: "asked" | "done";

  constructor(socket: Socket, host: string, trace: DialTrace) {
    this.#trace = trace;
    this.#state = isIP(host) === 0 ? "asked" : "done";
    if (this.#state === "done") return;
    trace.dnsStart?.(host);
    socket.on("lookup", (error: Error | null, address: string) => {
      if (error === null || error === undefined) this.#addresses.push(address);
      else this.done(error);
    });
  }

  done(error: unknown): void {
    if (this.#state === "done") return;
    this.#state = "done";
    const found = this.#addresses.length > 0;
    this.#trace.dnsDone?.(found ? { addresses: this.#addresses } : { error });
  }
}

class AttemptsWatch {
  readonly #trace: DialTrace;
  readonly #open: Set<string> = new Set();

  constructor(socket: Socket, lookup: LookupWatch, trace: DialTrace) {
    this.#trace = trace;
    socket.on("connectionAttempt", (ip: string, port: number, family: number) => {
      lookup.done(undefined);
      const address = addressOf(ip, port, family);
      this.#open.add(address);
      trace.connectStart?.("tcp", address);
    });
    socket.on(
      "connectionAttemptFailed",
      (ip: string, port: number, family: number, error: Error) => {
        this.#end(addressOf(ip, port, family), error);
      },
    );
    socket.on("connectionAttemptTimeout", (ip: string, port: number, family: number) => {
      this.#end(addressOf(ip, port, family), new IoError("connect-timed-out"));
    });
  }

  endAll(error: unknown): void {
    for (const address of this.#open) this.#end(address, error);
  }

  #end(address: string, error: unknown): void {
    if (this.#open.delete(address)) this.#trace.connectDone?.("tcp", address, error);
  }
}

function addressOf(ip: string, port: number, family: number): string {
  return family === 6 ? `[${ip}]:${port}` : `${ip}:${port}`;
}
