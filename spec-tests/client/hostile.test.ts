// Servers that flood, end early, fall silent or send bombs: what each call ends with, how much was taken, and that
// nothing is left of it. DESIGN §3, RFC 9112 §8, §11
import { brotliCompressSync, gzipSync } from "node:zlib";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { latin1, settle } from "../../lib/testing/mod.ts";
import { rejects, table, text, withDeadline } from "../kit.ts";
import {
  CHUNKED,
  DEADLINE_MS,
  EMPTY,
  FLOOD_BYTES,
  OK,
  Rig,
  UNDER_WAY_BYTES,
  answering,
  flooding,
  rejectedWith,
} from "./hostile-server.ts";

const floods = suite("a hostile server that floods");

interface Flood {
  readonly name: string;
  readonly section?: string;
  readonly begin: string;
  readonly piece: string;
  readonly code: string;
  /** How much the limit lets in. */
  readonly lets: number;
}

table<Flood>(
  floods,
  [
    {
      name: "fields without end",
      begin: "HTTP/1.1 200 OK\r\n",
      piece: "X-Field: value\r\n",
      code: "too-many-fields",
      lets: 262_144,
    },
    {
      name: "fields of nothing without end",
      begin: "HTTP/1.1 200 OK\r\n",
      piece: "a:\r\n",
      code: "too-many-fields",
      lets: 262_144,
    },
    {
      name: "one field without end",
      begin: "HTTP/1.1 200 OK\r\nX: ",
      piece: "v",
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "one field that is folded without end",
      begin: "HTTP/1.1 200 OK\r\nX: a\r\n",
      piece: " b\r\n",
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "a field name without end",
      begin: "HTTP/1.1 200 OK\r\n",
      piece: "n",
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "a reason without end",
      begin: "HTTP/1.1 200 ",
      piece: "r",
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "spaces before the status without end",
      begin: "HTTP/1.1 ",
      piece: " ",
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "empty lines before a response",
      section: "RFC 9112 §4",
      begin: "",
      piece: "\r\n",
      code: "bad-status-line",
      lets: 0,
    },
    {
      name: "interim responses without end",
      section: "RFC 9110 §15.2",
      begin: "",
      piece: "HTTP/1.1 103 Early Hints\r\n\r\n",
      code: "too-many-interim-responses",
      lets: 1_000,
    },
    {
      name: "a few interim responses, each as large as a head may be",
      begin: "",
      piece: `HTTP/1.1 103 Early Hints\r\nX: ${"v".repeat(100_000)}\r\n\r\n`,
      code: "head-too-large",
      lets: 262_144,
    },
    {
      name: "a chunk extension without end",
      section: "RFC 9112 §7.1.1",
      begin: `${CHUNKED}5;`,
      piece: "e",
      code: "chunk-line-too-long",
      lets: 4_096,
    },
    {
      name: "chunks that are mostly extension",
      section: "CVE-2023-39326",
      begin: CHUNKED,
      piece: `1;${"e".repeat(200)}\r\nx\r\n`,
      code: "chunk-overhead",
      lets: 65_536,
    },
    {
      name: "zeros before a chunk size without end",
      begin: CHUNKED,
      piece: "0",
      code: "chunk-size-too-large",
      lets: 16,
    },
    {
      name: "trailers without end",
      section: "RFC 9112 §7.1.2",
      begin: `${CHUNKED}2\r\nok\r\n0\r\n`,
      piece: `T: ${"v".repeat(1_000)}\r\n`,
      code: "trailer-too-large",
      lets: 16_384,
    },
    {
      name: "many small trailers",
      begin: `${CHUNKED}2\r\nok\r\n0\r\n`,
      piece: "t: v\r\n",
      code: "trailer-too-large",
      lets: 16_384,
    },
    {
      name: "one trailer without end",
      begin: `${CHUNKED}2\r\nok\r\n0\r\nT: `,
      piece: "v",
      code: "trailer-too-large",
      lets: 16_384,
    },
  ],
  (row) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(flooding(row.begin, row.piece));
      await rejects(rig.text(), row.code);
      await rig.nothingIsLeft();
      assert.ok(rig.sent < row.lets + UNDER_WAY_BYTES, `${rig.sent} bytes were taken`);
    })(),
);

