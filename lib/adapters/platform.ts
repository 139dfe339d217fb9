/**
 * Node, as a Server needs it: sockets, one clock that does not keep the process alive, the console.
 * Go: net.Listen, tls.Listen, log.Default
 *
 * Rule of this file: wiring only. Whoever imports it gets node:net; the server room itself stays free of it.
 */
import { AsyncResource } from "node:async_hooks";
import { TimerClock } from "../bufio/mod.ts";
import { listen, listenTLS, nodeLatin1 } from "../net/mod.ts";
import type { ListenAddress, TlsOptions } from "../net/mod.ts";
import type { Listener } from "../bufio/mod.ts";
import { nodeTempStore } from "./temp-store.ts";
import { nextTurn } from "./turns.ts";
import type { Platform } from "../server/mod.ts";

/** One clock for all servers of the process: they share its timer. */
const clock = new TimerClock({ nextTurn });

/** The soft limit of open files, where the system has a file that tells it (Linux). */
function descriptorLimit(): number | undefined {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    return line?.[1] === undefined ? undefined : Number(line[1]);
  } catch {
    // Elsewhere there is no such file, and no way to ask: maxConns alone has to do.
    return undefined;
  }
}

/** What `Server` of the front door runs on. */
export const nodePlatform: Platform = {
  clock,
  tempStore: nodeTempStore(),
  get descriptorLimit(): number | undefined {
    return descriptorLimit();
  },
  decode: nodeLatin1.decode,
  listen: (addr) => listen(addr as ListenAddress | Listener),
  listenTLS: (addr, tls, { handshakeTimeoutMs, alpnProtocols, onTlsError, handshakesMax }) =>
    listenTLS(
      addr as ListenAddress | Listener,
      { nextProtocols: alpnProtocols, ...(tls as TlsOptions) },
      { tlsHandshakeTimeoutMs: handshakeTimeoutMs, onTlsError, handshakesMax },
    ),
  log: (message, cause) => {
    if (cause === undefined) console.error(message);
    else console.error(message, cause);
  },
  inNewContext: (fn) => new AsyncResource("barewire.request").runInAsyncScope(fn),
};
