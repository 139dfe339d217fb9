/**
 * barewire script: judges a client by the cases of lib/conformance, starting it once for each.
 *
 * Rule of this file: arguments in, the library's report out; the processes are started in exec-client.ts.
 */
import { CLIENT_CASES, runClientCases, selectCases } from "../../conformance/mod.ts";
import { abilitiesOf, execClient } from "../exec-client.ts";
import { parseFlags } from "../flags.ts";
import { type Io, usage, type Verb } from "../io.ts";
import {
  conformanceExit,
  listCases,
  REPORT_FLAGS,
  REPORT_HELP,
  runOptionsOf,
  selectionOf,
  tellReport,
} from "../report-flags.ts";

const HELP = `barewire script --exec COMMAND [flags]    only for clients that you may test

Judges a client by RFC 9110 and RFC 9112: it is started once for each case, with the address of a
server that answers as the case says. Its output, its exit code and what it sent are looked at.

      --exec COMMAND       GET {url};  --head, --post, --put with {content}
      --twice COMMAND      GET {url} and {url2} over one connection
      --can ABILITY[=WORDS]
                           what it is able to, and the words that turn it on; may be repeated:
                           redirects, cookies, decompression, expect, trailers, …
                           Cases that need more are not applicable
                           No shell is used: words are parted by blanks
${REPORT_HELP}

examples
  barewire script --exec 'curl -sS {url}'
  barewire script --exec 'curl -sS {url}' --head 'curl -sSI {url}' \\
      --post 'curl -sS -d {content} {url}' --twice 'curl -sS {url} {url2}' \\
      --can 'redirects=-L' --can 'decompression=--compressed' -v

exit code: 0 no failures, 1 failures, 2 usage, 130 after SIGINT
`;

const FLAGS = {
  ...REPORT_FLAGS,
  exec: { type: "string" },
  head: { type: "string" },
  post: { type: "string" },
  put: { type: "string" },
  twice: { type: "string" },
  can: { type: "string", multiple: true },
} as const;

export const scriptVerb: Verb = {
  name: "script",
  summary: "judge a client by the RFCs",
  help: HELP,
  run,
};

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (values.help) {
    await io.out.write(HELP);
    return 0;
  }
  const cases = selectCases(CLIENT_CASES, selectionOf(values));
  if (values.list) return listCases(cases, io);
  if (values.exec === undefined || positionals.length > 0) {
    throw usage("--exec 'curl -sS {url}' is needed");
  }
  const { head, post, put, twice } = values;
  const commands = { get: values.exec, head, post, put, "get-twice": twice };
  const exec = execClient(commands, abilitiesOf(values.can ?? [], commands));
  try {
    const report = await runClientCases(
      cases,
      { name: values.name ?? values.exec, exec },
      runOptionsOf(values, io, cases.length),
    );
    return await tellReport(report, values, io);
  } catch (error) {
    throw conformanceExit(error);
  }
}
