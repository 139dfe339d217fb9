/**
 * The topic goclient-pool: which connection a request gets, and when it is sent once more.
 * RFC 9112 §9.3 · vectors: goclient-pool
 *
 * Rule of this file: the scripts of the file are sentences; each sentence is one function here, played against a
 * server that answers with the name of its connection.
 */
import { Transport } from "../../lib/adapters/mod.ts";
import { dial } from "../../lib/net/mod.ts";
import { newRequest } from "../../lib/message/mod.ts";
import { isObject, objectsOf, textOf, textsOf } from "./case.ts";
import type { CallInput, Case, Input, JsonObject, Outcome, Run, Topic } from "./case.ts";
import { oneOf } from "./match.ts";
import { type ScriptServer, type Seen, scriptServer, sleep } from "./script-server.ts";
import { codeOf } from "./wants.ts";

const FILE = "goclient-pool";

export const POOL_TOPICS: readonly Topic[] = [
  {
    name: FILE,
    file: FILE,
    parallel: 8,
    cases: (content) => objectsOf(content["cases"]).map(caseOf),
    run: async (input): Promise<Run[]> => {
      if (input.kind !== "call") throw new Error("a call is wanted");
      const play = PLAYS[input.op];
      if (play === undefined) throw new Error(`nothing plays ${input.op}`);
      return [{ way: "", outcome: await play(input) }];
    },
  },
];

const ARGUMENTS: readonly string[] = [
  "method",
  "idempotencyKey",
  "body",
  "serverSecondAnswer",
  "transport",
  "script",
];

function caseOf(one: JsonObject): Case {
  const args = Object.fromEntries(Object.entries(one).filter(([name]) => ARGUMENTS.includes(name)));
  const input: Input = { kind: "call", op: textOf(one["fn"]), args };
  return { id: textOf(one["id"]), input, want: wantOf(one) };
}

function wantOf({ want, wantConnections, wantError, wantRetried }: JsonObject): Outcome {
  const error = wantError === null ? null : oneOf(CODES[textOf(wantError)] ?? []);
  return {
    connections: wantConnections,
    error: wantError === undefined ? undefined : error,
    retried: wantRetried,
    ...(isObject(want) ? want : {}),
  };
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  "connection-closed": ["connection-lost", "reset"],
  "malformed or truncated response": ["truncated-head"],
};

/** Says which connection it is; the content of "/hold/MS" comes so much later. */
async function nameConnection(seen: Seen): Promise<void> {
  const ms = /^\w+ \/hold\/(\d+) /.exec(seen.head)?.[1];
  if (ms !== undefined) await sleep(Number(ms));
  const name = `c${seen.connection}`;
  seen.send(`HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`);
}

class Scene {
  readonly server: ScriptServer;
  readonly transport: Transport;

  constructor(server: ScriptServer, transport: Transport) {
    this.server = server;
    this.transport = transport;
  }

  /** The name of the connection, or "canceled" when it was given up after `giveUpMs`. */
  async get(holdMs = 0, giveUpMs?: number): Promise<string> {
    const source = new AbortController();
    if (giveUpMs !== undefined) setTimeout(() => source.abort(), giveUpMs);
    const url = `http://127.0.0.1:${this.server.port}/hold/${holdMs}`;
    try {
      const request = newRequest("GET", url, undefined, { signal: source.signal });
      return await (await this.transport.roundTrip(request)).body.text();
    } catch (error) {
      if (error === source.signal.reason) return "canceled";
      throw error;
    }
  }
}

type Script = (scene: Scene) => Promise<Outcome>;

/** Requests, pauses and closeIdleConnections one after the other. */
async function stepByStep(scene: Scene, steps: readonly string[]): Promise<Outcome> {
  const results: string[] = [];
  for (const step of steps) {
    if (step === "request") results.push(await scene.get());
    else if (step === "closeIdleConnections") scene.transport.closeIdleConnections();
    else await sleep(Number(/^(\d+) ms$/.exec(step)?.[1]));
  }
  return { results };
}

