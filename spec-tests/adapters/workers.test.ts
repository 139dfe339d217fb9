/**
 * Workers, seen from outside: a program with its workers is a tree of processes of its own.
 *
 * Rule of this file: a program has ended when its stdout is closed, which is when the last process that has
 * inherited it is gone: that no worker is left over is part of every test. What the first process decides is
 * tested without processes in workers/group.test.ts.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type Socket, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { WORKER_LIMITS, workers } from "../../lib/adapters/mod.ts";
import { type Row, rejects, table, withDeadline } from "../kit.ts";
import { bundleProgram } from "../run-example.ts";
import type { Plan } from "./workers/program.ts";

const test = suite("workers");
const DEADLINE_MS = 30_000;
const it = (name: string, fn: () => Promise<void>): void =>
  test(name, withDeadline(DEADLINE_MS, fn));

const FOLDER = mkdtempSync(join(tmpdir(), "barewire-workers-"));
process.once("exit", () => rmSync(FOLDER, { recursive: true, force: true }));

/** Bundled, because every worker would load all of lib's files once more. */
const bundle = (name: string, contents: string): Promise<string> =>
  bundleProgram(contents, join(FOLDER, name));
const PROGRAM = bundle(
  "program.mjs",
  `import { play } from "../spec-tests/adapters/workers/program.ts";
  await play(JSON.parse(process.argv[2]));`,
);
interface Line {
  readonly word: string;
  readonly value: Record<string, unknown>;
}

/** A program that runs: what it has told, in order. */
class Program {
  readonly child: ChildProcess;
  readonly lines: Line[] = [];
  readonly ended: Promise<number | string>;
  #taken = 0;
  #wake: () => void = () => undefined;

  constructor(file: string, plan: Plan, env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, [file, JSON.stringify(plan)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
      // A process group of its own, for what a terminal does.
      detached: true,
    });
    this.child = child;
    createInterface(child.stdout).on("line", (line) => {
      const [word, value] = JSON.parse(line) as [string, Record<string, unknown>];
      this.lines.push({ word, value });
      this.#wake();
    });
    this.ended = once(child, "close").then(([code, signal]) => (signal ?? code) as number | string);
    void this.ended.then(() => this.#wake());
  }

