/**
 * Fuzz target: the multipart parser, and the Content-Disposition of each part.
 *
 * Rule of this file: the pieces of content are joined before they are compared, since their ends follow the cuts.
 */
import { MultipartParser, parseContentDisposition } from "../../lib/semantics/mod.ts";
import { decodeLatin1 } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";

export const target: Target = {
  seeds: [
    '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\nafter',
    'before\r\n--b \t\r\nContent-Disposition: form-data; name=f; filename="C:\\x\\"y"\r\nX: y\r\n\r\n\r\n--\r\n--b--',
    "--b\r\n\r\n\r\n--b\r\nContent-Disposition: a; filename*=UTF-8''%e2%82%ac\r\n\r\n--b--",
  ],
  words: [
    "\r\n--b",
    "--",
    "\r\n\r\n",
    "Content-Disposition: form-data; name=a\r\n",
    "filename*=UTF-8''%41",
  ],
  run(pieces) {
    const parser = new MultipartParser("b", { maxParts: 20, maxPartHeaderBytes: 512 });
    const parts: { header: unknown; disposition: unknown; content: string }[] = [];
    for (const piece of pieces) {
      for (let from = 0; from < piece.length && !parser.ended; from += parser.consumed) {
        const step = parser.step(piece, from);
        const { data, header } = parser;
        if (step === "data") parts.at(-1)!.content += decodeLatin1(data, 0, data.length);
        if (step !== "part") continue;
        const said = parseContentDisposition(header.get("content-disposition") ?? "form-data");
        const disposition = [said.type, [...said.parameters], said.name, said.filename];
        parts.push({ header: [...header], disposition, content: "" });
      }
    }
    return JSON.stringify([parts, parser.ended]);
  },
};
