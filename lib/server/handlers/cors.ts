/**
 * CORS: which pages of other origins may read what is answered.
 * WHATWG Fetch §3.3 · Go: nothing; as rs/cors does
 *
 * Rule of this file: permissions are fields; a request is never refused here, since it is the browser that
 * holds back. To refuse requests see cross-origin.ts.
 */
import type { Request } from "../../message/mod.ts";
import { isMethod } from "../../semantics/mod.ts";
import type { Header } from "../../wire/mod.ts";
import { isToken } from "../../wire/mod.ts";
import { handlerFunc } from "../handler.ts";
import type { ResponseWriter } from "../response-writer.ts";
import type { Middleware } from "./chain.ts";
import { checkOrigin } from "./cross-origin.ts";
import { HandlerError } from "./errors.ts";
import { addVary } from "./vary.ts";

export interface CorsOptions {
  /** "*", origins letter by letter ("https://app.example"), or a function that looks at one. Default "*". */
  readonly origins?:
    | "*"
    | readonly string[]
    | ((origin: string, r: Request) => boolean)
    | undefined;
  /** Methods beside GET, HEAD and POST, which need no permission. Default PUT, PATCH and DELETE. */
  readonly methods?: readonly string[] | undefined;
  /** Request fields that pages may set; "*" allows what is asked for. Default "*". */
  readonly headers?: "*" | readonly string[] | undefined;
  /** Response fields that pages may read beside the harmless ones. Default none. */
  readonly exposedHeaders?: readonly string[] | undefined;
  /** "include" allows cookies and credentials, never with origins "*". Default "omit". */
  readonly credentials?: "include" | "omit" | undefined;
  /** For how many seconds a browser may remember the permissions. Default: as it likes (5). */
  readonly maxAge?: number | undefined;
}

/**
 * Says which origins may read the answers, and answers preflight requests with 204. Throws
 * "bad-helper-option" and "bad-trusted-origin".
 *
 *   const api = cors({ origins: ["https://app.example"], credentials: "include", maxAge: 600 });
 *   mux.handle("/api/", api(handler));
 */
export function cors<C = unknown>(options: CorsOptions = {}): Middleware<C> {
  const policy = policyOf(options);
  return (handler) => {
    const serve = handlerFunc(handler);
    return (w, r) => {
      const asked = r.header.get("access-control-request-method");
      const origin = r.header.get("origin");
      if (r.method === "OPTIONS" && origin !== undefined && asked !== undefined) {
        return preflight(w, r, policy);
      }
      allowOrigin(w.header, r, policy);
      if (policy.exposed !== "" && w.header.has("access-control-allow-origin")) {
        w.header.set("Access-Control-Expose-Headers", policy.exposed);
      }
      return serve(w, r);
    };
  };
}

interface Policy {
  readonly origins: "*" | ((origin: string, r: Request) => boolean);
  readonly methods: string;
  /** "*", or names with commas between them. */
  readonly headers: string;
  readonly exposed: string;
  readonly credentials: "include" | "omit";
  readonly maxAge: number | undefined;
}

const METHODS: readonly string[] = ["GET", "HEAD", "POST"];
const USUAL_METHODS: readonly string[] = ["PUT", "PATCH", "DELETE"];

function policyOf(options: CorsOptions): Policy {
  const { origins = "*", headers = "*", credentials = "omit", exposedHeaders = [] } = options;
  const methods = [...METHODS, ...(options.methods ?? USUAL_METHODS)];
  if (origins === "*" && credentials === "include") {
    throw refusal('credentials: "include" wants its origins named');
  }
  if (!methods.every(isMethod)) throw refusal("methods must be methods");
  const names = [...exposedHeaders, ...(headers === "*" ? [] : headers)];
  if (!names.every(isToken)) throw refusal("headers must be field names");
  const { maxAge } = options;
  if (maxAge !== undefined && (!Number.isSafeInteger(maxAge) || maxAge < 0)) {
    throw refusal("maxAge must be whole seconds");
  }
  return {
    origins: testOf(origins),
    methods: [...new Set(methods)].join(", "),
    headers: headers === "*" ? "*" : headers.join(", "),
    exposed: exposedHeaders.join(", "),
    credentials,
    maxAge,
  };
}

function testOf(origins: NonNullable<CorsOptions["origins"]>): Policy["origins"] {
  if (origins === "*" || typeof origins === "function") return origins;
  // "null" is what every sandboxed page calls itself: checkOrigin refuses it.
  for (const origin of origins) checkOrigin(origin);
  const allowed = new Set(origins);
  return (origin) => allowed.has(origin);
}

function refusal(evidence: string): HandlerError {
  return new HandlerError("bad-helper-option", `cors: ${evidence}`);
}

function allowOrigin(header: Header, r: Request, policy: Policy): "allowed" | "not-allowed" {
  if (policy.origins === "*") {
    header.set("Access-Control-Allow-Origin", "*");
    return "allowed";
  }
  // The answer is another one for another origin, also when it names none.
  addVary(header, "Origin");
  const origin = r.header.get("origin");
  if (origin === undefined || !policy.origins(origin, r)) return "not-allowed";
  header.set("Access-Control-Allow-Origin", origin);
  if (policy.credentials === "include") header.set("Access-Control-Allow-Credentials", "true");
  return "allowed";
}

function preflight(w: ResponseWriter, r: Request, policy: Policy): void {
  const { header } = w;
  if (allowOrigin(header, r, policy) === "allowed") {
    header.set("Access-Control-Allow-Methods", policy.methods);
    const asked = r.header.values("access-control-request-headers").join(", ");
    const headers = policy.headers === "*" ? asked : policy.headers;
    if (headers !== "") header.set("Access-Control-Allow-Headers", headers);
    if (policy.maxAge !== undefined) header.set("Access-Control-Max-Age", String(policy.maxAge));
  }
  addVary(header, "Access-Control-Request-Headers");
  w.writeHeader(204);
}
