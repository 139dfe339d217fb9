/**
 * The process that one target runs in: it starts the target's thread and watches it.
 *
 * Rule of this file: one job in, one report out, whatever becomes of the thread. A process of its own makes
 * processor time exact, and what one target leaves behind no concern of the next.
 */
import { Worker } from "node:worker_threads";
import { newTally } from "./harness.ts";
import { type Job, type Report, SHARED_HEAD_BYTES } from "./job.ts";

/**
 * An input that costs more processor time is a fault: nothing here is larger than a few KiB. The clock on the wall
 * would take a busy machine for one.
 */
const HANG_CPU_MS = 10_000;
/** One that waits so long for nothing is a fault too. It also bounds what is loaded or built before the first. */
const HANG_MS = 180_000;
/** One whose work needs more memory is one too: the thread dies of it. */
const HEAP_MIB = 512;
const SHARED_BYTES = 65_536;

process.once("message", (job) => {
  void inThread(job as Job).then((report) => process.send?.(report, () => process.disconnect()));
});
// Nobody is left who wants to know.
process.once("disconnect", () => process.exit());

/** An endless loop or a promise never kept becomes a fault. */
function inThread(what: Job): Promise<Report> {
  const shared = new SharedArrayBuffer(SHARED_BYTES);
  const worker = new Worker(new URL("./thread.ts", import.meta.url), {
    workerData: { ...what, shared },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  const counters = new Int32Array(shared, 0, 2);
  return new Promise((resolve) => {
    const end = (report: Report): void => {
      clearInterval(watch);
      resolve(report);
      void worker.terminate();
    };
    const fault = (why: string): void => {
      const input = new Uint8Array(shared, SHARED_HEAD_BYTES, counters[1]).slice();
      const tally = { ...newTally(), inputs: counters[0]! };
      const blocks = { reached: 0, known: 0 };
      end({ tally, found: { input, fault: why }, blocks, given: 0, cpuMs: cpuMsNow() });
    };
    let [seen, seenAt, seenCpuMs] = [-1, Date.now(), cpuMsNow()];
    const watch = setInterval(() => {
      const tried = counters[0]!;
      const [ms, cpuMs] = [Date.now() - seenAt, cpuMsNow() - seenCpuMs];
      if (tried !== seen) [seen, seenAt, seenCpuMs] = [tried, Date.now(), cpuMsNow()];
      else if (ms > HANG_MS) fault(`no answer after ${ms} ms`);
      else if (tried > 0 && cpuMs > HANG_CPU_MS) fault(`no answer after ${cpuMs} ms of work`);
    }, 200);
    worker.once("message", end);
    worker.once("error", (error) => fault(`the thread died: ${error.stack ?? error.message}`));
    worker.once("exit", () =>
      fault("the thread ended without an answer: a promise was never kept"),
    );
  });
}

/** Of the whole process since it began. */
function cpuMsNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
