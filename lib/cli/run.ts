/**
 * From the command line to a verb.
 *
 * Rule of this file: it finds the verb and turns what ends it into an exit code.
 */
import { INTERRUPTED, Exit, type Io, type Verb } from "./io.ts";
import { nearest } from "./nearest.ts";
import { terminalLine } from "./terminal-text.ts";
import { chaosVerb } from "./verbs/chaos.ts";
import { echoVerb } from "./verbs/echo.ts";
import { explainVerb } from "./verbs/explain.ts";
import { getVerb } from "./verbs/get.ts";
import { probeVerb } from "./verbs/probe.ts";
import { requestVerb } from "./verbs/request.ts";
import { scriptVerb } from "./verbs/script.ts";
import { serveVerb } from "./verbs/serve.ts";

/** All verbs, in the order of the help. */
export const VERBS: readonly Verb[] = [
  serveVerb,
  getVerb,
  requestVerb,
  explainVerb,
  probeVerb,
  scriptVerb,
  echoVerb,
  chaosVerb,
];

const HELP = `barewire VERB [arguments]    HTTP/1.1 on the bare wire

${VERBS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`).join("\n")}

  barewire VERB --help         flags and examples
  barewire --version

Data goes to stdout, talk to stderr. NO_COLOR and FORCE_COLOR are heeded.
`;

/** Runs the program with these arguments; resolves to the exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    const code = await runVerb(args, io);
    return io.signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (io.signal.aborted) return INTERRUPTED;
    const [word = ""] = args;
    const name = VERBS.some((verb) => verb.name === word) ? `barewire ${word}` : "barewire";
    if (error instanceof Exit) {
      await io.err.write(`${name}: (${error.exitCode}) ${terminalLine(error.message)}\n`);
      if (error.exitCode === 2) await io.err.write(`${name} --help tells more\n`);
      return error.exitCode;
    }
    const text = error instanceof Error ? error.message : String(error);
    await io.err.write(`${name}: ${terminalLine(text)}\n`);
    return 1;
  }
}

async function runVerb(args: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = args;
  if (word === undefined) {
    await io.err.write(HELP);
    return 2;
  }
  if (word === "--version" || word === "-V") return print(io, `barewire ${io.version}\n`);
  if (word === "--help" || word === "-h") return print(io, HELP);
  if (word === "help") return print(io, rest[0] === undefined ? HELP : find(rest[0]).help);
  return find(word).run(rest, io);
}

function find(word: string): Verb {
  const verb = VERBS.find(({ name }) => name === word);
  if (verb !== undefined) return verb;
  const near = nearest(word, [...VERBS.map(({ name }) => name), "help"]);
  const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
  const kind = word.startsWith("-") ? "flag" : "verb";
  throw new Exit(2, `unknown ${kind} ${word}${hint}`);
}

async function print(io: Io, text: string): Promise<number> {
  await io.out.write(text);
  return 0;
}
