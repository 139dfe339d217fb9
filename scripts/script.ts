/**
 * Judges a client by the cases of lib/conformance: starts it once for each case and prints what was found.
 *
 * Rule of this file: arguments in, the library's report out. The command line tool takes its place.
 *
 *   node --import ./scripts/ts-hook.mjs scripts/script.ts --exec 'curl -sS {url}' [--only ID,…] [--post …]
 *     [--can redirects=-L] [--can 'decompression=--compressed'] …
 *
 * In the commands {url} is the address, {url2} the second one, {content} what is sent. No shell is used: words
 * are parted by blanks. `--can` names an ability that the client has, and the words that turn it on, put at
 * the end; "reuse" is taken for granted where there is a command for two addresses. A task without a command,
 * or one that needs what the client cannot, makes its case not applicable.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  type Ability,
  CLIENT_CASES,
  type ClientReport,
  type ClientTask,
  consoleReport,
  jsonReport,
  runClientCases,
  selectCases,
} from "../lib/conformance/mod.ts";

const { values: options } = parseArgs({
  options: {
    exec: { type: "string" },
    head: { type: "string" },
    post: { type: "string" },
    put: { type: "string" },
    twice: { type: "string" },
    can: { type: "string", multiple: true, default: [] },
    name: { type: "string" },
    only: { type: "string" },
    strict: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    json: { type: "string" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const commands = new Map<ClientTask["ask"], string | undefined>([
  ["get", options.exec],
  ["head", options.head],
  ["post", options.post],
  ["put", options.put],
  ["get-twice", options.twice],
]);
/** By ability the words that turn it on. */
const abilities = new Map<string, readonly string[]>(
  options.twice === undefined ? [] : [["reuse" satisfies Ability, []]],
);
for (const can of options.can) {
  const [name = "", ...words] = can.split("=");
  abilities.set(name, wordsOf(words.join("=")));
}
const cases = selectCases(CLIENT_CASES, { only: options.only?.split(",") });

if (options.list) {
  for (const { id, level, title } of cases) console.log(`${id}  ${level}  ${title}`);
} else if (options.exec === undefined) {
  console.log("--exec 'curl -sS {url}' is needed");
  process.exitCode = 2;
} else {
  const report = await runClientCases(
    cases,
    { name: options.name ?? options.exec, exec },
    { strictness: options.strict ? "should" : "must" },
  );
  for (const { text } of consoleReport(report, options.verbose ? "verbose" : "normal")) {
    console.log(text);
  }
  if (options.json !== undefined) writeFileSync(options.json, jsonReport(report));
  process.exitCode = report.failures > 0 ? 1 : 0;
}

async function exec(task: ClientTask): Promise<ClientReport | "cannot"> {
  const command = commands.get(task.ask);
  if (command === undefined || !task.needs.every((need) => abilities.has(need))) return "cannot";
  const turnedOn = task.needs.flatMap((need) => abilities.get(need) ?? []);
  const [program = "", ...rest] = wordsOf(command);
  const [url = "", url2 = ""] = task.urls;
  const words = [...rest, ...turnedOn];
  const args = words.map((word) =>
    word
      .replace("{url}", url)
      .replace("{url2}", url2)
      .replace("{content}", task.content ?? ""),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
    const pieces: Buffer[] = [];
    task.signal.addEventListener("abort", () => void child.kill("SIGKILL"), { once: true });
    child.stdout.on("data", (piece: Buffer) => void pieces.push(piece));
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ exit: code ?? 1, output: Buffer.concat(pieces).toString("latin1") });
    });
  });
}

function wordsOf(command: string): string[] {
  return command.split(" ").filter((word) => word !== "");
}
