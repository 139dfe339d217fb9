/**
 * Files with curl: ranges, one and several, and compressed answers, head and octets.
 * RFC 9110 §14, §13.1.5, §8.4
 *
 * Rule of this file: a check is a row with the arguments and the exact bytes of the answer, which
 * are cut out of the file itself. A boundary is whatever the head says it is.
 */
import { curl, LAST_MODIFIED, MEDIUM, type Served, TEXT, urlOf } from "./folder.ts";
import { type Check, message, same } from "./world.ts";

interface Row {
  readonly name: string;
  readonly feature?: string;
  readonly file: Served;
  readonly args: readonly string[];
  readonly expect: string;
}

const SIZE = MEDIUM.octets.length;
const BINARY = "Content-Type: application/octet-stream";
const PLAIN = "Content-Type: text/plain; charset=utf-8";
const DATE = "Date: NOW";
const VARY = "Vary: Accept-Encoding";
const CHANGED = `Last-Modified: ${LAST_MODIFIED}`;
const RANGES = "Accept-Ranges: bytes";
const length = (bytes: number): string => `Content-Length: ${bytes}`;
const etag = (file: Served): string => `ETag: ${file.etag}`;

/** The octets from `first` to `last`, as RFC 9110 counts them: both are in it. */
function cut(first: number, last: number): string {
  return MEDIUM.octets.subarray(first, last + 1).toString("latin1");
}

function whole(file: Served, type: string): string {
  return message(
    ["HTTP/1.1 200 OK", etag(file), CHANGED, type, RANGES, length(file.octets.length), DATE],
    file.octets.toString("latin1"),
  );
}

function partial(first: number, last: number): string {
  const range = `Content-Range: bytes ${first}-${last}/${SIZE}`;
  const own = [etag(MEDIUM), CHANGED, BINARY, range, RANGES, length(last - first + 1)];
  return message(["HTTP/1.1 206 Partial Content", ...own, DATE], cut(first, last));
}

/** An answer of several parts, with BOUNDARY for its boundary, which has 30 characters. */
function parts(ranges: readonly (readonly [first: number, last: number])[]): string {
  const body = ranges.map(([first, last]) => {
    const head = ["--BOUNDARY", `Content-Range: bytes ${first}-${last}/${SIZE}`, BINARY];
    return `${message(head, cut(first, last))}\r\n`;
  });
  const content = `${body.join("")}--BOUNDARY--\r\n`;
  const bytes = content.length + (ranges.length + 1) * (30 - "BOUNDARY".length);
  const type = "Content-Type: multipart/byteranges; boundary=BOUNDARY";
  const head = ["HTTP/1.1 206 Partial Content", etag(MEDIUM), CHANGED, type, RANGES];
  return message([...head, length(bytes), DATE], content);
}

/** An answer in a coding, as curl shows it: the head as it came, and the text decoded. */
function encoded(coding: string): string {
  const own = [`ETag: W/${TEXT.etag}`, CHANGED, PLAIN, VARY, `Content-Encoding: ${coding}`];
  return message(
    ["HTTP/1.1 200 OK", ...own, DATE, "Transfer-Encoding: chunked"],
    TEXT.octets.toString("latin1"),
  );
}

const ROWS: readonly Row[] = [
  {
    name: "-r: the first octets",
    file: MEDIUM,
    args: ["-r", "0-99"],
    expect: partial(0, 99),
  },
  {
    name: "-r: a range in the middle, over the borders of pieces",
    file: MEDIUM,
    args: ["-r", "100000-300000"],
    expect: partial(100_000, 300_000),
  },
  {
    name: "-r: from an octet to the end",
    file: MEDIUM,
    args: ["-r", "1048000-"],
    expect: partial(1_048_000, SIZE - 1),
  },
  {
    name: "-r: the last octets",
    file: MEDIUM,
    args: ["-r", "-500"],
    expect: partial(SIZE - 500, SIZE - 1),
  },
  {
    name: "-r: a range that ends beyond the file is cut",
    file: MEDIUM,
    args: ["-r", "1048570-2000000"],
    expect: partial(1_048_570, SIZE - 1),
  },
  {
    name: "-r: a range beyond the file is refused, with the file's length",
    file: MEDIUM,
    args: ["-r", "1048576-"],
    expect: message(
      [
        "HTTP/1.1 416 Requested Range Not Satisfiable",
        `Content-Range: bytes */${SIZE}`,
        PLAIN,
        "X-Content-Type-Options: nosniff",
        DATE,
        length(33),
      ],
      "invalid range: failed to overlap\n",
    ),
  },
  {
    name: "-r: several ranges come as parts, in the order in which they were asked for",
    file: MEDIUM,
    args: ["-r", "500-599,0-99,-100"],
    expect: parts([
      [500, 599],
      [0, 99],
      [SIZE - 100, SIZE - 1],
    ]),
  },
  {
    name: "-r: several large ranges come as parts",
    file: MEDIUM,
    args: ["-r", "0-299999,400000-799999"],
    expect: parts([
      [0, 299_999],
      [400_000, 799_999],
    ]),
  },
  {
    name: "-r: ranges that are more than the file are the file",
    file: MEDIUM,
    args: ["-r", "0-,0-"],
    expect: whole(MEDIUM, BINARY),
  },
  {
    name: "-r: a range if the file is still the same",
    file: MEDIUM,
    args: ["-r", "7-9", "-H", `If-Range: ${MEDIUM.etag}`],
    expect: partial(7, 9),
  },
  {
    name: "-r: the whole file if it is another one by now",
    file: MEDIUM,
    args: ["-r", "7-9", "-H", 'If-Range: "another"'],
    expect: whole(MEDIUM, BINARY),
  },
  {
    name: "--compressed: gzip is decoded to the same text",
    feature: "libz",
    file: TEXT,
    args: ["--compressed", "-H", "Accept-Encoding: gzip"],
    expect: encoded("gzip"),
  },
  {
    name: "--compressed: br is decoded to the same text",
    feature: "brotli",
    file: TEXT,
    args: ["--compressed", "-H", "Accept-Encoding: br"],
    expect: encoded("br"),
  },
  {
    name: "--compressed: of what curl offers by itself br is chosen",
    feature: "brotli",
    file: TEXT,
    args: ["--compressed"],
    expect: encoded("br"),
  },
  {
    name: "--compressed: a file that is not worth it comes as it is",
    feature: "libz",
    file: MEDIUM,
    args: ["--compressed"],
    expect: whole(MEDIUM, BINARY),
  },
];

/** One check for each row. */
export const RANGE_CHECKS: readonly Check[] = ROWS.map((row) => ({
  name: `curl ${row.name}`,
  program: "curl",
  feature: row.feature,
  run: async (world) => {
    const { printed } = await curl(world, ["-i", ...row.args, urlOf(world, row.file)]);
    const boundary = /; boundary=([0-9a-v]{30})\r$/m.exec(printed)?.[1];
    const got = boundary === undefined ? printed : printed.replaceAll(boundary, "BOUNDARY");
    same(got, row.expect, world);
  },
}));
