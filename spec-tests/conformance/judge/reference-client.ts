/**
 * A client that is right: raw text over any pipe, and one switch for each fault that a mutant of it has.
 * RFC 9110 §9.2.2, §15.4; RFC 9112 §9.3
 *
 * Rule of this file: it shares nothing with lib's client or parsers. A run does one task of the tester: one
 * address or two, with redirects, cookies and decompression where the task needs them.
 */
import type { Conn } from "../../../lib/bufio/mod.ts";
import type { ClientReport, ClientTask, ExecClient } from "../../../lib/conformance/mod.ts";
import { contentOf, exchange, type Request, type Response } from "./client-exchange.ts";
import { BadResponse, type ClientIs } from "./client-head.ts";
import { Jar } from "./client-jar.ts";
import type { ClientFault } from "./client-mutants.ts";
import { Cut, Input } from "./input.ts";

/** A connection to a port, or undefined where nobody listens. */
export type DialPort = (port: number) => Conn | undefined;

const REDIRECTS = 10;
const REDIRECTING = [301, 302, 303, 307, 308];

export class ReferenceClient {
  readonly #dial: DialPort;
  readonly #is: ClientIs;

  constructor(dial: DialPort, faults: readonly ClientFault[]) {
    const on = new Set(faults);
    this.#dial = dial;
    this.#is = (fault) => on.has(fault);
  }

  readonly exec: ExecClient = async (task) => new Run(this.#dial, task, this.#is).report();
}

class Run {
  readonly #dial: DialPort;
  readonly #task: ClientTask;
  readonly #is: ClientIs;
  readonly #jar: Jar;
  readonly #all: Input[] = [];
  readonly #idle = new Map<string, Input>();
  #output = "";

  constructor(dial: DialPort, task: ClientTask, is: ClientIs) {
    this.#dial = dial;
    this.#task = task;
    this.#is = is;
    this.#jar = new Jar(is);
  }

  async report(): Promise<ClientReport> {
    const end = (): void => this.#all.forEach((input) => input.close());
    this.#task.signal.addEventListener("abort", end, { once: true });
    try {
      for (const url of this.#task.urls) await this.#fetch(new URL(url));
      return { exit: 0, output: this.#output };
    } catch (error) {
      // What zlib does not like is an Error of its own.
      const isKnown = error instanceof Error && !(error instanceof TypeError);
      if (!isKnown) throw error;
      return { exit: 1, output: this.#output };
    } finally {
      end();
    }
  }

  async #fetch(address: URL): Promise<void> {
    const { ask, content, needs } = this.#task;
    const method = ask === "get-twice" ? "GET" : ask.toUpperCase();
    const origin = address.host;
    let request = { method, content, url: address };
    const most = this.#is("endless-redirects") ? 200 : REDIRECTS;
    for (let hops = 0; hops <= most; hops++) {
      const response = await this.#send(request, origin, address);
      const next = needs.includes("redirects") ? this.#next(request, response) : undefined;
      if (next === undefined || this.#is("shows-redirects")) {
        if (method !== "HEAD" || this.#is("content-of-head")) {
          this.#output += contentOf(response, needs.includes("decompression"), this.#is);
        }
      }
      if (next === undefined) return;
      request = next;
    }
    throw new BadResponse("too many redirects");
  }

  /** RFC 9110 §15.4: the request that a redirect asks for. */
  #next(
    { method, content, url }: Pick<Request, "method" | "content" | "url">,
    { status, fields }: Response,
  ): Pick<Request, "method" | "content" | "url"> | undefined {
    const is = this.#is;
    const location = fields.get("Location");
    const isRedirect = REDIRECTING.includes(status) || is("location-redirects");
    if (location === undefined || !isRedirect) return undefined;
    const next = is("locations-at-root")
      ? new URL(location.replace(/^(?![a-z]+:|\/)/, "/"), url)
      : new URL(location, url);
    if (next.protocol !== "http:") return undefined;
    const isPost = method === "POST" && (status === 301 || status === 302);
    const isSeeOther = status === 303 && method !== "HEAD" && !is("303-keeps-method");
    const isLost = (status === 307 || status === 308) && method !== "HEAD" && is("307-is-get");
    if (isPost || isSeeOther || isLost) return { method: "GET", content: undefined, url: next };
    if (is("303-head-is-get") && status === 303) return { method: "GET", content, url: next };
    return { method, content: is("307-loses-content") ? undefined : content, url: next };
  }

  /** Sends it, once more where a connection has been lost that was used before, and without Expect after 417. */
  async #send(
    { method, content, url }: Pick<Request, "method" | "content" | "url">,
    origin: string,
    address: URL,
  ): Promise<Response> {
    const { needs } = this.#task;
    const is = this.#is;
    const isIdempotent = method === "GET" || method === "HEAD";
    let expect: Request["expect"] = needs.includes("expect") ? "wait" : "send";
    for (let attempts = 1; ; attempts++) {
      const { input, isUsed } = this.#connection(url);
      const lines = this.#lines(url, origin, address);
      const before = input.deliveries;
      try {
        const response = await exchange(input, { method, content, url, lines, expect }, is);
        if (response.keeps === "open") this.#idle.set(url.host, input);
        else input.close();
        if (needs.includes("cookies")) this.#keepCookies(response, url);
        if (response.status !== 417 || expect === "send" || is("no-second-try")) return response;
        expect = "send";
      } catch (error) {
        const isAlike = isIdempotent || is("repeats-posts");
        // Lost before any octet of an answer: the race that keep-alive brings, on a connection used before.
        const isLost = error instanceof Cut && input.deliveries === before;
        input.close();
        if (!isAlike || !isLost || !isUsed || attempts > 1) throw error;
      }
    }
  }

  #connection(url: URL): { readonly input: Input; readonly isUsed: boolean } {
    const idle = this.#idle.get(url.host);
    this.#idle.delete(url.host);
    if (idle?.side === "open") return { input: idle, isUsed: true };
    idle?.close();
    const conn = this.#dial(Number(url.port));
    if (conn === undefined) throw new BadResponse("nobody listens");
    const input = new Input(conn);
    this.#all.push(input);
    return { input, isUsed: false };
  }

  /** The fields that the task and the run bring along. */
  #lines(url: URL, origin: string, address: URL): string[] {
    const { needs } = this.#task;
    const lines: string[] = [];
    const isHome = url.host === origin || this.#is("credentials-for-all");
    if (address.username !== "" && isHome) {
      const pair = `${address.username}:${address.password}`;
      lines.push(`Authorization: Basic ${Buffer.from(pair).toString("base64")}`);
    }
    if (address.username !== "" && this.#is("userinfo-in-referer"))
      lines.push(`Referer: ${address.href}`);
    if (needs.includes("decompression")) lines.push("Accept-Encoding: gzip, deflate");
    const cookies = this.#jar.sent(url);
    if (cookies !== undefined) lines.push(`Cookie: ${cookies}`);
    return lines;
  }

  #keepCookies({ fields }: Response, url: URL): void {
    const lines = fields.all("Set-Cookie");
    const split = this.#is("splits-set-cookie") ? lines.join(", ").split(", ") : lines;
    for (const line of split) this.#jar.keep(line, url);
  }
}
