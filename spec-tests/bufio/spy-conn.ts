/**
 * A Conn that remembers: what was written to it, in how many writes, and what its reader asked for.
 *
 * Rule of this file: nothing happens by itself; the test plays the peer.
 */
import type { Conn, ConnSink, Tenure } from "../../lib/bufio/mod.ts";
import { text } from "../kit.ts";

export class SpyConn implements Conn {
  /** Each write as latin1 text, with the kind it came as. */
  readonly writes: { readonly kind: "text" | "bytes"; readonly data: string }[] = [];
  /** The arrays themselves, for tests of who owns them. */
  readonly arrays: Uint8Array[] = [];
  /** What the next writes answer. */
  fate: "taken" | "pending" = "taken";
  queuedBytes = 0;
  sink: ConnSink | undefined = undefined;
  readonly asked: string[] = [];
  drain: () => Promise<void> = () => Promise.resolve();

  /** Everything written, joined. */
  get written(): string {
    return this.writes.map(({ data }) => data).join("");
  }

  start(sink: ConnSink): void {
    this.sink = sink;
  }
  handOver(sink: ConnSink): void {
    this.sink = sink;
  }
  resume(): void {
    this.asked.push("resume");
  }
  pause(): void {
    this.asked.push("pause");
  }
  setTenure(tenure: Tenure): void {
    this.asked.push(tenure);
  }
  write(data: Uint8Array | string): "taken" | "pending" {
    const kind = typeof data === "string" ? "text" : "bytes";
    this.writes.push({ kind, data: typeof data === "string" ? data : text(data) });
    if (typeof data !== "string") this.arrays.push(data);
    return this.fate;
  }
  drained(): Promise<void> {
    return this.drain();
  }
  closeWrite(): void {
    this.asked.push("closeWrite");
  }
  close(): void {
    this.asked.push("close");
  }
  abort(): void {
    this.asked.push("abort");
  }
}
