/**
 * One call of `get` or `request`: sent, watched, and its answer put where it was asked for.
 *
 * Rule of this file: data on stdout, talk on stderr; what a peer sent is escaped before a terminal sees it.
 */
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { type Response, newRequest } from "../../message/mod.ts";
import { wireClient, type WiredClient } from "./client-wiring.ts";
import { paintFor } from "../colour.ts";
import { exitCodeOf, HTTP_ERROR } from "./exit-codes.ts";
import { Exit, INTERRUPTED, type Io } from "../io.ts";
import { Progress } from "./progress.ts";
import type { RequestPlan } from "./request-flags.ts";
import { methodsIn, wireText } from "./show-wire.ts";
import { terminalLine, terminalText } from "../terminal-text.ts";
import { Verbose } from "./verbose.ts";

/** Makes the call; resolves to the exit code, which is curl's. */
export async function call(plan: RequestPlan, io: Io): Promise<number> {
  const verbose = new Verbose(io, plan.talk.has("verbose") ? "on" : "off");
  const past: PastResponse[] = [];
  const wired = wireClient(plan, io, {
    trace: verbose.trace,
    log: (message) => verbose.say(message),
    onRedirect: (next) => {
      const { response } = next;
      if (response === undefined) return;
      past.push({ status: response.status, fields: [...response.header] });
      verbose.received(response);
      verbose.say(`redirected to ${next.target}`);
    },
  });
  verbose.records = wired.records;
  try {
    return await answer(plan, io, { ...wired, verbose, past });
  } catch (error) {
    if (io.signal.aborted) return INTERRUPTED;
    if (error instanceof Exit) throw error;
    verbose.sent();
    await showWire(plan, io, wired);
    const exitCode = exitCodeOf(error);
    throw new Exit(exitCode, messageOf(error));
  } finally {
    wired.transport.close();
  }
}

interface PastResponse {
  readonly status: number;
  readonly fields: readonly (readonly [string, string])[];
}

interface Making extends WiredClient {
  readonly verbose: Verbose;
  readonly past: readonly PastResponse[];
}

async function answer(plan: RequestPlan, io: Io, making: Making): Promise<number> {
  const { client, verbose } = making;
  const { method, url, header, body } = plan;
  const request = newRequest(method, url, body, { header, signal: io.signal });
  const response = await client.do(request);
  verbose.received(response);
  const failed = plan.onHttpError === "fail" && response.status >= 400;
  if (failed) response.body.cancel();
  else if (plan.view === "json") await showJson(plan, io, response, making.past);
  else await takeBody(plan, io, response);
  verbose.end();
  await showWire(plan, io, making);
  if (plan.talk.has("timing")) await showTimings(io, response);
  if (!failed) return 0;
  throw new Exit(HTTP_ERROR, `the server answered ${response.status}`);
}

/** The body: into a file, to stdout, or nowhere when the wire is shown in its place. */
async function takeBody(plan: RequestPlan, io: Io, response: Response): Promise<void> {
  if (plan.output !== undefined && plan.output !== "-") {
    return toFile(plan.output, io, response);
  }
  if (plan.view !== "body") {
    for await (const piece of response.body) void piece;
    return;
  }
  if (plan.talk.has("include")) await io.out.write(headText(response));
  const decoder = new TextDecoder("utf-8");
  const isText = io.out.kind === "terminal";
  for await (const piece of response.body) {
    if (!isText) await io.out.write(piece);
    else await io.out.write(terminalText(decoder.decode(piece, { stream: true })));
  }
  if (isText) await io.out.write(terminalText(decoder.decode()));
}

function headText({ proto, status, statusText, header }: Response): string {
  const lines = [...header].map(([name, value]) => `${terminalLine(`${name}: ${value}`)}\n`);
  return `${proto} ${status} ${terminalLine(statusText)}\n${lines.join("")}\n`;
}

async function toFile(path: string, io: Io, response: Response): Promise<void> {
  const file = createWriteStream(path);
  const progress = new Progress(io, response.contentLength);
  try {
    await once(file, "open");
    for await (const piece of response.body) {
      progress.add(piece.length);
      if (!file.write(piece)) await once(file, "drain");
    }
    file.end();
    await once(file, "close");
  } catch (error) {
    file.destroy();
    const isSystem = error instanceof Error && "syscall" in error;
    throw isSystem ? new Exit(23, `cannot write ${path}: ${error.message}`) : error;
  } finally {
    progress.end();
  }
}

async function showWire(
  plan: RequestPlan,
  io: Io,
  { records }: Pick<WiredClient, "records">,
): Promise<void> {
  if (plan.view !== "wire" && plan.view !== "hex") return;
  const paint = paintFor(io, io.out);
  for (const [index, { sent, received }] of records.entries()) {
    if (records.length > 1)
      await io.out.write(`${index === 0 ? "" : "\n"}connection ${index + 1}\n`);
    const [out, back] = [sent.bytes(), received.bytes()];
    const form = plan.view;
    await io.out.write(wireText(out, { kind: "request", form, mark: ">", paint }));
    const requestMethods = methodsIn(out);
    await io.out.write(
      wireText(back, { kind: "response", requestMethods, form, mark: "<", paint }),
    );
    const left = sent.count - out.length + received.count - back.length;
    if (left > 0) await io.err.write(`${left} further octets are not shown\n`);
  }
}

async function showJson(
  plan: RequestPlan,
  io: Io,
  response: Response,
  past: readonly PastResponse[],
): Promise<void> {
  const bytes = await response.body.bytes({ max: Infinity });
  const { status, statusText, proto, header, request, timings, trailer } = response;
  const report = {
    schema: 1,
    request: {
      method: request?.method ?? plan.method,
      url: request?.target ?? plan.url,
      fields: [...plan.header],
    },
    redirects: past,
    response: {
      proto,
      status,
      statusText,
      fields: [...header],
      trailers: [...trailer],
      ...contentOf(bytes),
    },
    timings: { ...timingsOf(timings) },
  };
  await io.out.write(`${asciiJson(report)}\n`);
}

/** JSON that a terminal can be shown: JSON.stringify leaves C1 controls and DEL as they are. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\x7f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function contentOf(bytes: Uint8Array): { body: string } | { bodyBase64: string } {
  try {
    return { body: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { bodyBase64: Buffer.from(bytes).toString("base64") };
  }
}

const STEPS = ["wait", "dns", "connect", "tls", "firstByte", "download", "total"] as const;
const STEP_CHARS = 24;

function timingsOf(timings: Response["timings"]): Partial<Record<(typeof STEPS)[number], number>> {
  const known = STEPS.flatMap((step) => {
    const ms = timings?.[step];
    return ms === undefined ? [] : [[step, Math.round(ms * 100) / 100] as const];
  });
  return Object.fromEntries(known) as Partial<Record<(typeof STEPS)[number], number>>;
}

async function showTimings(io: Io, { timings }: Response): Promise<void> {
  const known = timingsOf(timings);
  const longest = Math.max(1, ...Object.values(known));
  for (const step of STEPS) {
    const ms = known[step];
    if (ms === undefined) continue;
    const bar = "▇".repeat(Math.round((ms / longest) * STEP_CHARS));
    await io.err.write(
      `${step.padEnd(10)}${ms.toFixed(1).padStart(9)} ms  ${bar}`.trimEnd() + "\n",
    );
  }
}

function messageOf(error: unknown): string {
  return terminalLine(error instanceof Error ? error.message : String(error));
}
