/**
 * A second opinion on multipart bodies: the same octets through our parser and through busboy.
 * RFC 7578 §4, RFC 2046 §5.1
 *
 * Rule of this file: both are fed the same pieces, and what they found is told in one form. Rows on which we
 * differ say what busboy makes of them, and why we do otherwise.
 */
import busboy from "busboy";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  MultipartParser,
  MultipartWriter,
  parseContentDisposition,
} from "../../lib/semantics/mod.ts";
import { bytes, joined, table, text, withDeadline } from "../kit.ts";

const test = suite("semantics: multipart beside busboy");

/** `name=octets` for a field, `name[filename]=octets` for a file; names as text, octets a char each. */
type Found = readonly string[] | "refused";

interface Row {
  readonly name: string;
  /** With the boundary "b". */
  readonly body: string;
  readonly expect: Found;
}

interface Difference extends Row {
  readonly busboy: Found;
  readonly reason: string;
}

const field = (name: string, content: string, rest = ""): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${content}\r\n`;
const file = (name: string, filename: string, content: string): string =>
  field(name, content, `; filename="${filename}"\r\nContent-Type: image/png`);
const END = "--b--\r\n";

const SAME: readonly Row[] = [
  { name: "a field", body: field("a", "1") + END, expect: ["a=1"] },
  { name: "no parts at all", body: END, expect: [] },
  { name: "an empty field", body: field("a", "") + END, expect: ["a="] },
  { name: "an empty file", body: file("f", "e.png", "") + END, expect: ["f[e.png]="] },
  {
    name: "fields and files in their order, of the same name too",
    body: field("a", "1") + file("f", "x.png", "\x89PNG\r\n\x1a\n") + field("a", "2") + END,
    expect: ["a=1", "f[x.png]=\x89PNG\r\n\x1a\n", "a=2"],
  },
  {
    name: "every octet there is",
    body:
      file("f", "all", Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("")) +
      END,
    expect: [`f[all]=${Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("")}`],
  },
  {
    name: "content that looks like a delimiter almost to its end",
    body: field("a", "\r\n--\r\n-b\r\n\r\n--\r\n--a\r\n\r\r\n--c") + END,
    expect: ["a=\r\n--\r\n-b\r\n\r\n--\r\n--a\r\n\r\r\n--c"],
  },
  {
    name: "a delimiter without a line end before it, which is content",
    body: field("a", "x--b--y\n--b--\n") + END,
    expect: ["a=x--b--y\n--b--\n"],
  },
  {
    name: "what comes before the first part",
    body: `hello\r\nyou\r\n${field("a", "1")}${END}`,
    expect: ["a=1"],
  },
  {
    name: "what comes after the last one",
    body: `${field("a", "1")}${END}${field("b", "2")}`,
    expect: ["a=1"],
  },
  { name: "an end without a line end", body: `${field("a", "1")}--b--`, expect: ["a=1"] },
  {
    name: "names in UTF-8",
    body: file("\xc3\xbc", "\xe2\x82\xac.txt", "1") + END,
    expect: ["\u00fc[\u20ac.txt]=1"],
  },
  {
    name: "an escaped quote in a name",
    body: file("f", 'a\\"b.txt', "1") + END,
    expect: ['f[a"b.txt]=1'],
  },
  {
    name: "a path, of which only the last step is kept",
    body: file("f", "/etc/passwd", "1") + END,
    expect: ["f[passwd]=1"],
  },
  {
    name: "a path as old browsers on Windows sent it",
    body: file("f", "C:\\dir\\x.txt", "1") + END,
    expect: ["f[x.txt]=1"],
  },
  { name: "a way out of the folder", body: file("f", "../../x", "1") + END, expect: ["f[x]=1"] },
  {
    name: "names of fields in any case, and blanks around values",
    body: `--b\r\ncontent-DISPOSITION:   form-data ; name=a\r\nX-Y: z\r\n\r\n1\r\n${END}`,
    expect: ["a=1"],
  },
  {
    name: "a filename* in UTF-8",
    body: field("f", "1", "; filename*=UTF-8''%e2%82%ac.txt") + END,
    expect: ["f[\u20ac.txt]=1"],
  },
  {
    name: "the empty file that browsers send for none",
    body: file("f", "", "") + END,
    expect: ["f="],
  },
  { name: "an empty line first", body: `\r\n${field("a", "1")}${END}`, expect: ["a=1"] },
  {
    name: "a delimiter in the middle of the first line",
    body: `x${field("a", "1")}${END}`,
    expect: [],
  },
  { name: "blanks after the end", body: `${field("a", "1")}--b-- \r\n`, expect: ["a=1"] },
  {
    name: "a filename* beside a filename",
    body: field("f", "1", "; filename=plain; filename*=UTF-8''better") + END,
    expect: ["f[better]=1"],
  },
  {
    name: "a filename* in latin-1",
    body: field("f", "1", "; filename*=ISO-8859-1''%e9") + END,
    expect: ["f[\u00e9]=1"],
  },
  {
    name: "octets that are no UTF-8 in a name",
    body: file("f", "\xff.txt", "1") + END,
    expect: ["f[\ufffd.txt]=1"],
  },
  {
    name: "percent-encodings, which are not undone",
    body: file("a%22b", "c%22d", "1") + END,
    expect: ["a%22b[c%22d]=1"],
  },
  {
    name: "a transfer encoding, which is not undone",
    body: field("a", "MQ==", "\r\nContent-Transfer-Encoding: base64") + END,
    expect: ["a=MQ=="],
  },
  {
    name: "a part that is multipart itself",
    body: `--b\r\nContent-Disposition: form-data; name=f\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n1\r\n--c--\r\n${END}`,
    expect: ["f=--c\r\n\r\n1\r\n--c--"],
  },
  {
    name: "a name that objects have",
    body: field("__proto__", "1") + END,
    expect: ["__proto__=1"],
  },
  {
    name: "a disposition given twice, of which the first counts",
    body: field("a", "1", "\r\nContent-Disposition: form-data; name=b") + END,
    expect: ["a=1"],
  },
  {
    name: "lines that end with LF alone",
    body: (field("a", "1") + END).replaceAll("\r\n", "\n"),
    expect: "refused",
  },
  {
    name: "a blank before a colon",
    body: `--b\r\nContent-Disposition : form-data; name=a\r\n\r\n1\r\n${END}`,
    expect: "refused",
  },
  { name: "an end that is missing", body: field("a", "1"), expect: "refused" },
  { name: "an end in the middle of a header", body: "--b\r\nContent-Dispo", expect: "refused" },
  {
    name: "an end in the middle of a file",
    body: file("f", "x", "abc").slice(0, -2),
    expect: "refused",
  },
  { name: "another boundary", body: "--c\r\n\r\n1\r\n--c--\r\n", expect: "refused" },
];

const DIFFERENT: readonly Difference[] = [
  {
    name: "a part that does not say what it is",
    body: `--b\r\nX: y\r\n\r\n1\r\n${END}`,
    expect: ["=1"],
    busboy: [],
    reason: "the parser tells every part, and what is done with it is decided above",
  },
  {
    name: "a part without any header",
    body: `--b\r\n\r\n1\r\n${END}`,
    expect: ["=1"],
    busboy: "refused",
    reason: "RFC 2046 §5.1 lets a part have none",
  },
  {
    name: "a part of a form without a name",
    body: `--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n${END}`,
    expect: ["=1"],
    busboy: ["undefined=1"],
    reason: "the name is empty, as Go's FormName is",
  },
  {
    name: "a part that is an attachment",
    body: `--b\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n${END}`,
    expect: ["a=1"],
    busboy: [],
    reason: "the parser is for every multipart body, not for forms alone",
  },
  {
    name: "blanks between a delimiter and its line end",
    body: (field("a", "1") + END).replace("--b\r\n", "--b \t\r\n"),
    expect: ["a=1"],
    busboy: [],
    reason: "RFC 2046 §5.1.1 has transport padding there",
  },
  {
    name: "a header that is folded",
    body: field("a", "1", ";\r\n filename=x") + END,
    expect: "refused",
    busboy: ["a[x]=1"],
    reason: "lines are folded nowhere that we read strictly, RFC 9112 §5.2",
  },
  {
    name: "a line that begins as a delimiter and goes on",
    body: `${field("a", "1")}--bx\r\n\r\n2\r\n${END}`,
    expect: "refused",
    busboy: ["a=1"],
    reason: "what some take for content and others for an end is neither",
  },
  {
    name: "two names that differ",
    body: field("a", "1", '; name="b"') + END,
    expect: "refused",
    busboy: ["a=1"],
    reason: "readers that take the one and the other can be played off",
  },
  {
    name: "a delimiter straight after a header",
    body: `--b\r\nContent-Disposition: form-data; name=a\r\n\r\n${END}`,
    expect: ["a="],
    busboy: "refused",
    reason: "the empty line is the delimiter's, as Go has it",
  },
  {
    name: "a filename* with a broken escape",
    body: field("f", "1", "; filename=x; filename*=UTF-8''%zz") + END,
    expect: "refused",
    busboy: [],
    reason: "what cannot be read is an error and not a part that is missing",
  },
  {
    name: "a name without its closing quote",
    body: `--b\r\nContent-Disposition: form-data; name="a\r\n\r\n1\r\n${END}`,
    expect: "refused",
    busboy: [],
    reason: "what cannot be read is an error and not a part that is missing",
  },
  {
    name: "a file that is called like a folder",
    body: file("f", "..", "1") + file("g", "a/", "2") + END,
    expect: ["f[unnamed]=1", "g[a]=2"],
    busboy: ["f[]=1", "g[]=2"],
    reason:
      "a file always has a name, and the last step of a path is one, as in Go's filepath.Base",
  },
];

