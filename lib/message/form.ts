/**
 * Forms: what a request's query and content say by name.
 * WHATWG HTML §4.10.21, RFC 7578 · Go: Request.ParseForm, ParseMultipartForm, MultipartReader
 *
 * Rule of this file: what is read when, what is held, and what wins; the formats are in the semantics room.
 * A form belongs to a request and to all its copies, and is read once.
 */
import {
  type MediaType,
  type MultipartOptions,
  type ParseQueryOptions,
  type ParsedQuery,
  type SemanticsError,
  parseMediaType,
  parseQuery,
} from "../semantics/mod.ts";
import { type Header, decodeLatin1 } from "../wire/mod.ts";
import type { Body } from "./body.ts";
import { collect } from "./collector.ts";
import { MessageError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { type FormFile, type UploadLimits, Uploads } from "./form-file.ts";
import { MultipartReader } from "./multipart-reader.ts";

interface LimitEntry {
  readonly default: number;
  readonly unit: string;
  readonly status: number;
}

export const FORM_LIMITS = {
  /**
   * An urlencoded form, and in a multipart one all values and headers of parts together, are held in memory
   * whatever happens. Go's bound.
   */
  maxFormBytes: { default: 10_485_760, unit: "bytes", status: 413 },
  /**
   * So much of a form's files is held in memory; a file that does not fit goes to the TempStore, or is
   * refused where there is none. Go's default.
   */
  maxFormMemoryBytes: { default: 33_554_432, unit: "bytes", status: 413 },
  /**
   * What one form may put into the TempStore: a disk is finite too. Read larger uploads with
   * `multipartReader`, which keeps nothing.
   */
  maxUploadBytes: { default: 1_073_741_824, unit: "bytes", status: 413 },
} as const;

/** One number for each limit of a form; see FORM_LIMITS. */
export type FormLimits = { readonly [name in keyof typeof FORM_LIMITS]: number };

/** Limits that differ from the defaults: those of FORM_LIMITS, MULTIPART_LIMITS and QUERY_LIMITS. */
export type FormOptions = ParseQueryOptions &
  MultipartOptions & { readonly [name in keyof FormLimits]?: number | undefined };

/** What a multipart form holds. Go: multipart.Form */
export interface MultipartForm {
  /** The values of the parts that are no files, in their order. */
  readonly values: URLSearchParams;
  /** The files by the name of their field, in their order. */
  readonly files: ReadonlyMap<string, readonly FormFile[]>;
  /** Removes the temporary files now instead of after the handler. Go: Form.RemoveAll */
  removeAll(): Promise<void>;
}

/** What a form needs of its request. */
export interface FormRequest {
  readonly method: string;
  readonly rawQuery: string;
  readonly header: Header;
  readonly body: Body;
  /** The request that all copies go back to. */
  readonly root: object;
  readonly exchange: Exchange | undefined;
}

/** The form of a request, the same for all its copies; the first who asks decides where it is read from. */
export function formOf(request: FormRequest): RequestForm {
  let form = FORMS.get(request.root);
  if (form === undefined) FORMS.set(request.root, (form = new RequestForm(request)));
  return form;
}

/** Beside the requests, not in them: most have no form, and then it costs nothing. */
const FORMS = new WeakMap<object, RequestForm>();

/** Reads the form of one request, each half once. */
export class RequestForm {
  readonly #request: FormRequest;
  #form: URLSearchParams | undefined;
  #postForm: URLSearchParams | undefined;
  #multipart: MultipartForm | undefined;
  /** The first pair that was left out, told at the end. */
  #badPair: SemanticsError | undefined;
  #pairsRead: Promise<void> | undefined;
  #partsRead: Promise<MultipartForm> | undefined;
  #reader: MultipartReader | undefined;

  constructor(request: FormRequest) {
    this.#request = request;
  }

  get form(): URLSearchParams {
    if (this.#form === undefined) throw new MessageError("form-not-parsed");
    return this.#form;
  }

  get postForm(): URLSearchParams {
    if (this.#postForm === undefined) throw new MessageError("form-not-parsed");
    return this.#postForm;
  }

  get multipart(): MultipartForm | undefined {
    return this.#multipart;
  }

  async parse(options: FormOptions = {}): Promise<URLSearchParams> {
    await (this.#pairsRead ??= this.#readPairs(options));
    if (this.#badPair !== undefined) throw this.#badPair;
    return this.form;
  }

  async parseMultipart(options: FormOptions = {}): Promise<MultipartForm> {
    await (this.#pairsRead ??= this.#readPairs(options));
    const multipart = await (this.#partsRead ??= this.#readParts(options));
    if (this.#badPair !== undefined) throw this.#badPair;
    return multipart;
  }

  /** Everything there is to read; pairs that were left out are not told. */
  async parseAll(): Promise<void> {
    await (this.#pairsRead ??= this.#readPairs({}));
    if (this.#mediaType()?.type === FORM_DATA) await (this.#partsRead ??= this.#readParts({}));
  }

  reader(options: FormOptions = {}): MultipartReader {
    if (this.#reader !== undefined || this.#partsRead !== undefined) {
      throw new MessageError("body-used");
    }
    return (this.#reader = this.#open([FORM_DATA, "multipart/mixed"], options));
  }

  /** The query, and the content where it is an urlencoded form: its pairs come first. */
  async #readPairs(options: FormOptions): Promise<void> {
    const form = (this.#form = new URLSearchParams());
    const postForm = (this.#postForm = new URLSearchParams());
    try {
      const content = await this.#contentPairs(options);
      if (content !== undefined) {
        this.#badPair = content.error;
        append(content.values, form, postForm);
      }
    } finally {
      const query = parseQuery(this.#request.rawQuery, options);
      this.#badPair ??= query.error;
      append(query.values, form);
    }
  }

  async #contentPairs(options: FormOptions): Promise<ParsedQuery | undefined> {
    const { body, method } = this.#request;
    // Others may have content, but it does not say what the request is about: RFC 9110 §9.3.
    if (method !== "POST" && method !== "PUT" && method !== "PATCH") return undefined;
    if (this.#mediaType()?.type !== URLENCODED) return undefined;
    const octets = await collect(body, maxFormBytes(options), () => tooLarge(options));
    return parseQuery(decodeLatin1(octets, 0, octets.length), options);
  }

  async #readParts(options: FormOptions): Promise<MultipartForm> {
    const { tempStore } = this.#request.exchange ?? {};
    if (this.#reader !== undefined) throw new MessageError("body-used");
    const reader = this.#open([FORM_DATA], options);
    const uploads = new Uploads(uploadLimits(options), tempStore);
    // What cannot be removed stays where the system clears up; nobody is left who could be told.
    if (tempStore !== undefined) {
      this.#request.exchange?.onEnd?.(() => void uploads.removeAll().catch(() => undefined));
    }
    try {
      const form = await this.#collect(reader, uploads, options);
      append(form.values, this.form, this.postForm);
      return (this.#multipart = form);
    } catch (error) {
      // The fault that is told is the first one.
      await uploads.removeAll().catch(() => undefined);
      throw error;
    }
  }

  async #collect(
    reader: MultipartReader,
    uploads: Uploads,
    options: FormOptions,
  ): Promise<MultipartForm> {
    const values = new URLSearchParams();
    const files = new Map<string, FormFile[]>();
    let room = maxFormBytes(options);
    for (let part = await reader.next(); part !== undefined; part = await reader.next()) {
      const { name } = part;
      room -= headerBytes(part.header);
      if (room < 0) throw tooLarge(options);
      // A part without a name is no part of a form: RFC 7578 §4.2, Go passes over it too.
      if (name === "") continue;
      if (part.filename === undefined) {
        const octets = await collect(part.body, room, () => tooLarge(options));
        room -= octets.length;
        values.append(name, UTF8.decode(octets));
        continue;
      }
      const file = await uploads.take(part);
      const others = files.get(name);
      if (others === undefined) files.set(name, [file]);
      else others.push(file);
    }
    return { values, files, removeAll: () => uploads.removeAll() };
  }

  #open(types: readonly string[], options: FormOptions): MultipartReader {
    const media = this.#mediaType();
    if (media === undefined || !types.includes(media.type)) throw new MessageError("not-multipart");
    const boundary = media.parameters.get("boundary");
    if (boundary === undefined) throw new MessageError("missing-boundary");
    return new MultipartReader(this.#request.body, boundary, options);
  }

  /** What the content is said to be; undefined when nothing is said. Throws as parseMediaType does. */
  #mediaType(): MediaType | undefined {
    const value = this.#request.header.get("content-type");
    return value === undefined ? undefined : parseMediaType(value);
  }
}

const LIMITS: Readonly<Record<keyof FormLimits, LimitEntry>> = FORM_LIMITS;

const URLENCODED = "application/x-www-form-urlencoded";
const FORM_DATA = "multipart/form-data";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

function append(pairs: Iterable<[string, string]>, ...forms: readonly URLSearchParams[]): void {
  for (const [name, value] of pairs) for (const form of forms) form.append(name, value);
}

function maxFormBytes(options: FormOptions): number {
  return options.maxFormBytes ?? LIMITS.maxFormBytes.default;
}

function uploadLimits(options: FormOptions): UploadLimits {
  return {
    maxFormMemoryBytes: options.maxFormMemoryBytes ?? LIMITS.maxFormMemoryBytes.default,
    maxUploadBytes: options.maxUploadBytes ?? LIMITS.maxUploadBytes.default,
  };
}

function headerBytes(header: Header): number {
  let total = 0;
  for (const [name, value] of header) total += name.length + value.length + 4;
  return total;
}

function tooLarge(options: FormOptions): MessageError {
  const evidence = `${maxFormBytes(options)} bytes of values`;
  return new MessageError("body-too-large", { evidence });
}
