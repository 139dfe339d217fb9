/**
 * Comparing secrets without telling by the time it takes how much of a guess was right.
 * Go: crypto/subtle.ConstantTimeCompare
 *
 * Rule of this file: the time depends on the guess's length alone, never on where it differs.
 */

/** Are two texts the same? Takes as long as `guess` is, whatever `secret` is. */
export function equalsInConstantTime(guess: string, secret: string): boolean {
  const given = UTF8.encode(guess);
  const wanted = UTF8.encode(secret);
  let difference = given.length ^ wanted.length;
  for (const [i, octet] of given.entries()) {
    difference |= octet ^ (wanted[i % Math.max(1, wanted.length)] ?? 0);
  }
  return difference === 0;
}

const UTF8 = new TextEncoder();
