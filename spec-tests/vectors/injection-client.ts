/**
 * The ways through the whole Client to hand a value to an API, for each API of injection-api that a client has.
 * RFC 9110 §5.5, RFC 9112 §11.1 · vectors: injection-api
 *
 * Rule of this file: one way, one small function; Client, Transport, jar, proxy and redirects as programs use
 * them, the Transport being the front door's. The server is the far end of a pipe: what it is sent is kept as it
 * comes, and answered when it is quiet.
 */
import { Client, Transport, get } from "../../lib/adapters/mod.ts";
import type { ClientOptions, NodeTransportOptions } from "../../lib/adapters/mod.ts";
import { type Conn, pipe } from "../../lib/bufio/mod.ts";
import { CookieJar } from "../../lib/client/mod.ts";
import type { Jar, RoundTripper } from "../../lib/client/mod.ts";
import { Request, Response, bodyFrom, newRequest } from "../../lib/message/mod.ts";
import type { RequestParts } from "../../lib/message/mod.ts";
import type { CookiePair } from "../../lib/semantics/mod.ts";
import { WireClient, settle } from "../../lib/testing/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { textOf } from "./case.ts";
import type { Json } from "./case.ts";
import { latin1Of } from "./cuts.ts";
import {
  HOST,
  METHOD,
  NAME_OF_WORD,
  Refused,
  SURPLUS,
  TARGET,
  TEXT_BODY,
  WORD,
  X_VALUE,
  asText,
  framed,
  group,
  of,
} from "./injection-wire.ts";
import type { ApiCall, Sent } from "./injection-wire.ts";
import { scriptServer } from "./script-server.ts";
import { codeOf } from "./wants.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const CONNECTED = "HTTP/1.1 200 OK\r\n\r\n";

/** How many turns of the loop a request may take to come: a Blob is read by another thread. */
const TURNS_MAX = 100;

/** The far ends of all connections that a client opens. */
class Peers {
  readonly all: WireClient[] = [];
  readonly #answer: string;

  constructor(answer: string) {
    this.#answer = answer;
  }

  dial = async (): Promise<Conn> => {
    const [near, far] = pipe();
    const peer = new WireClient(far);
    this.all.push(peer);
    void this.#play(peer);
    return near;
  };

  /** Everything that all of them were sent. */
  get octets(): string {
    return this.all.map((peer) => peer.text).join("");
  }

  async #play(peer: WireClient): Promise<void> {
    for (let turn = 0; turn < TURNS_MAX && !isWhole(peer.text) && peer.end === "open"; turn++) {
      await settle();
    }
    peer.send(this.#answer);
    await peer.ended().catch(() => undefined);
    peer.close();
  }
}

/** Is it a message, as far as its own framing says? What is odd is answered in the end, too. */
function isWhole(octets: string): boolean {
  const end = octets.indexOf("\r\n\r\n");
  if (end < 0) return false;
  if (/^transfer-encoding:/im.test(octets))
    return octets.endsWith("0\r\n\r\n") || /\r\n0\r\n([^]+\r\n)?\r\n$/.test(octets);
  const length = /^content-length: (\d+)\r$/im.exec(octets)?.[1] ?? "0";
  return octets.length >= end + 4 + Number(length);
}

interface Around {
  readonly transport?: NodeTransportOptions;
  readonly client?: (transport: RoundTripper) => ClientOptions;
  readonly answer?: string;
}

/** What a server is sent when a client of this kind asks. */
async function sentBy(
  ask: (client: Client) => Promise<Response>,
  { transport: options = {}, client = (): ClientOptions => ({}), answer = OK }: Around = {},
): Promise<string> {
  const peers = new Peers(answer);
  const transport = new Transport({ dial: peers.dial, dialTLS: peers.dial, ...options });
  try {
    const response = await ask(new Client({ transport, ...client(transport) }));
    response.body.cancel();
    await settle();
    return peers.octets;
  } catch (error) {
    await settle();
    throw new Refused(codeOf(error), peers.octets);
  } finally {
    transport.close();
  }
}

