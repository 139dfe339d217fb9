/**
 * The program `barewire`: the process as the world of a verb.
 *
 * Rule of this file: streams, signals and the exit code; what is done is run.ts.
 */
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { INTERRUPTED, type Sink } from "./io.ts";
import { run } from "./run.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
) as { version: string };

const interruption = new AbortController();
process.once("SIGINT", () => {
  interruption.abort();
  // Whoever presses twice means it.
  process.once("SIGINT", () => process.exit(INTERRUPTED));
});
// A reader that has had enough (`| head`) is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), {
  out: sinkOf(process.stdout),
  err: sinkOf(process.stderr),
  stdin: readAll,
  env: process.env,
  signal: interruption.signal,
  version,
});
// What a verb may have left open (a server that is told to stop) shall not keep the process.
if (interruption.signal.aborted) process.exit();

function sinkOf(stream: NodeJS.WriteStream): Sink {
  let drained: Promise<unknown> | undefined;
  return {
    kind: stream.isTTY ? "terminal" : "pipe",
    write: async (data) => {
      if (stream.write(data)) return;
      // One listener, however many lines of a log are waiting.
      drained ??= once(stream, "drain").finally(() => {
        drained = undefined;
      });
      await drained;
    },
  };
}

async function readAll(): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  for await (const piece of process.stdin) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
