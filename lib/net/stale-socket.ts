/**
 * The socket file that a dead server left behind.
 * Go: net.UnixListener SetUnlinkOnClose (there a stale file must be removed by hand)
 *
 * Rule of this file: it removes a file only when it is a socket and nobody answers on it. Anything else is
 * left for `listen` to fail on. Uses node:fs, which a listener on a path cannot do without.
 */
import { lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { systemCode } from "./io-errors.ts";

/** Removes the socket file at `path` if its server is gone. */
export async function removeStaleSocket(path: string): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!stats.isSocket() || (await answers(path))) return;
    await unlink(path);
  } catch {
    // Not there, or not ours to look at: listening will say what is wrong, in better words.
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    // Refused is the one sign that the file is dead; a full queue (EAGAIN) or missing rights are not.
    socket.once("error", (error) => resolve(systemCode(error) !== "ECONNREFUSED"));
  });
}
