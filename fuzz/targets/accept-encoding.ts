/**
 * Fuzz target: Accept-Encoding, as the middleware that compresses reads it.
 * RFC 9110 §12.5.3
 *
 * Rule of this file: what the client does not accept is not sent, and the content is the same in any coding.
 */
import { type Compression, compress } from "../../lib/server/mod.ts";
import { newTestRequest, record } from "../../lib/testing/mod.ts";
import { isFieldValue } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { mustEqual, textOf } from "../kit/text.ts";

const NONE = Promise.resolve(new Uint8Array());

/** Changes nothing, so that the content can be compared. */
function coding(name: string): Compression {
  const write = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes.slice());
  const create = (): ReturnType<Compression["create"]> => ({
    write,
    flush: () => NONE,
    end: () => NONE,
    close: () => {},
  });
  return { coding: name, create };
}

const serve = compress({ compressions: [coding("br"), coding("gzip")], minBytes: 0 })((w) => {
  w.header.set("Content-Type", "text/plain");
  return w.write("content");
});

export const target: Target = {
  feed: "whole",
  seeds: ["gzip, br;q=0.5", "*;q=0.1, identity;q=0", "br;q=0, gzip;q=0.001", "x-gzip ; Q=1.000,,"],
  words: ["gzip", "br", "identity", "*", ";q=", "0", "1.000", "0.001", ", ", "x-gzip", "\t"],
  async run(pieces) {
    const accept = textOf(pieces).replace(/^[ \t]+|[ \t]+$/g, "");
    if (!isFieldValue(accept)) return "no field value";
    const request = newTestRequest("GET", "/", { header: { "Accept-Encoding": accept } });
    const { header, text } = await record(serve, request);
    const chosen = header.get("content-encoding") ?? "identity";
    mustEqual("content", text, "content");
    const named =
      chosen === "identity" || /\*/.test(accept) || new RegExp(chosen, "i").test(accept);
    mustEqual("named", named, true);
    const elements = accept.toLowerCase().split(",");
    const refused = elements.every((one) => /;[ \t]*q=0(?:\.0{0,3})?[ \t]*$/.test(one));
    mustEqual("refused", refused && chosen !== "identity", false);
    return chosen;
  },
};