/** A request whose parts newRequest has not seen. */
function bare(parts: Partial<RequestParts>): Promise<string> {
  return sentBy((client) => client.do(newRequest("GET", "http://a/").with(parts)));
}

function post(parts: Partial<RequestParts>): Promise<string> {
  const body = bodyFrom(TEXT_BODY).body;
  return bare({ method: "POST", body, contentLength: TEXT_BODY.length, ...parts });
}

function fieldCalls(
  line: (value: string) => [string, string],
  pattern: RegExp,
): Record<string, ApiCall> {
  return {
    "client.get": (value) =>
      of(
        sentBy((client) => client.get("http://a/", { header: [line(textOf(value))] })),
        pattern,
      ),
    "client.post with a record": (value) =>
      of(
        sentBy((client) => {
          const header = Object.fromEntries([line(textOf(value))]);
          return client.post("http://a/", "text/plain", TEXT_BODY, { header });
        }),
        pattern,
      ),
    "client.do": (value) => of(bare({ header: new Header([line(textOf(value))]) }), pattern),
    "client.do after a redirect": (value) =>
      of(afterRedirect("/next", { header: new Header([line(textOf(value))]) }), pattern),
    checkRedirect: (value) => {
      const checkRedirect = (next: Request): void => next.header.add(...line(textOf(value)));
      return of(afterRedirect("/next", {}, { checkRedirect }), pattern);
    },
    "get of the front door": (value) => of(sentByGet([line(textOf(value))]), pattern),
    proxyConnectHeader: (value) =>
      of(throughProxy("https://a/", { proxyConnectHeader: [line(textOf(value))] }), pattern),
    getProxyConnectHeader: (value) =>
      of(
        throughProxy("https://a/", { getProxyConnectHeader: () => [line(textOf(value))] }),
        pattern,
      ),
  };
}

/** The one that everybody shares dials by itself, so its server has a socket. */
async function sentByGet(header: [string, string][]): Promise<string> {
  const server = await scriptServer((seen) => seen.send(OK));
  try {
    const response = await get(`http://127.0.0.1:${server.port}/`, { header });
    response.body.cancel();
    // A port is as long as it is; nothing else differs from call to call.
    return server.requests.map(({ head }) => head.replaceAll(String(server.port), "80")).join("");
  } catch (error) {
    throw new Refused(codeOf(error), server.requests.map(({ head }) => head).join(""));
  } finally {
    await server.close();
  }
}

/** What is sent to where a redirect leads; the redirect comes from a transport that checks nothing. */
function afterRedirect(
  location: string,
  parts: Partial<RequestParts>,
  more: ClientOptions = {},
): Promise<string> {
  return sentBy((client) => client.do(newRequest("GET", "http://a/first").with(parts)), {
    client: (transport) => ({ ...more, transport: redirecting(transport, location) }),
  });
}

function redirecting(transport: RoundTripper, location: string): RoundTripper {
  let isFirst = true;
  return {
    roundTrip: (request, options) => {
      if (!isFirst) return transport.roundTrip(request, options);
      isFirst = false;
      const header = new Header([["Location", location]]);
      return Promise.resolve(new Response({ status: 302, header, request }));
    },
  };
}

/** A Location is made of octets: what a server has written in UTF-8. */
function inUtf8(value: Json): string {
  return latin1Of(new TextEncoder().encode(textOf(value)));
}

/** What a proxy is sent on the way to this URL. */
function throughProxy(url: string, options: NodeTransportOptions = {}): Promise<string> {
  return sentBy((client) => client.do(newRequest("GET", url)), {
    transport: { proxy: () => "http://proxy:3128", ...options },
    // A tunnel cannot stand without TLS at its end; what was asked of the proxy is all that is wanted.
    answer: url.startsWith("https:") ? REFUSING : OK,
  }).catch((error: unknown) => {
    if (error instanceof Refused && error.code === PROXY_REFUSED) return error.octets;
    throw error;
  });
}

const REFUSING = "HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const PROXY_REFUSED = "proxy-refused";

