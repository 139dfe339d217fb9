/**
 * Goes through a proxy: the one of the environment, one for all calls, and none for one call.
 * RFC 9110 §9.3.6, RFC 1928 · Go: Transport.Proxy, http.ProxyFromEnvironment
 *
 * Try: node --import ./scripts/ts-hook.mjs examples/client-proxy.ts http://example.com/ \
 *      http://127.0.0.1:3128
 */
import { Client, Transport, get, proxyFromEnvironment } from "barewire";

const [url = "http://example.com/", proxy = "http://127.0.0.1:3128"] = process.argv.slice(2);

// `get` and its like do what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say, without a word of yours.
const fromEnvironment = proxyFromEnvironment(process.env);
console.log("by the environment:", fromEnvironment(new URL(url)) ?? "no proxy");

// A transport of your own has none until you say so. http, https, socks5 and socks5h are spoken;
// user and password stand in the URL; https goes through a tunnel (CONNECT).
const transport = new Transport({
  proxy: ({ hostname }) => (hostname.endsWith(".internal") ? undefined : proxy),
  onProxyConnectResponse: ({ status }) => console.log(`the proxy said ${status} to CONNECT`),
});
const client = new Client({ transport });
const response = await client.get(url);
console.log("by a rule:", response.status, await response.body.text());

// One call may go another way.
const other = await get(url, { proxy: () => proxy, header: { Accept: "text/plain" } });
console.log("by the call:", other.status, await other.body.text());
