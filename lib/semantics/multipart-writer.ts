/**
 * The framing of a multipart/form-data body that is to be sent.
 * RFC 7578 §4, WHATWG HTML §4.10.21.8 · Go: multipart.Writer
 *
 * Rule of this file: what stands between the contents of the parts. The contents are the caller's, so that
 * the length of a body can be told before one of them is read.
 */
import { encodeLatin1, isFieldValue } from "../wire/mod.ts";
import { SemanticsError } from "./errors.ts";
import { isBoundary } from "./multipart.ts";
import { octetsOfText } from "./utf8-text.ts";

/** A part of a form, as far as its header goes. */
export interface OutgoingPart {
  /** The name of the field, any text. */
  readonly name: string;
  /** The name of the file, for a part that is one; any text, the empty too. */
  readonly filename?: string | undefined;
  /** Default for files: application/octet-stream; for others none, which is plain text in UTF-8. */
  readonly contentType?: string | undefined;
}

/**
 * Frames the parts of a form:
 *
 *     const writer = new MultipartWriter(boundaryOf(sixteenRandomOctets));
 *     const pieces = [writer.part({ name: "a" }), content, writer.end()];
 *
 * The octets of all pieces add up to the body's Content-Length. Go: multipart.NewWriter
 */
export class MultipartWriter {
  /** The boundary; it must not be in any content, so it is made of octets that nobody could foresee. */
  readonly boundary: string;
  #isFirst = true;

  /** @throws {SemanticsError} `bad-boundary` */
  constructor(boundary: string) {
    if (!isBoundary(boundary)) throw new SemanticsError("bad-boundary");
    this.boundary = boundary;
  }

  /** The value of the Content-Type field. Go: FormDataContentType */
  get contentType(): string {
    const isToken = /^[0-9A-Za-z'+_.-]+$/.test(this.boundary);
    return `multipart/form-data; boundary=${isToken ? this.boundary : `"${this.boundary}"`}`;
  }

  /**
   * What comes before the content of a part, and after that of the one before it. Names are sent as browsers
   * send them: in UTF-8 and quoted, with %22 for a quote and %0D, %0A for line ends.
   *
   * @throws {SemanticsError} `bad-media-type` for a content type that no field may hold
   */
  part(part: OutgoingPart): Uint8Array<ArrayBuffer> {
    const { name, filename } = part;
    const type = part.contentType ?? (filename === undefined ? undefined : OCTETS_TYPE);
    let text = `${this.#isFirst ? "" : "\r\n"}--${this.boundary}\r\n`;
    text += `Content-Disposition: form-data; name="${escaped(name.replace(LINE_END, "\r\n"))}"`;
    if (filename !== undefined) text += `; filename="${escaped(filename)}"`;
    if (type !== undefined) {
      if (type === "" || !isFieldValue(type)) throw new SemanticsError("bad-media-type");
      text += `\r\nContent-Type: ${type}`;
    }
    this.#isFirst = false;
    return encodeLatin1(`${text}\r\n\r\n`);
  }

  /** What comes after the content of the last part; also the whole body of a form without parts. */
  end(): Uint8Array<ArrayBuffer> {
    return encodeLatin1(`${this.#isFirst ? "" : "\r\n"}--${this.boundary}--\r\n`);
  }
}

/**
 * A boundary made of random octets. Give 16 or more from a source that nobody can foresee
 * (`crypto.getRandomValues`, not `Math.random`): who could guess it and write a part's content could add
 * parts to the form. At most 23 are used.
 */
export function boundaryOf(randomOctets: Uint8Array): string {
  let text = "----barewire-form-";
  for (const octet of randomOctets.subarray(0, RANDOM_OCTETS_MAX)) {
    text += octet.toString(16).padStart(2, "0");
  }
  return text;
}

const OCTETS_TYPE = "application/octet-stream";
const RANDOM_OCTETS_MAX = 23;
/** A line end of any kind: browsers send CRLF for each in the names of fields. */
const LINE_END = /\r\n|\r|\n/g;

function escaped(text: string): string {
  return octetsOfText(text).replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}
