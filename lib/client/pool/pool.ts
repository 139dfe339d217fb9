/**
 * The pool: who gets which connection, when one is opened, and how many are kept.
 * Go: transport.go getConn, queueForIdleConn, queueForDial, tryPutIdleConn, wantConn
 *
 * Rule of this file: it matches calls and connections and counts both; how a connection is opened is the
 * Dialer's affair, what goes over it the Connection's. A call that waits is in exactly one queue, and is served
 * once, by whatever comes first: a connection that became free, or one that was dialled for whomever.
 *
 *   acquire ─► idle connection, most recently used first
 *           └► queue of its host, and a dial if the limits allow
 *   a connection becomes free, or a dial ends ─► first of the host's queue ─► idle
 */
import { type Alarm, type Clock } from "../../bufio/mod.ts";
import type { Call, CallHolder } from "../call.ts";
import type { Connection } from "../connection/mod.ts";
import { ClientError } from "../errors.ts";
import type { TransportSettings } from "../options.ts";
import type { PoolHooks, PoolStats } from "./pool-contracts.ts";
import { PoolHost } from "./pool-host.ts";
import type { Route } from "../route.ts";

export class Pool implements CallHolder, Alarm {
  deadlineAt: number = Infinity;
  readonly #hosts: Map<string, PoolHost> = new Map();
  readonly #clock: Clock;
  readonly #settings: TransportSettings;
  readonly #hooks: PoolHooks;
  #count = 0;
  #idle = 0;
  #waiting = 0;
  /** After closeIdle, until the next request: what becomes idle is closed. */
  #closesIdle = false;
  /** Why nothing is opened any more, once everything has been ended. */
  #closedBy: ((call: Call) => ClientError) | undefined;

  constructor(clock: Clock, settings: TransportSettings, hooks: PoolHooks) {
    this.#clock = clock;
    this.#settings = settings;
    this.#hooks = hooks;
  }

