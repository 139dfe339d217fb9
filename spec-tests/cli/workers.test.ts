/**
 * `barewire serve --workers`: the program with its workers as processes of their own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { barewire } from "./fake-io.ts";
import { withFolder } from "./folder.ts";

const test = suite("cli workers");
const DEADLINE_MS = 40_000;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

test(
  "serve --workers serves with the certificate of the first process, and ends with all of them",
  withFolder(DEADLINE_MS, async (folder) => {
    const args = ["--import", join(ROOT, "scripts/ts-hook.mjs"), join(ROOT, "lib/cli/main.ts")];
    const flags = ["serve", folder, "--workers", "2", "--port", "0", "--tls"];
    const child = spawn(process.execPath, [...args, ...flags], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close");
    let said = "";
    let log = "";
    child.stdout.on("data", (data: Buffer) => (log += data.toString()));
    try {
      for await (const data of child.stderr.setEncoding("utf8")) {
        said += String(data);
        if (said.endsWith("/\n")) break;
      }
      const [, url] = / at (https:\/\/127\.0\.0\.1:[1-9]\d*\/)\n$/.exec(said) ?? [];
      for (let i = 0; i < 4; i++) {
        const { out, err } = await barewire(["get", `${url}notes.txt`, "-k"]);
        assert.is(out, "0123456789", err);
      }
      child.kill("SIGINT");
      // Not before the last worker has let go of stdout.
      assert.equal(await ended, [130, null]);
      assert.is(log.match(/"GET \/notes\.txt HTTP\/1\.1" 200 /g)?.length, 4);
    } finally {
      child.kill("SIGKILL");
    }
  }),
);

test(
  "serve --workers tells of a port that is taken, before there is any worker",
  withFolder(DEADLINE_MS, async (folder) => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    try {
      const ran = await barewire(["serve", folder, "--workers", "2", "--port", String(port)]);
      assert.is(ran.code, 1);
      assert.ok(ran.err.includes("already in use") && ran.err.includes("--port 0"), ran.err);
    } finally {
      other.close();
    }
  }),
);

test.run();