const SCRIPTS: Readonly<Record<string, Script>> = {
  "4 requests started 5 ms apart, each held 20 ms": async (scene) => {
    const done: number[] = [];
    const asks: Promise<string>[] = [];
    for (let i = 0; i < 4; i++) {
      if (i > 0) await sleep(5);
      asks.push(
        scene.get(20).then((name) => {
          done.push(i);
          return name;
        }),
      );
    }
    const results = await Promise.all(asks);
    return { results, order: done.join() === "0,1,2,3" ? "as started" : done.join() };
  },
  "first held 60 ms, second gives up after 20 ms while queued, third waits": async (scene) => {
    const [first, second, third] = [scene.get(60), scene.get(0, 20), scene.get()];
    return { first: await first, second: await second, third: await third };
  },
  "first gives up after 10 ms, 80 ms later a second request": async (scene) => {
    const first = await scene.get(0, 10);
    await sleep(80);
    return { first, second: await scene.get() };
  },
  "first held 20 ms on c1, 8 ms later a second request starts its own dial": async (scene) => {
    const first = scene.get(20);
    await sleep(8);
    const second = await scene.get();
    const secondDoneBeforeItsDial = scene.transport.stats().dialing === 1;
    const late = async (): Promise<void> => {
      while (scene.transport.stats().dialing > 0) await sleep(5);
    };
    await late();
    return { first: await first, second, secondDoneBeforeItsDial };
  },
  "request held 30 ms; closeIdleConnections after 10 ms, 5 ms after its end another request":
    async (scene) => {
      const first = scene.get(30);
      await sleep(10);
      scene.transport.closeIdleConnections();
      const results = [await first];
      await sleep(5);
      return { results: [...results, await scene.get()] };
    },
};

async function pool({ args }: CallInput): Promise<Outcome> {
  const given = isObject(args["transport"]) ? args["transport"] : {};
  const { dialDelayMs, dialDelayMsFromSecondDial, idleConnTimeoutMs, ...others } = given;
  const server = await scriptServer(nameConnection);
  let dials = 0;
  const transport = new Transport({
    ...(others as object),
    ...(idleConnTimeoutMs === undefined ? {} : { idleConnTimeout: Number(idleConnTimeoutMs) }),
    dial: async (where) => {
      dials++;
      const delay = dials === 1 ? dialDelayMs : (dialDelayMs ?? dialDelayMsFromSecondDial);
      if (delay !== undefined) await sleep(Number(delay));
      return dial(where);
    },
  });
  try {
    const script = textsOf(args["script"]);
    const play = SCRIPTS[script.join(", ")];
    const scene = new Scene(server, transport);
    const outcome = await (play === undefined ? stepByStep(scene, script) : play(scene));
    // The server may hear of the last connection later than the client.
    for (let i = 0; i < 50 && server.connections() < dials; i++) await sleep(2);
    return { ...outcome, dials, connections: server.connections() };
  } finally {
    transport.close();
    await server.close();
  }
}

/** One request, perhaps behind another, to a server that treats the one as `answer` says. */
async function retried(
  { args }: CallInput,
  before: "a request" | "nothing",
  answer: (seen: Seen) => Promise<void> | void,
): Promise<Outcome> {
  const server = await scriptServer(async (seen) => {
    if (seen.connection === 1 && seen.turn === (before === "nothing" ? 1 : 2)) await answer(seen);
    else await nameConnection(seen);
  });
  const transport = new Transport();
  const url = `http://127.0.0.1:${server.port}/`;
  try {
    if (before === "a request") {
      await (await transport.roundTrip(newRequest("GET", url))).body.text();
    }
    const body = isObject(args["body"]) ? textOf(args["body"]["data"]) : undefined;
    const header: [string, string][] =
      args["idempotencyKey"] === true ? [["Idempotency-Key", "k"]] : [];
    const request = newRequest(textOf(args["method"]), url, body, { header });
    let error: string | null = null;
    try {
      await (await transport.roundTrip(request)).body.text();
    } catch (thrown) {
      error = codeOf(thrown);
    }
    return { error, retried: error === null, connections: server.connections() };
  } finally {
    transport.close();
    await server.close();
  }
}

async function readAndClose(seen: Seen): Promise<void> {
  await seen.body;
  seen.socket.end();
}

const PLAYS: Readonly<Record<string, (input: CallInput) => Promise<Outcome>>> = {
  retryOnReused: (input) => retried(input, "a request", readAndClose),
  freshDrop: (input) => retried(input, "nothing", readAndClose),
  partialOnReused: (input) =>
    retried(input, "a request", (seen) => {
      seen.send(textOf(input.args["serverSecondAnswer"]));
      seen.socket.end();
    }),
  pool,
};
