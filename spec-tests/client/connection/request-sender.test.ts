// Is a server still taking what it is sent? Only one that has something to take and takes nothing is not.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ConnectionParts } from "../../../lib/client/connection/exchange-contracts.ts";
import { RequestSender } from "../../../lib/client/connection/request-sender.ts";
import { type Row, table } from "../../kit.ts";

const WRITE_TIMEOUT_MS = 300;
const NOW_MS = 1_000;

interface Look {
  readonly queued: number;
  readonly taken: number;
  readonly moving: boolean;
}

interface Looks extends Row {
  readonly looks: readonly Look[];
}

const it = suite("RequestSender.isMoving");

const rows: readonly Looks[] = [
  {
    name: "it takes something between two looks",
    looks: [
      { queued: 10, taken: 90, moving: true },
      { queued: 9, taken: 91, moving: true },
    ],
  },
  {
    name: "it takes nothing of what is queued",
    looks: [
      { queued: 10, taken: 90, moving: true },
      { queued: 10, taken: 90, moving: false },
    ],
  },
  {
    name: "nothing is queued: the source makes nothing, which is not its fault",
    looks: [
      { queued: 0, taken: 100, moving: true },
      { queued: 0, taken: 100, moving: true },
    ],
  },
  {
    name: "after a pause of the source it counts from what was taken last",
    looks: [
      { queued: 0, taken: 100, moving: true },
      { queued: 5, taken: 100, moving: false },
      { queued: 1, taken: 104, moving: true },
    ],
  },
];

function scene(): {
  readonly sender: RequestSender;
  readonly conn: { queuedBytes: number; takenBytes: number | undefined };
  readonly writer: { total: number };
  readonly waits: unknown[];
} {
  const conn = { queuedBytes: 0, takenBytes: 0 as number | undefined };
  const writer = { total: 0 };
  const waits: unknown[] = [];
  const parts = {
    conn,
    writer,
    deadline: { set: (...wait: unknown[]) => waits.push(wait) },
    host: { clock: {}, settings: { timeouts: { writeTimeout: WRITE_TIMEOUT_MS } } },
  };
  const owner = { onSent: () => undefined, onSendFailed: () => undefined };
  return {
    sender: new RequestSender(parts as unknown as ConnectionParts, owner),
    conn,
    writer,
    waits,
  };
}

for (const [way, tell] of [
  ["by what the conn says was taken", (taken: number) => taken],
  ["where it does not say, by what was written and is not queued", () => undefined],
] as const) {
  table(
    it,
    rows.map((row) => ({ ...row, name: `${row.name}, ${way}` })),
    ({ looks }) => {
      const { sender, conn, writer, waits } = scene();
      for (const { queued, taken, moving } of looks) {
        conn.queuedBytes = queued;
        conn.takenBytes = tell(taken);
        writer.total = taken + queued;
        waits.length = 0;
        assert.is(sender.isMoving(NOW_MS), moving);
        assert.equal(waits, moving ? [["send", WRITE_TIMEOUT_MS, NOW_MS]] : []);
      }
    },
  );
}

it.run();
