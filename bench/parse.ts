/**
 * The question of parsing: what does a head cost, and how fast are chunks undone, ours beside http-parser-js and
 * the llhttp that Node has inside?
 * RFC 9112 §2, §7.1
 *
 * Rule of this file: each parser in a process of its own, so that none spoils what the compiler has learned from
 * another. CPU time, no sockets. Ours takes part twice: as the server uses it (strings are cut when somebody asks
 * for them), and with every name and value cut, as the others always do.
 */
import { type Answer, type Effort, measured, type Question } from "./answer.ts";
import { median, type Program, SERVER_CORE, start } from "./kit.ts";
import { packageFolder } from "./peers.ts";

const HEADS = ["small", "browser", "16KiB"] as const;
const PARSERS = ["barewire", "barewire, all fields", "http-parser-js", "llhttp"] as const;
const CHUNK_PARSERS = ["barewire", "http-parser-js", "llhttp"] as const;

export const PARSE: Question = {
  name: "parse",
  parts: ["heads", "chunks"],
  ask: (part, effort) => (part === "heads" ? measureHeads(effort) : measureChunks(effort)),
};

async function measureHeads(effort: Effort): Promise<Answer> {
  const figures = await askParsers(PARSERS, HEADS, effort);
  const ns = (parser: string, head: string): number => median(figures(parser, head));
  const peers = PARSERS.slice(2);
  return {
    title: `Parsing a head (ns of CPU time, median of ${effort.rounds} rounds)`,
    columns: [...HEADS, ...peers.map((peer) => `browser to ${peer}`)],
    rows: measured(
      PARSERS.map((name) => ({
        name,
        figures: Object.fromEntries([
          ...HEADS.map((head) => [head, ns(name, head)] as const),
          ...peers.map(
            (peer) => [`browser to ${peer}`, ns(name, "browser") / ns(peer, "browser")] as const,
          ),
        ]),
      })),
    ),
  };
}

async function measureChunks(effort: Effort): Promise<Answer> {
  const sizes = ["chunks-64", "chunks-4096", "chunks-65536"];
  const figures = await askParsers(CHUNK_PARSERS, sizes, effort);
  return {
    title: `Undoing the chunked coding (GB of data a second of CPU time, median of ${effort.rounds} rounds)`,
    columns: sizes.map((size) => size.replace("chunks-", "chunks of ")),
    rows: measured(
      CHUNK_PARSERS.map((name) => ({
        name,
        figures: Object.fromEntries(
          sizes.map((size) => [
            size.replace("chunks-", "chunks of "),
            median(figures(name, size).map((nsPerByte) => 1 / nsPerByte)),
          ]),
        ),
      })),
    ),
  };
}

/** Asks parsers in turns, and gives the figures of the rounds; none for a parser that cannot be had. */
export async function askParsers(
  parsers: readonly string[],
  questions: readonly string[],
  { rounds, seconds }: Effort,
): Promise<(parser: string, question: string) => readonly number[]> {
  const programs = new Map<string, Program>();
  for (const parser of parsers) {
    const folder = parser === "http-parser-js" ? packageFolder(parser) : "";
    if (folder === undefined) continue;
    // A round has several questions: together they take about as long as a round takes elsewhere.
    const ms = (seconds * 1000) / questions.length;
    programs.set(parser, await start("parser", [parser, String(ms), folder], SERVER_CORE));
  }
  const figures = new Map<string, number[]>();
  const keyOf = (parser: string, question: string): string => `${parser} ${question}`;
  for (let round = 0; round < rounds; round++) {
    for (const question of questions) {
      for (const [parser, program] of programs) {
        const key = keyOf(parser, question);
        const figure = await program.ask(question, 60_000);
        figures.set(key, [...(figures.get(key) ?? []), figure]);
      }
    }
  }
  for (const program of programs.values()) await program.stop();
  return (parser, question) => figures.get(keyOf(parser, question)) ?? [];
}
