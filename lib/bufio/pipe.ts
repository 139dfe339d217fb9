/**
 * Two connected Conns in memory, with the habits of a network where a test wants them.
 * Go: net.Pipe
 *
 * Rule of this file: it behaves like a socket, not like a function call. Delivery is never inside `write`,
 * bytes are copied once on the way, and up to `highWaterBytes` are on the way at a time. Deadlines are not
 * here: an Alarm of the Clock aborts, as on any Conn.
 */
import type { Addr, Conn, ConnSink, Tenure } from "./conn.ts";
import { Delivery, type Source } from "./delivery.ts";
import { Drain, rejected } from "./drain.ts";
import { IoError } from "./errors.ts";
import { latin1Bytes } from "./latin1.ts";
import { Network, PIECE_BYTES_MAX, type PipeOptions } from "./pipe-network.ts";
import { isPoisoning, POISON } from "./poison.ts";

export type { PipeOptions } from "./pipe-network.ts";

/** A connected pair: what one end writes the other is fed. */
export function pipe(options: PipeOptions = {}): [Conn, Conn] {
  const network = new Network(options);
  const left = new PipeEnd(network, { network: "pipe", host: "left", port: 0 });
  const right = new PipeEnd(network, { network: "pipe", host: "right", port: 0 });
  left.join(right);
  right.join(left);
  return [left, right];
}

/** What is on the way: bytes, the end, or the news that the other side has cut the connection. */
type Parcel = Uint8Array | "end" | "reset";

class PipeEnd implements Conn, Source {
  readonly localAddr: Addr;
  readonly #network: Network;
  readonly #delivery: Delivery = new Delivery();
  #peer: PipeEnd | undefined = undefined;
  #tenure: Tenure;
  #scratch: Uint8Array | undefined = undefined;

  /** Towards us, in order; the first `#arrived` of them have got here. */
  readonly #inbox: Parcel[] = [];
  #arrived = 0;
  #isPumping = false;
  /** Bytes of ours that the other end has not been fed. */
  #underwayBytes = 0;
  #acceptedBytes = 0;
  #writeSide: "open" | "ended" | "dead" = "open";
  #readSide: "open" | "ended" = "open";
  /** Closed for its owner: what still arrives is dropped. */
  #deaf = false;
  #failure: IoError | undefined = undefined;
  #drain: Drain | undefined = undefined;

  constructor(network: Network, addr: Addr) {
    this.#network = network;
    this.#tenure = network.tenure;
    this.localAddr = addr;
    this.#delivery.source = this;
  }

  join(peer: PipeEnd): void {
    this.#peer = peer;
  }
  get remoteAddr(): Addr | undefined {
    return this.#peer?.localAddr;
  }
  start(sink: ConnSink): void {
    this.#delivery.start(sink);
  }
  handOver(sink: ConnSink): void {
    this.#delivery.handOver(sink);
  }
  resume(): void {
    this.#delivery.resume();
  }
  pause(): void {
    this.#delivery.pause();
  }
  setTenure(tenure: Tenure): void {
    this.#tenure = tenure;
  }
  startReading(): void {
    this.#pumpSoon();
  }
  // The pump looks at the delivery before each piece.
  stopReading(): void {}

