/**
 * The log of a case: every octet both ways and what happened to the connection, with the time of each.
 *
 * Rule of this file: it records and judges nothing. Of long runs of octets the beginning and the end are kept.
 */

/** One line of the log. */
export interface WireEntry {
  /** ms since the case began. */
  readonly at: number;
  /** 0 is the first connection of the case. */
  readonly connection: number;
  readonly direction: "sent" | "received" | "event";
  /** Octets, one char each; for events a word of ours. */
  readonly data: string;
  /** How many octets they were, where `data` is cut. */
  readonly octets?: number;
}

/** Octets kept of one entry: its beginning and its end. */
const KEPT_OCTETS = 4096;

export class WireLog {
  readonly #startedAt: number = performance.now();
  readonly #entries: WireEntry[] = [];

  get entries(): readonly WireEntry[] {
    return this.#entries;
  }

  add(connection: number, direction: WireEntry["direction"], data: string): void {
    const at = Math.round(performance.now() - this.#startedAt);
    const last = this.#entries[this.#entries.length - 1];
    // A send that is cut into octets is one line, so that it can be read.
    const joins = last?.direction === "sent" && direction === "sent" && data.length === 1;
    if (joins && last.connection === connection && last.octets === undefined) {
      if (last.data.length < KEPT_OCTETS) {
        this.#entries[this.#entries.length - 1] = { ...last, data: last.data + data };
        return;
      }
    }
    if (data.length <= KEPT_OCTETS) {
      this.#entries.push({ at, connection, direction, data });
      return;
    }
    const half = KEPT_OCTETS / 2;
    const cut = data.slice(0, half) + data.slice(-half);
    this.#entries.push({ at, connection, direction, data: cut, octets: data.length });
  }
}
