/**
 * Fuzz target: the chunk decoder, trailers and what is left over included.
 *
 * Rule of this file: the pieces of data are joined before they are compared, since their ends follow the cuts.
 */
import * as wire from "../../lib/wire/mod.ts";
import { joined } from "../bytes.ts";
import type { Target } from "../harness.ts";
import { mustEqual } from "../kit/text.ts";

export const target: Target = {
  seeds: [
    "5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
    '1a ;a=b; c="d;\\""\r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\nSum: 4f\r\nX:\r\n\r\n',
    "0;last\r\nA: b\r\n c\r\n\r\n",
  ],
  words: ["\r\n", "0\r\n", "5\r\nhello\r\n", ";a=b", "X: y\r\n", "ffffffffffffffff", "Host: a\r\n"],
  vectors: { files: /^go-chunked/, keys: ["input"] },
  run(pieces) {
    const [data, left, trailers] = decoded(pieces);
    if (left === undefined) return `need more: ${data}`;
    const header = new wire.Header(trailers.filter(([name]) => isWritable(name)));
    const prefix = data === "" ? "" : wire.chunkPrefix(data.length) + data + wire.CHUNK_SUFFIX;
    const written = prefix + wire.LAST_CHUNK + wire.formatTrailers(header);
    mustEqual("again", decoded([wire.encodeLatin1(written)]), [data, [], [...header]]);
    return JSON.stringify([data, left, trailers]);
  },
};

type Decoded = [data: string, left: number[] | undefined, trailers: (readonly [string, string])[]];

function decoded(pieces: readonly Uint8Array[]): Decoded {
  const decoder = new wire.ChunkDecoder();
  let data = "";
  let held: Uint8Array = new Uint8Array(0);
  let step: "data" | "need-more" | "end" = "need-more";
  for (const piece of pieces) {
    held = joined(held, piece);
    if (step === "end") continue;
    do {
      step = decoder.step(held, 0, held.length);
      if (step === "data") data += wire.decodeLatin1(held, decoder.dataStart, decoder.dataEnd);
      held = held.subarray(decoder.consumed);
    } while (step === "data");
  }
  const trailers = decoder.trailers === undefined ? [] : [...wire.Header.from(decoder.trailers)];
  return [data, step === "end" ? [...held] : undefined, trailers];
}

function isWritable(name: string): boolean {
  return !wire.isForbiddenTrailer(wire.lowerAscii(name));
}
