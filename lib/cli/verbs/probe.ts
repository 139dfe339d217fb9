/**
 * barewire probe: judges a server by the cases of lib/conformance.
 *
 * Rule of this file: arguments in, the library's report out.
 */
import { type Contract, runServerCases, SERVER_CASES, selectCases } from "../../conformance/mod.ts";
import { hostAndPort, parseFlags, wholeNumber } from "../flags.ts";
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

const HELP = `barewire probe HOST:PORT [flags]    only against hosts that you may test

Judges a server by RFC 9110 and RFC 9112: sends it good and bad requests, and looks at its answers
and at what becomes of the connection.

      --tls                with any certificate;  --tls-verify with a good one
      --contract N         0, 1 or 2: what the server keeps; found out when absent
      --authority HOST     what Host says
${REPORT_HELP}

examples
  barewire probe 127.0.0.1:8080
  barewire probe localhost:8443 --tls --section 9112-6.3 -v
  barewire probe 127.0.0.1:8080 --junit report.xml --expect known-failures.txt
  barewire probe --list --topic chunked

exit code: 0 no failures, 1 failures, 2 usage, 3 cannot connect, 130 after SIGINT
`;

const FLAGS = {
  ...REPORT_FLAGS,
  contract: { type: "string" },
  authority: { type: "string" },
  tls: { type: "boolean", default: false },
  "tls-verify": { type: "boolean", default: false },
} as const;

export const probeVerb: Verb = {
  name: "probe",
  summary: "judge a server by the RFCs",
  help: HELP,
  run,
};

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (values.help) {
    await io.out.write(HELP);
    return 0;
  }
  const cases = selectCases(SERVER_CASES, selectionOf(values));
  if (values.list) return listCases(cases, io);
  const [address] = positionals;
  if (address === undefined || positionals.length > 1) throw usage("HOST:PORT is needed");
  const tls = values["tls-verify"] ? "verify" : values.tls ? "accept-any" : undefined;
  const { authority, name, contract } = values;
  try {
    const report = await runServerCases(
      cases,
      { ...hostAndPort(address), authority, name, tls },
      {
        ...runOptionsOf(values, io, cases.length),
        contract: contract === undefined ? undefined : contractOf(contract),
      },
    );
    return await tellReport(report, values, io);
  } catch (error) {
    throw conformanceExit(error);
  }
}

function contractOf(text: string): Contract {
  return wholeNumber("--contract", text, 0, 2) as Contract;
}
