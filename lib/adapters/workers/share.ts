/**
 * How connections are to be shared, found out by trying.
 *
 * Rule of this file: it listens for a moment and lets go again. What cannot work is said by the first process,
 * before there is any worker to fail.
 */
import { listen, parseListenAddr } from "../../net/mod.ts";
import type { ListenAddress, ListenTarget } from "../../net/mod.ts";
import type { WorkerShare } from "./types.ts";

/** What has been found out. */
export interface Sharing {
  readonly target: ListenTarget;
  readonly share: WorkerShare;
  /** When it is not as it was asked for. */
  readonly warning: string | undefined;
}

/**
 * Reads the address and tries it. Rejects with the IoError of `listen` when it is taken or no address: sockets
 * that share a port would otherwise hide that another program is on it.
 */
export async function findSharing(
  addr: ListenAddress,
  wanted: WorkerShare | undefined,
): Promise<Sharing> {
  const target = parseListenAddr(addr);
  // A descriptor that is closed again is lost.
  if (target.kind !== "fd") await tryToListen(addressOf(target));
  if (wanted === "cluster") return { target, share: "cluster", warning: undefined };
  const why = await whyNoReusePort(target);
  if (why === undefined) return { target, share: "reusePort", warning: undefined };
  const warning =
    wanted === undefined ? undefined : `reusePort is not to be had (${why}); node:cluster shares`;
  return { target, share: "cluster", warning };
}

async function whyNoReusePort(target: ListenTarget): Promise<string | undefined> {
  if (target.kind !== "tcp") return "it is for TCP ports";
  try {
    await tryToListen({ host: target.host, port: 0, reusePort: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function tryToListen(addr: ListenAddress): Promise<void> {
  const listener = await listen(addr);
  await listener.close();
}

/** Without what would let it share the port: it is to fail when somebody is there. */
function addressOf(target: ListenTarget): ListenAddress {
  if (target.kind !== "tcp") return target;
  const { host, port, ipv6Only } = target;
  return { host, port, ipv6Only };
}
