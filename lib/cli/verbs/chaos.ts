/**
 * barewire chaos: a peer that misbehaves.
 *
 * Rule of this file: flags to steps, for both roles; it goes to nobody who was not named.
 */
import { readFile } from "node:fs/promises";
import { dial } from "../../net/mod.ts";
import { TestingError, WireClient } from "../../testing/mod.ts";
import { CHAOS_PRESETS, type ChaosStep, parseChaosScript } from "../chaos-script.ts";
import { exitCodeOf, shownOctets } from "../client/mod.ts";
import { hostAndPort, oneOf, parseFlags, wholeNumber } from "../flags.ts";
import { Exit, type Io, usage, type Verb } from "../io.ts";
import { playChaos } from "../play-chaos.ts";
import { serveRaw } from "../raw-listener.ts";

const PRESET_LINES: string = Object.entries(CHAOS_PRESETS)
  .map(([name, { about }]) => `  ${name.padEnd(22)} ${about}`)
  .join("\n");

const HELP = `barewire chaos PRESET|--script FILE [flags]    only against hosts that you may test

A server that misbehaves towards whoever connects; with --connect a client that does.

${PRESET_LINES}

      --script FILE   steps of your own, as JSON: [{"await":"head"}, {"send":"HTTP/1.1 200 OK\\r\\n"},
                      {"dribble":"…","everyMs":50}, {"trickle":"…","everyMs":1000,"times":60},
                      {"pauseMs":500}, {"end":"fin"|"close"|"reset"}]; {host} is filled in
  -p, --port N        0 takes any free one (8082)
      --host ADDRESS  (127.0.0.1)
      --connect HOST:PORT   as a client of this server
      --count N       connections of the client at a time (1, at most 100)

examples
  barewire chaos double-content-length
  curl -sS localhost:8082
  barewire chaos slowloris --connect 127.0.0.1:8080 --count 20

exit code: 0 played, 130 after SIGINT, 1 when listening fails, 2 usage, 7 refused
`;

const FLAGS = {
  script: { type: "string" },
  port: { type: "string", short: "p", default: "8082" },
  host: { type: "string", default: "127.0.0.1" },
  connect: { type: "string" },
  count: { type: "string", default: "1" },
  help: { type: "boolean", short: "h", default: false },
} as const;

export const chaosVerb: Verb = {
  name: "chaos",
  summary: "a peer that misbehaves, for testing others",
  help: HELP,
  run,
};

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (values.help) {
    await io.out.write(HELP);
    return 0;
  }
  const role = values.connect === undefined ? "server" : "client";
  const steps = await stepsOf(positionals, values.script, role);
  const count = wholeNumber("--count", values.count, 1, 100);
  if (values.connect !== undefined) return attack(values.connect, steps, count, io);
  const port = wholeNumber("--port", values.port, 0, 65_535);
  await serveRaw({ host: values.host, port }, io, "misbehaving", async (peer, number) => {
    const how = await playChaos(peer, steps, values.host, io.signal);
    await io.err.write(`#${number}: ${how}, got ${shownOctets(peer.received)}\n`);
  });
  return 0;
}

async function stepsOf(
  positionals: readonly string[],
  script: string | undefined,
  role: "server" | "client",
): Promise<readonly ChaosStep[]> {
  const [name] = positionals;
  if ((name === undefined) === (script === undefined) || positionals.length > 1) {
    throw usage("one preset, or --script FILE, is needed");
  }
  if (name !== undefined) {
    const known = oneOf("preset", name, Object.keys(CHAOS_PRESETS));
    return CHAOS_PRESETS[known]?.[role] ?? [];
  }
  try {
    return parseChaosScript(await readFile(script ?? "", "utf8"));
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw usage(`cannot read ${script ?? ""}: ${error instanceof Error ? error.message : ""}`);
  }
}

async function attack(
  address: string,
  steps: readonly ChaosStep[],
  count: number,
  io: Io,
): Promise<number> {
  const where = hostAndPort(address);
  const one = async (_: unknown, index: number): Promise<void> => {
    const conn = await dial({ ...where, signal: io.signal }).catch((error: unknown) => {
      throw new Exit(exitCodeOf(error), error instanceof Error ? error.message : String(error));
    });
    const peer = new WireClient(conn);
    try {
      const how = await playChaos(peer, steps, address, io.signal);
      await io.out.write(
        `#${index + 1}: ${how}, then ${peer.end}; got ${shownOctets(peer.received)}\n`,
      );
    } catch (error) {
      if (!(error instanceof TestingError)) throw error;
      await io.out.write(`#${index + 1}: the server said nothing\n`);
    } finally {
      peer.reset();
    }
  };
  await Promise.all(Array.from({ length: count }, one));
  return 0;
}