function trailerCalls(
  line: (value: string) => [string, string],
  pattern: RegExp,
): Record<string, ApiCall> {
  return {
    "client.do": (value) => {
      const trailer = new Header([line(textOf(value))]);
      return of(
        post({ transferEncoding: ["chunked"], contentLength: undefined, trailer }),
        pattern,
      );
    },
  };
}

/** A jar of the caller's own, which gives anything. */
function jarOf(pair: CookiePair): Jar {
  return { cookies: () => [pair], setCookies: () => undefined };
}

function cookieCalls(
  make: (value: string) => CookiePair,
  pattern: RegExp,
): Record<string, ApiCall> {
  return {
    "a jar of one's own": (value) => {
      const jar = jarOf(make(textOf(value)));
      return of(
        sentBy((client) => client.get("http://a/"), { client: () => ({ jar }) }),
        pattern,
      );
    },
    CookieJar: (value) => {
      const jar = new CookieJar();
      jar.setCookies(new URL("http://a/"), [make(textOf(value))]);
      return of(
        withCookie(sentBy((client) => client.get("http://a/"), { client: () => ({ jar }) })),
        pattern,
      );
    },
    "CookieJar.fromJSON": (value) => {
      const saved = {
        quoted: false,
        domain: "a",
        hostOnly: true,
        path: "/",
        secure: false,
        httpOnly: false,
        partitioned: false,
        creation: 1,
        lastAccess: 1,
        ...make(textOf(value)),
      };
      const jar = CookieJar.fromJSON({ version: 1, cookies: [saved] });
      return of(
        withCookie(sentBy((client) => client.get("http://a/"), { client: () => ({ jar }) })),
        pattern,
      );
    },
  };
}

/** A jar leaves out what it must not keep, without a word. */
async function withCookie(octets: Promise<string>): Promise<string> {
  const sent = await octets;
  if (!/^Cookie:/m.test(sent)) throw new Refused("not-kept", sent);
  return sent;
}

const COOKIE_NAME = /\r\nCookie: (.*?)=/;
const COOKIE_VALUE = /\r\nCookie: n=(.*)\r\n/;
const BASIC = /^Basic [A-Za-z0-9+/]+=*$/;

/** User information in a URL, percent-encoded as it has to be. */
async function credentials(octets: Promise<string>, field: string): Promise<Sent> {
  const sent = await octets;
  const value = group(sent, new RegExp(`\r\n${field}: (.*)\r\n`)) ?? "";
  return { octets: sent, faults: BASIC.test(value) ? [] : [`not base64: ${value}`] };
}

function userInfoCalls(): Record<string, ApiCall> {
  const urlOf = (host: string, user: Json): string =>
    `http://${encodeURIComponent(textOf(user))}:p@${host}/`;
  return {
    "client.get with a name": (value) =>
      credentials(
        sentBy((client) => client.get(urlOf("a", value))),
        "Authorization",
      ),
    "client.get with a password": (value) =>
      credentials(
        sentBy((client) => client.get(`http://u:${encodeURIComponent(textOf(value))}@a/`)),
        "Authorization",
      ),
    "a proxy's": (value) =>
      credentials(
        throughProxy("http://a/", { proxy: () => urlOf("proxy", value) }),
        "Proxy-Authorization",
      ),
    "a proxy's, in a tunnel": (value) =>
      credentials(
        throughProxy("https://a/", { proxy: () => urlOf("proxy", value) }),
        "Proxy-Authorization",
      ),
  };
}

/** What a test of numbers is given as text, since JSON has no such numbers. */
function numberOf(value: Json): number {
  if (value === "NaN") return Number.NaN;
  return value === "Infinity" ? Number.POSITIVE_INFINITY : (value as number);
}

async function* unknownLength(): AsyncIterable<string> {
  yield TEXT_BODY;
}

/** `value` is a description: what the case does is told by it. */
const HEADER_MAPS: Readonly<Record<string, readonly [string, string][]>> = {
  "Content-Length and Transfer-Encoding both set": [
    ["Content-Length", "5"],
    ["Transfer-Encoding", "chunked"],
  ],
  "Transfer-Encoding: chunked, chunked": [["Transfer-Encoding", "chunked, chunked"]],
  "Host in the header map as well as the URL host": [["Host", "b"]],
  "content-length and Content-Length as separate keys": [
    ["content-length", "5"],
    ["Content-Length", "5"],
  ],
};

