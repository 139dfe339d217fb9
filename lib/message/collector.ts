/**
 * Pieces gathered into one array, as they come or all at once.
 * Go: bytes.Buffer
 *
 * Rule of this file: what is gathered costs what it weighs. A list of pieces would not: a peer that sends
 * single octets would make an object of each.
 */
/** Appends pieces; the array grows by doubling. */
export class Collector {
  #octets: Uint8Array;
  #length = 0;

  constructor(expectedBytes = 0) {
    this.#octets = new Uint8Array(expectedBytes);
  }

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#octets.length) {
      const larger = new Uint8Array(Math.max(length, this.#octets.length * 2));
      larger.set(this.#octets.subarray(0, this.#length));
      this.#octets = larger;
    }
    this.#octets.set(piece, this.#length);
    this.#length = length;
  }

  /** What was gathered, in an array of just that size; the collector is empty then. */
  take(): Uint8Array {
    const { buffer } = this.#octets;
    const whole = this.#length === buffer.byteLength;
    const octets = whole ? this.#octets : this.#octets.slice(0, this.#length);
    this.#octets = new Uint8Array(0);
    this.#length = 0;
    return octets;
  }
}

/** What comes in pieces: a Body, or one part of a form. */
interface Pieces {
  readonly length: number | undefined;
  next(): Promise<Uint8Array | undefined>;
}

/** The rest of a body, at most `max` octets; beyond them it rejects with what `tooLarge` makes. */
export async function collect(
  body: Pieces,
  max: number,
  tooLarge: () => Error,
): Promise<Uint8Array> {
  if (body.length !== undefined && body.length > max) throw tooLarge();
  const collector = new Collector(body.length);
  for (let piece = await body.next(); piece !== undefined; piece = await body.next()) {
    if (collector.length + piece.length > max) throw tooLarge();
    collector.append(piece);
  }
  return collector.take();
}

/** Joins pieces; a single one is handed on as it is. */
export function join(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
