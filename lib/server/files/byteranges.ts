/**
 * multipart/byteranges: several ranges of one representation in one answer.
 * RFC 9110 §14.6, §15.3.7.2; RFC 2046 §5.1 · Go: fs.go rangesMIMESize, mime/multipart Writer
 *
 * Rule of this file: the text around the parts, and how long all of it is; the octets of the parts are sent
 * by those who have them.
 *
 *   --BOUNDARY␍␊ Content-Range: … ␍␊ Content-Type: … ␍␊ ␍␊ (octets)
 *   ␍␊--BOUNDARY␍␊ … (octets)
 *   ␍␊--BOUNDARY--␍␊
 */
import { type ByteRange, formatContentRange } from "../../semantics/mod.ts";
import { formatField } from "../../wire/mod.ts";

/** The parts of an answer, and what comes before each and after the last. */
export interface Byteranges {
  /** The value of Content-Type. */
  readonly type: string;
  /** Length of the whole content in bytes. */
  readonly contentLength: number;
  readonly parts: readonly { readonly head: string; readonly range: ByteRange }[];
  readonly end: string;
}

/** Plans the content for at least two ranges of a representation of this type and size. */
export function planByteranges(
  ranges: readonly ByteRange[],
  type: string,
  size: number,
): Byteranges {
  const boundary = newBoundary();
  const parts = ranges.map((range, index) => {
    const delimiter = `${index === 0 ? "" : "\r\n"}--${boundary}\r\n`;
    const where = formatField("Content-Range", formatContentRange(range, size));
    return { head: `${delimiter}${where}${formatField("Content-Type", type)}\r\n`, range };
  });
  const end = `\r\n--${boundary}--\r\n`;
  const contentLength = parts.reduce(
    (sum, { head, range }) => sum + head.length + range.length,
    end.length,
  );
  return { type: `multipart/byteranges; boundary=${boundary}`, contentLength, parts, end };
}

/**
 * A delimiter that no file holds by chance: 150 bits. It need not be secret, only new: the length of each part
 * is told in its head.
 */
function newBoundary(): string {
  let boundary = "";
  while (boundary.length < BOUNDARY_CHARS) {
    boundary += Math.floor(Math.random() * 0x4000_0000)
      .toString(32)
      .padStart(6, "0");
  }
  return boundary;
}

const BOUNDARY_CHARS = 30;
