/**
 * When the steps of one call were done.
 * Go: httptrace, as users add it up by hand
 *
 * Rule of this file: instants are written down as they come; the durations are made when somebody asks.
 */
import type { ResponseTimings } from "../message/mod.ts";

/** How long the steps of making a connection took, in ms; those that there were. */
export interface DialTimings {
  dns: number | undefined;
  connect: number | undefined;
  tls: number | undefined;
}

/** The instants of one call, in ms since the epoch; 0 for what has not happened. */
export class CallTimings implements ResponseTimings {
  readonly startedAt: number;
  connectedAt = 0;
  sentAt = 0;
  firstByteAt = 0;
  endedAt = 0;
  /** Of the connection, when it was made for this call. */
  dial: DialTimings | undefined;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  get dns(): number | undefined {
    return this.dial?.dns;
  }

  get connect(): number | undefined {
    return this.dial?.connect;
  }

  get tls(): number | undefined {
    return this.dial?.tls;
  }

  get wait(): number | undefined {
    return since(this.startedAt, this.connectedAt);
  }

  get firstByte(): number | undefined {
    return since(this.connectedAt, this.firstByteAt);
  }

  get download(): number | undefined {
    return since(this.firstByteAt, this.endedAt);
  }

  get total(): number | undefined {
    return since(this.startedAt, this.endedAt);
  }
}

function since(from: number, to: number): number | undefined {
  return to === 0 ? undefined : rounded(Math.max(0, to - from));
}

/** To a µs, which is finer than any clock here. */
export function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
