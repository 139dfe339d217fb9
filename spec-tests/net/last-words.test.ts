/**
 * An answer that came before a reset is read, although a write has failed already.
 *
 * Rule of this file: the peer's answer and reset, and our write, happen in one turn of the loop, so that the
 * write is always first to find out.
 */
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Conn, ConnSink, IoError } from "../../lib/bufio/mod.ts";
import { dial, wrapTLS } from "../../lib/net/mod.ts";
import { withDeadline } from "../kit.ts";
import { keyPair } from "./fixtures.ts";

const test = suite("last words");

interface Heard {
  text: string;
  error: IoError | undefined;
}

/** Writes down what is delivered; `over` resolves with the last call. */
function listener(): { heard: Heard; over: Promise<void>; sink: ConnSink } {
  const heard: Heard = { text: "", error: undefined };
  let done = (): void => undefined;
  const over = new Promise<void>((resolve) => (done = resolve));
  const sink: ConnSink = {
    onBytes: (bytes) => {
      heard.text += new TextDecoder().decode(bytes);
      return "more";
    },
    onEnd: () => undefined,
    onError: (error) => {
      heard.error = error;
      done();
    },
  };
  return { heard, over, sink };
}

interface Pair {
  readonly conn: Conn;
  /** Leaves what it gets unread. */
  readonly peer: Socket;
  /** What is under the peer's TLS, or the peer itself. */
  readonly raw: Socket;
  readonly dispose: () => void;
}

/** A dialled connection, and the socket at its other end. */
async function plainPair(): Promise<Pair> {
  const server = createServer({ pauseOnConnect: true });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const accepted = new Promise<Socket>((resolve) => void server.once("connection", resolve));
  const [conn, peer] = await Promise.all([dial({ host: "127.0.0.1", port }), accepted]);
  return { conn, peer, raw: peer, dispose: () => void server.close() };
}

/** The same with TLS over it; the answer to the handshake is through. */
async function tlsPair(): Promise<Pair> {
  const { conn, raw, dispose } = await plainPair();
  const peer = new TLSSocket(raw, { isServer: true, ...keyPair("localhost") });
  peer.on("error", () => undefined);
  const where = { serverName: "localhost", alpnProtocols: [], timeoutMs: 4000 };
  const secure = new Promise((resolve) => peer.once("secure", resolve));
  const [inside] = await Promise.all([
    wrapTLS(conn, { ...where, tls: { ca: keyPair("localhost").cert } }),
    secure,
  ]);
  return { conn: inside, peer, raw, dispose };
}

const CASES: readonly (readonly [name: string, pair: () => Promise<Pair>, writes: number])[] = [
  ["a failed write", plainPair, 1],
  ["three failed writes", plainPair, 3],
  ["a failed write over TLS", tlsPair, 1],
];

for (const [name, pair, writes] of CASES) {
  test(
    `an answer before a reset is heard after ${name}, then the failure`,
    withDeadline(4000, async () => {
      const { conn, peer, raw, dispose } = await pair();
      const { heard, over, sink } = listener();
      conn.start(sink);
      const writeTooLate = (): void => {
        raw.resetAndDestroy();
        for (let i = 0; i < writes; i++) conn.write("x".repeat(100));
      };
      if (peer === raw) {
        peer.write("the answer");
        writeTooLate();
      } else {
        // TLS gives its octets to the kernel when it pleases.
        peer.write("the answer", writeTooLate);
      }
      await over;
      assert.is(heard.text, "the answer");
      assert.ok(["reset", "broken-pipe"].includes(heard.error?.code ?? ""), heard.error?.code);
      dispose();
    }),
  );
}

test(
  "an abort after a failed write ends it at once",
  withDeadline(4000, async () => {
    const { conn, raw, dispose } = await plainPair();
    const { heard, over, sink } = listener();
    conn.start(sink);
    raw.resetAndDestroy();
    conn.write("x");
    conn.abort();
    await over;
    assert.is(heard.error?.code, "aborted");
    dispose();
  }),
);

test.run();