  /** The value of the next line with this word, behind those that were asked for before. */
  async next(word: string): Promise<Record<string, unknown>> {
    for (;;) {
      for (; this.#taken < this.lines.length; this.#taken++) {
        const line = this.lines[this.#taken];
        if (line?.word !== word) continue;
        this.#taken++;
        return line.value;
      }
      if (this.child.stdout?.closed === true) {
        throw new Error(`it ended without a ${word}: ${JSON.stringify(this.lines)}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Everything that was told with this word. */
  all(word: string): unknown[] {
    return this.lines.filter((line) => line.word === word).map(({ value }) => value);
  }

  say(word: string): void {
    this.child.stdin?.write(`${word}\n`);
  }
}

/** Uses a program; whatever comes of it, none of its processes is left. */
async function using(
  plan: Plan,
  use: (program: Program) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const program = new Program(await PROGRAM, plan, env);
  try {
    await use(program);
  } finally {
    // Workers go with the first process.
    program.child.kill("SIGKILL");
    await program.ended;
  }
}

/** One request on a connection of its own; all that comes until its end. */
function ask(port: unknown, path = "/", host = "127.0.0.1"): Promise<string> {
  return talk(connect({ port: Number(port), host }), path);
}

function talk(socket: Socket, path: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket
      .setEncoding("latin1")
      .write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    socket.on("data", (data) => (text += String(data))).on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

/** The number and the pid that the answer of a worker has. */
function from(answer: string): [number: number, pid: number] {
  const [, number, pid] = /\r\n\r\n(\d+) (\d+) /.exec(answer) ?? [];
  return [Number(number), Number(pid)];
}

/** Asks until all these workers have answered; their pids by number. */
async function pids(port: unknown, numbers: readonly number[]): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  while (!numbers.every((number) => found.has(number))) found.set(...from(await ask(port)));
  return found;
}

const POLICIES: readonly (Row & { readonly env: Readonly<Record<string, string>> })[] = [
  { name: "handed over by the first process", env: { NODE_CLUSTER_SCHED_POLICY: "rr" } },
  { name: "shared by all", env: { NODE_CLUSTER_SCHED_POLICY: "none" } },
];

for (const { name, env } of POLICIES) {
  const cluster: Plan = { way: "serve", options: { share: "cluster" } };

  it(`two workers answer at one port, its socket ${name}`, async () => {
    await using(
      cluster,
      async (program) => {
        const up = await program.next("up");
        assert.is(up["url"], `http://127.0.0.1:${String(up["port"])}/`);
        const found = await pids(up["port"], [1, 2]);
        const list = [1, 2].map((number) => ({ number, pid: found.get(number), state: "ready" }));
        assert.equal(up["list"], list);
        assert.match(await ask(up["port"]), '{"of":"the first process"}');
        assert.is(program.all("data").length, 1);
        program.child.kill("SIGTERM");
        assert.is(await program.ended, 0);
      },
      env,
    );
  });

  it(`octets come the fast way and connections are counted, the socket ${name}`, async () => {
    await using(
      { way: "listener", options: { share: "cluster" } },
      async (program) => {
        const { port } = await program.next("up");
        for (let i = 0; i < 4; i++) assert.is(await ask(port), "borrowed 1");
        program.child.kill("SIGTERM");
        assert.is(await program.ended, 0);
        assert.equal(program.all("left open"), [0, 0]);
      },
      env,
    );
  });

  it(`a shutdown under load loses no answer, the socket ${name}`, async () => {
    await using(
      cluster,
      async (program) => {
        const { port } = await program.next("up");
        const waiting = Array.from({ length: 16 }, () => ask(port, "/at-the-end"));
        for (const _ of waiting) await program.next("begun");
        const load = Array.from({ length: 8 }, () => askOn(Number(port)));
        // They are under way when each has had an answer.
        await Promise.all(load.map(({ first }) => first));
        program.child.kill("SIGTERM");
        for (const answer of await Promise.all(waiting)) {
          assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n[12] \d+ \{"of"/);
        }
        const counts = await Promise.all(load.map(({ count }) => count));
        assert.is(await program.ended, 0);
        const given = program.all("answered").reduce((sum: number, n) => sum + Number(n), 0);
        assert.is(
          counts.reduce((sum, n) => sum + n, waiting.length),
          given,
        );
        assert.equal(program.all("closed"), ["finished"]);
      },
      env,
    );
  });
}

/** Asks again and again on one connection, until the server ends it; how many whole answers there were. */
function askOn(port: number): { first: Promise<void>; count: Promise<number> } {
  const socket = connect(port, "127.0.0.1").setEncoding("latin1");
  const next = (): void => void socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  let whole = 0;
  let text = "";
  let onFirst = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  socket.on("connect", next).on("error", () => undefined);
  socket.on("data", (data) => {
    text += String(data);
    const length = /\r\nContent-Length: (\d+)\r\n[^]*?\r\n\r\n/.exec(text);
    if (length === null || text.length < length.index + length[0].length + Number(length[1]))
      return;
    whole++;
    onFirst();
    if (!text.includes("\r\nConnection: close\r\n")) next();
    text = "";
  });
  const count = new Promise<number>((resolve, reject) => {
    socket.on("close", () => {
      if (text === "") resolve(whole);
      else reject(new Error(`an answer was cut: ${text}`));
    });
  });
  return { first, count };
}

it("a worker that is killed is started again, with its number and at the same port", async () => {
  await using({ way: "serve", options: { settleTimeout: 0 } }, async (program) => {
    const { port } = await program.next("up");
    const before = await pids(port, [1, 2]);
    process.kill(before.get(1) ?? 0, "SIGKILL");
    assert.match(
      String((await program.next("died"))["message"]),
      /^worker 1 \(pid \d+\) ended by SIGKILL/,
    );
    assert.is((await program.next("ready"))["worker"], 1);
    const after = await pids(port, [1, 2]);
    assert.is.not(after.get(1), before.get(1));
    assert.is(after.get(2), before.get(2));
    program.child.kill("SIGINT");
    assert.is(await program.ended, 0);
  });
});

it("when all are killed, those that follow listen at the same port again", async () => {
  await using({ way: "serve", options: { restartDelay: 10 } }, async (program) => {
    const { port } = await program.next("up");
    for (const pid of (await pids(port, [1, 2])).values()) process.kill(pid, "SIGKILL");
    await program.next("ready");
    await program.next("ready");
    await pids(port, [1, 2]);
  });
});

it("a worker that gets SIGTERM itself ends in good order and is replaced", async () => {
  await using({ way: "serve" }, async (program) => {
    const { port } = await program.next("up");
    const waiting = ask(port, "/at-the-end");
    const number = await program.next("begun");
    process.kill((await pids(port, [1, 2])).get(Number(number)) ?? 0, "SIGTERM");
    assert.match(await waiting, "HTTP/1.1 200 OK");
    assert.match(String((await program.next("died"))["message"]), "ended with exit code 0");
    assert.equal((await program.next("ready"))["worker"], number);
  });
});

it("a run that throws is reported and tried again with growing pauses, and then given up", async () => {
  const options = { count: 1, restartDelay: 5, maxFailedStarts: 3 };
  await using({ way: "throws", options }, async (program) => {
    const { code, message } = await program.next("rejected");
    assert.is(code, "workers-not-started");
    assert.match(String(message), "worker 1 failed 3 times in a row: TypeError: no. 1 cannot");
    assert.is(await program.ended, 0);
    assert.is(program.all("failed").length, 3);
    const pauses = program.all("died").map((event) => (event as { message: string }).message);
    assert.equal(
      pauses.map((text) => /with exit code 1 and .* in (\d+) ms$/.exec(text)?.[1]),
      ["5", "10"],
    );
  });
});

it("a run that hangs is ended after startTimeout", async () => {
  const options = { startTimeout: 1500, maxFailedStarts: 1 };
  await using({ way: "hangs", options }, async (program) => {
    const { message } = await program.next("rejected");
    assert.match(String(message), "was not ready within 1500 ms");
    assert.is(await program.ended, 0);
  });
});

it("Ctrl-C, which all processes get, ends them in good order", async () => {
  await using({ way: "serve" }, async (program) => {
    const { port } = await program.next("up");
    const waiting = Array.from({ length: 4 }, () => ask(port, "/at-the-end"));
    for (const _ of waiting) await program.next("begun");
    process.kill(-(program.child.pid ?? 0), "SIGINT");
    for (const answer of await Promise.all(waiting)) assert.match(answer, "HTTP/1.1 200 OK");
    assert.is(await program.ended, 0);
    assert.equal(program.all("closed"), ["finished"]);
  });
});

it("a second signal ends all at once, with exit code 1", async () => {
  await using({ way: "serve" }, async (program) => {
    const { port } = await program.next("up");
    const waiting = ask(port, "/never");
    await program.next("begun");
    program.child.kill("SIGTERM");
    await program.next("ending");
    await program.next("ending");
    program.child.kill("SIGTERM");
    assert.is(await waiting, "");
    assert.is(await program.ended, 1);
    assert.equal(program.all("closed"), ["cut"]);
  });
});

it("shutdown cuts what is not answered in its time", async () => {
  await using({ way: "serve", options: { killTimeout: 20_000 } }, async (program) => {
    const { port } = await program.next("up");
    const waiting = ask(port, "/never");
    await program.next("begun");
    program.say("shutdown 200");
    assert.is(await program.next("closed"), "cut");
    assert.is(await waiting, "");
    assert.is(await program.ended, 0);
    assert.equal(program.all("killed"), []);
  });
});

it("a worker that computes without end is killed after killTimeout", async () => {
  await using({ way: "computes", options: { killTimeout: 200 } }, async (program) => {
    await program.next("up");
    program.say("shutdown 100");
    assert.is(await program.next("closed"), "cut");
    assert.is(program.all("killed").length, 2);
    assert.is(await program.ended, 0);
  });
});

it("close ends all at once", async () => {
  await using({ way: "serve" }, async (program) => {
    await program.next("up");
    program.say("close 0");
    assert.is(await program.ended, 0);
    assert.equal(program.all("ending"), []);
  });
});

it("workers go when the first process is killed", async () => {
  await using({ way: "serve" }, async (program) => {
    const { port } = await program.next("up");
    await pids(port, [1, 2]);
    program.child.kill("SIGKILL");
    // Not before the last worker has let go of stdout.
    assert.is(await program.ended, "SIGKILL");
  });
});

it("a signal that is aborted before they are ready ends them, and workers rejects with its reason", async () => {
  await using({ way: "serve", signal: "aborted" }, async (program) => {
    assert.is((await program.next("rejected"))["message"], "not today");
    assert.is(await program.ended, 0);
    assert.equal(program.all("up"), []);
  });
});

it("a port that is taken is told before any worker is started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { port: number };
  try {
    const options = { addr: { host: "127.0.0.1", port, reusePort: true } };
    await using({ way: "serve", options }, async (program) => {
      assert.is((await program.next("rejected"))["code"], "address-in-use");
      assert.is(await program.ended, 0);
      assert.equal(program.all("started"), []);
    });
  } finally {
    other.close();
  }
});

