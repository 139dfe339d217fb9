/**
 * Forms with curl -F: a field and a file, which the server names, counts and hashes.
 * RFC 7578
 *
 * Rule of this file: the answer is known beforehand, byte for byte; a temporary file that was made
 * on the way must be gone afterwards.
 */
import { existsSync } from "node:fs";
import { curl, folderOf, LARGE, MEDIUM, type Served, TEXT } from "./folder.ts";
import { type Check, same, until } from "./world.ts";

interface Row {
  readonly name: string;
  readonly file: Served;
  /** What is said of the file after its path: `;type=…`. */
  readonly about: string;
  readonly as: { readonly name: string; readonly type: string };
  readonly stored: "in memory" | "in a temporary file";
}

/** Its quotes, ampersand and umlaut must arrive as they are. */
const TITLE = 'a "title" & more: J\u00fcrgen';

const ROWS: readonly Row[] = [
  {
    name: "a field and a file",
    file: TEXT,
    about: "",
    as: { name: "text.txt", type: "text/plain" },
    stored: "in memory",
  },
  {
    name: "a file under another name, of a type that is told",
    file: MEDIUM,
    about: ";filename=\u00fcber uns.png;type=image/png",
    as: { name: "\u00fcber uns.png", type: "image/png" },
    stored: "in memory",
  },
  {
    name: "a large file goes through a temporary one, which is removed",
    file: LARGE,
    about: "",
    as: { name: "large.bin", type: "application/octet-stream" },
    stored: "in a temporary file",
  },
];

/** What /form answers, as one char per byte. */
function answerOf({ as, file }: Row): string {
  const { name, type } = as;
  const facts = { title: TITLE, name, type, size: file.octets.length, sha256: file.sha256 };
  return Buffer.from(`${JSON.stringify(facts)}\n`).toString("latin1");
}

/** One check for each row. */
export const FORM_CHECKS: readonly Check[] = ROWS.map((row) => ({
  name: `curl -F: ${row.name}`,
  program: "curl",
  run: async (world) => {
    const file = `file=@${folderOf(world.dir, row.file.name)}${row.about}`;
    const url = `http://127.0.0.1:${world.port}/form`;
    const { printed, answered } = await curl(world, [
      "--form-string",
      `title=${TITLE}`,
      "-F",
      file,
      url,
    ]);
    same(printed, answerOf(row), world);
    const path = answered[0]?.stored;
    const where = path === undefined ? "in memory" : "in a temporary file";
    if (where !== row.stored) throw new Error(`the file was held ${where}`);
    // It is removed when the exchange is over, which curl need not wait for.
    await until(() => path === undefined || !existsSync(path) || undefined, `no ${path}`, 5);
  },
}));
