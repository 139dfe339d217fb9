/**
 * barewire serve: a folder as a web site.
 *
 * Rule of this file: flags to options; `fileServer`, `cors` and `accessLog` do the work.
 */
import { readFile, stat } from "node:fs/promises";
import { Server, WorkersError, fileServer, serveFile, workers } from "../../adapters/mod.ts";
import { IoError } from "../../bufio/mod.ts";
import type { KeyPair, ListenAddress } from "../../net/mod.ts";
import { type HandlerFunc, accessLog, cors } from "../../server/mod.ts";
import { selfSigned } from "../certificate.ts";
import { type ParsedFlags, parseFlags, wholeNumber } from "../flags.ts";
import { Exit, type Io, usage, type Verb } from "../io.ts";
import { terminalLine } from "../terminal-text.ts";
import { untilStopped } from "../until-stopped.ts";

const HELP = `barewire serve [DIR] [flags]

Serves the files of a folder (this one): listings, ranges, entity tags, a line for each request.
Names that begin with a dot, and links out of the folder, are not served.

  -p, --port N        0 takes any free one (8080; also PORT in the environment)
      --host ADDRESS  (127.0.0.1; 0.0.0.0 lets others in)
      --tls           https, with a certificate for localhost made on the spot by openssl
      --cert FILE --key FILE   https with this certificate
      --spa           /index.html for every path that names no file
      --cors          lets pages of every origin read the answers
      --no-listing    folders without index.html are 404
      --precompressed files with .br or .gz behind their names, for clients that take them
      --workers N     so many processes; 0: one for each core
      --json-log      a JSON object for each request;  -q, --quiet no log

examples
  barewire serve
  barewire serve dist --spa --port 3000
  barewire serve . --tls --host 0.0.0.0 --json-log

exit code: 130 after SIGINT, 1 when listening fails, 2 usage
`;

const FLAGS = {
  port: { type: "string", short: "p" },
  host: { type: "string", default: "127.0.0.1" },
  tls: { type: "boolean", default: false },
  cert: { type: "string" },
  key: { type: "string" },
  spa: { type: "boolean", default: false },
  cors: { type: "boolean", default: false },
  "no-listing": { type: "boolean", default: false },
  precompressed: { type: "boolean", default: false },
  workers: { type: "string" },
  "json-log": { type: "boolean", default: false },
  quiet: { type: "boolean", short: "q", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ParsedFlags<typeof FLAGS>["values"];

export const serveVerb: Verb = {
  name: "serve",
  summary: "a folder as a web site",
  help: HELP,
  run,
};

/** How long answers under way may take after SIGINT. */
const GRACE_MS = 2000;

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseFlags(args, FLAGS);
  if (values.help) {
    await io.out.write(HELP);
    return 0;
  }
  if (positionals.length > 1) throw usage("one folder at a time");
  const folder = positionals[0] ?? ".";
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usage(`${folder} is no folder`);
  const port = wholeNumber("--port", values.port ?? io.env["PORT"] ?? "8080", 0, 65_535);
  const address = { host: values.host, port };
  const tell = (url = ""): Promise<void> => io.err.write(`serving ${folder} at ${url}\n`);
  if (values.workers !== undefined) {
    const count = wholeNumber("--workers", values.workers, 0, 256);
    await serveByWorkers(folder, address, count, values, io, tell);
    return 0;
  }
  const server = await helpfully(serveOn(address, folder, values, await pairOf(values), io));
  await tell(server.url);
  await untilStopped(io.signal);
  await server.shutdown({ signal: AbortSignal.timeout(GRACE_MS) }).catch(() => server.close());
  return 0;
}

/** Serves until the signal; the certificate is made once for all. */
async function serveByWorkers(
  folder: string,
  addr: ListenAddress,
  count: number,
  values: Values,
  io: Io,
  tell: (url: string | undefined) => Promise<void>,
): Promise<void> {
  const starting = workers({
    addr,
    count: count === 0 ? undefined : count,
    data: () => pairOf(values),
    run: (worker) => serveOn(worker.addr, folder, values, worker.data as KeyPair | undefined, io),
    // main.ts listens to SIGINT.
    signals: [],
    signal: io.signal,
    shutdownTimeout: GRACE_MS,
  });
  const group = await helpfully(starting).catch((error: unknown) => {
    if (!io.signal.aborted) throw error;
  });
  if (group === undefined) return;
  await tell(group.url);
  await group.closed;
}

async function serveOn(
  address: ListenAddress,
  folder: string,
  values: Values,
  pair: KeyPair | undefined,
  io: Io,
): Promise<Server> {
  const server = new Server({
    handler: handlerOf(folder, values, io),
    errorLog: (message) => {
      if (!values.quiet) void io.err.write(`${terminalLine(message)}\n`);
    },
    ...(pair === undefined ? {} : { tls: pair }),
  });
  await (pair === undefined ? server.listenAndServe(address) : server.listenAndServeTLS(address));
  return server;
}

/** A sentence and an exit code for what cannot listen. */
async function helpfully<T>(starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (!(error instanceof IoError || error instanceof WorkersError)) throw error;
    const hint = error.code === "address-in-use" ? "; --port 0 takes any free one" : "";
    throw new Exit(1, `${error.message}${hint}`);
  }
}

function handlerOf(folder: string, values: Values, io: Io): HandlerFunc {
  const files = fileServer(folder, {
    listing: values["no-listing"] ? "off" : "on",
    ...(values.precompressed ? { precompressed: ["br", "gzip"] } : {}),
    ...(values.spa ? { notFound: (w, r) => serveFile(w, r, folder, "/index.html") } : {}),
  });
  const shared = values.cors ? cors()(files) : files;
  if (values.quiet) return shared;
  const sink = (line: string): void => void io.out.write(`${line}\n`);
  return accessLog(shared, sink, { format: values["json-log"] ? "json" : "combined" });
}

async function pairOf({ tls, cert, key }: Values): Promise<KeyPair | undefined> {
  if ((cert === undefined) !== (key === undefined)) throw usage("--cert and --key go together");
  if (cert !== undefined && key !== undefined) {
    return { cert: await pem(cert), key: await pem(key) };
  }
  return tls ? selfSigned() : undefined;
}

async function pem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Exit(2, `cannot read ${path}: ${error instanceof Error ? error.message : ""}`);
  }
}
