/**
 * The word that somebody may have meant.
 *
 * Rule of this file: pure; edits are letters put in, left out, changed, or two of them swapped.
 */

/**
 * The nearest of the words, undefined when none is near: at most a third of the letters wrong (and one always), or
 * one that it is the beginning of.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of words) {
    const edits = editsBetween(word, candidate);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best ?? words.find((candidate) => word.length > 1 && candidate.startsWith(word));
}

/** How many edits make one word of the other. */
function editsBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let k = 1; k <= other.length; k++) {
      const same = one.charAt(i - 1) === other.charAt(k - 1) ? 0 : 1;
      let least = Math.min((last[k] ?? 0) + 1, (row[k - 1] ?? 0) + 1, (last[k - 1] ?? 0) + same);
      const swapped =
        one.charAt(i - 1) === other.charAt(k - 2) && one.charAt(i - 2) === other.charAt(k - 1);
      if (i > 1 && k > 1 && swapped) least = Math.min(least, (before[k - 2] ?? 0) + 1);
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