table(test, SAME, ({ body, expect }) => compare(body, expect, expect));

table(
  (name, fn) => test(`otherwise than busboy: ${name}`, fn),
  DIFFERENT.map((row) => ({ ...row, section: row.reason })),
  ({ body, expect, busboy: theirs }) => compare(body, expect, theirs),
);

test(
  "what our writer has written is the same to both",
  withDeadline(5_000, async () => {
    const names = ["a", 'with "quotes"', "two\r\nlines", "\u20ac and %", "x"];
    const writer = new MultipartWriter("b");
    const parts = names.map((name) =>
      joined([writer.part({ name, filename: `${name}.txt` }), bytes(`-b\r\n--${name.length}`)]),
    );
    const pieces = piecesOf(joined([...parts, writer.end()]), 5);
    const found = foundByUs(pieces);
    assert.is(found.length, names.length);
    assert.equal(await foundByBusboy(pieces), found);
  }),
);

/** Feeds both of them octet by octet, in small pieces, and whole. */
function compare(body: string, ours: Found, theirs: Found): Promise<void> {
  return withDeadline(5_000, async () => {
    for (const size of [1, 7, 4096]) {
      const pieces = piecesOf(bytes(body), size);
      assert.equal(foundByUs(pieces), ours, `ours, ${size} octets at a time`);
      assert.equal(await foundByBusboy(pieces), theirs, `busboy, ${size} octets at a time`);
    }
  })();
}

