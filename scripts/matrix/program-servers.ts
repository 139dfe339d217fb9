/**
 * Servers that are a library: ours, Node's, gunicorn, Bun's, Deno's, Go's, each with a program of the contract.
 *
 * Rule of this file: a program is a handler and nothing else.
 */
import { join } from "node:path";
import { freePort, listening } from "../interop/ports.ts";
import { gather, launch, ROOT } from "../interop/world.ts";
import { buildGo, bundle, PROGRAMS_DIR } from "./build.ts";
import type { Place, ServerPeer } from "./peer.ts";

const HANDLER = "a program of the contract in its default settings";

export const PROGRAM_SERVERS: readonly ServerPeer[] = [
  {
    name: "barewire",
    program: "node",
    versionArgs: ["-p", `require(${JSON.stringify(join(ROOT, "package.json"))}).version`],
    setup: HANDLER,
    contract: 2,
    start: async (place, node) =>
      startOn("barewire", async (port) => [
        node,
        await bundle(place, "scripts/conformance/peer-barewire.ts"),
        port,
      ]),
  },
  {
    name: "node:http",
    program: "node",
    versionArgs: ["--version"],
    setup: HANDLER,
    contract: 2,
    start: async (place, node) =>
      startOn("node:http", async (port) => [
        node,
        await bundle(place, "scripts/conformance/peer-node-http.ts"),
        port,
      ]),
  },
  {
    name: "gunicorn",
    program: "gunicorn",
    versionArgs: ["--version"],
    setup:
      "a WSGI program of the contract; threads as workers, since others do not keep connections",
    contract: 2,
    start: async (place, gunicorn) =>
      startOn("gunicorn", async (port) => {
        const where = ["--bind", `127.0.0.1:${port}`, "--chdir", PROGRAMS_DIR];
        const worker = ["--worker-class", "gthread", "--threads", "16", "--log-level", "critical"];
        const control = ["--worker-tmp-dir", place.dir];
        return Promise.resolve([gunicorn, ...where, ...worker, ...control, "wsgi:application"]);
      }),
  },
  {
    name: "Bun.serve",
    program: "bun",
    versionArgs: ["--version"],
    setup: HANDLER,
    contract: 2,
    start: async (_, bun) =>
      startOn("Bun", async (port) =>
        Promise.resolve([bun, join(PROGRAMS_DIR, "server-web.mjs"), port]),
      ),
  },
  {
    name: "Deno.serve",
    program: "deno",
    versionArgs: ["--version"],
    setup: HANDLER,
    contract: 2,
    start: async (_, deno) =>
      startOn("Deno", async (port) =>
        Promise.resolve([
          deno,
          "run",
          "--allow-net",
          "--no-config",
          join(PROGRAMS_DIR, "server-web.mjs"),
          port,
        ]),
      ),
  },
  {
    name: "Go net/http",
    program: "go",
    versionArgs: ["version"],
    setup: HANDLER,
    contract: 2,
    start: async (place: Place, go) =>
      startOn("Go", async (port) => [await buildGo(place, go, "server.go"), port]),
  },
];

async function startOn(
  name: string,
  command: (port: string) => Promise<readonly string[]>,
): Promise<number> {
  const port = await freePort();
  const [program = "", ...args] = await command(`${port}`);
  const child = launch(program, args);
  child.stdout?.resume();
  await listening(name, child, port, gather(child.stderr));
  return port;
}
