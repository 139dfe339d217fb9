// Every Conn of lib/net keeps the contract.
import { Duplex } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { pipe } from "../../lib/bufio/mod.ts";
import { ConnDuplex, DuplexConn, nodeLatin1, SocketConn } from "../../lib/net/mod.ts";
import {
  connContract,
  type ConnTraits,
  Listener,
  type Pair,
  pattern,
} from "../bufio/conn-contract.ts";
import { bytes, withDeadline } from "../kit.ts";
import {
  slowPair,
  socketPair,
  tcpPair,
  tlsOverHanded,
  tlsOverPipe,
  tlsPair,
  unixPair,
} from "./fixtures.ts";

/** Two Duplexes in memory, each what the other writes. */
function duplexPair(): Pair {
  type Side = Duplex & { other?: Side; go?: (() => void) | undefined };
  const side = (): Side => {
    const duplex: Side = new Duplex({
      read() {
        const { go } = duplex;
        duplex.go = undefined;
        go?.();
      },
      write(chunk: Uint8Array, _, done) {
        if (duplex.other?.push(chunk) === true) done();
        else if (duplex.other !== undefined) duplex.other.go = done;
      },
      final(done) {
        duplex.other?.push(null);
        done();
      },
      destroy(error, done) {
        // A cut is told to the other side as an error, as a tunnel would.
        const other = duplex.other;
        if (!duplex.writableFinished && other?.destroyed === false) {
          other.destroy(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
        }
        done(error);
      },
    });
    return duplex;
  };
  const [one, two] = [side(), side()];
  one.other = two;
  two.other = one;
  return { a: new DuplexConn(one), b: new DuplexConn(two), dispose() {} };
}

async function duplexOverTcp(): Promise<Pair> {
  const { ends, dispose } = await socketPair();
  return { a: new DuplexConn(ends[0]), b: new DuplexConn(ends[1]), dispose };
}

/** A Conn as a Duplex, and that as a Conn again. */
function conversions(): Pair {
  const [left, right] = pipe();
  const there = (conn: typeof left): DuplexConn => new DuplexConn(new ConnDuplex(conn));
  return { a: there(left), b: there(right), dispose() {} };
}

const kinds: { name: string; make: () => Pair | Promise<Pair>; traits: ConnTraits }[] = [
  { name: "TCP, fast", make: tcpPair, traits: { abort: "reset", tenure: "borrowed" } },
  { name: "TCP, by 'data'", make: slowPair, traits: { abort: "reset", tenure: "given" } },
  // A Unix socket knows no reset: a cut looks like an end.
  { name: "Unix socket", make: unixPair, traits: { abort: "end", tenure: "borrowed" } },
  { name: "TLS", make: tlsPair, traits: { abort: "reset", tenure: "given" } },
  { name: "TLS in memory", make: tlsOverPipe, traits: { abort: "reset", tenure: "given" } },
  { name: "TLS in a tunnel", make: tlsOverHanded, traits: { abort: "reset", tenure: "given" } },
  { name: "Duplex over Conn", make: conversions, traits: { abort: "reset", tenure: "given" } },
  { name: "Duplex", make: duplexPair, traits: { abort: "reset", tenure: "given" } },
  // destroy() of a socket below a DuplexConn closes it in the ordinary way.
  { name: "Duplex over TCP", make: duplexOverTcp, traits: { abort: "end", tenure: "given" } },
];

for (const { name, make, traits } of kinds) {
  const test = suite(`Conn over ${name}`);
  connContract(test, make, traits);
  test.run();
}

const own = suite("SocketConn itself");

for (const { name, make, fast } of [
  { name: "accepted and dialled TCP", make: tcpPair, fast: true },
  { name: "accepted and dialled Unix sockets", make: unixPair, fast: true },
  { name: "TLS", make: tlsPair, fast: false },
]) {
  own(
    `${name}: ${fast ? "read the fast way" : "read by 'data'"}`,
    withDeadline(4000, async () => {
      const { a, b, dispose } = await make();
      assert.ok(a instanceof SocketConn && b instanceof SocketConn);
      assert.equal([a.isFast, b.isFast], [fast, fast]);
      a.abort();
      b.abort();
      await dispose();
    }),
  );
}

own(
  "addresses are known, also after the end, and each end's local is the other's remote",
  withDeadline(4000, async () => {
    const { a, b, dispose } = await tcpPair();
    assert.equal(a.localAddr, b.remoteAddr);
    assert.equal(a.remoteAddr, b.localAddr);
    assert.is(a.remoteAddr?.host, "127.0.0.1");
    const sink = new Listener();
    b.start(sink);
    const remote = b.remoteAddr;
    b.abort();
    a.abort();
    await sink.until(() => sink.error !== undefined);
    assert.equal(b.remoteAddr, remote);
    await dispose();
  }),
);

for (const { name, make } of [
  { name: "TCP", make: tcpPair },
  { name: "TCP, by 'data'", make: slowPair },
  { name: "Unix sockets", make: unixPair },
]) {
  const whole = pattern(8 * 1_048_576);

  own(
    `${name}: what has arrived of one large write has been taken, to the octet`,
    withDeadline(8000, async () => {
      const { a, b, dispose } = await make();
      try {
        let received = 0;
        // A throw among deliveries is the connection's affair: what is wrong is told by the promise.
        await new Promise<void>((resolve, reject) => {
          a.start(new Listener());
          b.start({
            onBytes(data) {
              received += data.length;
              const taken = a.takenBytes ?? 0;
              if (taken < received) reject(new Error(`${taken} taken, ${received} arrived`));
              if (received === whole.length) resolve();
              return "more";
            },
            onEnd() {},
            onError() {},
          });
          a.write(whole);
        });
      } finally {
        a.abort();
        b.abort();
        await dispose();
      }
    }),
  );

  own(
    `${name}: what was taken of a large write that failed still counts`,
    withDeadline(8000, async () => {
      const { a, b, dispose } = await make();
      try {
        const sink = new Listener();
        a.start(sink);
        a.write(whole);
        b.abort();
        await sink.until(() => sink.error !== undefined);
        const taken = a.takenBytes ?? 0;
        // All of it, where the kernel has that much room.
        assert.ok(taken > 0 && taken <= whole.length, String(taken));
        assert.is(a.queuedBytes, 0);
      } finally {
        await dispose();
      }
    }),
  );
}

own(
  "TLS: the progress of a large write is seen within its slices",
  withDeadline(8000, async () => {
    const { a, b, dispose } = await tlsPair();
    try {
      // More than any kernel keeps for a connection, or all would be taken at once.
      const whole = new Uint8Array(48 * 1_048_576);
      let seenWithin = 0;
      let received = 0;
      await new Promise<void>((resolve) => {
        a.start(new Listener());
        b.start({
          onBytes(data) {
            received += data.length;
            if ((a.takenBytes ?? 0) % 1_048_576 !== 0) seenWithin += 1;
            if (received === whole.length) resolve();
            return "more";
          },
          onEnd() {},
          onError() {},
        });
        a.write(whole);
      });
      assert.ok(seenWithin > 0);
    } finally {
      a.abort();
      b.abort();
      await dispose();
    }
  }),
);

own(
  "a small write on TCP is taken at once, on TLS it is pending",
  withDeadline(4000, async () => {
    const tcp = await tcpPair();
    assert.is(tcp.a.write("x"), "taken");
    assert.is(tcp.b.write(bytes("x")), "taken");
    const tls = await tlsPair();
    assert.is(tls.a.write("x"), "pending");
    await tls.a.drained();
    for (const { a, b, dispose } of [tcp, tls]) {
      a.abort();
      b.abort();
      await dispose();
    }
  }),
);

own("the codec gives one char per byte of the part asked for", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const expected = Array.from(all, (byte) => String.fromCharCode(byte)).join("");
  assert.is(nodeLatin1.decode(all, 0, 256), expected);
  assert.is(nodeLatin1.decode(all.subarray(100), 1, 3), "\x65\x66");
  assert.is(nodeLatin1.decode(all, 5, 5), "");
});

own.run();