it("a Unix socket is shared too, and the file of a dead server is no hindrance", async () => {
  const folder = mkdtempSync(join(tmpdir(), "workers-"));
  const path = join(folder, "s");
  try {
    // What is left of a server that was killed.
    const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", script]), "close");
    await using({ way: "serve", options: { addr: { path } } }, async (program) => {
      assert.is((await program.next("up"))["share"], "cluster");
      const numbers = new Set<number>();
      while (numbers.size < 2) numbers.add(from(await talk(connect(path), "/"))[0]);
      program.child.kill("SIGTERM");
      assert.is(await program.ended, 0);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("reusePort is used where Node has it, and told once where it has not", async () => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNew = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
  const has = isNew && process.platform === "linux";
  await using({ way: "serve", options: { share: "reusePort" } }, async (program) => {
    const { share, port } = await program.next("up");
    assert.is(share, has ? "reusePort" : "cluster");
    assert.is(program.all("warning").length, has ? 0 : 1);
    await pids(port, [1, 2]);
    program.child.kill("SIGTERM");
    assert.is(await program.ended, 0);
  });
});

it("without being asked for reusePort nothing is said about it", async () => {
  await using({ way: "serve" }, async (program) => {
    await program.next("up");
    assert.equal(program.all("warning"), []);
  });
});

it("neither the first process nor a worker loads Node's HTTP modules (what must hold, 3)", async () => {
  await using({ way: "modules" }, async (program) => {
    const { port, modules } = await program.next("up");
    assert.equal(modules, []);
    for (let i = 0; i < 2; i++) assert.ok((await ask(port)).endsWith("\r\n\r\n[]"));
  });
});

interface Count extends Row {
  readonly count: number;
  readonly maxWorkers?: number | undefined;
}

const COUNTS: readonly Count[] = [
  { name: "no workers are refused", count: 0 },
  { name: "a count below zero is refused", count: -1 },
  { name: "half a worker is refused", count: 1.5 },
  { name: "a count that is no number is refused", count: Number.NaN },
  { name: "more than maxWorkers are refused", count: WORKER_LIMITS.maxWorkers.default + 1 },
  { name: "maxWorkers is an option", count: 3, maxWorkers: 2 },
];

table(test, COUNTS, async ({ count, maxWorkers }) => {
  const run = (): void => undefined;
  await rejects(workers({ count, maxWorkers, run }), "bad-worker-count");
});

interface Refusal extends Row {
  readonly source: string;
  readonly said: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "an address that is none is refused, and so is a second call",
    source: `
      for (const addr of ["nowhere", "127.0.0.1:0"]) {
        await workers({ addr, run }).catch((error) => console.log(error.code));
      }`,
    said: "bad-address\nworkers-called-twice",
  },
  {
    name: "a worker of somebody else's is refused",
    source: `
      import cluster from "node:cluster";
      if (cluster.isPrimary) cluster.fork();
      else await workers({ run }).catch((error) => console.log(error.code)).finally(process.exit);`,
    said: "not-our-worker",
  },
  {
    name: "importing the front door and adapters does not load node:cluster, and calling workers does",
    source: `
      import * as door from "barewire";
      const loaded = () => process.moduleLoadList.some((name) => /\\bcluster\\//.test(name));
      const before = loaded();
      await workers({ addr: "nowhere", run }).catch(() => undefined);
      console.log(typeof door.Server, before, loaded());`,
    said: "function false true",
  },
];

table(test, REFUSALS, async (row) => {
  await withDeadline(DEADLINE_MS, async () => {
    const head = `import { workers } from "barewire/adapters"; const run = () => undefined;`;
    const file = await bundle(`refusal-${REFUSALS.indexOf(row)}.mjs`, `${head}${row.source}`);
    const child = spawn(process.execPath, [file], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 20_000,
    });
    let out = "";
    child.stdout.on("data", (data: Buffer) => (out += data.toString()));
    const [code] = await once(child, "close");
    assert.is(out.trim(), row.said);
    assert.is(code, 0);
  })();
});

test.run();
