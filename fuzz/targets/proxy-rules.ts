/**
 * Fuzz target: which proxy the environment names for a URL.
 *
 * Rule of this file: the first line of an input is a URL, the second a proxy, the third the hosts without one.
 * A proxy that is told can be read, and what is local never goes through one.
 */
import { parseNoProxy, parseProxy, proxyFromEnvironment } from "../../lib/client/mod.ts";
import type { Target } from "../harness.ts";
import { codeOf, mustEqual, textOf, urlOf } from "../kit/text.ts";

const LOCAL = ["localhost", "127.0.0.1", "127.255.0.1", "::1"];

export const target: Target = {
  feed: "whole",
  seeds: [
    "http://a.example/x\nproxy.example:3128\nb.example,.a.example,192.0.2.0/24",
    "https://[2001:db8::1]:8443/\nsocks5://u:p%40@proxy.example\n[2001:db8::1]:8443,*.x,::/0",
    "http://b.a.example:81\nhttps://proxy.example/\n*",
  ],
  words: [
    "http://",
    "https://",
    "socks5h://",
    "\n",
    ",",
    "*",
    "*.",
    ".",
    ":80",
    "/8",
    "/0",
    "/129",
    "[::1]",
    "192.0.2.1",
    "127.0.0.1",
    "localhost",
    "@",
    "%",
    "xn--",
    "\xe9",
  ],
  vectors: {
    files: /^goclient-proxy/,
    keys: ["url", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "no_proxy"],
  },
  run(pieces) {
    const [asked = "", proxy = "", none = ""] = textOf(pieces).split("\n");
    const way = parseNoProxy(none);
    for (const host of LOCAL) mustEqual(`local ${host}`, way(host, "80"), "direct");
    const verdict = way(asked, "80");
    const rule = proxyFromEnvironment({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: none });
    const url = urlOf(asked);
    if (url === undefined) return `${verdict}, no URL`;
    const told = rule(url);
    return JSON.stringify([verdict, told === undefined ? told : readable(told)]);
  },
};

/** Read once, and once more as it was understood. */
function readable(told: string): unknown {
  try {
    const read = parseProxy(told);
    mustEqual("again", parseProxy(read.href), read);
    return read;
  } catch (error) {
    return codeOf(error);
  }
}
