/**
 * Fuzz target: request targets in their four forms, the host in them, and their way through a mux.
 *
 * Rule of this file: whatever a server lets through, the mux has an answer for, and redirects stay here.
 */
import { Request } from "../../lib/message/mod.ts";
import { ServeMux, cleanPath } from "../../lib/server/mod.ts";
import { checkTarget, parseHost, parseTarget } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const mux = new ServeMux();
for (const pattern of ["/", "/a/{x}", "/b/", "GET /c/{rest...}", "/d/{$}", "a.example/a/b"]) {
  mux.handle(pattern, () => undefined);
}

export const target: Target = {
  seeds: [
    "/a/b?c=d",
    "//evil/..//b",
    "http://u@a.example:80/c/%2e%2e/x?y",
    "*",
    "a.example:443",
    "/%61/%zz",
  ],
  words: ["/", "..", "%2F", "%2e", "//", "?", "http://", "[::1]", ":80", "\\"],
  run(pieces) {
    const text = textOf(pieces);
    const method = text.length % 5 === 0 ? "OPTIONS" : "GET";
    checkTarget(method, text);
    const parsed = parseTarget(method, text);
    const host = "authority" in parsed ? parseHost(String(parsed.authority)) : undefined;
    const request = new Request({ method, target: text, host: "a.example", versionMinor: 1 });
    const { pattern } = mux.handler(request);
    const clean = cleanPath(request.escapedPath);
    mustEqual("clean once is clean", cleanPath(clean), clean);
    mustEqual("stays on this server", clean.startsWith("/") && !clean.startsWith("//"), true);
    return JSON.stringify([parsed, host, pattern, clean, request.path, request.rawQuery]);
  },
};
