/**
 * `npm run vectors -- DIR… [--all]`: the cases of every JSON file in the folders, topic by topic.
 *
 * Rule of this file: arguments in, exit code out. It exits 1 when a case of a listed topic fails, and when a
 * deviation rule decides nothing; with --all every topic counts, also those that nothing covers yet.
 */
import { DEVIATIONS } from "./deviations.ts";
import { TOPICS } from "./topics.ts";
import { CATALOGUE } from "./vectors/catalogue.ts";
import { runVectors } from "./vectors/runner.ts";

const args = process.argv.slice(2);
const folders = args.filter((arg) => arg !== "--all");

const totals = await runVectors({
  folders,
  topics: CATALOGUE,
  listed: TOPICS,
  rules: DEVIATIONS,
  scope: args.includes("--all") ? "all" : "listed",
  print: (line) => console.log(line),
});
process.exitCode = totals.failed > 0 ? 1 : 0;
