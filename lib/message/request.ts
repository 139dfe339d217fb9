// Long because it is one class with a line or two for each of its names, and half of it is what they promise.
/**
 * Request: one request, on the side that sends it or on the side that serves it.
 * RFC 9110 §6, §7 · Go: http.Request
 *
 * Rule of this file: values and views of them, made when asked for. Nothing on it changes meaning with the
 * direction; what only a server knows (addresses, signal, context) comes from the exchange it belongs to.
 * Forms, targets and cookies are read elsewhere; a base class to share the names with costs each request 7 ns.
 */
import type { Addr, TlsInfo } from "../bufio/mod.ts";
import {
  type BasicCredentials,
  type CookiePair,
  parseBasic,
  parseCookies,
  pathUnescape,
} from "../semantics/mod.ts";
import { FieldKind, Header, parseTarget } from "../wire/mod.ts";
import type { FieldSection, Target } from "../wire/mod.ts";
import { type Body, noBody } from "./body.ts";
import type { Exchange } from "./exchange.ts";
import type { FormFile } from "./form-file.ts";
import { type FormOptions, type MultipartForm, formOf } from "./form.ts";
import type { MultipartReader } from "./multipart-reader.ts";
import { escapedPathOf, rawQueryOf, schemeOf, urlOf } from "./request-target.ts";

/** What a request knows of the response that led to it; every Response is one. */
export interface PriorResponse {
  readonly status: number;
  readonly statusText: string;
  readonly header: Header;
  readonly body: Body;
  /** The request that it answered. */
  readonly request: Request | undefined;
}

/** The parts a request is made of. */
export interface RequestParts<C = unknown> {
  readonly method: string;
  readonly target: string;
  /** @internal The target taken apart, where that was done already. */
  readonly parsedTarget?: Target | undefined;
  /** The n of HTTP/1.n. Default 1. */
  readonly versionMinor?: number | undefined;
  /** Default: made from `section`, or empty. */
  readonly header?: Header | undefined;
  /** The fields as they came from the wire, and the kinds (as bits) that live elsewhere in the request. */
  readonly section?: FieldSection | undefined;
  readonly sectionOmit?: number | undefined;
  readonly host: string;
  readonly body?: Body | undefined;
  readonly getBody?: (() => Body) | undefined;
  readonly contentLength?: number | undefined;
  readonly transferEncoding?: readonly string[] | undefined;
  readonly trailer?: Header | undefined;
  readonly close?: boolean | undefined;
  readonly exchange?: Exchange<C> | undefined;
  readonly response?: PriorResponse | undefined;
}

const NO_CODINGS: readonly string[] = Object.freeze([]);

/** One request. Never used again for another one. */
export class Request<C = unknown> {
  /** A token, case-sensitive. */
  readonly method: string;
  /** The request-target exactly as it stands in the request line. */
  readonly target: string;
  /** "HTTP/1.1" or "HTTP/1.0", or HTTP/1.n as it came. */
  readonly proto: string;
  /** The n of HTTP/1.n. */
  readonly versionMinor: number;
  /** The authority of an absolute target, else the Host field; may be empty. Go: Request.Host */
  readonly host: string;
  /** The content; noBody when there is none. */
  readonly body: Body;
  /** Gives the content again, for redirects and retries. */
  readonly getBody: (() => Body) | undefined;
  /** How many bytes of content; 0 for none, undefined when only the end will tell. */
  readonly contentLength: number | undefined;
  /** The transfer codings, outermost last: empty or ["chunked"]. */
  readonly transferEncoding: readonly string[];
  /** Was the connection asked to close after this request? */
  readonly close: boolean;
  /** The response that redirected here. */
  readonly response: PriorResponse | undefined;
  /** The mux pattern that matched; empty when none did. */
  pattern = "";

  #root: object | undefined;
  readonly #parsedTarget: Target | undefined;
  readonly #exchange: Exchange<C> | undefined;
  readonly #section: FieldSection | undefined;
  readonly #sectionOmit: number;
  #header: Header | undefined;
  #trailer: Header | undefined;
  #query: URLSearchParams | undefined;
  #pathValues: Map<string, string> | undefined;

  constructor(parts: RequestParts<C>) {
    const minor = parts.versionMinor ?? 1;
    this.method = parts.method;
    this.target = parts.target;
    this.versionMinor = minor;
    this.proto = minor === 1 ? "HTTP/1.1" : `HTTP/1.${minor}`;
    this.host = parts.host;
    this.body = parts.body ?? noBody;
    this.getBody = parts.getBody;
    this.contentLength = parts.contentLength;
    this.transferEncoding = parts.transferEncoding ?? NO_CODINGS;
    this.close = parts.close ?? false;
    this.response = parts.response;
    this.#parsedTarget = parts.parsedTarget;
    this.#exchange = parts.exchange;
    this.#section = parts.section;
    this.#sectionOmit = parts.sectionOmit ?? 0;
    this.#header = parts.header;
    this.#trailer = parts.trailer;
  }

