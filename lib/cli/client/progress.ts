/**
 * A bar on a terminal while a file comes in; nothing elsewhere.
 *
 * Rule of this file: it writes on stderr, one line over itself, at most ten times a second.
 */
import type { Io } from "../io.ts";

const BAR_CHARS = 30;
const PAUSE_MS = 100;

export class Progress {
  readonly #io: Io;
  readonly #total: number | undefined;
  readonly #startedAt: number = performance.now();
  #count = 0;
  #shownAt = -Infinity;

  /** `total` in octets, undefined when it is not known. */
  constructor(io: Io, total: number | undefined) {
    this.#io = io;
    this.#total = total;
  }

  add(octets: number): void {
    this.#count += octets;
    const now = performance.now();
    if (this.#io.err.kind !== "terminal" || now - this.#shownAt < PAUSE_MS) return;
    this.#shownAt = now;
    void this.#io.err.write(`\r${this.#line(now)}`);
  }

  /** The last state, and the end of the line. */
  end(): void {
    if (this.#io.err.kind !== "terminal") return;
    void this.#io.err.write(`\r${this.#line(performance.now())}\n`);
  }

  #line(now: number): string {
    const seconds = Math.max(0.001, (now - this.#startedAt) / 1000);
    const rate = `${amount(this.#count / seconds)}/s`;
    if (this.#total === undefined || this.#total === 0) return `${amount(this.#count)}  ${rate}   `;
    const share = Math.min(1, this.#count / this.#total);
    const full = Math.round(share * BAR_CHARS);
    const bar = `${"█".repeat(full)}${"░".repeat(BAR_CHARS - full)}`;
    return `${bar} ${`${Math.floor(share * 100)}`.padStart(3)} %  ${amount(this.#count)}  ${rate}   `;
  }
}

/** "3.2 MiB" */
export function amount(octets: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = octets;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
