/**
 * record: what a handler answers, down to the octets, without a connection.
 * RFC 9110 §6; RFC 9112 §6, §7 · Go: httptest.ResponseRecorder
 *
 * Rule of this file: the answer is made by the real Server over a pipe, so that it is what would go on the
 * wire; only the request that the handler sees is the caller's own.
 */
import { type Conn, Reader, pipe } from "../bufio/mod.ts";
import { type Request, type Response, readResponse } from "../message/mod.ts";
import type { Handler, ServerOptions } from "../server/mod.ts";
import { ResponseWriter, Server, handlerFunc } from "../server/mod.ts";
import { Header } from "../wire/mod.ts";
import { TestClock } from "./clock.ts";
import { TestingError } from "./errors.ts";
import { settle } from "./settle.ts";
import { joined, latin1, octets, WireClient } from "./wire-client.ts";

/** An interim answer: 100 to 199. */
export interface RecordedInterim {
  readonly status: number;
  readonly statusText: string;
  readonly header: Header;
}

/** What a handler answered. */
export interface Recorded {
  /** 0 when no head went out: the handler hijacked or aborted. */
  readonly status: number;
  readonly statusText: string;
  /** The fields of the answer as they were sent, those included that the server has added. */
  readonly header: Header;
  /** The content, without its framing. */
  readonly body: Uint8Array;
  /** The content as UTF-8. */
  readonly text: string;
  readonly trailer: Header;
  readonly interim: readonly RecordedInterim[];
  /** Had something of the final answer left before the handler ended? */
  readonly flushed: boolean;
  /** What became of the connection: usable again, closed in order, cut, or taken over by the handler. */
  readonly end: "kept" | "closed" | "cut" | "hijacked";
  /** What the handler threw or rejected with. */
  readonly error: unknown;
  /** The server's log lines. */
  readonly log: readonly string[];
  /** Everything that was sent, one array for each write to the connection. */
  readonly writes: readonly Uint8Array[];
  /** Everything that was sent, one char per octet. */
  readonly wire: string;
  /** The client's end, for a handler that hijacked; nothing of `wire` is delivered there again. */
  readonly client: WireClient;
}

export interface RecordOptions<C = unknown> extends Omit<ServerOptions<C>, "handler"> {
  /** Default: one that stands at 2030-01-01T00:00:00Z, which the Date field shows. */
  readonly clock?: TestClock | undefined;
}

/**
 * Calls the handler with `request` (see `newTestRequest`) and resolves when its answer is complete. What the
 * handler throws is answered as the server does (500, or the connection is cut) and kept in `error`.
 *
 * The request's context, addresses and path values are the caller's; its signal aborts as the caller's does
 * and when the handler has ended. Rejects with "request-refused" for a request that no server would read.
 */
export async function record<C = unknown>(
  handler: Handler<C>,
  request: Request<C>,
  options: RecordOptions<C> = {},
): Promise<Recorded> {
  const taking = new Recording<C>(handlerFunc(handler), request);
  const clock = options.clock ?? new TestClock();
  const server = new Server<C>({ httpsOverPlain: "accept", ...taking.options(options) }, { clock });
  const [ours, theirs] = pipe();
  const client = new WireClient(ours);
  server.serveConn(watched(theirs, taking));
  client.send(headOf(request));
  await taking.done;
  await settle();
  const end = taking.endOf(client);
  if (end !== "hijacked") {
    client.close();
    await server.close();
  }
  return taking.result(client, end);
}

/** One call of a handler, being recorded. */
class Recording<C> {
  readonly done: Promise<void>;
  readonly writes: Uint8Array[] = [];
  readonly #handler: (w: ResponseWriter<C>, r: Request<C>) => void | Promise<void>;
  readonly #request: Request<C>;
  readonly #log: string[] = [];
  #error: unknown;
  #refusal: Error | undefined;
  #hijacked = false;
  #flushedBytes = 0;
  #finish: () => void = () => undefined;

  constructor(
    handler: (w: ResponseWriter<C>, r: Request<C>) => void | Promise<void>,
    request: Request<C>,
  ) {
    this.#handler = handler;
    this.#request = request;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  options(options: ServerOptions<C>): ServerOptions<C> {
    return {
      ...options,
      disableGeneralOptionsHandler: true,
      handler: (w) => this.#call(w),
      errorLog: (message, cause) => {
        this.#log.push(message);
        options.errorLog?.(message, cause);
      },
      onError: (error, request) => {
        this.#error = error;
        options.onError?.(error, request);
      },
      onRefusal: (event) => {
        this.#refusal = event.error;
        this.#finish();
      },
      connState: (conn, state) => {
        if (state === "hijacked") this.#hijacked = true;
        options.connState?.(conn, state);
      },
    };
  }

