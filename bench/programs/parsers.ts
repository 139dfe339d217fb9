/**
 * The parsers of the question of parsing, each behind the same two questions.
 *
 * Rule of this file: as each is meant to be used on a connection: one parser for many messages. Node's own is
 * reached through its internal binding, here and nowhere else.
 */
import { createRequire } from "node:module";
import { nodeLatin1 } from "barewire/net";
import { ChunkDecoder, type FieldSection, HeadScan, scanRequestHead } from "barewire/wire";

/** What is asked of each. */
export interface Parser {
  /** Parses a request head that is there as a whole; answers how many field lines it has. */
  countFields(head: Buffer): number;
  /** Undoes the chunked coding of a body that comes in these reads; answers how many octets of data it has. */
  countData(reads: readonly Buffer[]): number;
}

/** By name; some need the folder that packages are required from. */
export const PARSERS: Readonly<Record<string, (packages: string) => Promise<Parser> | Parser>> = {
  barewire: () => ours((fields) => fields.count),
  "barewire, all fields": () => ours(cutAll),
  "http-parser-js": (packages) => {
    const library = createRequire(`${packages}/package.json`)("http-parser-js") as Library;
    // Its limit is the module's own, 80 KiB.
    return foreign(library.HTTPParser, (parser, type) => parser.initialize(type));
  },
  llhttp: () => {
    const { HTTPParser } = binding("http_parser") as Library;
    const maxHeaderBytes = 80 * 1024;
    return foreign(HTTPParser, (parser, type) => parser.initialize(type, {}, maxHeaderBytes));
  },
};

const CHUNKED_HEAD = Buffer.from(
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
);

function ours(look: (fields: FieldSection) => number): Parser {
  // The codec that the rim hands in with each connection.
  const decode = nodeLatin1.decode;
  const scan = new HeadScan("request", { decode });
  return {
    countFields(head) {
      const found = scanRequestHead(head, scan);
      return found === "need-more" ? -1 : look(found.fields);
    },
    countData(reads) {
      const decoder = new ChunkDecoder({ decode });
      let data = 0;
      for (const read of reads) {
        for (let at = 0; at < read.length; ) {
          const step = decoder.step(read, at, read.length);
          at += decoder.consumed;
          if (step !== "data") break;
          data += decoder.dataEnd - decoder.dataStart;
        }
      }
      return data;
    },
  };
}

/** Where the cut strings go, so that no compiler leaves the cutting out. */
let lastCut: readonly string[] = [];

function cutAll(fields: FieldSection): number {
  const cut: string[] = [];
  for (let i = 0; i < fields.count; i++) cut.push(fields.nameAt(i), fields.valueAt(i));
  lastCut = cut;
  return lastCut.length / 2;
}

/** Both have the form of Node's parser: callbacks under numbers. */
interface ForeignParser {
  initialize(type: number, resource?: object, maxHeaderBytes?: number): void;
  execute(octets: Buffer, start?: number, length?: number): number | Error;
  [callback: number]: unknown;
}

interface Library {
  readonly HTTPParser: (new () => ForeignParser) & {
    readonly REQUEST: number;
    readonly kOnHeaders: number;
    readonly kOnHeadersComplete: number;
    readonly kOnBody: number;
    readonly kOnMessageComplete: number;
    /** Who asks for it is taken for a Node that is not ancient, and called back accordingly. */
    readonly kOnExecute: number;
  };
}

function foreign(
  HTTPParser: Library["HTTPParser"],
  initialize: (parser: ForeignParser, type: number) => void,
): Parser {
  const parser = new HTTPParser();
  let fields = 0;
  let data = 0;
  initialize(parser, HTTPParser.REQUEST);
  // Names and values come in turns; more than 32 fields come in several calls.
  const count = (list: readonly string[] | undefined): void => {
    fields += (list?.length ?? 0) / 2;
  };
  parser[HTTPParser.kOnHeaders] = count;
  parser[HTTPParser.kOnHeadersComplete] = (
    _major: number,
    _minor: number,
    list: readonly string[] | undefined,
  ): number => {
    count(list);
    return 0;
  };
  parser[HTTPParser.kOnBody] = (octets: Buffer, _start?: number, length?: number): void => {
    data += length ?? octets.length;
  };
  parser[HTTPParser.kOnMessageComplete] = (): void => undefined;
  parser[HTTPParser.kOnExecute] = null;
  const execute = (octets: Buffer): void => {
    const used = parser.execute(octets);
    if (used !== octets.length) throw new Error(`the parser has stopped: ${String(used)}`);
  };
  return {
    countFields(head) {
      fields = 0;
      execute(head);
      return fields;
    },
    countData(reads) {
      data = 0;
      execute(CHUNKED_HEAD);
      for (const read of reads) execute(read);
      return data;
    },
  };
}

/** Node's internal bindings; it warns of them, since nobody else should. */
function binding(name: string): unknown {
  const { binding: open } = process as unknown as { binding?: (name: string) => unknown };
  if (open === undefined) throw new Error("this Node has no process.binding");
  return open.call(process, name);
}