  /** Sends the call over an idle connection, or lets it wait for one; not one that is over already. */
  acquire(call: Call, now: number): void {
    if (this.#closedBy !== undefined) call.fail(this.#closedBy(call));
    if (call.state === "over") return;
    this.#closesIdle = false;
    const connection = this.#takeIdle(this.#hosts.get(call.route.key), now);
    if (connection !== undefined) {
      connection.start(call, now);
      return;
    }
    // Only now: a host whose last connection was passed over for its age is forgotten with it.
    const host = this.#hostOf(call.route);
    if (this.#pipeline(host, call, now)) return;
    call.holder = this;
    call.waitsUntil = now + this.#settings.timeouts.poolTimeout;
    host.waiting.set(call, undefined);
    this.#waiting++;
    this.#arm(call.waitsUntil);
    this.#dialFor(host, call);
  }

  /** A connection can take a call again; false when it is not kept. */
  release(connection: Connection): boolean {
    const host = this.#hosts.get(connection.key);
    if (host === undefined) return false;
    const call = this.#nextWaiting(host);
    if (call !== undefined) {
      connection.start(call, this.#clock.now());
      return true;
    }
    const { maxIdleConnsPerHost, maxIdleConns, maxConns } = this.#settings.limits;
    // Its place is wanted elsewhere.
    if (this.#waiting > 0 && this.#count >= maxConns) return false;
    if (this.#closesIdle || host.idle.length >= maxIdleConnsPerHost || maxIdleConns < 1)
      return false;
    host.idle.push(connection);
    this.#idle++;
    if (this.#idle > maxIdleConns) this.#closeOldest();
    return true;
  }

  /** A connection is over, or its caller's. */
  forget(connection: Connection): void {
    const host = this.#hosts.get(connection.key);
    if (host === undefined) return;
    if (!host.all.delete(connection)) return;
    const at = host.idle.indexOf(connection);
    if (at >= 0) {
      host.idle.splice(at, 1);
      this.#idle--;
    }
    this.#count--;
    this.#goOn(host);
  }

  /** Go: CloseIdleConnections */
  closeIdle(): void {
    this.#closesIdle = true;
    for (const host of this.#hosts.values()) {
      for (const connection of host.idle.slice()) connection.close();
      const wanted = new Set(host.waiting.values());
      for (const dial of host.dials)
        if (!wanted.has(dial)) dial.abort(new Error("not wanted any more"));
    }
  }

  /** Ends everything, and whatever comes later. */
  destroy(reason: (call: Call) => ClientError): void {
    this.#closedBy = reason;
    for (const host of this.#hosts.values()) {
      for (const call of host.waiting.keys()) {
        this.#forgetWaiting(host, call);
        call.fail(reason(call));
      }
      for (const dial of host.dials) dial.abort(new Error("the transport is closed"));
      for (const connection of host.all) connection.destroy(reason);
    }
  }

  stats(): PoolStats {
    let dialing = 0;
    for (const host of this.#hosts.values()) dialing += host.dials.size;
    const busy = this.#count - this.#idle - dialing;
    return { idle: this.#idle, busy, dialing, waiting: this.#waiting };
  }

  /** A waiting call is not wanted any more; its dial goes on, for others. */
  onCallAborted(call: Call): void {
    const host = this.#hosts.get(call.route.key);
    if (host !== undefined) this.#forgetWaiting(host, call);
  }

  /** Calls may have waited too long. */
  onDeadline(): void {
    const now = this.#clock.now();
    const late: [PoolHost, Call][] = [];
    let next = Infinity;
    for (const host of this.#hosts.values()) {
      for (const call of host.waiting.keys()) {
        if (call.waitsUntil > now) next = Math.min(next, call.waitsUntil);
        else late.push([host, call]);
      }
    }
    if (next === Infinity) this.#clock.unwatch(this);
    this.deadlineAt = next;
    // Told when all is in order again: whoever hears of it may ask once more, or end others.
    for (const [host, call] of late) {
      this.#forgetWaiting(host, call);
      call.fail(
        call.error("pool-timed-out", "pool", { detail: `${host.count} connections there` }),
      );
    }
  }

  /** The idle connection used last, those passed over that are too old or have gone. */
  #takeIdle(host: PoolHost | undefined, now: number): Connection | undefined {
    if (host === undefined) return undefined;
    for (let last = host.idle.pop(); last !== undefined; last = host.idle.pop()) {
      this.#idle--;
      // The clock's alarm may be late, by hours after the machine slept.
      if (last.isIdle && last.deadlineAt > now) return last;
      last.close();
    }
    return undefined;
  }

  #pipeline(host: PoolHost, call: Call, now: number): boolean {
    const depth = this.#settings.limits.pipeliningDepth;
    if (depth <= 1 || host.count < this.#settings.limits.maxConnsPerHost) return false;
    for (const connection of host.all) if (connection.startBehind(call, depth, now)) return true;
    return false;
  }

  /** Begins a dial for a call that waits, if there may be one connection more. */
  #dialFor(host: PoolHost, call: Call): void {
    const { maxConns, maxConnsPerHost } = this.#settings.limits;
    if (host.count >= maxConnsPerHost) return;
    while (this.#count >= maxConns) {
      if (!this.#closeOldest()) return;
      // The place goes to whoever is next: that may have been this call, and its dial is running.
      if (!host.waiting.has(call) || host.isDialled(call)) return;
    }
    const dial = new AbortController();
    host.dials.add(dial);
    host.waiting.set(call, dial);
    this.#count++;
    void this.#dial(host, call, dial);
  }

  async #dial(host: PoolHost, call: Call, dial: AbortController): Promise<void> {
    let connection: Connection | "taken-over";
    try {
      connection = await this.#hooks.dial(call, dial.signal);
    } catch (error) {
      host.dials.delete(dial);
      this.#count--;
      this.#dialFailed(host, call, dial, error);
      this.#goOn(host);
      return;
    }
    host.dials.delete(dial);
    if (connection === "taken-over") {
      this.#giveAway(host);
      return;
    }
    host.all.add(connection);
    if (connection.isOver) {
      // It ended or spoke before it was asked, and so might the next, and the one after that.
      this.#dialFailed(host, call, dial, call.error("connection-lost", "connect"));
      this.forget(connection);
    }
    // A hook that does not look at its signal may come with what nobody wants any more.
    else if (dial.signal.aborted || !this.release(connection)) connection.close();
  }

  /** Only the call that began the dial hears of its failure, and only if nothing else came for it. */
  #dialFailed(host: PoolHost, call: Call, dial: AbortController, error: unknown): void {
    if (!host.waiting.has(call) || host.waiting.get(call) !== dial) return;
    this.#forgetWaiting(host, call);
    call.fail(error);
  }

  /** All that wait there go to whoever speaks the other protocol. */
  #giveAway(host: PoolHost): void {
    this.#count--;
    for (const call of host.waiting.keys()) {
      this.#forgetWaiting(host, call);
      this.#hooks.handOver(call);
    }
    this.#goOn(host);
  }

  /** A place is free: the next call without a dial gets one, here first, then anywhere. */
  #goOn(host: PoolHost): void {
    this.#dialNext(host);
    this.#dropEmpty(host);
    if (this.#waiting === 0) return;
    for (const other of this.#hosts.values()) if (other !== host) this.#dialNext(other);
  }

  #dialNext(host: PoolHost): void {
    if (host.waiting.size <= host.dials.size) return;
    for (const call of host.waiting.keys()) {
      if (host.isDialled(call)) continue;
      this.#dialFor(host, call);
      return;
    }
  }

  #nextWaiting(host: PoolHost): Call | undefined {
    const [call] = host.waiting.keys();
    if (call !== undefined) this.#forgetWaiting(host, call);
    return call;
  }

  #forgetWaiting(host: PoolHost, call: Call): void {
    if (host.waiting.delete(call)) this.#waiting--;
    if (this.#waiting === 0 && this.deadlineAt !== Infinity) {
      this.#clock.unwatch(this);
      this.deadlineAt = Infinity;
    }
    this.#dropEmpty(host);
  }

  /** Forgets a host of which nothing is left, but not the one that has taken its place meanwhile. */
  #dropEmpty(host: PoolHost): void {
    if (host.isEmpty && this.#hosts.get(host.key) === host) this.#hosts.delete(host.key);
  }

  /** Closes the connection that has been idle longest; false when there is none. */
  #closeOldest(): boolean {
    let oldest: Connection | undefined;
    for (const host of this.#hosts.values()) {
      const first = host.idle[0];
      if (first !== undefined && (oldest === undefined || first.idleAt < oldest.idleAt))
        oldest = first;
    }
    oldest?.close();
    return oldest !== undefined;
  }

  #arm(at: number): void {
    if (at >= this.deadlineAt || at === Infinity) return;
    if (this.deadlineAt === Infinity) this.#clock.watch(this, this.#settings.timeouts.poolTimeout);
    this.deadlineAt = at;
  }

  #hostOf(route: Route): PoolHost {
    let host = this.#hosts.get(route.key);
    if (host === undefined) {
      host = new PoolHost(route.key);
      this.#hosts.set(route.key, host);
    }
    return host;
  }
}
