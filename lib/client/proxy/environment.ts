/**
 * The proxy that the environment names.
 * Go: http.ProxyFromEnvironment, x/net httpproxy
 *
 * Rule of this file: the environment is handed in and read once. HTTP_PROXY is for http URLs and HTTPS_PROXY
 * for https ones; each in upper case, else in lower case. There is no ALL_PROXY.
 */
import { parseURL } from "../../semantics/mod.ts";
import { ProxyError } from "./errors.ts";
import { parseNoProxy } from "./no-proxy.ts";

/** Variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the variables say, as they say it; empty where they do not. Go: httpproxy.Config */
export interface ProxyEnvironment {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
  /** "cgi" when REQUEST_METHOD is set: HTTP_PROXY may then come from a client's `Proxy` field. */
  readonly program: "cgi" | "other";
}

/** Reads the variables. Go: httpproxy.FromEnvironment */
export function readProxyEnvironment(environment: Environment): ProxyEnvironment {
  // An empty variable is as good as none.
  const either = (name: string): string =>
    environment[name] || environment[name.toLowerCase()] || "";
  return {
    httpProxy: either("HTTP_PROXY"),
    httpsProxy: either("HTTPS_PROXY"),
    noProxy: either("NO_PROXY"),
    program: environment["REQUEST_METHOD"] ? "cgi" : "other",
  };
}

/**
 * The rule of the environment, for `proxy` of a Transport: the proxy's URL for a URL, or undefined. A value
 * without a scheme means http://, one that is no URL is ignored, and so are hosts that NO_PROXY names,
 * localhost and loopback addresses.
 *
 * The rule throws ProxyError "refused-in-cgi" for http URLs when HTTP_PROXY is set in a CGI program.
 * Go: http.ProxyFromEnvironment
 */
export function proxyFromEnvironment(environment: Environment): (url: URL) => string | undefined {
  const { httpProxy, httpsProxy, noProxy, program } = readProxyEnvironment(environment);
  const forHttp = proxyURLOf(httpProxy);
  const forHttps = proxyURLOf(httpsProxy);
  const way = parseNoProxy(noProxy);
  return (url) => {
    const [proxy, port] =
      url.protocol === "http:"
        ? [forHttp, "80"]
        : url.protocol === "https:"
          ? [forHttps, "443"]
          : [undefined, ""];
    if (proxy === undefined) return undefined;
    if (url.protocol === "http:" && program === "cgi") throw new ProxyError("refused-in-cgi");
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    return way(host, url.port === "" ? port : url.port) === "proxy" ? proxy : undefined;
  };
}

/** The value, with http:// where it has no scheme and host; undefined when it is no URL even so. */
function proxyURLOf(value: string): string | undefined {
  if (value === "") return undefined;
  const hasHost = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]/i.test(value);
  const url = hasHost ? value : `http://${value}`;
  return parseURL(url) === undefined ? undefined : url;
}
