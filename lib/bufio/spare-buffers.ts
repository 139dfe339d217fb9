/**
 * Large buffers, for one reader after the other: each left to the collector would cost it more than its octets.
 * Go: sync.Pool of bufio.Reader
 *
 * Rule of this file: sizes go in steps, so that few fit many; what lies here is bounded. Whoever gives a buffer
 * back has no view of it left.
 */
import { POISON, isPoisoning } from "./poison.ts";

/** Sizes are multiples of this; smaller buffers come and go for next to nothing. */
export const SPARE_STEP_BYTES = 65_536;
/** So much lies here at the most. */
const SPARE_BYTES = 4_194_304;

const spares: Uint8Array[] = [];
let spareBytes = 0;

/** A buffer for at least so many bytes. What was in it before is still there. */
export function largeBuffer(bytes: number): Uint8Array {
  const size = Math.ceil(bytes / SPARE_STEP_BYTES) * SPARE_STEP_BYTES;
  const at = spares.findLastIndex(({ length }) => length === size);
  const [spare] = at < 0 ? [] : spares.splice(at, 1);
  if (spare === undefined) return new Uint8Array(size);
  spareBytes -= size;
  return spare;
}

/** May it be one of these, with octets of other connections behind its own? Then it is given to nobody else. */
export function isSpare({ length }: Uint8Array): boolean {
  return length >= SPARE_STEP_BYTES && length % SPARE_STEP_BYTES === 0;
}

/** Takes a buffer back, if it is one of these. */
export function giveBack(buffer: Uint8Array): void {
  const { length } = buffer;
  if (!isSpare(buffer)) return;
  if (isPoisoning()) buffer.fill(POISON);
  if (spareBytes + length > SPARE_BYTES) return;
  spareBytes += length;
  spares.push(buffer);
}