table(
  floods,
  [
    {
      name: "a body until the end of the connection, which never comes",
      begin: "HTTP/1.1 200 OK\r\n\r\n",
    },
    {
      name: "a body of 2^53 − 1 octets",
      begin: "HTTP/1.1 200 OK\r\nContent-Length: 9007199254740991\r\n\r\n",
    },
    { name: "chunks without end", begin: CHUNKED, piece: "10\r\n0123456789abcdef\r\n" },
  ] as { name: string; begin: string; piece?: string }[],
  ({ begin, piece = "0123456789abcdef" }) =>
    withDeadline(DEADLINE_MS, async () => {
      for (const [options, max, code] of [
        [{}, 100_000, "body-too-large"],
        [{}, undefined, "body-too-large"],
        [{ maxResponseBytes: 100_000 }, Infinity, "response-too-large"],
      ] as const) {
        const rig = new Rig(flooding(begin, piece), options);
        const response = await rig.get();
        await rejects(response.body.bytes(max === undefined ? {} : { max }), code);
        await rig.nothingIsLeft();
        assert.ok(rig.sent < 2 * 1_048_576 + UNDER_WAY_BYTES, `${rig.sent} bytes were taken`);
      }
    })(),
);

floods(
  "a body that nobody wants is not read for ever: the connection goes",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(flooding(CHUNKED, "10\r\n0123456789abcdef\r\n"));
    (await rig.get()).body.cancel();
    await settle(40);
    await rig.nothingIsLeft();
    assert.ok(rig.sent < 262_144 * 3 + UNDER_WAY_BYTES, `${rig.sent} bytes were taken`);
  }),
);

floods(
  "a body that nobody reads is not held: what was sent stays on the way",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(flooding(CHUNKED, "10\r\n0123456789abcdef\r\n"));
    const response = await rig.get();
    await settle(40);
    assert.ok(rig.sent < UNDER_WAY_BYTES, `${rig.sent} bytes were taken`);
    rig.signal.abort(new Error("enough"));
    assert.is((await rejectedWith(response.body.bytes())).message, "enough");
    await rig.nothingIsLeft();
  }),
);

floods(
  "a hook that looks at interim responses sees them all, but no longer than a head may take",
  withDeadline(DEADLINE_MS, async () => {
    let seen = 0;
    const trace = { got1xxResponse: (): void => void seen++ };
    const rig = new Rig(
      async (peer) => {
        await peer.request();
        while (peer.end === "open") {
          peer.answer("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20));
          await settle(1);
          rig.clock.advance(1_000);
        }
      },
      { trace },
    );
    await rejects(rig.text(), "response-header-timed-out");
    assert.ok(seen > 100, `${seen}`);
    await rig.nothingIsLeft();
  }),
);

floods(
  "the abort of the caller ends a flood in its head",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(flooding("HTTP/1.1 200 OK\r\nX: ", "v"), {
      maxResponseHeaderBytes: FLOOD_BYTES,
    });
    const call = rejectedWith(rig.get());
    await settle(10);
    rig.signal.abort(new Error("enough"));
    assert.is((await call).message, "enough");
    await rig.nothingIsLeft();
  }),
);

floods.run();

// --- bombs ----------------------------------------------------------------------------------------

const bombs = suite("a hostile server with bombs");

const ZEROS = new Uint8Array(24 * 1_048_576);

function coded(coding: string, octets: Uint8Array): string {
  return `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${octets.length}\r\n\r\n${latin1(octets)}`;
}

interface Bomb {
  readonly name: string;
  readonly answer: () => string;
  readonly asks?: readonly string[];
  readonly code: string;
}