  write(data: Uint8Array | string): "taken" | "pending" {
    const peer = this.#peer;
    if (this.#writeSide !== "open" || data.length === 0 || peer === undefined) return "taken";
    if (peer.#deaf) {
      // As a socket: the other side answers bytes that nobody reads with a reset, and is over with that.
      this.#writeSide = "dead";
      this.#network.travel(() => {
        this.#fail(new IoError("broken-pipe"));
        peer.#fail(new IoError("closed"));
      });
      return "taken";
    }
    this.#acceptedBytes += data.length;
    this.#underwayBytes += data.length;
    this.#post(typeof data === "string" ? latin1Bytes(data) : data.slice());
    return this.queuedBytes === 0 ? "taken" : "pending";
  }

  get queuedBytes(): number {
    return Math.max(0, this.#underwayBytes - this.#network.highWaterBytes);
  }

  get takenBytes(): number {
    return this.#acceptedBytes - this.queuedBytes;
  }

  drained(): Promise<void> {
    const failure = this.#failure;
    if (failure !== undefined && failure.code !== "closed") return rejected(failure);
    if (this.queuedBytes === 0) return Promise.resolve();
    this.#drain ??= new Drain();
    return this.#drain.promise;
  }

  closeWrite(): void {
    if (this.#writeSide !== "open") return;
    this.#writeSide = "ended";
    this.#post("end");
  }

  close(): void {
    if (this.#deaf) return;
    this.closeWrite();
    this.#goDeaf();
  }

  abort(): void {
    if (this.#failure !== undefined) return;
    const failure = new IoError("aborted");
    const peer = this.#peer;
    if (peer !== undefined && peer.#failure === undefined) {
      // What is under way is lost, as with a reset on a network.
      peer.#inbox.length = 0;
      peer.#arrived = 0;
      this.#underwayBytes = 0;
      this.#post("reset");
    }
    this.#writeSide = "dead";
    this.#goDeaf();
    this.#breakOff(failure);
    queueMicrotask(() => this.#delivery.finish(failure));
  }

  #goDeaf(): void {
    this.#deaf = true;
    this.#delivery.silence();
    this.#pumpSoon();
  }

  #fail(failure: IoError): void {
    if (this.#failure !== undefined) return;
    this.#writeSide = "dead";
    this.#breakOff(failure);
    this.#delivery.finish(failure);
  }

  #breakOff(failure: IoError): void {
    this.#failure = failure;
    this.#drain?.reject(failure);
    this.#drain = undefined;
  }

  #post(parcel: Parcel): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    peer.#inbox.push(parcel);
    this.#network.travel(() => {
      peer.#arrived += 1;
      peer.#pump();
    });
  }

  // One piece a microtask: those of the sink run in between.
  #pumpSoon(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isPumping) return;
    if (this.#step() === "moved") this.#pumpSoon();
    this.#finishWhenBothEnded();
  }

  #step(): "moved" | "waiting" {
    const parcel = this.#inbox[0];
    if (this.#arrived <= 0 || parcel === undefined) return "waiting";
    if (parcel === "reset") {
      this.#take();
      this.#fail(new IoError("reset"));
    } else if (!this.#delivery.isFlowing && !this.#deaf) {
      return "waiting";
    } else if (parcel === "end") {
      this.#take();
      this.#readSide = "ended";
      this.#delivery.end();
    } else if (this.#deaf) {
      this.#take();
      this.#fedFromPeer(parcel.length);
    } else {
      this.#feed(parcel);
    }
    return "moved";
  }

  #take(): void {
    this.#inbox.shift();
    this.#arrived -= 1;
  }

  #feed(parcel: Uint8Array): void {
    const length = Math.min(parcel.length, this.#network.pieceBytes());
    if (length === parcel.length) this.#take();
    else this.#inbox[0] = parcel.subarray(length);
    this.#fedFromPeer(length);
    if (this.#tenure === "given") {
      // A copy: the receiver may do with its array what it likes.
      this.#delivery.bytes(parcel.slice(0, length), "given");
      return;
    }
    this.#scratch ??= new Uint8Array(PIECE_BYTES_MAX);
    this.#scratch.set(parcel.subarray(0, length));
    this.#delivery.bytes(this.#scratch.subarray(0, length), "borrowed");
    if (isPoisoning()) this.#scratch.fill(POISON, 0, length);
  }

  #fedFromPeer(length: number): void {
    const peer = this.#peer;
    if (peer === undefined) return;
    peer.#underwayBytes -= length;
    if (peer.#drain === undefined || peer.queuedBytes > 0) return;
    peer.#drain.resolve();
    peer.#drain = undefined;
  }

  // As a socket, an end is over when the way below has taken what it sent and it hears nothing more.
  #finishWhenBothEnded(): void {
    for (const end of [this, this.#peer]) {
      if (end === undefined || end.#failure !== undefined) continue;
      const heard = end.#readSide === "ended" || end.#deaf;
      if (!heard || end.#writeSide !== "ended" || end.queuedBytes > 0) continue;
      const closed = new IoError("closed");
      end.#breakOff(closed);
      end.#delivery.finish(closed);
    }
  }
}