/** The texts of errors that hold what a server, or the caller's user, has written. */
function errorTexts(): Record<string, ApiCall> {
  const told = async (
    ask: (client: Client) => Promise<Response>,
    answer: string,
  ): Promise<Sent> => {
    try {
      await sentBy(
        async (client) => {
          const error = await ask(client).then(
            () => undefined,
            (reason: unknown) => reason,
          );
          throw new Told(error instanceof Error ? `${error.message} ${urlIn(error)}` : "");
        },
        { answer },
      );
    } catch (error) {
      if (error instanceof Refused) return { octets: "", element: error.code };
    }
    return { octets: "", faults: ["no error"] };
  };
  const asking = (client: Client): Promise<Response> => client.get("http://a/");
  return {
    "a bad status line": (value) => told(asking, `${textOf(value)} 200\r\n\r\n`),
    "a bad field": (value) => told(asking, `HTTP/1.1 200 OK\r\n${textOf(value)}\r\n\r\n`),
    "a bad Location": (value) =>
      told(
        asking,
        `HTTP/1.1 302 X\r\nLocation: http:${textOf(value).replaceAll(/[\r\n]/g, "")}\r\n\r\n`,
      ),
    "a bad URL": (value) => told((client) => client.get(`http://a/${textOf(value)}`), OK),
    "a bad method": (value) =>
      told(
        (client) => client.do(newRequest("GET", "http://a/").with({ method: textOf(value) })),
        OK,
      ),
    "a bad URL of a Request": (value) =>
      told(
        (client) => client.do(newRequest("GET", "http://a/").with({ target: textOf(value) })),
        OK,
      ),
    "a bad proxy": async (value) => {
      const proxy = (): string => textOf(value);
      const [error] = await Promise.allSettled([
        new Client({ transport: new Transport({ proxy }) }).get("http://a/"),
      ]);
      const reason: unknown = error.status === "rejected" ? error.reason : undefined;
      return { octets: "", element: reason instanceof Error ? reason.message : "" };
    },
  };
}

/** Carries a text out of sentBy, which asks for a code. */
class Told extends Error {
  readonly code: string;

  constructor(text: string) {
    super(text);
    this.code = text;
  }
}

function urlIn(error: Error): string {
  return "url" in error ? String(error.url) : "";
}

