/**
 * Fuzz target: the chunk decoder, trailers and what is left over included.
 *
 * Rule of this file: the pieces of data are joined before they are compared, since their ends follow the cuts.
 */
import * as wire from "../lib/wire/mod.ts";
import type { Target } from "./harness.ts";

export const target: Target = {
  seeds: [
    "5\r\nhello\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
    '1a ;a=b; c="d;\\""\r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\nSum: 4f\r\nX:\r\n\r\n',
    "0;last\r\nA: b\r\n c\r\n\r\n",
  ],
  words: ["\r\n", "0\r\n", "5\r\nhello\r\n", ";a=b", "X: y\r\n", "ffffffffffffffff"],
  run(pieces) {
    const decoder = new wire.ChunkDecoder();
    let data = "";
    let held: Uint8Array = new Uint8Array(0);
    let over = false;
    for (const piece of pieces) {
      held = Uint8Array.from([...held, ...piece]);
      let step: "data" | "need-more" | "end" = "data";
      while (step === "data" && !over) {
        step = decoder.step(held, 0, held.length);
        if (step === "data") data += wire.decodeLatin1(held, decoder.dataStart, decoder.dataEnd);
        held = held.slice(decoder.consumed);
        over = step === "end";
      }
    }
    const trailers = decoder.trailers === undefined ? [] : [...wire.Header.from(decoder.trailers)];
    return JSON.stringify([data, over, over ? [...held] : [], trailers]);
  },
};
