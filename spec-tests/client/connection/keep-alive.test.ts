// How long a server says it keeps a connection, and how long we believe it.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { keepAliveMs } from "../../../lib/client/connection/keep-alive.ts";
import { HeadScan, scanResponseHead } from "../../../lib/wire/mod.ts";
import { bytes, table } from "../../kit.ts";

const it = suite("keepAliveMs");

table(
  it,
  [
    { name: "timeout=5", ms: 4_000 },
    { name: "timeout=5, max=100", ms: 4_000 },
    { name: "max=100,TIMEOUT = 5", ms: 4_000 },
    { name: "timeout=1", ms: 500 },
    { name: "timeout=0", ms: 0 },
    { name: "max=0", ms: 0 },
    { name: "timeout=9, timeout=3", ms: 2_000 },
    { name: "timeout=9999999", ms: 9_999_998_000 },
    { name: "timeout=99999999", ms: Infinity },
    { name: "timeout=-1", ms: Infinity },
    { name: "timeout=1.5", ms: Infinity },
    { name: "timeout=0x10", ms: Infinity },
    { name: "timeout", ms: Infinity },
    { name: "other=5", ms: Infinity },
  ],
  ({ name, ms }) => {
    const head = bytes(`HTTP/1.1 200 OK\r\nKeep-Alive: ${name}\r\n\r\n`);
    const scanned = scanResponseHead(head, new HeadScan("response"), 0, head.length);
    if (scanned === "need-more") throw new Error("a whole head is wanted");
    assert.is(keepAliveMs(scanned.fields), ms);
  },
);

it.run();
