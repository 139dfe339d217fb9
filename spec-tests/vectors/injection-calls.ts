/**
 * Our ways to hand a value to an API that puts it on the wire, for each API that injection-api names.
 * RFC 9110 §5.5, RFC 9112 §11.1 · vectors: injection-api
 *
 * Rule of this file: one way, one small function, through the doors that programs use. Values come as the file
 * has them, so also of types that TypeScript would refuse.
 */
import { Request, bodyFrom, newRequest, writeRequest } from "../../lib/message/mod.ts";
import type { RequestParts, ResponseParts } from "../../lib/message/mod.ts";
import {
  MultipartWriter,
  formatBasic,
  formatContentDisposition,
  formatCookies,
} from "../../lib/semantics/mod.ts";
import type { Cookie } from "../../lib/semantics/mod.ts";
import { ServeMux, redirect, setBasicAuth, setCookie } from "../../lib/server/mod.ts";
import type { HandlerFunc } from "../../lib/server/mod.ts";
import { Header, WireError } from "../../lib/wire/mod.ts";
import { textOf } from "./case.ts";
import type { Json } from "./case.ts";
import { latin1Of } from "./cuts.ts";
import {
  GET,
  HOST,
  METHOD,
  NAME_OF_WORD,
  REASON,
  STATUS,
  SURPLUS,
  TARGET,
  TEXT_BODY,
  WORD,
  X_VALUE,
  answered,
  asText,
  asked,
  exchanged,
  framed,
  group,
  location,
  of,
  sent,
  served,
  servedWith,
} from "./injection-wire.ts";
import type { ApiCall } from "./injection-wire.ts";
import { codeOf } from "./wants.ts";

/** A value that an API takes, to compare with; where there is none, nothing is compared. */
export const HARMLESS: Readonly<Record<string, Json>> = {
  "request.method": "GET",
  "header.name": "name",
  "header.value": "value",
  "trailer.name": "name",
  "trailer.value": "value",
  "early-hints.value": "value",
  "reason-phrase": "reason",
  "response.status": 200,
  "request.target (raw option)": "/",
  "request.url (path given to a URL)": "/",
  "request.host (Host override)": "a",
  "redirect.location": "/a",
  "cookie.name": "name",
  "cookie.value": "value",
  "cookie.path": "/",
  "cookie.domain": "a.example",
  "multipart field or file name": "name",
};

function cookieCalls(
  make: (value: Json) => Partial<Cookie>,
  pattern: RegExp,
): Record<string, ApiCall> {
  return {
    setCookie: (value) =>
      of(
        servedWith((w) => setCookie(w, { name: "n", value: "v", ...make(value) })),
        pattern,
      ),
  };
}

/** A cookie for the server that is asked. */
function cookieOfRequest(
  make: (value: string) => { name: string; value: string },
  pattern: RegExp,
): ApiCall {
  return (value) => {
    const cookie = formatCookies([make(textOf(value))]);
    return of(asked({ header: new Header([["Cookie", cookie]]) }), pattern);
  };
}

/** A trailer with a body, in each of the three ways in which we send one. */
function trailerCalls(
  line: (value: string) => [string, string],
  pattern: RegExp,
): Record<string, ApiCall> {
  const parts = (value: Json): Partial<RequestParts & ResponseParts> => ({
    body: bodyFrom(TEXT_BODY).body,
    transferEncoding: ["chunked"],
    trailer: new Header([line(textOf(value))]),
  });
  return {
    writeRequest: (value) => of(asked({ method: "POST", ...parts(value) }), pattern),
    writeResponse: (value) => of(answered(parts(value)), pattern),
    "w.trailer": (value) =>
      of(
        servedWith((w) => w.trailer.add(...line(textOf(value)))),
        pattern,
      ),
    "w.trailer at the end": (value) => {
      const handler: HandlerFunc = async (w) => {
        const [name, text] = line(textOf(value));
        w.header.set("Trailer", "name, X-Value");
        await w.write(TEXT_BODY);
        await w.flush();
        w.trailer.add(name, text);
      };
      return of(served(handler), pattern);
    },
  };
}

