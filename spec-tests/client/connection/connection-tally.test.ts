// What has gone over a connection: whose octets they were, and whether the server may have any of them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Conn, type TlsInfo, Writer } from "../../../lib/bufio/mod.ts";
import { ConnectionTally } from "../../../lib/client/connection/connection-tally.ts";
import { WireError } from "../../../lib/wire/mod.ts";
import { type Row, table } from "../../kit.ts";
import { callOf } from "../call-of.ts";

const it = suite("ConnectionTally");

/** A Conn on which `before` octets went out earlier, and which has taken `taken` more. */
interface FakeConn {
  queuedBytes: number;
  takenBytes: number | undefined;
  tls: TlsInfo | undefined;
  written: number;
  write(data: Uint8Array | string): "taken";
}

function fakeConn(parts: Partial<FakeConn>): FakeConn {
  return {
    queuedBytes: 0,
    takenBytes: 0,
    tls: undefined,
    written: 0,
    write(data) {
      this.written += data.length;
      return "taken";
    },
    ...parts,
  };
}

const TLS: TlsInfo = {
  version: "TLSv1.3",
  cipher: "a",
  alpnProtocol: undefined,
  serverName: undefined,
  authorized: true,
  peerCertificate: undefined,
};

interface SentRow extends Row {
  readonly conn: Partial<FakeConn>;
  /** Octets that the Conn takes of the request once it is written. */
  readonly takes: number;
  readonly sent: number | "all";
}

const SENT: readonly SentRow[] = [
  { name: "nothing is taken", conn: {}, takes: 0, sent: 0 },
  { name: "a part is taken", conn: {}, takes: 5, sent: 5 },
  {
    name: "what a proxy was told before is nobody's",
    conn: { takenBytes: 100 },
    takes: 0,
    sent: 0,
  },
  { name: "a part is taken after that", conn: { takenBytes: 100 }, takes: 5, sent: 5 },
  {
    name: "over TLS what was handed over counts as gone",
    conn: { tls: TLS },
    takes: 0,
    sent: "all",
  },
  {
    name: "a Conn that cannot tell counts as TLS",
    conn: { takenBytes: undefined },
    takes: 0,
    sent: "all",
  },
];

table(it, SENT, ({ conn: parts, takes, sent }) => {
  const conn = fakeConn(parts);
  const writer = new Writer(conn as unknown as Conn);
  const tally = new ConnectionTally(conn as unknown as Conn, writer);
  const call = callOf();
  tally.beginRequest(call);
  writer.writeLatin1(call.head.text);
  assert.is(tally.attempt(call, undefined).written, "nothing");
  writer.flush();
  assert.is(conn.written, call.head.text.length);
  if (conn.takenBytes !== undefined) conn.takenBytes += takes;
  const expected = sent === "all" ? call.head.text.length : sent;
  assert.is(tally.facts(call, "wait").bytesSent, expected);
  assert.is(tally.attempt(call, undefined).written, expected > 0 ? "something" : "nothing");
});

it("an attempt tells whether the connection had served and whether anything was answered", () => {
  const conn = fakeConn({}) as unknown as Conn;
  const tally = new ConnectionTally(conn, new Writer(conn));
  const call = callOf();
  tally.served = 1;
  assert.equal(tally.attempt(call, undefined), {
    connection: "fresh",
    written: "nothing",
    received: "nothing",
  });
  tally.served = 2;
  assert.is(tally.attempt(call, undefined).connection, "reused");
  // What breaks the rules has been said by somebody.
  assert.is(tally.attempt(call, new WireError("bad-status-line")).received, "something");
  tally.receivedAny = true;
  assert.is(tally.attempt(call, undefined).received, "something");
  assert.is(tally.unanswered(call).attempt.received, "nothing");
});

it.run();