  /**
   * The fields in wire order, without Host, and without Transfer-Encoding and Trailer where they were
   * used: those live in `host`, `transferEncoding` and `trailer`, as in Go.
   */
  get header(): Header {
    return (this.#header ??= headerOf(this.#section, this.#sectionOmit));
  }

  /** The fields after the body; filled when the body has been read to its end. */
  get trailer(): Header {
    return (this.#trailer ??= this.body === noBody ? new Header() : this.body.trailer);
  }

  /** The head exactly as it came, one char per octet; empty for a request that was not read. */
  get rawHead(): string {
    return this.#section?.text ?? "";
  }

  /** The path as it stands in the target, not decoded; empty for `*` and for an authority. */
  get escapedPath(): string {
    return escapedPathOf(this.target);
  }

  /** The path with its percent-encodings resolved, as UTF-8. */
  get path(): string {
    return pathUnescape(this.escapedPath);
  }

  /** What follows the first "?" of the target; empty when there is none. */
  get rawQuery(): string {
    return rawQueryOf(this.target);
  }

  /** The query, parsed on first use. */
  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(this.rawQuery));
  }

  /** "http" or "https", from an absolute target or from the connection. */
  get scheme(): string {
    return schemeOf(this.target) ?? (this.tls === undefined ? "http" : "https");
  }

  /**
   * A URL made from scheme, host and escaped path, never resolved against a base. A convenience: the URL
   * class removes dot segments and rewrites odd characters, so do not authorise by it.
   *
   * Throws "url-unrepresentable" (status 400) when there is none.
   */
  get url(): URL {
    return urlOf(this.target, this.scheme, this.host);
  }

  /** Is the version at least HTTP/major.minor? Go: ProtoAtLeast */
  protoAtLeast(major: number, minor: number): boolean {
    return major < 1 || (major === 1 && minor <= this.versionMinor);
  }

  /** Where the peer is; undefined where the connection cannot know, and for a request not received. */
  get remoteAddr(): Addr | undefined {
    return this.#exchange?.remoteAddr;
  }

  get localAddr(): Addr | undefined {
    return this.#exchange?.localAddr;
  }

  /** What TLS told about the connection; undefined without TLS. */
  get tls(): TlsInfo | undefined {
    return this.#exchange?.tls;
  }

  /** The value that `connContext` gave the connection. */
  get context(): C {
    return this.#exchange?.context as C;
  }

  /** The Server that serves this request. */
  get server(): object | undefined {
    return this.#exchange?.server;
  }

  /**
   * Aborts when the peer goes away, when the handler's time is over, and when the handler has ended; its
   * reason has a `code`. Made on first use. Go: Request.Context().Done()
   */
  get signal(): AbortSignal {
    return this.#exchange?.signal ?? neverAborted();
  }

  /** The value of a wildcard of the matched pattern; empty when there is no such wildcard. Go: PathValue */
  pathValue(name: string): string {
    return this.#pathValues?.get(name) ?? "";
  }

