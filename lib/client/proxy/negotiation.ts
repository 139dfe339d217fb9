/**
 * The talk with a proxy before the tunnel stands: over one Conn, in one span of time.
 * Go: transport.go dialConn (the part after the dial)
 *
 * Rule of this file: it knows time, the signal and whose the connection is, and nothing of what is said. A
 * talk that fails, is late or is aborted ends the connection; one that succeeds gives it away as new.
 */
import { type Alarm, type Clock, type Conn, HandedConn, Reader } from "../../bufio/mod.ts";
import { ProxyError } from "./errors.ts";
import { PROXY_TIMEOUTS } from "./timeouts.ts";

export interface NegotiationOptions {
  readonly clock: Clock;
  /** ms for the whole talk; Infinity for no limit. Default 60,000, see PROXY_TIMEOUTS. */
  readonly timeoutMs?: number | undefined;
  /** Ends the talk; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Talks over a Conn that nobody has started. Resolves to the Conn behind the talk: what came after its last
 * octet is delivered first.
 */
export async function negotiate(
  conn: Conn,
  options: NegotiationOptions,
  talk: (reader: Reader) => Promise<void>,
): Promise<Conn> {
  const { signal } = options;
  const reader = new Reader(conn);
  const limit = new Limit(options);
  try {
    signal?.throwIfAborted();
    conn.start(reader);
    await Promise.race([talk(reader), limit.passed]);
    signal?.throwIfAborted();
    if (reader.error !== undefined) throw reader.error;
    const head = reader.takeAll();
    return new HandedConn(conn, { head, peer: reader.ended ? "ended" : "open" });
  } catch (error) {
    conn.abort();
    // Also when another error came in the same turn.
    throw signal?.aborted === true ? signal.reason : error;
  } finally {
    limit.lift();
  }
}

/** The deadline and the signal as one promise, which only ever rejects. */
class Limit implements Alarm {
  deadlineAt: number;
  readonly passed: Promise<never>;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #reject: (reason: unknown) => void = () => {};
  readonly #onAbort = (): void => this.#reject(this.#signal?.reason);

  constructor({ clock, signal, timeoutMs }: NegotiationOptions) {
    const ms = timeoutMs ?? PROXY_TIMEOUTS.proxyConnectTimeout.default;
    this.#clock = clock;
    this.#signal = signal;
    this.deadlineAt = clock.now() + ms;
    this.passed = new Promise<never>((_resolve, reject) => {
      this.#reject = reject;
    });
    clock.watch(this, ms);
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  onDeadline(): void {
    this.#reject(new ProxyError("proxy-timed-out"));
  }

  lift(): void {
    this.#clock.unwatch(this);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
