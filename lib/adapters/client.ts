/**
 * The Client wired for Node, the one that everybody shares, and the one-liners over it.
 * Go: http.Client, http.DefaultClient, http.Get, http.Post
 *
 * Rule of this file: no behaviour of its own; `barewire/client` decides.
 */
import {
  type AskOptions,
  type ClientOptions as PortableClientOptions,
  type FormValues,
  Client as PortableClient,
} from "../client/mod.ts";
import type { BodyLike, Response } from "../message/mod.ts";
import { nodePlatform } from "./platform.ts";
import { defaultTransport } from "./transport.ts";

/** As in `barewire/client`; transport and clock have defaults here. */
export type ClientOptions = Partial<PortableClientOptions>;

/** A Client that can ask by itself: its transport is `defaultTransport` unless it gets one. Go: http.Client */
export class Client extends PortableClient {
  constructor(options: ClientOptions = {}) {
    super({ ...options, ...defaultsOf(options) });
  }
}

function defaultsOf(options: ClientOptions): Pick<PortableClientOptions, "transport" | "clock"> {
  return {
    transport: options.transport ?? defaultTransport,
    clock: options.clock ?? nodePlatform.clock!,
  };
}

/** What `get`, `post` and their like use: no jar, no timeout. Go: http.DefaultClient */
export const defaultClient: Client = new Client();

/** Resolves to the response to GET, redirects followed. Read or cancel its body. Go: http.Get */
export function get(url: string | URL, options?: AskOptions): Promise<Response> {
  return defaultClient.get(url, options);
}

/** The same for HEAD. Go: http.Head */
export function head(url: string | URL, options?: AskOptions): Promise<Response> {
  return defaultClient.head(url, options);
}

/** The same for POST. Without `contentType` the body's own counts, which forms and Blobs have. Go: http.Post */
export function post(
  url: string | URL,
  contentType: string | undefined,
  body?: BodyLike,
  options?: AskOptions,
): Promise<Response> {
  return defaultClient.post(url, contentType, body, options);
}

/** Posts the values as an urlencoded form. Go: http.PostForm */
export function postForm(
  url: string | URL,
  values: FormValues,
  options?: AskOptions,
): Promise<Response> {
  return defaultClient.postForm(url, values, options);
}
