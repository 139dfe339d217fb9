/**
 * The arguments of a script: what parseArgs makes of them, and words instead of a stack trace where it makes nothing.
 *
 * Rule of this file: --help prints the first comment of the script, which says what may be given; there is no second
 * text that could be wrong.
 */
import { readFileSync } from "node:fs";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

/** The arguments of the script at `script` (its import.meta.url). Ends the process where there are none to go on with. */
export function argumentsOf<T extends ParseArgsConfig>(
  script: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.includes("--help")) {
    console.log(firstComment(readFileSync(fileURLToPath(script), "utf8")));
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's advice about a leading "--" helps nobody here.
    const [first = ""] = (error as Error).message.split(". ");
    console.error(`${first}. --help tells what there is.`);
    process.exit(2);
  }
}

/** The text of the first block comment. */
export function firstComment(source: string): string {
  const text = /\/\*\*\n(?<text>[^]*?)\n \*\//.exec(source)?.groups?.["text"] ?? "";
  return text.replace(/^ \* ?/gm, "");
}