/** For each API that the vectors name and a client has, the ways through it. */
export const CLIENT_CALLS: Readonly<Record<string, Readonly<Record<string, ApiCall>>>> = {
  "request.method": {
    "client.do of newRequest": (value) =>
      of(
        sentBy((client) => client.do(newRequest(textOf(value), "http://a/"))),
        METHOD,
      ),
    "client.do": (value) => of(bare({ method: textOf(value) }), METHOD),
  },
  "header.name": fieldCalls((value) => [value, WORD], NAME_OF_WORD),
  "header.value": fieldCalls((value) => ["X-Value", value], X_VALUE),
  "trailer.name": trailerCalls((value) => [value, WORD], NAME_OF_WORD),
  "trailer.value": trailerCalls((value) => ["X-Value", value], X_VALUE),
  "request.target (raw option)": {
    "client.do": (value) => of(bare({ target: `http://a${textOf(value)}` }), TARGET),
    "client.do of a Request": (value) =>
      of(
        sentBy((client) =>
          client.do(new Request({ method: "GET", target: `http://a${textOf(value)}`, host: "a" })),
        ),
        TARGET,
      ),
  },
  "request.url (path given to a URL)": {
    "client.get with a text": (value) =>
      of(
        sentBy((client) => client.get(`http://a${textOf(value)}`)),
        TARGET,
      ),
    "client.head with a URL": (value) =>
      of(
        sentBy((client) => client.head(new URL(`http://a${textOf(value)}`))),
        TARGET,
      ),
  },
  "request.host (Host override)": {
    "client.do": (value) => of(bare({ host: textOf(value) }), HOST),
    "client.do, to a relative redirect": (value) =>
      of(afterRedirect("/next", { host: textOf(value) }), HOST),
  },
  "redirect.location": {
    "client.get that follows it": (value) => of(afterRedirect(inUtf8(value), {}), TARGET),
  },
  "cookie.name": cookieCalls((name) => ({ name, value: "v" }), COOKIE_NAME),
  "cookie.value": cookieCalls((value) => ({ name: "n", value }), COOKIE_VALUE),
  "content-length (option or header)": {
    "client.do": (value) =>
      framed(post({ body: bodyFrom(unknownLength()).body, contentLength: numberOf(value) })),
    "client.do with a field": async (value) => {
      const sent = await framed(post({ header: new Header([["Content-Length", asText(value)]]) }));
      return { ...sent, element: group(sent.octets, /\r\nContent-Length: (.*)\r\n/) };
    },
  },
  "response.write beyond Content-Length": {
    "client.do": () => framed(post({ body: bodyFrom(SURPLUS).body, contentLength: 5 })),
  },
  "response end before Content-Length": {
    "client.do": () => framed(post({ body: bodyFrom("hell").body, contentLength: 5 })),
  },
  "header map": {
    "client.do": async (value) => {
      const header = new Header(HEADER_MAPS[textOf(value)] ?? []);
      const { octets, faults = [] } = await framed(post({ header }));
      const hosts = octets.match(/^host:.*$/gim) ?? [];
      return { octets, faults: hosts.join() === "Host: a" ? faults : [...faults, hosts.join()] };
    },
  },
  "body object with a type property": {
    "client.post": (value) => {
      const blob = new Blob([TEXT_BODY]);
      Object.defineProperty(blob, "type", { value: textOf(value) });
      return of(
        sentBy((client) => client.post("http://a/", undefined, blob)),
        /\r\nContent-Type: (.*)\r\n/,
      );
    },
    "client.post with the type given": (value) =>
      of(
        sentBy((client) => client.post("http://a/", textOf(value), TEXT_BODY)),
        /\r\nContent-Type: (.*)\r\n/,
      ),
  },
  "multipart field or file name": {
    "client.post of a form's field": (value) => {
      const form = new FormData();
      form.append(textOf(value), "v");
      return of(
        sentBy((client) => client.post("http://a/", undefined, form)),
        /; name="(.*?)"\r\n/s,
      );
    },
    "client.post of a form's file": (value) => {
      const form = new FormData();
      form.append("n", new Blob([TEXT_BODY]), textOf(value));
      return of(
        sentBy((client) => client.post("http://a/", undefined, form)),
        /; filename="(.*?)"\r\n/s,
      );
    },
  },
  "basic auth": userInfoCalls(),
  "CONNECT target given to a proxy": {
    "client.do of CONNECT": (value) =>
      of(
        sentBy(
          (client) =>
            client.do(newRequest("CONNECT", "http://p:443").with({ host: textOf(value) })),
          {
            answer: CONNECTED,
          },
        ),
        TARGET,
      ),
    "https through a proxy": (value) => of(throughProxy(`https://${textOf(value)}/`), TARGET),
    "https through a proxy, a Request": (value) =>
      of(
        sentBy(
          (client) =>
            client.do(
              new Request({ method: "GET", target: `https://${textOf(value)}/`, host: "a" }),
            ),
          { transport: { proxy: () => "http://proxy:3128" }, answer: REFUSING },
        ),
        TARGET,
      ),
    "the host of a proxy": (value) =>
      of(throughProxy("http://a/", { proxy: () => `http://${textOf(value)}/` }), TARGET),
  },
  // We have no option for it: a caller writes the two fields.
  "upgrade option": {
    "client.get with the fields": (value) =>
      of(
        sentBy((client) =>
          client.get("http://a/", {
            header: [
              ["Connection", "Upgrade"],
              ["Upgrade", textOf(value)],
            ],
          }),
        ),
        /\r\nUpgrade: (.*)\r\n/,
      ),
  },
  "error text that quotes peer bytes": errorTexts(),
};
