// A script that is asked for help gives it, and one that is told nonsense says so in a line.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { firstComment } from "../scripts/arguments.ts";
import { table } from "./kit.ts";

const it = suite("arguments of scripts");

const ROOT = fileURLToPath(new URL("..", import.meta.url));

function run(
  script: string,
  argument: string,
): { status: number | null; out: string; err: string } {
  const args = ["--import", "./scripts/ts-hook.mjs", `scripts/${script}.ts`, argument];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, out: stdout, err: stderr };
}

table(
  it,
  ["mutants"].map((script) => ({
    name: `${script} helps, and starts nothing`,
    script,
  })),
  ({ script }) => {
    const help = run(script, "--help");
    assert.is(help.status, 0);
    assert.match(help.out, `npm run ${script} -- [--`);
    assert.not.match(help.out, /^ \*/m);
    const nonsense = run(script, "--nonsense");
    assert.is(nonsense.status, 2);
    assert.is(nonsense.err, "Unknown option '--nonsense'. --help tells what there is.\n");
    assert.is(nonsense.out, "");
  },
);

it("the help is the first comment, whatever stands before it", () => {
  assert.is(
    firstComment("// Long because\n/**\n * One.\n *\n *   two\n */\nconst a = 1;\n/** b */"),
    "One.\n\n  two",
  );
  assert.is(firstComment("const a = 1;"), "");
});

it.run();
