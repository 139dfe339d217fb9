/**
 * CompressingSink: one answer on its way to be compressed, or not.
 * RFC 9110 §8.4, §8.8.1, §15.4.5
 *
 * Rule of this file: open (no status yet) → holding (too little to decide) → through or compressing → done.
 * Once it compresses, every write is a link of one chain, so that nothing overtakes.
 */
import { rejected } from "../../bufio/mod.ts";
import { MessageError } from "../../message/mod.ts";
import type { Request } from "../../message/mod.ts";
import { detectContentType } from "../../semantics/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { ServerError } from "../errors.ts";
import type { AnswerSink, WriteHeaderOptions } from "../response-connection.ts";
import { declaredLength } from "../response-head.ts";
import type { ResponseWriter } from "../response-writer.ts";
import type { CompressPlan, Compressor } from "./compression.ts";
import { mayCompress } from "./compressible.ts";
import { addVary } from "./vary.ts";

/** The head as the handler chose it. */
interface Chosen {
  readonly status: number;
  readonly reason: string | undefined;
  readonly header: Header;
  /** What the handler says how long the body is. */
  readonly length: number | undefined;
}

const DONE: Promise<void> = Promise.resolve();
const UTF8 = new TextEncoder();

export class CompressingSink implements AnswerSink {
  readonly #writer: ResponseWriter;
  readonly #request: Request;
  readonly #below: AnswerSink;
  readonly #plan: CompressPlan;
  #state: "open" | "holding" | "through" | "compressing" | "done" = "open";
  #chosen: Chosen | undefined;
  /** Statuses that came when one was chosen: the writer below complains of them. */
  #later: number[] = [];
  #held: (string | Uint8Array)[] = [];
  #written = 0;
  #compressor: Compressor | undefined;
  #chain: Promise<void> = DONE;
  #failure: { readonly error: unknown; readonly of: "compressor" | "client" } | undefined;

  constructor(w: ResponseWriter, r: Request, below: AnswerSink, plan: CompressPlan) {
    this.#writer = w;
    this.#request = r;
    this.#below = below;
    this.#plan = plan;
  }

