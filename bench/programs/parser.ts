/**
 * The program of the question of parsing: one parser, asked how long it takes for a head, or for an octet of
 * chunked data.
 *
 * Rule of this file: the same octets for all, and every parser has to find all that is in them, or it would look
 * fast. Arguments: the parser, how many ms to measure, the folder that packages are required from.
 */
import { BROWSER_HEAD, SMALL_HEAD } from "../scenarios.ts";
import { type Parser, PARSERS } from "./parsers.ts";
import { ready } from "./rim.ts";

const [name = "", milliseconds = "1000", packages = ""] = process.argv.slice(2);
const make = PARSERS[name];
if (make === undefined) throw new Error(`no parser: ${name}`);
const parser: Parser = await make(packages);

const WARM_UP_MS = 300;
/** About this many octets are chunked data in a message. */
const MESSAGE_BYTES = 1024 * 1024;
/** What a socket gives at a time. */
const READ_BYTES = 64 * 1024;

/** A head of so many octets, its fields 128 octets each with their CRLF. */
function headOf(bytes: number): Buffer {
  const start = "GET /a/resource HTTP/1.1\r\nHost: bench.example:8080\r\n";
  const fields: string[] = [];
  for (let left = bytes - start.length - 2; left > 0; left -= 128) {
    const field = `X-Field-${String(fields.length).padStart(4, "0")}: `;
    fields.push(`${field}${"v".repeat(Math.max(1, Math.min(128, left) - field.length - 2))}\r\n`);
  }
  return Buffer.from(`${start}${fields.join("")}\r\n`, "latin1");
}

/** CPU time in ns of one call of `work`, over at least `ms`. */
function nsPerCall(work: () => void, ms: number): number {
  const before = process.cpuUsage();
  let calls = 0;
  let used = 0;
  for (let batch = 1; used < ms * 1000; batch = Math.min(batch * 2, 4096)) {
    for (let i = 0; i < batch; i++) work();
    calls += batch;
    const { user, system } = process.cpuUsage(before);
    used = user + system;
  }
  return (used * 1000) / calls;
}

function nsPerHead(head: Buffer): number {
  // The request line is none, each field line is one.
  const wanted = head.toString("latin1").split("\r\n").length - 3;
  const count = parser.countFields(head);
  if (count !== wanted) throw new Error(`${name} found ${count} of ${wanted} fields`);
  const work = (): void => void parser.countFields(head);
  nsPerCall(work, WARM_UP_MS);
  return nsPerCall(work, Number(milliseconds));
}

function nsPerOctet(chunkBytes: number): number {
  const chunks = Math.ceil(MESSAGE_BYTES / chunkBytes);
  const chunk = `${chunkBytes.toString(16)}\r\n${"d".repeat(chunkBytes)}\r\n`;
  const body = Buffer.from(`${chunk.repeat(chunks)}0\r\n\r\n`, "latin1");
  const reads: Buffer[] = [];
  for (let at = 0; at < body.length; at += READ_BYTES) {
    reads.push(body.subarray(at, at + READ_BYTES));
  }
  const data = chunks * chunkBytes;
  const found = parser.countData(reads);
  if (found !== data) throw new Error(`${name} found ${found} of ${data} octets`);
  const work = (): void => void parser.countData(reads);
  nsPerCall(work, WARM_UP_MS);
  return nsPerCall(work, Number(milliseconds)) / data;
}

ready(0, {
  small: () => nsPerHead(Buffer.from(SMALL_HEAD, "latin1")),
  browser: () => nsPerHead(Buffer.from(BROWSER_HEAD, "latin1")),
  "1KiB": () => nsPerHead(headOf(1024)),
  "16KiB": () => nsPerHead(headOf(16 * 1024 - 1)),
  "60KiB": () => nsPerHead(headOf(60 * 1024)),
  "chunks-64": () => nsPerOctet(64),
  "chunks-4096": () => nsPerOctet(4096),
  "chunks-65536": () => nsPerOctet(65_536),
});
