/**
 * barewire explain: a message or a stream of them, octet by octet.
 * RFC 9112 §6.3, §11.2
 *
 * Rule of this file: it reads, asks lib/view, and prints.
 */
import { readFile } from "node:fs/promises";
import {
  disagreements,
  type Disagreement,
  type Examination,
  type ExamineOptions,
  examine,
  formatRow,
  isAmbiguous,
  LENIENT_NAMES,
  LENIENT_PROFILES,
  lenientReading,
  type LenientName,
  outcomeInWords,
  textRows,
} from "../../view/mod.ts";
import { asciiJson, paintedLines } from "../client/mod.ts";
import { type Paint, formatOf, paintFor } from "../colour.ts";
import { oneOf, parseFlags } from "../flags.ts";
import { Exit, type Io, usage, type Verb } from "../io.ts";
import { terminalLine } from "../terminal-text.ts";

const HELP = `barewire explain [FILE|-] [flags]

Explains each octet of HTTP/1.1 messages: its role, its rule, where each message ends and why, and
what is wrong. Reads as barewire's own server and client do.

      --request  --response    what it is, where it is not clear from its first octets
      --method M,…             the methods that responses answer (GET)
      --strict                 responses as strictly as requests
      --lenient PROFILE        how such a peer would cut the same octets; "all"; "list" names them
      --wire  --hex            the octets alone, coloured by their role
      --json                   one object

examples
  barewire explain request.txt
  printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n' | barewire explain
  barewire explain smuggled.txt --lenient te-over-cl
  barewire explain answer.txt --response --method HEAD

exit code: 0 well-formed; 1 malformed or incomplete; 2 usage; 3 ambiguous: readers that are in use
end a message at different octets, which is what request smuggling is made of
`;

const FLAGS = {
  request: { type: "boolean", default: false },
  response: { type: "boolean", default: false },
  method: { type: "string" },
  strict: { type: "boolean", default: false },
  lenient: { type: "string" },
  wire: { type: "boolean", default: false },
  hex: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export const explainVerb: Verb = {
  name: "explain",
  summary: "what each octet of a message says, and where readers part",
  help: HELP,
  run,
};

const MALFORMED = 1;
const AMBIGUOUS = 3;

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (values.help) return say(io, HELP);
  if (values.lenient === "list") {
    const width = Math.max(...LENIENT_NAMES.map(({ length }) => length));
    return say(
      io,
      LENIENT_NAMES.map((name) => `${name.padEnd(width)}  ${LENIENT_PROFILES[name].about}\n`).join(
        "",
      ),
    );
  }
  if (positionals.length > 1) throw usage("one file at a time");
  if (values.request && values.response) throw usage("--request and --response do not go together");
  const profiles = profilesOf(values.lenient);
  const bytes = await read(positionals[0] ?? "-", io);
  const options: ExamineOptions = {
    kind: values.request ? "request" : values.response ? "response" : undefined,
    profile: values.strict ? "strict" : undefined,
    requestMethods: values.method?.split(","),
  };
  const found = examine(bytes, options);
  const parted = disagreements(bytes, options);
  const paint = paintFor(io, io.out);
  if (values.json)
    await io.out.write(`${asciiJson(jsonOf(bytes, found, parted, options, profiles))}\n`);
  else if (values.wire || values.hex) {
    const form = values.hex ? "hex" : "wire";
    for (const line of paintedLines(bytes, found.annotations, form, paint))
      await io.out.write(`${line}\n`);
  } else {
    await io.out.write(explanation(bytes, found, paint));
    await io.out.write(partings(bytes, parted, profiles, options, paint));
  }
  if (isAmbiguous(parted)) return AMBIGUOUS;
  return found.state === "well-formed" ? 0 : MALFORMED;
}

async function say(io: Io, text: string): Promise<number> {
  await io.out.write(text);
  return 0;
}

function profilesOf(text: string | undefined): readonly LenientName[] {
  if (text === undefined) return [];
  if (text === "all") return LENIENT_NAMES;
  return text.split(",").map((name) => oneOf("--lenient", name, LENIENT_NAMES));
}

async function read(file: string, io: Io): Promise<Uint8Array> {
  if (file === "-") return io.stdin();
  try {
    return await readFile(file);
  } catch (error) {
    throw new Exit(2, `cannot read ${file}: ${error instanceof Error ? error.message : ""}`);
  }
}

function explanation(bytes: Uint8Array, found: Examination, paint: Paint): string {
  const lines = textRows(bytes, found.annotations).map((row) =>
    paint(formatOf(row.role, row.severity), formatRow(row)),
  );
  return `${[...lines, "", verdict(found, paint)].join("\n")}\n`;
}

function verdict({ kind, state, messages, fault }: Examination, paint: Paint): string {
  const count = `${messages.length} ${kind}${messages.length === 1 ? "" : "s"}`;
  if (fault === undefined) return paint("green", `well-formed: ${count}`);
  const where = `octet ${fault.offset}, message ${fault.message + 1}`;
  const answer =
    kind === "request" && state === "malformed" ? `; a server answers ${fault.status}` : "";
  return paint("red", `${state}: ${fault.code} at ${where} [${fault.section}]${answer}`);
}

/** What lenient readers make of it: the chosen ones in full, and whatever is dangerous. */
function partings(
  bytes: Uint8Array,
  parted: readonly Disagreement[],
  profiles: readonly LenientName[],
  options: ExamineOptions,
  paint: Paint,
): string {
  const lines: string[] = [];
  for (const name of profiles) {
    lines.push("", `${name}: ${LENIENT_PROFILES[name].about}`);
    for (const { from, title, outcome } of lenientReading(bytes, name, options)) {
      lines.push(`  from octet ${from} ${terminalLine(title)}: ${outcomeInWords(outcome)}`);
    }
    const own = parted.find(({ profile }) => profile === name);
    lines.push(own === undefined ? "  as barewire reads it" : `  parts from barewire: ${own.text}`);
  }
  const dangerous = parted.filter(({ kind }) => kind === "boundary");
  if (dangerous.length === 0) return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  lines.push("", paint(["bold", "red"], "ambiguous: readers end this message at different octets"));
  for (const { profile, message, lenient, next } of dangerous) {
    const then = next === undefined ? "" : `, then reads ${terminalLine(next)}`;
    lines.push(`  message ${message + 1}: ${profile} ${outcomeInWords(lenient)}${then}`);
  }
  return `${lines.join("\n")}\n`;
}

function jsonOf(
  bytes: Uint8Array,
  found: Examination,
  parted: readonly Disagreement[],
  options: ExamineOptions,
  profiles: readonly LenientName[],
): object {
  const readings = profiles.map((profile) => ({
    profile,
    cuts: lenientReading(bytes, profile, options),
  }));
  const verdictWord = isAmbiguous(parted) ? "ambiguous" : found.state;
  return {
    schema: 1,
    verdict: verdictWord,
    ...found,
    disagreements: parted,
    ...(readings.length === 0 ? {} : { readings }),
  };
}