table<Bomb>(
  bombs,
  [
    {
      name: "zeros in gzip",
      section: "CVE-2022-32206",
      answer: () => coded("gzip", gzipSync(ZEROS)),
      code: "decoded-ratio-too-high",
    } as Bomb,
    {
      name: "zeros in Brotli",
      answer: () => coded("br", brotliCompressSync(ZEROS)),
      asks: ["br", "gzip"],
      code: "decoded-ratio-too-high",
    },
    {
      name: "gzip in gzip: the ratio is that of the whole chain",
      answer: () => coded("gzip, gzip", gzipSync(gzipSync(ZEROS))),
      asks: ["gzip", "br"],
      code: "decoded-ratio-too-high",
    },
    {
      name: "octets that are no gzip",
      answer: () => coded("gzip", new Uint8Array(1_000).fill(7)),
      code: "corrupt-content-coding",
    },
    {
      name: "gzip that ends in the middle",
      answer: () => coded("gzip", gzipSync(ZEROS.subarray(0, 100_000)).subarray(0, 60)),
      code: "truncated-content-coding",
    },
    {
      name: "something behind the gzip",
      answer: () => coded("gzip", new Uint8Array([...gzipSync("ok"), 1, 2, 3])),
      code: "junk-after-content-coding",
    },
  ],
  ({ answer, asks, code }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(answering(answer()), { acceptEncodings: asks });
      let octets = 0;
      const read = async (): Promise<void> => {
        for await (const piece of (await rig.get()).body) octets += piece.length;
      };
      await rejects(read(), code);
      const most = Math.max(1_048_576, 100 * rig.sent);
      assert.ok(octets <= most && octets < ZEROS.length / 4, `${octets} bytes were given`);
      rig.transport.close();
      await rig.nothingIsLeft();
    })(),
);

bombs(
  "a chain longer than any is left as it is",
  withDeadline(DEADLINE_MS, async () => {
    const chain = Array.from({ length: 1_000 }, () => "gzip").join(", ");
    const rig = new Rig(answering(coded(chain, gzipSync("ok"))), {
      acceptEncodings: ["gzip", "br"],
    });
    const response = await rig.get();
    assert.is(response.uncompressed, false);
    assert.is(response.header.get("content-encoding"), chain);
    assert.is(text(await response.body.bytes()), latin1(gzipSync("ok")));
    rig.transport.close();
    await rig.nothingIsLeft();
  }),
);

