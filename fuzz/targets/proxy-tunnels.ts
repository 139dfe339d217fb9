/**
 * Fuzz target: what a proxy answers before the tunnel stands, HTTP's CONNECT and SOCKS5.
 * RFC 9110 §9.3.6, RFC 1928, RFC 1929
 *
 * Rule of this file: how many octets there are chooses the protocol. The same outcome for every cut, and what
 * comes behind the proxy's answer comes out of the tunnel whole. Nothing is left of a talk that failed.
 */
import { Reader, pipe } from "../../lib/bufio/mod.ts";
import { connectThrough, connectThroughSocks } from "../../lib/client/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import type { Target } from "../harness.ts";
import { mustHaveCaughtAll } from "../kit/uncaught.ts";
import { codeOf, mustEqual, textOf } from "../kit/text.ts";
import { MESSAGE_WORDS } from "../kit/words.ts";

const WHERE = { host: "a.example", port: 443 };
const KINDS = ["connect", "socks", "socks-with-password"] as const;
const HTTP = "HTTP/1.1 200 OK\r\nVia: p\r\n\r\nrest";
const SOCKS = "\x05\0\x05\0\0\x01\x7f\0\0\x01\x01\xbbrest";
const WITH_PASSWORD = "\x05\x02\x01\0\x05\0\0\x03\x04name\x01\xbb";

export const target: Target = {
  seeds: [
    // Of lengths that choose their protocol.
    HTTP.padEnd(36, "!"),
    "HTTP/1.1 100 x\r\n\r\nHTTP/1.1 407 No\r\nContent-Length: 5\r\n\r\n".padEnd(60, "!"),
    SOCKS.padEnd(19, "!"),
    "\x05\0\x05\x04\0\x04".padEnd(25, "\0"),
    WITH_PASSWORD.padEnd(20, "!"),
    "\x05\xff",
  ],
  words: [
    ...MESSAGE_WORDS,
    "\x05\0",
    "\x05\x02",
    "\x01\0",
    "\x05\0\0\x01",
    "\0\x03",
    "\x05\0\0\x04",
  ],
  async run(pieces) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const clock = new TestClock();
    const [near, far] = pipe({ tenure: "borrowed" });
    const proxy = new WireClient(far);
    const kind = KINDS[length % KINDS.length]!;
    const options = { clock, target: WHERE };
    const talk =
      kind === "connect"
        ? connectThrough(near, { ...options, maxResponseHeaderBytes: 512 })
        : connectThroughSocks(near, {
            ...options,
            credentials: kind === "socks" ? undefined : { username: "u", password: "p" },
          });
    for (const piece of pieces) proxy.send(piece);
    // Half of them end there, half say nothing more.
    if (length % 2 === 0) proxy.finish();
    let outcome: string;
    try {
      const silent = settle(2).then(() => clock.advance(1_000_000));
      const tunnel = await talk;
      await silent;
      proxy.finish();
      const reader = new Reader(tunnel);
      tunnel.start(reader);
      while ((await reader.more()) !== "end");
      const rest = textOf([reader.bytes.subarray(reader.from, reader.to)]);
      mustEqual("the end of what was sent", textOf(pieces).endsWith(rest), true);
      tunnel.close();
      outcome = `${kind} tunnel ${rest}`;
    } catch (error) {
      outcome = `${kind} ${codeOf(error)}`;
    }
    proxy.close();
    await settle(2);
    mustEqual("alarms left", clock.watched, 0);
    mustEqual("the connection is over", proxy.end === "open", false);
    mustHaveCaughtAll();
    return JSON.stringify([outcome, proxy.text]);
  },
};
