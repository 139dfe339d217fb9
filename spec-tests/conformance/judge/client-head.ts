/**
 * The reference client reads the head of a response: status line and fields.
 * RFC 9112 §2.2, §4, §5
 *
 * Rule of this file: what does not fit the grammar is an error, but for folds and the blank that many servers leave
 * out. Each `is(…)` is one fault of client-mutants.ts.
 */
import type { ClientFault } from "./client-mutants.ts";
import { type Input, TooLong } from "./input.ts";
import { type Field, FIELD_LINE, FIELD_TEXT, Fields, type Is, lowerCase } from "./message.ts";

export type ClientIs = Is<ClientFault>;

/** A response that cannot be believed. */
export class BadResponse extends Error {}

export interface ResponseHead {
  readonly status: number;
  /** "1.1" */
  readonly version: string;
  readonly fields: Fields;
}

const HEAD_OCTETS = 131_072;
const LINE_OCTETS = 16_384;
const STATUS_LINE = /^HTTP\/(1\.[0-9]) ([0-9]{3})(?: ([\t\x20-\x7e\x80-\xff]*))?$/;

export async function readResponseHead(input: Input, is: ClientIs): Promise<ResponseHead> {
  const line = cleanLine(await lineOf(input, LINE_OCTETS));
  const { version, status } = statusLineOf(line, is);
  const list = await readFields(input, is);
  const fold = is("case-sensitive-names") ? (name: string): string => name : lowerCase;
  return { version, status, fields: new Fields(list, fold) };
}

function statusLineOf(line: string, is: ClientIs): Pick<ResponseHead, "version" | "status"> {
  let text = line;
  if (is("any-case-of-http")) text = text.replace(/^http/i, "HTTP");
  if (is("two-digit-minor")) text = text.replace(/^(HTTP\/\d\.\d)\d+/, "$1");
  if (is("status-by-prefix")) text = text.replace(/^(HTTP\S+ \d{3})\d+/, "$1");
  const [whole, version = "", code = ""] = STATUS_LINE.exec(text) ?? [];
  if (whole === undefined) throw new BadResponse("no status line");
  if (version > "1.1" && is("no-higher-minor")) throw new BadResponse("another minor version");
  const status = Number(code);
  if (status < 100) throw new BadResponse("no status");
  const known = [100, 103, 200, 201, 204, 301, 302, 303, 304, 307, 308, 401, 403, 404, 413, 417];
  if (is("known-statuses") && status < 300 && !known.includes(status)) {
    throw new BadResponse("an unknown status");
  }
  return { version, status };
}

/** Field lines up to the empty line; also of a trailer section. */
export async function readFields(input: Input, is: ClientIs): Promise<Field[]> {
  const lines: string[] = [];
  let left = HEAD_OCTETS;
  for (;;) {
    const raw = await lineOf(input, left);
    left -= raw.length + 1;
    if (is("cr-ends-line") && raw.indexOf("\r") < raw.length - 1) {
      lines.push(...raw.split("\r").filter((piece) => piece !== ""));
      continue;
    }
    const line = cleanLine(raw);
    if (line === "" || (is("nul-ends-head") && line.includes("\x00"))) break;
    lines.push(line);
  }
  return unfolded(lines).map((line) => fieldOf(line, is));
}

/** A line that begins with a blank goes on with the value before it (RFC 9112 §5.2). */
function unfolded(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const line of lines) {
    if (!/^[ \t]/.test(line)) {
      whole.push(line);
      continue;
    }
    const last = whole.pop();
    if (last === undefined) throw new BadResponse("a blank before the first field");
    whole.push(`${last} ${line.replace(/^[ \t]+/, "")}`);
  }
  return whole;
}

function fieldOf(line: string, is: ClientIs): Field {
  const [, name = "", value = ""] = FIELD_LINE.exec(line) ?? [];
  if (name === "") throw new BadResponse("no field line");
  if (!FIELD_TEXT.test(value)) throw new BadResponse("octets that no value has");
  if (/[\x80-\xff]/.test(value) && is("ascii-only")) throw new BadResponse("octets above 0x7f");
  return { name, value };
}

async function lineOf(input: Input, max: number): Promise<string> {
  try {
    return await input.line(max);
  } catch (error) {
    if (error instanceof TooLong) throw new BadResponse("a head that is too long");
    throw error;
  }
}

function cleanLine(raw: string): string {
  if (!raw.endsWith("\r")) throw new BadResponse("LF alone");
  if (raw.indexOf("\r") < raw.length - 1) throw new BadResponse("CR alone");
  return raw.slice(0, -1);
}
