/**
 * Several processes at one port: our workers, as a user would write them.
 *
 * Rule of this file: the first process answers the harness. It is asked for the pids of the workers, whose CPU
 * time counts too. Arguments: how many, and how they share.
 */
import { listenAndServe } from "barewire";
import { type WorkerShare, workers } from "barewire/adapters";
import { BODY, CONTENT_TYPE, ready } from "./rim.ts";

const [count = "1", share = "cluster"] = process.argv.slice(2);
const group = await workers({
  addr: "127.0.0.1:0",
  count: Number(count),
  share: share as WorkerShare,
  run: (worker) =>
    listenAndServe(worker.addr, (w) => {
      w.header.set("Content-Type", CONTENT_TYPE);
      void w.write(BODY);
    }),
});
const pids = group.list().map(({ number, pid = 0 }) => [`pid-${number}`, () => pid] as const);
ready(group.addr?.port ?? 0, {
  ...Object.fromEntries(pids),
  // Node may not have what was asked for.
  "shares-as-told": () => (group.share === share ? 1 : 0),
});
