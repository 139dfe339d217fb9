/**
 * Fuzz target: the value of a Host field, with its IP literals.
 * RFC 9110 §7.2, RFC 3986 §3.2.2
 *
 * Rule of this file: the two ways to ask agree, and a literal that we take a WHATWG URL takes too.
 */
import { checkHost, isDigits, parseHost } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

export const target: Target = {
  feed: "whole",
  seeds: ["a.example:8080", "[::1]", "[fe80::1%25eth0]:1", "192.0.2.1:", "%61", "[v1.x:y]", ""],
  words: ["::", ":", "[", "]", "%25", "1.2.3.4", "ffff", "0", ".", "v1."],
  vectors: { files: /^(?:go-|attacks-requests|goclient-)/, keys: ["host", "Host"] },
  run(pieces) {
    const text = textOf(pieces);
    mustEqual("checkHost", verdictOf(checkHost, text), verdictOf(parseHost, text));
    const { host, port } = parseHost(text);
    mustEqual("parts", host + (port === undefined ? "" : `:${port}`), text);
    mustEqual("digits", port === undefined || port === "" || isDigits(port), true);
    if (/^\[[0-9A-Fa-f:.]+\]$/.test(host)) mustEqual("URL", URL.canParse(`http://${host}/`), true);
    return JSON.stringify([host, port]);
  },
};

function verdictOf(check: (text: string) => unknown, text: string): string {
  try {
    check(text);
    return "good";
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  }
}
