/**
 * The Response that fetch gives: the platform's, with a body that is read straight from ours.
 * WHATWG Fetch §5.5 · Go: none
 *
 * Rule of this file: it is one, for whoever looks: an instance of the platform's class, with each of its members.
 * `text`, `json`, `arrayBuffer` and `bytes` read our Body and make no stream; for everything else a real Response
 * over a stream is made (a stream costs more than all the rest of a fetch), and is asked from then on.
 *
 * Importing this file loads the platform's fetch classes: it is imported with the first call.
 */
import { Readable } from "node:stream";
import type { Body, Response as Message } from "../../message/mod.ts";
import { FetchError } from "./errors.ts";
import { bodyError, byteStream, isRemembered, whenForgotten } from "./stream.ts";

/** What a Response stands for. */
export interface Fetched {
  readonly message: Message;
  /** Decoded; null where the standard has none. */
  readonly body: Body | null;
  /** Without its fragment. */
  readonly url: string;
  readonly redirected: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Makes a Response of the platform. */
export function platformResponse(fetched: Fetched): Response {
  return new FetchedResponse(fetched);
}

/** What a Response of fetch was made from; undefined for any other. */
export function messageOf(response: Response): Message | undefined {
  return FetchedResponse.messageOf(response);
}

const Platform = globalThis.Response;
const UTF_8 = new TextDecoder();

/** As classes declare them: their types have properties where they have methods and accessors. */
const Base = Platform as unknown as new (body: null) => object;
const HeadersBase = globalThis.Headers as unknown as new () => {
  append(name: string, value: string): void;
};

class FetchedResponse extends Base {
  readonly #fetched: Fetched;
  readonly #isWhole: boolean;
  #stream: ReadableStream | undefined;
  /** The platform's own, once something was asked that only it can do. It has the stream then. */
  #real: Response | undefined;
  #headers: Headers | undefined;
  /** Was the body read without a stream? */
  #used = false;

  constructor(fetched: Fetched, real?: Response) {
    super(null);
    const { body, message } = fetched;
    this.#fetched = fetched;
    this.#real = real;
    // What is here whole has no connection that could be kept from others.
    this.#isWhole = body === null || body.ended || message.timings?.total !== undefined;
    if (!this.#isWhole && body !== null && real === undefined) whenForgotten(this, body);
  }

  static messageOf(response: object): Message | undefined {
    return #fetched in response ? response.#fetched.message : undefined;
  }

  get type(): "basic" {
    return "basic";
  }

  get url(): string {
    return this.#fetched.url;
  }

  get redirected(): boolean {
    return this.#fetched.redirected;
  }

  get status(): number {
    return this.#fetched.message.status;
  }

  get ok(): boolean {
    return this.#fetched.message.ok;
  }

  get statusText(): string {
    return this.#fetched.message.statusText;
  }

  get headers(): Headers {
    this.#headers ??= new FetchedHeaders(this.#fetched.message) as unknown as Headers;
    return this.#headers;
  }

  get body(): ReadableStream | null {
    if (this.#real !== undefined) return this.#real.body;
    return this.#fetched.body === null ? null : this.#streamOf(this.#fetched.body);
  }

  get bodyUsed(): boolean {
    if (this.#real !== undefined) return this.#real.bodyUsed;
    return this.#used || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  clone(): Response {
    if (this.#fetched.body === null) return new FetchedResponse(this.#fetched);
    return new FetchedResponse(this.#fetched, this.#asReal().clone());
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#read();
    if (bytes === undefined) return this.#asReal().arrayBuffer();
    // The rest of the buffer may be another's.
    const isAll = bytes.byteLength === bytes.buffer.byteLength;
    return (isAll ? bytes : new Uint8Array(bytes)).buffer as ArrayBuffer;
  }

  async text(): Promise<string> {
    const bytes = await this.#read();
    return bytes === undefined ? this.#asReal().text() : UTF_8.decode(bytes);
  }

  async json(): Promise<unknown> {
    const bytes = await this.#read();
    return bytes === undefined ? this.#asReal().json() : JSON.parse(UTF_8.decode(bytes));
  }

  async blob(): Promise<Blob> {
    return this.#asReal().blob();
  }

  async formData(): Promise<FormData> {
    const real: { formData(): Promise<FormData> } = this.#asReal();
    return real.formData();
  }

  /** The whole body from its source; undefined where there is a stream of it, which must be asked then. */
  async #read(): Promise<Uint8Array | undefined> {
    const { body, signal } = this.#fetched;
    if (this.#real !== undefined || this.#stream !== undefined) return undefined;
    if (body === null) return new Uint8Array(0);
    if (this.#used) throw new FetchError("body-unusable");
    this.#used = true;
    if (signal?.aborted === true) {
      body.cancel(signal.reason);
      throw signal.reason;
    }
    try {
      return await body.bytes({ max: Infinity });
    } catch (cause) {
      throw bodyError(cause, signal);
    }
  }

  #streamOf(body: Body): ReadableStream {
    if (this.#stream !== undefined) return this.#stream;
    if (this.#used) return (this.#stream = usedStream());
    if (this.#isWhole) return (this.#stream = byteStream(body, this.#fetched.signal));
    isRemembered(this);
    this.#stream = byteStream(body, this.#fetched.signal);
    whenForgotten(this.#stream, body);
    return this.#stream;
  }

  #asReal(): Response {
    if (this.#real !== undefined) return this.#real;
    const { body } = this.#fetched;
    const { headers } = this;
    if (body === null) return (this.#real = new Platform(null, { headers }));
    if (this.bodyUsed || this.#stream?.locked === true) throw new FetchError("body-unusable");
    return (this.#real = new Platform(this.#streamOf(body) as BodyInit, { headers }));
  }
}

type BodyInit = ConstructorParameters<typeof Platform>[0];

/** What `body` is after a read that made no stream: read to its end, and locked. */
function usedStream(): ReadableStream {
  const stream = new ReadableStream({ type: "bytes", start: (controller) => controller.close() });
  void stream.getReader().read();
  return stream;
}

function isDisturbed(stream: ReadableStream): boolean {
  return Readable.isDisturbed(stream as unknown as NodeJS.ReadableStream);
}

/** Fields that nobody may change, as those of a response are. */
class FetchedHeaders extends HeadersBase {
  constructor(message: Message) {
    super();
    for (const [name, value] of message.header) super.append(name, value);
  }

  override append(): never {
    throw new TypeError("immutable");
  }

  set(): never {
    throw new TypeError("immutable");
  }

  delete(): never {
    throw new TypeError("immutable");
  }
}

/** Makes the members of our classes look like the platform's: enumerable, and of that class. */
function disguise(ours: object, theirs: object): void {
  for (const name of Object.getOwnPropertyNames(ours)) {
    const descriptor = Object.getOwnPropertyDescriptor(theirs, name);
    if (descriptor === undefined) continue;
    const { enumerable = false } = descriptor;
    if (name === "constructor") Object.defineProperty(ours, name, descriptor);
    else Object.defineProperty(ours, name, { enumerable });
  }
}

disguise(FetchedResponse.prototype, Platform.prototype);
disguise(FetchedHeaders.prototype, globalThis.Headers.prototype);
