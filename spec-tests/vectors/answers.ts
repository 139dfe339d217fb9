/**
 * A stream of responses taken apart, so that two of them can be compared by what they say.
 * RFC 9112 §4, §6, §7 · DESIGN §4: header order and chunk boundaries are not compared
 *
 * Rule of this file: written apart from lib, for the vectors' answers and for ours alike. Field names come in
 * lower case, sorted; the value of Date becomes <DATE>.
 */
import type { JsonObject } from "./case.ts";

/** One response as it was sent. */
export interface Answer {
  readonly startLine: string;
  readonly status: number;
  /** `name: value` with the name in lower case, sorted. */
  readonly fields: readonly string[];
  /** How its end is told. */
  readonly framing: "none" | "length" | "chunked" | "close";
  /** Decoded. */
  readonly body: string;
  readonly trailers: readonly string[];
  /** Did all of it come? A body that ends with the connection is taken to be whole. */
  readonly isWhole: boolean;
}

/**
 * Cuts a stream into answers. `methods` are those of the requests answered, in order; GET where there is none.
 * What cannot be read as a head becomes an answer of its own with all that is left as its start line.
 */
export function cutAnswers(stream: string, methods: readonly string[]): Answer[] {
  const answers: Answer[] = [];
  let final = 0;
  for (let rest = stream; rest !== ""; ) {
    const { answer, used } = cutAnswer(rest, methods[final] ?? "GET");
    answers.push(answer);
    if (answer.status >= 200 || answer.status === 101) final++;
    rest = rest.slice(used);
  }
  return answers;
}

/** The same as plain data. */
export function answersOf(stream: string, methods: readonly string[]): JsonObject[] {
  return cutAnswers(stream, methods).map((answer) => ({ ...answer }));
}

function cutAnswer(stream: string, method: string): { answer: Answer; used: number } {
  const end = stream.indexOf("\r\n\r\n");
  const status = /^HTTP\/1\.[01] (\d{3}) /.exec(stream);
  if (end < 0 || status === null) {
    return { answer: { ...NOT_HTTP, startLine: stream }, used: stream.length };
  }
  const [startLine = "", ...lines] = stream.slice(0, end).split("\r\n");
  const code = Number(status[1]);
  const head = { startLine, status: code, fields: fieldsOf(lines) };
  const rest = stream.slice(end + 4);
  const body = cutBody(rest, head.fields, code, method);
  const { used, ...told } = body;
  return { answer: { ...head, ...told }, used: end + 4 + used };
}

const NOT_HTTP: Answer = {
  startLine: "",
  status: 999,
  fields: [],
  framing: "close",
  body: "",
  trailers: [],
  isWhole: false,
};

type Body = Pick<Answer, "framing" | "body" | "trailers" | "isWhole"> & { readonly used: number };

function cutBody(rest: string, fields: readonly string[], status: number, method: string): Body {
  const length = fields.find((field) => field.startsWith("content-length: "))?.slice(16);
  const isChunked = fields.includes("transfer-encoding: chunked");
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) {
    return { framing: "none", body: "", trailers: [], isWhole: true, used: 0 };
  }
  if (isChunked) return cutChunks(rest);
  if (length === undefined) {
    return { framing: "close", body: rest, trailers: [], isWhole: true, used: rest.length };
  }
  const body = rest.slice(0, Number(length));
  const isWhole = body.length === Number(length);
  return { framing: "length", body, trailers: [], isWhole, used: body.length };
}

function cutChunks(rest: string): Body {
  let body = "";
  for (let at = 0; ; ) {
    const line = /^([0-9a-fA-F]+)\r\n/.exec(rest.slice(at, at + 20));
    if (line === null)
      return { framing: "chunked", body, trailers: [], isWhole: false, used: rest.length };
    const size = Number.parseInt(line[1]!, 16);
    at += line[0].length;
    if (size > 0) {
      body += rest.slice(at, at + size);
      at += size + 2;
      continue;
    }
    const text = `\r\n${rest.slice(at)}`;
    const end = text.indexOf("\r\n\r\n");
    const trailers = end <= 0 ? [] : fieldsOf(text.slice(2, end).split("\r\n"));
    const used = end < 0 ? rest.length : at + end + 2;
    return { framing: "chunked", body, trailers, isWhole: end >= 0, used };
  }
}

function fieldsOf(lines: readonly string[]): string[] {
  return lines
    .map((line) => {
      const colon = line.indexOf(":");
      const name = line.slice(0, colon).toLowerCase();
      return name === "date" ? "date: <DATE>" : `${name}: ${line.slice(colon + 1).trim()}`;
    })
    .toSorted();
}
