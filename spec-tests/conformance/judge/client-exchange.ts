/**
 * One request and its response, on one connection of the reference client.
 * RFC 9112 §3, §9; RFC 9110 §10.1.1, §15.2
 *
 * Rule of this file: one exchange and what it means for the connection; which request comes next is decided
 * elsewhere. Each `is(…)` is one fault of client-mutants.ts.
 */
import { decoded, type Framing, framingOf, readContent } from "./client-content.ts";
import { BadResponse, type ClientIs, readResponseHead, type ResponseHead } from "./client-head.ts";
import type { Input } from "./input.ts";
import { Fields } from "./message.ts";

export interface Request {
  readonly method: string;
  readonly url: URL;
  /** Of "post" and "put". */
  readonly content: string | undefined;
  /** What the run was told: field lines, as they go out. */
  readonly lines: readonly string[];
  /** "wait": the content is held back until the server has said something. */
  readonly expect: "wait" | "send";
}

export interface Response extends ResponseHead {
  readonly content: string;
  /** Whether the connection may be used again. */
  readonly keeps: "open" | "closed";
}

/** How long the content is held back for a server that does not know Expect. */
const EXPECT_MS = 300;
const INTERIMS = 100;

export async function exchange(input: Input, request: Request, is: ClientIs): Promise<Response> {
  const content = request.content ?? "";
  const waits = request.expect === "wait" && request.content !== undefined;
  input.write(headOf(request, waits ? "wait" : "send", is) + (waits ? "" : content));
  if (is("crlf-behind-content") && content !== "") input.write("\r\n");
  const early = waits ? await waitForLeave(input, is) : undefined;
  if (waits && early === undefined) input.write(content);
  const head = early ?? (await finalHead(input, is));
  const framing = framingOf(head, request.method, is);
  const read = await readContent(input, framing, is);
  const merged = is("merges-trailers")
    ? new Fields([...head.fields.list, ...read.trailers])
    : head.fields;
  const keeps = early === undefined ? fateOf(input, head, framing, is) : "closed";
  return { ...head, fields: merged, content: read.text, keeps };
}

/** The content as the caller gets it. */
export function contentOf(response: Response, asks: boolean, is: ClientIs): string {
  return asks ? decoded(response.content, response, is) : response.content;
}

function headOf(
  { method, url, content, lines }: Request,
  expect: Request["expect"],
  is: ClientIs,
): string {
  const host = is("host-without-port") ? url.hostname : url.host;
  const path = is("fragment-in-target")
    ? url.pathname + url.search + url.hash
    : url.pathname + url.search;
  const fields = [`Host: ${host}`, "User-Agent: reference", ...lines];
  if (is("no-host")) fields.shift();
  if (is("host-last")) fields.push(fields.shift() ?? "");
  if (is("chunked-in-te")) fields.push("TE: chunked");
  if (content !== undefined) {
    fields.push("Content-Type: text/plain");
    if (!(content === "" && is("no-length-of-nothing"))) {
      fields.push(`Content-Length: ${content.length}`);
    }
  } else if (is("length-with-get")) fields.push("Content-Length: 0");
  if (expect === "wait" && !is("says-no-expect")) fields.push("Expect: 100-continue");
  return `${[`${method} ${path} HTTP/1.1`, ...fields].join("\r\n")}\r\n\r\n`;
}

/** Waits for 100, or for so long. A final head that comes instead is given back. */
async function waitForLeave(input: Input, is: ClientIs): Promise<ResponseHead | undefined> {
  const deadlineAt = performance.now() + (is("waits-for-ever") ? 60_000 : EXPECT_MS);
  for (;;) {
    while (!/\r\n\r\n/.test(input.waiting)) {
      const left = deadlineAt - performance.now();
      if (left <= 0) return undefined;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => void (timer = setTimeout(resolve, left)));
      await Promise.race([input.more(), late]).finally(() => clearTimeout(timer));
    }
    const head = await readResponseHead(input, is);
    if (head.status === 100) return undefined;
    if (head.status === 101 || head.status >= 200) return checked(head, is);
  }
}

/** The head of the final response, behind the interim ones. */
async function finalHead(input: Input, is: ClientIs): Promise<ResponseHead> {
  for (let interims = 0; interims <= INTERIMS; interims++) {
    const head = await readResponseHead(input, is);
    const { status } = head;
    if (status >= 200 || status === 101) return checked(head, is);
    if (is("interim-is-final")) return head;
    if (status !== 100 && is("only-100-is-interim")) return head;
  }
  throw new BadResponse("too many interim responses");
}

function checked(head: ResponseHead, is: ClientIs): ResponseHead {
  // Nobody has asked for another protocol.
  if (head.status === 101 && !is("takes-101")) throw new BadResponse("101");
  return head;
}

/** RFC 9112 §9.3 */
function fateOf(
  input: Input,
  head: ResponseHead,
  framing: Framing,
  is: ClientIs,
): "open" | "closed" {
  if (framing.kind === "close" || input.side !== "open") return "closed";
  if (input.waiting !== "" && !is("keeps-excess")) return "closed";
  if (head.version === "1.0" && !is("keeps-1.0")) {
    return head.fields.lists("Connection", "keep-alive") ? "open" : "closed";
  }
  const [first = ""] = head.fields.all("Connection");
  const says = is("first-connection-line")
    ? first.toLowerCase().includes("close")
    : is("searches-close")
      ? (head.fields.get("Connection") ?? "").includes("close")
      : head.fields.lists("Connection", "close");
  return says && !is("ignores-close") ? "closed" : "open";
}
