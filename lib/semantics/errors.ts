/**
 * What a program or a peer can get wrong about the meaning of a value: one code, one status, one
 * section each.
 * RFC 9110, RFC 7617 · Go: the errors of mime.ParseMediaType
 *
 * Rule of this file: the table is the vocabulary, of the same form as the wire layer's;
 * docs/errors.md is generated from both. Where a value breaks the small grammar of the wire layer
 * (tokens, parameters, quoted strings) the error is its WireError; no other file of this folder has
 * an error class of its own.
 */

interface SemanticsErrorEntry {
  /**
   * What a server answers when the peer's value is at fault; 500 where only our own program can be.
   */
  readonly status: number;
  readonly section: string;
  /** The sentence of the message. */
  readonly text: string;
  /** The paragraph in the documentation. */
  readonly doc: string;
}

export const SEMANTICS_ERRORS = {
  "bad-media-type": {
    status: 400,
    section: "9110 §8.3.1",
    text: "the media type is not `type/subtype`",
    doc: "A media type begins with two tokens and a slash between them, without blanks: `text/html`.",
  },
  "unrepresentable-date": {
    status: 500,
    section: "9110 §5.6.7",
    text: "the instant is not a number of milliseconds in the years 0000 to 9999",
    doc: "An HTTP date has four digits for the year. NaN, infinities and instants beyond those years cannot be written.",
  },
  "bad-basic-username": {
    status: 500,
    section: "7617 §2",
    text: "a user name for Basic authentication holds a colon",
    doc: "The first colon ends the user name, so a name with a colon would reach the server as another name and another password. The message does not show the name.",
  },
} as const;

export type SemanticsCode = keyof typeof SEMANTICS_ERRORS;

const ENTRIES: Readonly<Record<SemanticsCode, SemanticsErrorEntry>> = SEMANTICS_ERRORS;

/** A value that has no meaning in HTTP. The message never shows the value: it may be the user's. */
export class SemanticsError extends Error {
  override readonly name: string = "SemanticsError";
  readonly code: SemanticsCode;
  /** The status a server answers with when the peer sent the value. */
  readonly status: number;
  /** The RFC section whose rule was broken, as "9110 §8.3.1". */
  readonly section: string;

  constructor(code: SemanticsCode) {
    const { text, status, section } = ENTRIES[code];
    super(text);
    this.code = code;
    this.status = status;
    this.section = section;
  }
}