  writeHeader(status: number, options: WriteHeaderOptions = {}): void {
    if (this.#state === "holding") {
      this.#later.push(status);
      return;
    }
    const isFinal = (status >= 200 && status <= 999) || status === 101;
    if (this.#state !== "open" || !isFinal) return this.#below.writeHeader(status, options);
    const header = (options.header ?? this.#writer.header).clone();
    if (this.#request.method !== "HEAD" && mayCompress(status, header)) {
      const { length } = declaredLength(header);
      this.#chosen = { status, reason: options.reason, header, length };
      this.#state = "holding";
      return;
    }
    this.#state = "through";
    this.#describe(status, header);
    this.#below.writeHeader(status, { ...options, header });
  }

  write(data: string | Uint8Array): Promise<void> {
    if (this.#state === "open") this.writeHeader(200);
    if (this.#state === "through") return this.#below.write(data);
    if (this.#state === "done") return rejected(new ServerError("handler-done"));
    const bytes = typeof data === "string" ? UTF8.encode(data) : data;
    const { length } = this.#chosen!;
    if (length !== undefined && this.#written + bytes.length > length) {
      return rejected(new MessageError("content-length-mismatch"));
    }
    this.#written += bytes.length;
    if (this.#state === "compressing") return this.#compress(bytes);
    // Held beyond this call: the caller may use its array again.
    this.#held.push(typeof data === "string" ? data : data.slice());
    return this.#written < this.#plan.minBytes ? DONE : this.#decide();
  }

  flush(): Promise<void> {
    if (this.#state === "open") this.writeHeader(200);
    if (this.#state === "holding") void this.#decide();
    if (this.#state === "done") return rejected(new ServerError("handler-done"));
    if (this.#state === "through") return this.#below.flush();
    const compressor = this.#compressor!;
    return this.#link(async () => {
      await this.#hand(await this.#made(compressor.flush()));
      await this.#below.flush();
    });
  }

  /** The handler has ended: sends what is left. */
  end(): void | Promise<void> {
    const state = this.#state;
    // Less than is worth it, and all there is.
    const sent = state === "holding" ? this.#letThrough() : undefined;
    this.#state = "done";
    return state === "compressing" ? this.#finish() : sent;
  }

  /** The handler has failed: whatever is sent now is the server's. */
  giveUp(): void {
    this.#state = "done";
    this.#held = [];
    this.#release();
  }

  async #finish(): Promise<void> {
    const compressor = this.#compressor!;
    const isShort = this.#chosen!.length !== undefined && this.#written < this.#chosen!.length;
    try {
      await this.#chain;
      // The client must see that something is missing: without its end the answer is not complete.
      if (isShort) throw new MessageError("content-length-mismatch");
      if (this.#failure?.of === "compressor") throw this.#failure.error;
      if (this.#failure === undefined) {
        const rest = await this.#made(compressor.end());
        await this.#below.write(rest).catch(() => undefined);
      }
    } finally {
      this.#release();
    }
  }

  /** Enough is here, or more than that is not to be waited for. */
  #decide(): Promise<void> {
    const { header } = this.#chosen!;
    const { compression, places, types } = this.#plan;
    const type = header.get("content-type") ?? this.#sniffed();
    if (type === undefined || !types(type)) return this.#letThrough();
    addVary(header, "Accept-Encoding");
    if (compression === undefined || places.free <= 0) return this.#letThrough();
    places.free--;
    this.#compressor = compression.create();
    this.#state = "compressing";
    header.set("Content-Type", type);
    header.set("Content-Encoding", compression.coding);
    for (const name of ["content-length", "accept-ranges"]) header.delete(name);
    const tag = header.get("etag");
    if (tag !== undefined) header.set("ETag", weakened(tag));
    this.#sendHead();
    let last: Promise<void> = DONE;
    for (const piece of this.#takeHeld()) {
      last = this.#compress(typeof piece === "string" ? UTF8.encode(piece) : piece);
    }
    return last;
  }

  #letThrough(): Promise<void> {
    this.#state = "through";
    this.#sendHead();
    let last: Promise<void> = DONE;
    for (const piece of this.#takeHeld()) last = this.#below.write(piece);
    return last;
  }

  #sendHead(): void {
    const { status, reason, header } = this.#chosen!;
    this.#below.writeHeader(status, { reason, header });
    for (const superfluous of this.#later) this.#below.writeHeader(superfluous);
  }

  #takeHeld(): (string | Uint8Array)[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** The type that the server would find out, when the handler leaves that to it. */
  #sniffed(): string | undefined {
    const [first] = this.#held;
    if (first === undefined || this.#writer.omits("content-type")) return undefined;
    return detectContentType(typeof first === "string" ? UTF8.encode(first) : first);
  }

  /** An answer without content that stands for one that may have been compressed. */
  #describe(status: number, header: Header): void {
    const { types } = this.#plan;
    const type = header.get("content-type");
    if (status === 304) {
      addVary(header, "Accept-Encoding");
      const tag = header.get("etag");
      const known = this.#request.header.values("if-none-match").join(",");
      // The client has the compressed form: it must recognise its tag.
      if (tag !== undefined && known.includes(weakened(tag))) header.set("ETag", weakened(tag));
    } else if (this.#request.method === "HEAD" && mayCompress(status, header)) {
      if (type !== undefined && types(type)) addVary(header, "Accept-Encoding");
    }
  }

  #compress(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return DONE;
    const compressor = this.#compressor!;
    return this.#link(async () => this.#hand(await this.#made(compressor.write(bytes))));
  }

  /** Does something after all that was begun before. A failure is kept, and nothing is done after it. */
  #link(step: () => Promise<void>): Promise<void> {
    const done = this.#chain.then(async () => {
      if (this.#failure !== undefined) throw this.#failure.error;
      try {
        await step();
      } catch (error) {
        this.#failure ??= { error, of: "client" };
        throw error;
      }
    });
    // The writer need not await every write; the chain goes on, to the same failure.
    this.#chain = done.catch(() => undefined);
    return done;
  }

  async #made(result: Promise<Uint8Array>): Promise<Uint8Array> {
    try {
      return await result;
    } catch (error) {
      this.#failure = { error, of: "compressor" };
      throw error;
    }
  }

  async #hand(bytes: Uint8Array): Promise<void> {
    if (bytes.length > 0) await this.#below.write(bytes);
  }

  #release(): void {
    if (this.#compressor === undefined) return;
    this.#compressor.close();
    this.#compressor = undefined;
    this.#plan.places.free++;
  }
}

/** The tag of content that means the same but has other octets. RFC 9110 §8.8.1 */
function weakened(tag: string): string {
  return tag.startsWith("W/") ? tag : `W/${tag}`;
}