  /** Go: SetPathValue */
  setPathValue(name: string, value: string): void {
    (this.#pathValues ??= new Map()).set(name, value);
  }

  /** User name and password of Basic authentication, when there are any. Go: BasicAuth */
  basicAuth(): BasicCredentials | undefined {
    const value = this.header.get("authorization");
    return value === undefined ? undefined : parseBasic(value);
  }

  /** The User-Agent field; empty when there is none. Go: UserAgent */
  userAgent(): string {
    return this.header.get("user-agent") ?? "";
  }

  /** The Referer field; empty when there is none. Go: Referer */
  referer(): string {
    return this.header.get("referer") ?? "";
  }

  /**
   * The cookies of the Cookie fields in their order; parts that are none are left out, and beyond 3,000
   * there are none. RFC 6265 §4.2 · Go: Cookies
   */
  cookies(): Required<CookiePair>[] {
    return parseCookies(this.header.values("cookie"));
  }

  /** The first cookie of that name. Go: Cookie */
  cookie(name: string): Required<CookiePair> | undefined {
    return this.cookiesNamed(name)[0];
  }

  /** All cookies of that name: the same one may have come for several paths. Go: CookiesNamed */
  cookiesNamed(name: string): Required<CookiePair>[] {
    return parseCookies(this.header.values("cookie"), { name });
  }

  /**
   * The pairs of an urlencoded body, then those of the query, then the values of a multipart body. Throws
   * "form-not-parsed" before one of `parseForm`, `parseMultipartForm`, `formValue`, `formFile`. Go: Form
   */
  get form(): URLSearchParams {
    return formOf(this).form;
  }

  /** The same without the query. Go: PostForm */
  get postForm(): URLSearchParams {
    return formOf(this).postForm;
  }

  /** Values and files of a multipart body, once it has been parsed. Go: MultipartForm */
  get multipartForm(): MultipartForm | undefined {
    return formOf(this).multipart;
  }

  /**
   * Reads the query and, for POST, PUT and PATCH with an urlencoded body, the body: at most 10 MiB of it,
   * or `maxFormBytes`. Resolves to `form`. It is read once, also for copies of this request: later calls,
   * and their options, change nothing.
   *
   * Rejects with "body-too-large" (413), when Content-Type is malformed, as the body does, and with
   * "query-semicolon", "bad-query-escape" or "too-many-query-pairs" (400) when pairs were left out: the
   * others are in `form` then. Go: ParseForm
   */
  parseForm(options?: FormOptions): Promise<URLSearchParams> {
    return formOf(this).parse(options);
  }

  /**
   * Reads a multipart/form-data body, after `parseForm`. `max` is how many bytes of files are held in memory
   * (default 32 MiB, as `maxFormMemoryBytes`); further files go to the server's TempStore, and are removed
   * when the handler has ended. Values and headers of parts have 10 MiB of their own.
   *
   * Rejects as `parseForm`, with "not-multipart" (415), "missing-boundary", "bad-boundary",
   * "bad-boundary-line", "truncated-multipart", "bad-content-disposition" (400), "too-many-parts",
   * "part-header-too-large" and, also for want of a TempStore, "body-too-large" (413). Go: ParseMultipartForm
   */
  parseMultipartForm(max?: number | FormOptions): Promise<MultipartForm> {
    const options = typeof max === "number" ? { maxFormMemoryBytes: max } : max;
    return formOf(this).parseMultipart(options);
  }

  /**
   * The first value of that name in `form`, which is read if it was not. Malformed pairs are passed over;
   * everything else rejects as above, where Go answers with the empty string. Go: FormValue
   */
  async formValue(name: string): Promise<string | undefined> {
    const form = formOf(this);
    await form.parseAll();
    return form.form.get(name) ?? undefined;
  }

  /** The same from the body alone. Go: PostFormValue */
  async postFormValue(name: string): Promise<string | undefined> {
    const form = formOf(this);
    await form.parseAll();
    return form.postForm.get(name) ?? undefined;
  }

  /** The first file of that name; rejects as `parseMultipartForm`. Go: FormFile */
  async formFile(name: string): Promise<FormFile | undefined> {
    const { files } = await formOf(this).parseMultipart();
    return files.get(name)?.[0];
  }

  /**
   * The parts of a multipart/form-data or multipart/mixed body one by one as they arrive, nothing kept:
   * instead of `parseMultipartForm`. Throws "not-multipart", "missing-boundary", "bad-boundary", and
   * "body-used" when the parts are read already. Go: MultipartReader
   */
  multipartReader(options?: FormOptions): MultipartReader {
    return formOf(this).reader(options);
  }

  /** @internal The target taken apart. Throws "bad-target", and never for a request made by newRequest. */
  get parsedTarget(): Target {
    return this.#parsedTarget ?? parseTarget(this.method, this.target);
  }

  /** @internal What the connection knows of this request. */
  get exchange(): Exchange<C> | undefined {
    return this.#exchange;
  }

  /** @internal The request that all copies of `with` go back to: what is known of one is known of all. */
  get root(): object {
    return this.#root ?? this;
  }

  /**
   * A shallow copy with some parts replaced, for middleware: body, exchange and, unless replaced, header
   * are the same objects. Go: WithContext, Clone
   */
  with(changes: Partial<RequestParts<C>>): Request<C> {
    const copy = new Request<C>({
      method: this.method,
      target: this.target,
      parsedTarget: changes.target === undefined ? this.#parsedTarget : undefined,
      versionMinor: this.versionMinor,
      header: this.header,
      section: this.#section,
      host: this.host,
      body: this.body,
      getBody: this.getBody,
      contentLength: this.contentLength,
      transferEncoding: this.transferEncoding,
      trailer: this.trailer,
      close: this.close,
      exchange: this.#exchange,
      response: this.response,
      ...changes,
    });
    copy.#root = this.root;
    copy.pattern = this.pattern;
    if (this.#pathValues !== undefined) copy.#pathValues = new Map(this.#pathValues);
    return copy;
  }
}

/**
 * The fields that came, without the kinds that live elsewhere; several equal Content-Length lines, which
 * responses may have, as one. RFC 9110 §8.6
 */
export function headerOf(section: FieldSection | undefined, omit: number): Header {
  if (section === undefined) return new Header();
  const header = Header.fromBits(section, omit);
  if (section.has(FieldKind.contentLength)) {
    const [first, second] = header.values("content-length");
    if (first !== undefined && second !== undefined) header.set("Content-Length", first);
  }
  return header;
}

let never: AbortSignal | undefined;

/** What `signal` is where nothing can abort it. */
function neverAborted(): AbortSignal {
  return (never ??= new AbortController().signal);
}