function fieldCalls(
  line: (value: string) => [string, string],
  pattern: RegExp,
): Record<string, ApiCall> {
  return {
    newRequest: (value) => {
      const request = newRequest("GET", "http://a/", undefined, { header: [line(textOf(value))] });
      return of(
        sent((writer) => writeRequest(writer, request)),
        pattern,
      );
    },
    "newRequest with a record": (value) => {
      const header = Object.fromEntries([line(textOf(value))]);
      const request = newRequest("GET", "http://a/", undefined, { header });
      return of(
        sent((writer) => writeRequest(writer, request)),
        pattern,
      );
    },
    writeResponse: (value) => of(answered({ header: new Header([line(textOf(value))]) }), pattern),
    "w.header": (value) =>
      of(
        servedWith((w) => w.header.add(...line(textOf(value)))),
        pattern,
      ),
    "w.header before writeHeader": (value) =>
      of(
        servedWith((w) => {
          w.header.add(...line(textOf(value)));
          w.writeHeader(200);
        }),
        pattern,
      ),
  };
}

/** What a test of numbers is given as text, since JSON has no such numbers. */
function numberOf(value: Json): number {
  if (value === "NaN") return Number.NaN;
  return value === "Infinity" ? Number.POSITIVE_INFINITY : (value as number);
}

/** A body whose length nobody knows. */
async function* unknownLength(): AsyncIterable<string> {
  yield TEXT_BODY;
}

function lengthCalls(): Record<string, ApiCall> {
  const parts = (value: Json): Partial<RequestParts & ResponseParts> => ({
    body: bodyFrom(unknownLength()).body,
    contentLength: numberOf(value),
  });
  return {
    writeRequest: (value) => framed(asked({ method: "POST", ...parts(value) })),
    writeResponse: (value) => framed(answered(parts(value))),
    "w.header": (value) => framed(servedWith((w) => w.header.set("Content-Length", asText(value)))),
  };
}

/** `value` is a description: what the case does is told by it. */
const HEADER_MAPS: Readonly<Record<string, readonly [string, string][]>> = {
  "Content-Length and Transfer-Encoding both set": [
    ["Content-Length", "5"],
    ["Transfer-Encoding", "chunked"],
  ],
  "Transfer-Encoding: chunked, chunked": [["Transfer-Encoding", "chunked, chunked"]],
  "Transfer-Encoding on 204 or 1xx": [["Transfer-Encoding", "chunked"]],
  "Host in the header map as well as the URL host": [["Host", "b"]],
  "content-length and Content-Length as separate keys": [
    ["content-length", "5"],
    ["Content-Length", "5"],
  ],
};

const HEADER_MAP_CALLS: Readonly<Record<string, ApiCall>> = {
  writeRequest: async (value) => {
    const header = new Header(HEADER_MAPS[textOf(value)] ?? []);
    const { octets, faults = [] } = await framed(
      asked({ method: "POST", header, body: bodyFrom(TEXT_BODY).body }),
    );
    const hosts = octets.match(/^host:.*$/gim) ?? [];
    return { octets, faults: hosts.join() === "Host: a" ? faults : [...faults, hosts.join()] };
  },
  writeResponse: (value) => {
    const header = new Header(HEADER_MAPS[textOf(value)] ?? []);
    const parts = textOf(value).includes("204") ? { status: 204, body: bodyFrom("").body } : {};
    return framed(answered({ header, ...parts }));
  },
  "w.header": (value) =>
    framed(
      served(async (w) => {
        for (const [name, text] of HEADER_MAPS[textOf(value)] ?? []) w.header.add(name, text);
        if (textOf(value).includes("204")) {
          w.writeHeader(103);
          w.writeHeader(204);
        } else await w.write(TEXT_BODY);
      }),
    ),
};

/** A body where none may be: no octet of it may follow the head. */
function bodylessCall(status: number, method: string): ApiCall {
  return async () => {
    const { octets, error } = await exchanged(
      (w) => {
        w.writeHeader(status);
        return w.write(TEXT_BODY);
      },
      GET.replace("GET", method),
    );
    if (error !== undefined && codeOf(error) !== "body-not-allowed") throw error;
    return { octets, faults: octets.includes(TEXT_BODY) ? ["a body"] : [] };
  };
}

const MULTIPART_NAME = /^[^"]* name="(.*?)"(; filename|$)/s;
const FILE_NAME = /filename="((?:[^"\\]|\\.)*)"/s;

/** The header of a part: everything between its boundary and the empty line. */
function partHeader(part: { name: string; filename?: string }): string {
  const octets = latin1Of(new MultipartWriter("boundary").part(part));
  return octets.slice("--boundary\r\n".length, -"\r\n\r\n".length);
}

function proxyCalls(): Record<string, ApiCall> {
  return {
    CONNECT: (value) =>
      of(asked({ method: "CONNECT", target: textOf(value), host: "p:443" }), TARGET),
    "the host alone": (value) =>
      of(asked({ method: "CONNECT", target: "p:443", host: textOf(value) }), HOST),
  };
}

