/**
 * Listening for connections as such, without HTTP in between.
 *
 * Rule of this file: each connection goes to one function; what it throws ends that connection alone.
 */
import { type Conn, IoError } from "../bufio/mod.ts";
import { listen } from "../net/mod.ts";
import { TestingError, WireClient } from "../testing/mod.ts";
import { Exit, type Io } from "./io.ts";
import { untilStopped } from "./until-stopped.ts";

/** More connections at a time are cut. */
const CONNS_MAX = 1000;

/** Serves connections until the signal. */
export async function serveRaw(
  address: { readonly host: string; readonly port: number },
  io: Io,
  what: string,
  serve: (peer: WireClient, number: number) => Promise<void>,
): Promise<void> {
  const open = new Set<Conn>();
  const listener = await listen(address).catch((error: unknown) => {
    throw error instanceof IoError ? new Exit(1, error.message) : error;
  });
  let number = 0;
  const onConn = async (conn: Conn): Promise<void> => {
    if (open.size >= CONNS_MAX) return conn.abort();
    open.add(conn);
    try {
      await serve(new WireClient(conn), ++number);
    } catch (error) {
      conn.abort();
      if (!(error instanceof TestingError) && !(error instanceof IoError)) throw error;
    } finally {
      open.delete(conn);
    }
  };
  const failure = new Promise<never>((_, reject) => {
    listener.accept({
      onConn: (conn) => void onConn(conn).catch(reject),
      onFailure: reject,
    });
  });
  const { host, port } = listener.addr;
  const shown = host.includes(":") ? `[${host}]` : host;
  await io.err.write(`${what} at http://${shown}:${port}/\n`);
  try {
    await Promise.race([untilStopped(io.signal), failure]);
  } finally {
    for (const conn of open) conn.abort();
    await listener.close();
  }
}