  /** The server has ended its side. */
  onServerEnd(): void {
    if (!this.#hijacked) this.#finish();
  }

  endOf(client: WireClient): Recorded["end"] {
    if (this.#refusal !== undefined) {
      throw new TestingError("request-refused", {
        evidence: this.#refusal.message,
        cause: this.#refusal,
      });
    }
    if (this.#hijacked) return "hijacked";
    if (client.end === "open") return "kept";
    return client.end === "reset" ? "cut" : "closed";
  }

  async result(client: WireClient, end: Recorded["end"]): Promise<Recorded> {
    const bytes = client.received;
    const messages = await messagesIn(bytes, this.#request.method);
    const last = messages.at(-1);
    const final = last !== undefined && isFinal(last.response) ? messages.pop() : undefined;
    const body = final?.body ?? new Uint8Array(0);
    const interimBytes = final?.from ?? bytes.length;
    return {
      status: final?.response.status ?? 0,
      statusText: final?.response.statusText ?? "",
      header: final === undefined ? new Header() : headerAsSent(final.response),
      body,
      text: new TextDecoder().decode(body),
      trailer: final?.response.trailer ?? new Header(),
      interim: messages.map(({ response }) => response),
      flushed: this.#flushedBytes > interimBytes,
      end: end === "closed" && final?.complete === false ? "cut" : end,
      error: this.#error,
      log: this.#log,
      writes: this.writes,
      wire: latin1(bytes),
      client,
    };
  }

  #call(w: ResponseWriter<C>): void | Promise<void> {
    const request = this.#seen(w);
    const ended = (): void => {
      this.#flushedBytes = this.writes.reduce((sum, piece) => sum + piece.length, 0);
      this.#finish();
    };
    try {
      const result = this.#handler(w, request);
      if (result === undefined) {
        ended();
        return undefined;
      }
      return result.finally(ended);
    } catch (error) {
      ended();
      throw error;
    }
  }

  /** The caller's request, with a signal that also aborts when the exchange is over. */
  #seen(w: ResponseWriter<C>): Request<C> {
    const { remoteAddr, localAddr, tls, context, signal } = this.#request;
    return this.#request.with({
      exchange: {
        remoteAddr,
        localAddr,
        tls,
        context,
        server: w.server,
        get signal() {
          return eitherOf(signal, w.signal);
        },
      },
    });
  }
}

interface Message {
  readonly response: Response;
  readonly body: Uint8Array;
  readonly complete: boolean;
  /** Where its first octet stands. */
  readonly from: number;
}

/** All answers in the octets: interim ones and, as the last, the final one if it has come. */
async function messagesIn(bytes: Uint8Array, requestMethod: string): Promise<Message[]> {
  const reader = Reader.of(bytes);
  const messages: Message[] = [];
  for (;;) {
    const from = bytes.length - reader.buffered;
    const response = await readResponse(reader, { requestMethod }).catch(() => undefined);
    if (response === undefined) return messages;
    const { body, complete } = await contentOf(response);
    messages.push({ response, body, complete, from });
    if (isFinal(response)) return messages;
  }
}

/** What has come of the content, also when the rest is missing. */
async function contentOf(response: Response): Promise<{ body: Uint8Array; complete: boolean }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of response.body) pieces.push(piece);
  } catch {
    return { body: joined(pieces), complete: false };
  }
  return { body: joined(pieces), complete: true };
}

function isFinal(response: Response): boolean {
  return response.status >= 200 || response.status === 101;
}

/** The fields as they stood, also those that a Response keeps elsewhere. */
function headerAsSent(response: Response): Header {
  const header = new Header();
  for (const line of response.rawHead.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    if (colon > 0) header.add(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return header;
}

/** The request line and the fields that decide about connection and version. */
function headOf(request: Request<never> | Request): string {
  const connection = request.header.get("connection");
  const line = `${request.method} ${request.target} ${request.proto}\r\nHost: ${request.host}\r\n`;
  return `${line}${connection === undefined ? "" : `Connection: ${connection}\r\n`}\r\n`;
}

/** The Conn, with everything that is written to it kept in the recording. */
function watched<C>(conn: Conn, taking: Recording<C>): Conn {
  return new Proxy(conn, {
    get(target, name) {
      if (name === "write") {
        return (data: string | Uint8Array) => {
          taking.writes.push(typeof data === "string" ? octets(data) : data.slice());
          return target.write(data);
        };
      }
      // A handler that never ends is given up by the server, which closes.
      if (name === "closeWrite" || name === "close" || name === "abort") taking.onServerEnd();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function eitherOf(one: AbortSignal, other: AbortSignal): AbortSignal {
  if (one.aborted) return one;
  if (other.aborted) return other;
  const either = new AbortController();
  for (const signal of [one, other]) {
    signal.addEventListener("abort", () => either.abort(signal.reason), { once: true });
  }
  return either.signal;
}