/** For each API that the vectors name, our ways; an API that is not here is one that we do not offer. */
export const CALLS: Readonly<Record<string, Readonly<Record<string, ApiCall>>>> = {
  "request.method": {
    newRequest: (value) => {
      const request = newRequest(textOf(value), "http://a/");
      return of(
        sent((writer) => writeRequest(writer, request)),
        METHOD,
      );
    },
    Request: (value) => of(asked({ method: textOf(value) }), METHOD),
  },
  "header.name": fieldCalls((value) => [value, WORD], NAME_OF_WORD),
  "header.value": fieldCalls((value) => ["X-Value", value], X_VALUE),
  "trailer.name": trailerCalls((value) => [value, WORD], NAME_OF_WORD),
  "trailer.value": trailerCalls((value) => ["X-Value", value], X_VALUE),
  "early-hints.value": {
    "w.writeHeader": (value) =>
      of(
        servedWith((w) => {
          w.header.set("X-Value", textOf(value));
          w.writeHeader(103);
          w.header.delete("X-Value");
        }),
        X_VALUE,
      ),
  },
  "reason-phrase": {
    "w.writeHeader": (value) =>
      of(
        servedWith((w) => w.writeHeader(200, { reason: textOf(value) })),
        REASON,
      ),
    writeResponse: (value) => of(answered({ statusText: textOf(value) }), REASON),
  },
  "response.status": {
    "w.writeHeader": (value) =>
      of(
        servedWith((w) => w.writeHeader(value as number)),
        STATUS,
      ),
    writeResponse: (value) => of(answered({ status: value as number }), STATUS),
  },
  "response.status.final": {
    "w.writeHeader": async (value) => {
      const { octets, end } = await served((w) => w.writeHeader(value as number));
      const heads = octets.match(/^HTTP\/1\.1 \d{3}/gm) ?? [];
      const kept = value === 101 && end === "open" ? ["the connection was kept"] : [];
      // An interim head is followed by the final one; 101 is the last.
      const odd = heads.length === (value === 101 ? 1 : 2) ? [] : [heads.join(", ")];
      return { octets, element: group(octets, STATUS), faults: [...kept, ...odd] };
    },
  },
  "request.target (raw option)": {
    Request: (value) => of(asked({ target: textOf(value) }), TARGET),
    "Request as it is": (value) => {
      const request = new Request({ method: "GET", target: textOf(value), host: "a" });
      return of(
        sent((writer) => writeRequest(writer, request, { form: "as-is" })),
        TARGET,
      );
    },
  },
  "request.url (path given to a URL)": {
    "newRequest with a URL": (value) => {
      const request = newRequest("GET", new URL(`http://a${textOf(value)}`));
      return of(
        sent((writer) => writeRequest(writer, request)),
        TARGET,
      );
    },
    "newRequest with a text": (value) => {
      const request = newRequest("GET", `http://a${textOf(value)}`);
      return of(
        sent((writer) => writeRequest(writer, request)),
        TARGET,
      );
    },
  },
  "request.host (Host override)": {
    Request: (value) => of(asked({ host: textOf(value) }), HOST),
    "request.with": (value) => {
      const request = newRequest("GET", "http://b/").with({ host: textOf(value) });
      return of(
        sent((writer) => writeRequest(writer, request)),
        HOST,
      );
    },
  },
  "redirect.location": {
    redirect: async (value) => {
      const { octets } = await served((w, r) => redirect(w, r, textOf(value), 302));
      return { octets, element: location(octets) };
    },
  },
  "redirect.location (cleaned path)": {
    ServeMux: async (value) => {
      const mux = new ServeMux();
      mux.handleFunc("/", (w) => w.write(TEXT_BODY));
      const request = GET.replace(" / ", ` ${textOf(value)} `);
      const { octets } = await served((w, r) => mux.serveHTTP(w, r), request);
      return { octets, element: location(octets) };
    },
    redirect: async (value) => {
      const request = GET.replace(" / ", ` ${textOf(value)} `);
      const { octets } = await served((w, r) => redirect(w, r, "?q", 302), request);
      return { octets, element: location(octets) };
    },
  },
  "cookie.name": {
    ...cookieCalls((value) => ({ name: textOf(value) }), /\r\nSet-Cookie: (.*?)=/),
    formatCookies: cookieOfRequest((name) => ({ name, value: "v" }), /\r\nCookie: (.*?)=/),
  },
  "cookie.value": {
    ...cookieCalls((value) => ({ value: textOf(value) }), /\r\nSet-Cookie: n=(.*)\r\n/),
    formatCookies: cookieOfRequest((value) => ({ name: "n", value }), /\r\nCookie: n=(.*)\r\n/),
  },
  "cookie.path": cookieCalls((value) => ({ path: textOf(value) }), /; Path=(.*)\r\n/),
  "cookie.domain": cookieCalls((value) => ({ domain: textOf(value) }), /; Domain=(.*)\r\n/),
  "cookie.expires": cookieCalls(
    (value) => ({ expires: Date.parse(textOf(value)) }),
    /(Expires=.*)/,
  ),
  "cookie.samesite": cookieCalls(
    (value) => ({ sameSite: textOf(value) as "lax" }),
    /; SameSite=(.*)\r\n/,
  ),
  "cookie.unparsed": cookieCalls(
    (value) => ({ unparsed: [textOf(value)] }),
    /Set-Cookie: n=v(.+)\r\n/,
  ),
  "content-length (option or header)": lengthCalls(),
  "response.write beyond Content-Length": {
    "w.write": () =>
      framed(
        served((w) => {
          w.header.set("Content-Length", "5");
          return w.write(SURPLUS);
        }),
      ),
    writeRequest: () =>
      framed(asked({ method: "POST", body: bodyFrom(SURPLUS).body, contentLength: 5 })),
    writeResponse: () => framed(answered({ body: bodyFrom(SURPLUS).body, contentLength: 5 })),
  },
  "response end before Content-Length": {
    "w.write": async () => {
      const { octets, end } = await served((w) => {
        w.header.set("Content-Length", "5");
        return w.write("hell");
      });
      return { octets, faults: end === "open" ? ["the connection was kept"] : [] };
    },
    writeRequest: () =>
      framed(asked({ method: "POST", body: bodyFrom("hell").body, contentLength: 5 })),
  },
  "header map": HEADER_MAP_CALLS,
  "response body": {
    "w.write on 204": bodylessCall(204, "GET"),
    "w.write on 304": bodylessCall(304, "GET"),
    "w.write on HEAD": bodylessCall(200, "HEAD"),
  },
  "body object with a type property": {
    newRequest: (value) => {
      const blob = Object.assign(new Blob([TEXT_BODY]), {});
      Object.defineProperty(blob, "type", { value: textOf(value) });
      const request = newRequest("POST", "http://a/", blob);
      return of(
        sent((writer) => writeRequest(writer, request)),
        /\r\nContent-Type: (.*)\r\n/,
      );
    },
  },
  "multipart field or file name": {
    "part.name": async (value) => {
      const octets = partHeader({ name: textOf(value) });
      return { octets, element: group(octets, MULTIPART_NAME) };
    },
    "part.filename": async (value) => {
      const octets = partHeader({ name: "n", filename: textOf(value) });
      return { octets, element: group(octets, FILE_NAME) };
    },
    formatContentDisposition: (value) => {
      const disposition = { type: "attachment", filename: textOf(value) };
      const text = formatContentDisposition(disposition);
      return of(
        servedWith((w) => w.header.set("Content-Disposition", text)),
        /\r\nContent-Disposition: (.*)\r\n/,
      );
    },
  },
  "basic auth": {
    username: async (value) => {
      const octets = formatBasic({ username: textOf(value), password: "p" });
      return { octets, faults: BASIC.test(octets) ? [] : ["not base64"] };
    },
    password: async (value) => {
      const request = newRequest("GET", "http://a/");
      setBasicAuth(request.header, { username: "u", password: textOf(value) });
      const octets = await sent((writer) => writeRequest(writer, request));
      const field = group(octets, /\r\nAuthorization: (.*)\r\n/) ?? "";
      return { octets, faults: BASIC.test(field) ? [] : ["not base64"] };
    },
  },
  "CONNECT target given to a proxy": proxyCalls(),
  "error text that quotes peer bytes": {
    WireError: async (value) => {
      const { message } = new WireError("bad-method", { evidence: textOf(value) });
      return { octets: "", element: message };
    },
    newRequest: async (value) => {
      try {
        newRequest("GET", textOf(value));
      } catch (error) {
        return { octets: "", element: error instanceof Error ? error.message : "" };
      }
      return { octets: "", faults: ["no error"] };
    },
  },
};

const BASIC = /^Basic [A-Za-z0-9+/]+=*$/;