bombs(
  "a bomb whose connection never ends takes it along",
  withDeadline(DEADLINE_MS, async () => {
    const bomb = latin1(gzipSync(ZEROS));
    const rig = new Rig(async (peer) => {
      await peer.request();
      const chunk = `${bomb.length.toString(16)}\r\n${bomb}\r\n`;
      peer.answer(
        `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      await peer.flood(chunk);
    });
    await rejects(rig.count(), "decoded-ratio-too-high");
    await settle(40);
    await rig.nothingIsLeft();
  }),
);

bombs.run();

// --- ends and silences ----------------------------------------------------------------------------

const ends = suite("a hostile server that ends or falls silent");

interface Ending {
  readonly name: string;
  readonly answer: string;
  readonly code: string;
  readonly how?: "reset";
}

table<Ending>(
  ends,
  [
    { name: "no answer", answer: "", code: "connection-lost" },
    { name: "no answer but a reset", answer: "", code: "reset", how: "reset" },
    { name: "half a status line", answer: "HTTP/1.1 2", code: "truncated-head" },
    { name: "half a head", answer: "HTTP/1.1 200 OK\r\nContent-Le", code: "truncated-head" },
    { name: "an interim response alone", answer: "HTTP/1.1 103 X\r\n\r\n", code: "truncated-head" },
    { name: "less than Content-Length says", answer: OK.slice(0, -1), code: "truncated-body" },
    { name: "less, and a reset", answer: OK.slice(0, -1), code: "reset", how: "reset" },
    { name: "half a chunk", answer: `${CHUNKED}5\r\nhel`, code: "truncated-body" },
    { name: "no last chunk", answer: `${CHUNKED}5\r\nhello\r\n`, code: "truncated-body" },
    { name: "half a trailer", answer: `${CHUNKED}0\r\nT: x`, code: "truncated-body" },
    {
      name: "two lengths",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
      code: "conflicting-content-length",
    },
    {
      name: "a length beyond all",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok",
      code: "content-length-too-large",
    },
    {
      name: "a coding that nobody knows",
      answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: x\r\n\r\nok",
      code: "unsupported-transfer-coding",
    },
    { name: "another protocol", answer: "SSH-2.0-OpenSSH_9.2\r\n", code: "bad-status-line" },
    { name: "a status of no class", answer: `HTTP/1.1 000 X\r\n${EMPTY}`, code: "bad-status-line" },
  ],
  ({ answer, code, how }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(async (peer) => {
        await peer.request();
        if (answer !== "") peer.answer(answer);
        await settle();
        if (how === "reset") peer.reset();
        else peer.finish();
      });
      await rejects(rig.text(), code);
      assert.is(rig.peers.length, 1, "not sent again: it has reached a server");
      for (const peer of rig.peers) peer.close();
      await rig.nothingIsLeft();
    })(),
);

ends(
  "a server that drops each request on a kept connection is asked once more, not for ever",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig(async (peer) => {
      await peer.request();
      if (peer.number === 1) {
        peer.answer(OK);
        await peer.request();
      }
      peer.finish();
    });
    assert.is(await rig.text(), "ok");
    await rejects(rig.text(), "connection-lost");
    assert.is(rig.peers.length, 2);
    await rig.nothingIsLeft();
  }),
);

interface Silence {
  readonly name: string;
  readonly answer: string;
  readonly code: string;
}

table<Silence>(
  ends,
  [
    { name: "not a word", answer: "", code: "response-header-timed-out" },
    { name: "half a head", answer: "HTTP/1.1 200 OK\r\nX: ", code: "response-header-timed-out" },
    {
      name: "an interim response",
      answer: "HTTP/1.1 103 X\r\n\r\n",
      code: "response-header-timed-out",
    },
    { name: "half a body", answer: OK.slice(0, -1), code: "body-timed-out" },
    { name: "half a chunk line", answer: `${CHUNKED}5;a`, code: "body-timed-out" },
    { name: "half a trailer", answer: `${CHUNKED}0\r\nT: `, code: "body-timed-out" },
  ],
  ({ answer, code }) =>
    withDeadline(DEADLINE_MS, async () => {
      const rig = new Rig(answering(answer));
      const call = rejects(rig.text(), code);
      await settle();
      rig.clock.advance(60_000);
      await call;
      await rig.nothingIsLeft();
    })(),
);

ends(
  "a head at one octet a second does not last longer than a head may",
  withDeadline(DEADLINE_MS, async () => {
    let octets = 0;
    const rig = new Rig(async (peer) => {
      await peer.request();
      peer.answer("HTTP/1.1 200 OK\r\nX: ");
      for (; peer.end === "open" && octets < 1_000; octets++) {
        peer.answer("v");
        await settle(1);
        rig.clock.advance(1_000);
      }
    });
    await rejects(rig.text(), "response-header-timed-out");
    assert.ok(octets <= 61, `${octets} octets`);
    await rig.nothingIsLeft();
  }),
);

ends(
  "a server that does not read the request is not waited for",
  withDeadline(DEADLINE_MS, async () => {
    const rig = new Rig((peer) => peer.pause());
    const body = new Uint8Array(1_048_576);
    const call = rejects(rig.client.post("http://a.test/", "x/y", body), "send-timed-out");
    await settle();
    rig.clock.advance(130_000);
    await call;
    rig.peers[0]?.resume();
    await rig.nothingIsLeft();
  }),
);

ends.run();
