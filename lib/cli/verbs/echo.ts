/**
 * barewire echo: sends every request back to whoever sent it, octet by octet, with its explanation.
 *
 * Rule of this file: it reads through lib/view, so that requests which no server takes are answered too.
 */
import { WireClient } from "../../testing/mod.ts";
import { type Examination, examine, renderText, textRows, formatRow } from "../../view/mod.ts";
import { formatOf, paintFor } from "../colour.ts";
import { parseFlags, wholeNumber } from "../flags.ts";
import { type Io, type Verb } from "../io.ts";
import { serveRaw } from "../raw-listener.ts";

const HELP = `barewire echo [flags]

A server that answers every request with the octets that it got, explained one by one, and shows
them here as well. Malformed requests are answered too, with 400.

  -p, --port N        0 takes any free one (8081)
      --host ADDRESS  (127.0.0.1)
      --exact         answers with the octets alone, as message/http
      --close         one request a connection
  -q, --quiet         shows nothing here

examples
  barewire echo
  curl -sS --data-binary @file localhost:8081/upload
  printf 'GET / HTTP/1.1\\nHost: a\\n\\n' | nc localhost 8081

exit code: 130 after SIGINT, 1 when listening fails, 2 usage
`;

const FLAGS = {
  port: { type: "string", short: "p", default: "8081" },
  host: { type: "string", default: "127.0.0.1" },
  exact: { type: "boolean", default: false },
  close: { type: "boolean", default: false },
  quiet: { type: "boolean", short: "q", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export const echoVerb: Verb = {
  name: "echo",
  summary: "a server that sends back the octets it got, explained",
  help: HELP,
  run,
};

/** Octets of a connection that are kept; longer ones are cut off. */
const KEPT_OCTETS = 1_048_576;
const IDLE_MS = 60_000;

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseFlags(args, FLAGS);
  if (values.help) {
    await io.out.write(HELP);
    return 0;
  }
  const port = wholeNumber("--port", values.port, 0, 65_535);
  const how: Manner = {
    form: values.exact ? "exact" : "explained",
    keep: values.close ? "close" : "keep",
    show: values.quiet ? () => {} : shower(io),
  };
  await serveRaw({ host: values.host, port }, io, "echoing", (peer) => serve(peer, how));
  return 0;
}

interface Manner {
  readonly form: "exact" | "explained";
  readonly keep: "close" | "keep";
  readonly show: (bytes: Uint8Array, found: Examination) => void;
}

/** Answers the requests of one connection, one after the other. */
async function serve(peer: WireClient, how: Manner): Promise<void> {
  let used = 0;
  for (;;) {
    let found: Examination | undefined;
    await peer.until(({ received, end }) => {
      const rest = received.subarray(used);
      found = rest.length === 0 ? undefined : examine(rest, { kind: "request" });
      const first = found?.messages[0];
      const isThere = first?.state === "complete" || found?.state === "malformed";
      return isThere || end !== "open" || received.length > KEPT_OCTETS;
    }, IDLE_MS);
    if (found === undefined) return peer.close();
    const [first] = found.messages;
    const isWhole = first?.state === "complete";
    // A fault further on shows itself when its message's turn has come.
    const rest = peer.received.subarray(used);
    const bytes = isWhole ? rest.subarray(0, first.to) : rest;
    const own = examine(bytes, { kind: "request" });
    how.show(bytes, own);
    const goesOn = isWhole && own.state === "well-formed" && how.keep === "keep" && keeps(bytes);
    peer.send(answer(bytes, own, how.form, goesOn ? "keep" : "close", first?.title ?? ""));
    used += bytes.length;
    if (!goesOn) return peer.close();
  }
}

/** Would a reader go on behind these octets? */
function keeps(bytes: Uint8Array): boolean {
  const probe = new Uint8Array(bytes.length + 1);
  probe.set(bytes);
  probe[bytes.length] = 0x47;
  return !examine(probe, { kind: "request" }).annotations.some(
    ({ role }) => role === "unread" || role === "tunnel",
  );
}

function answer(
  bytes: Uint8Array,
  found: Examination,
  form: Manner["form"],
  keep: Manner["keep"],
  title: string,
): Uint8Array {
  const content =
    form === "exact" ? bytes : new TextEncoder().encode(renderText(bytes, found.annotations));
  const status = found.state === "well-formed" ? "200 OK" : "400 Bad Request";
  const type = form === "exact" ? "message/http" : "text/plain; charset=utf-8";
  const head = [
    `HTTP/1.1 ${status}`,
    `Content-Type: ${type}`,
    `Content-Length: ${content.length}`,
    ...(keep === "close" ? ["Connection: close"] : []),
  ];
  const headBytes = new TextEncoder().encode(`${head.join("\r\n")}\r\n\r\n`);
  return title.startsWith("HEAD ") ? headBytes : Buffer.concat([headBytes, content]);
}

function shower(io: Io): Manner["show"] {
  const paint = paintFor(io, io.out);
  return (bytes, found) => {
    const lines = textRows(bytes, found.annotations).map((row) =>
      paint(formatOf(row.role, row.severity), formatRow(row)),
    );
    void io.out.write(`${lines.join("\n")}\n\n`);
  };
}