function piecesOf(octets: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, i) =>
    octets.slice(i * size, (i + 1) * size),
  );
}

function told(name: string, filename: string | undefined, content: string): string {
  return filename === undefined ? `${name}=${content}` : `${name}[${filename}]=${content}`;
}

function foundByUs(pieces: readonly Uint8Array[]): Found {
  const parser = new MultipartParser("b");
  const found: string[] = [];
  try {
    for (const piece of pieces) {
      for (let from = 0; from < piece.length && !parser.ended; from += parser.consumed) {
        const step = parser.step(piece, from);
        if (step === "data") found.push(`${found.pop() ?? ""}${text(parser.data)}`);
        if (step !== "part") continue;
        const { name, filename } = parseContentDisposition(
          parser.header.get("content-disposition") ?? "form-data",
        );
        found.push(told(name ?? "", filename, ""));
      }
    }
  } catch {
    return "refused";
  }
  return parser.ended ? found : "refused";
}

function foundByBusboy(pieces: readonly Uint8Array[]): Promise<Found> {
  const found: string[] = [];
  return new Promise((resolve) => {
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const parser = busboy({ headers, defParamCharset: "utf8", defCharset: "latin1" });
    parser.on("field", (name, value) => found.push(told(name, undefined, value)));
    parser.on("file", (name, stream, { filename }) => {
      const place = found.push("") - 1;
      let content = "";
      stream.on("data", (data: Buffer) => (content += data.toString("latin1")));
      stream.on("error", () => resolve("refused"));
      stream.on("end", () => (found[place] = told(name, filename, content)));
    });
    parser.on("error", () => resolve("refused"));
    parser.on("close", () => resolve(found));
    for (const piece of pieces) parser.write(piece);
    parser.end();
  });
}

test.run();
