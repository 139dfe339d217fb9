/**
 * The 0xAA mode: borrowed bytes are overwritten as soon as their time is over, so that keeping them shows.
 * Go: none (its race detector plays that part)
 *
 * Rule of this file: one switch for the whole process, read by whoever delivers borrowed bytes. Tests only.
 */

/** What a poisoned byte looks like: not a digit, not a token character, not valid UTF-8. */
export const POISON = 0xaa;

let poisoning = false;

/** Switches the mode on or off. While it is on, each delivery of borrowed bytes is followed by 0xAA. */
export function poisonBorrowedBytes(on: boolean): void {
  poisoning = on;
}

/** Whether borrowed bytes must be overwritten now that the sink has returned. */
export function isPoisoning(): boolean {
  return poisoning;
}
