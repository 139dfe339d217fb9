/**
 * The fast way to read a socket: into one buffer shared by all connections, without stream machinery.
 * Go: none (there a goroutine reads into its own buffer)
 *
 * Rule of this file: everything that leans on the inside of net.Socket is here, behind a check of the very
 * fields it touches. Where they are missing (TLS, other runtimes, a Node that changed them) `rewrap`
 * answers undefined and the caller reads by 'data' events.
 *
 *   accepted socket ── handle ──► second socket with `onread` ──► Delivery
 *        (dropped)      '─ counted by the same net.Server
 *
 * Without the handing over of `_server` the server's count never falls: close() would never call back and
 * maxConnections would refuse for ever.
 */
import { type Server, Socket } from "node:net";
import { type Delivery, isPoisoning, POISON, type Tenure } from "../bufio/mod.ts";

/** What libuv reads at a time. */
export const READ_BYTES = 65_536;
/** From this much on a private buffer is given away instead of copied from. */
const GIVE_AWAY_BYTES = READ_BYTES / 2;

let sharedBuffer: Uint8Array | undefined;

/** The `onread` option of a net.Socket. */
interface OnRead {
  buffer: () => Uint8Array;
  callback: (count: number, into: Uint8Array) => boolean;
}

/** The read buffers of one connection. */
export class FastReads {
  /** What the next reads go into: the shared buffer, or one of our own. */
  tenure: Tenure = "borrowed";
  readonly #delivery: Delivery;
  #next: Uint8Array | undefined = undefined;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  /** For a socket that we connect. */
  onread(): OnRead {
    return {
      buffer: () => this.nextBuffer(),
      callback: (count, into) => this.onRead(count, into),
    };
  }

  // Node asks after each read; a switch of tenure counts from the read after the next on.
  nextBuffer(): Uint8Array {
    if (this.tenure === "borrowed") {
      this.#next = undefined;
      return theSharedBuffer();
    }
    this.#next ??= new Uint8Array(Buffer.allocUnsafeSlow(READ_BYTES).buffer);
    return this.#next;
  }

  // False pauses the socket. Nothing is thrown from here: Delivery catches what a sink throws.
  onRead(count: number, into: Uint8Array): boolean {
    if (into === sharedBuffer) {
      const answer = this.#delivery.bytes(into.subarray(0, count), "borrowed");
      if (isPoisoning()) into.fill(POISON, 0, count);
      return answer === "more";
    }
    if (count < GIVE_AWAY_BYTES) {
      return this.#delivery.bytes(into.slice(0, count), "given") === "more";
    }
    // Never two owners of one ArrayBuffer: the receiver may transfer it while the kernel fills the rest.
    this.#next = undefined;
    return this.#delivery.bytes(into.subarray(0, count), "given") === "more";
  }
}

function theSharedBuffer(): Uint8Array {
  sharedBuffer ??= new Uint8Array(READ_BYTES);
  return sharedBuffer;
}

const READS = Symbol("reads");

/** Whose read was the last: Node asks for the next buffer right behind it, and does not say for whom. */
let lastRead: FastReads | undefined;

/**
 * One for all accepted sockets: functions of its own would cost each idle connection 300 bytes. Node calls back
 * with the socket as `this`.
 */
const ACCEPTED_ONREAD = {
  buffer: (): Uint8Array => lastRead?.nextBuffer() ?? theSharedBuffer(),
  callback(this: { readonly [READS]: FastReads }, count: number, into: Uint8Array): boolean {
    const answer = this[READS].onRead(count, into);
    lastRead = this[READS];
    return answer;
  },
};

/** The inside of an accepted socket, as far as it is taken over. */
interface Inside {
  [READS]?: FastReads;
  _handle: { readStart?: unknown; readStop?: unknown; useUserBuffer?: unknown } | null;
  _server: Server | null;
}

/**
 * Takes the handle out of a socket that a server with `pauseOnConnect` has just accepted, into a second
 * socket that reads the fast way. Reading has not begun. The first socket must not be used any more.
 * Undefined: this is not possible here, the first socket is untouched.
 */
export function rewrap(first: Socket, reads: FastReads): Socket | undefined {
  const old = first as unknown as Inside;
  const handle = old._handle;
  if (!isHandle(handle) || !("_server" in old) || old._server === null) return undefined;
  const options = {
    handle,
    onread: ACCEPTED_ONREAD,
    allowHalfOpen: true,
    // Reads nothing before the Conn is started; a Node that ignores it costs a held delivery, no more.
    pauseOnCreate: true,
  };
  lastRead = undefined;
  const second = new Socket(options);
  const fresh = second as unknown as Inside;
  fresh[READS] = reads;
  fresh._server = old._server;
  old._server = null;
  old._handle = null;
  return second;
}

function isHandle(handle: Inside["_handle"] | undefined): boolean {
  if (typeof handle !== "object" || handle === null) return false;
  if (typeof handle.useUserBuffer !== "function") return false;
  return typeof handle.readStart === "function" && typeof handle.readStop === "function";
}
