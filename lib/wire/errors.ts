// Long because it is a table.
/**
 * What can be wrong with bytes or with what should become bytes: one code, one status, one section each.
 * RFC 9110, RFC 9112 · Go: badStringError, textproto.ProtocolError, statusError
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it. No other file of the
 * wire layer makes an Error of another class.
 */

interface WireErrorEntry {
  /** The status that a server answers with; what a client or an API caller meets has 400 or 500 here too. */
  readonly status: number;
  readonly section: string;
  /** The sentence before the evidence. */
  readonly text: string;
  /** The paragraph in the documentation. */
}

export const WIRE_ERRORS = {
  /**
   * The first line of a request must be three words with exactly one space between them. An empty method, a
   * missing version (HTTP/0.9) and a second space all end here.
   */
  "bad-request-line": {
    status: 400,
    section: "9112 §3",
    text: "the request line is not `method SP request-target SP HTTP-version`",
  },
  /**
   * A method is one or more token characters: letters, digits and !#$%&'*+-.^_`|~. Any such word is accepted,
   * known or not, upper case or not.
   */
  "bad-method": { status: 400, section: "9112 §3.1", text: "the method is not a token" },
  /**
   * The target must be an absolute path, an absolute URI with a host, `host:port` (for CONNECT, and nothing
   * else there) or `*`, without blanks and controls; in path and host two hexadecimal digits follow each %.
   * Queries are not looked into.
   */
  "bad-target": { status: 400, section: "9112 §3.2", text: "the request-target is not valid" },
  /**
   * The request-target has a limit of its own so that the peer can be told 414 and not 431. Raise
   * `maxTargetBytes` if your URLs are that long.
   */
  "target-too-long": {
    status: 414,
    section: "9112 §3",
    text: "the request-target is longer than maxTargetBytes",
  },
  /** The version is exactly eight characters, upper case. HTTP/1.10, http/1.1 and HTTP/1 are refused. */
  "bad-version": {
    status: 400,
    section: "9112 §2.3",
    text: "the protocol version is not `HTTP/` DIGIT `.` DIGIT",
  },
  /** The version is well formed but its major number is not 1. HTTP/1.2 and above are read as HTTP/1.1. */
  "unsupported-version": {
    status: 505,
    section: "9110 §15.6.6",
    text: "only HTTP/1.x is spoken here",
  },
  /**
   * The first line of a response must be a version, one space and three digits; the reason may be missing.
   * `profile: "go"`, the default for responses, passes over further spaces and takes 000 to 099 too.
   */
  "bad-status-line": {
    status: 400,
    section: "9112 §4",
    text: "the status line is not `HTTP-version SP 3DIGIT [SP reason]`",
  },
  /**
   * One or two empty lines before a request are ignored, as old clients send them after a body. More are
   * refused.
   */
  "too-many-empty-lines": {
    status: 400,
    section: "9112 §2.2",
    text: "more empty lines before the start line than maxEmptyLines",
  },
  /**
   * The whole head is counted exactly, from the first octet of the start line to the last CRLF. Cookies are
   * the usual cause.
   */
  "head-too-large": {
    status: 431,
    section: "9110 §5.4",
    text: "start line and fields together are longer than maxHeaderBytes",
  },
  /** Each field line counts one, a comma list in one line counts once. */
  "too-many-fields": {
    status: 431,
    section: "9110 §5.4",
    text: "more field lines than maxHeaderValueCount",
  },
  /**
   * CR may only stand before LF. Peers that read a bare CR as the end of a line would see another message.
   */
  "bare-cr": { status: 400, section: "9112 §2.2", text: "a CR that no LF follows" },
  /**
   * Lines end in CRLF. A reader may take a bare LF, but peers differ in it, which is a way to smuggle
   * requests; requests are read strictly. `profile: "go"` takes it in heads.
   */
  "bare-lf": { status: 400, section: "9112 §2.2", text: "a line ends in LF without CR" },
  /** A blank there would fold the field into the start line. */
  "space-before-first-field": {
    status: 400,
    section: "9112 §2.2",
    text: "the line after the start line begins with a blank",
  },
  /**
   * Line folding is obsolete; a server refuses it. In responses, and with `profile: "go"`, it is read as one
   * space.
   */
  "obs-fold": {
    status: 400,
    section: "9112 §5.2",
    text: "a field value goes on in the next line (obs-fold)",
  },
  /**
   * A field line is `name: value` where the name is one or more token characters. When a message is written,
   * the name that the program gave is checked by the same rule.
   */
  "bad-field-name": { status: 400, section: "9110 §5.1", text: "the field name is not a token" },
  /**
   * A server must refuse it: readers that drop or keep the blank see two different fields. In responses,
   * where `profile: "go"` is the default, the blank is dropped, except after Content-Length and
   * Transfer-Encoding.
   */
  "space-before-colon": {
    status: 400,
    section: "9112 §5.1",
    text: "a blank between field name and colon",
  },
  /** Every line between the start line and the empty line is `name: value`. */
  "missing-colon": { status: 400, section: "9112 §5", text: "a field line without a colon" },
  /**
   * A value holds visible characters, spaces, tabs and octets from 0x80 to 0xFF. NUL, CR, LF and other
   * controls are refused, both in what is read and in what the program wants to send. When sending, blanks at
   * either end are refused too: they would not arrive.
   */
  "bad-field-value": {
    status: 400,
    section: "9110 §5.5",
    text: "a control character, or one above U+00FF, in a field value",
  },
  /**
   * A parameter is a token, `=` without blanks around it, and a token or a quoted string; `;` stands between
   * parameters. A name that comes twice with different values is refused.
   */
  "bad-parameter": {
    status: 400,
    section: "9110 §5.6.6",
    text: "the parameters are not `; name=value`",
  },
  /**
   * A quoted string begins and ends with a double quote; inside, quotes and backslashes are written with a
   * backslash before them and control characters do not occur.
   */
  "bad-quoted-string": { status: 400, section: "9110 §5.6.4", text: "not a quoted string" },
  /** A reason phrase holds visible characters, spaces, tabs and octets from 0x80 to 0xFF. */
  "bad-reason": {
    status: 500,
    section: "9112 §4",
    text: "the reason phrase has a control character or one above U+00FF",
  },
  /** A program asked for a status that cannot stand in a status line. */
  "bad-status": {
    status: 500,
    section: "9110 §15",
    text: "the status is not a whole number from 100 to 999",
  },
  /**
   * The request-target begins with https:// and the connection has no TLS: whoever was asked for is not who
   * answers. Behind a gateway that ends TLS and sends such targets, set `httpsOverPlain` to "accept".
   */
  "https-over-plain": {
    status: 421,
    section: "9110 §7.4",
    text: "an https target over a connection that is not secured",
  },
  /** Every HTTP/1.1 request carries exactly one Host field, also when the target is an absolute URI. */
  "missing-host": {
    status: 400,
    section: "9112 §3.2",
    text: "an HTTP/1.1 request without a Host field",
  },
  /** Two Host fields let two readers serve two sites for one request. */
  "duplicate-host": { status: 400, section: "9112 §3.2", text: "more than one Host field" },
  /**
   * A host is a registered name, an IPv4 address or a bracketed IPv6 address, with decimal port if any. User
   * information, paths, blanks and broken percent-encodings are refused.
   */
  "bad-host": { status: 400, section: "9110 §7.2", text: "the Host is not `uri-host [ : port ]`" },
  /** One or more digits, nothing else: no sign, no blank inside, no hexadecimal, no list, not empty. */
  "bad-content-length": {
    status: 400,
    section: "9112 §6.3",
    text: "Content-Length is not a decimal number",
  },
  /** Larger numbers cannot be counted exactly here, and no message is that long. */
  "content-length-too-large": {
    status: 400,
    section: "9110 §8.6",
    text: "Content-Length is above 2^53 − 1",
  },
  /** Two readers would split the message at two places. */
  "conflicting-content-length": {
    status: 400,
    section: "9112 §6.3",
    text: "several Content-Length fields that differ",
  },
  /**
   * No client sends the field twice; a server may refuse it, and requests are read strictly. In responses,
   * and with `profile: "go"`, equal lines are taken as one.
   */
  "duplicate-content-length": {
    status: 400,
    section: "9112 §6.3",
    text: "several Content-Length fields, all equal",
  },
  /**
   * The only transfer coding understood is chunked, alone, in one field line. Compression belongs in
   * Content-Encoding. An empty field ends here too.
   */
  "unsupported-transfer-coding": {
    status: 501,
    section: "9112 §6.1",
    text: "the transfer coding is not `chunked`",
  },
  /**
   * Only a last chunk tells where such a body ends; with another coding around it, or with two, the end
   * cannot be found.
   */
  "chunked-not-last": {
    status: 400,
    section: "9112 §6.3",
    text: "chunked is not the last transfer coding, or is there twice",
  },
  /**
   * The classic request smuggling: one reader counts, the other reads chunks. Refused, and the connection is
   * closed. In responses chunked wins and the connection is not used again.
   */
  "transfer-encoding-with-content-length": {
    status: 400,
    section: "9112 §6.1",
    text: "Transfer-Encoding and Content-Length in one request",
  },
  /** HTTP/1.0 knows no transfer codings; the framing is faulty and the connection is closed. */
  "transfer-encoding-in-http-1-0": {
    status: 400,
    section: "9112 §6.1",
    text: "Transfer-Encoding in an HTTP/1.0 message",
  },
  /**
   * Expect is one field line whose whole value is 100-continue, case aside. Everything else is answered with
   * 417.
   */
  "unknown-expectation": {
    status: 417,
    section: "9110 §10.1.1",
    text: "the expectation is not `100-continue`",
  },
  /** One to 16 hexadecimal digits, then `;` or CRLF. No sign, no 0x, no blank before the line's end. */
  "bad-chunk-size": {
    status: 400,
    section: "9112 §7.1",
    text: "the chunk size is not hexadecimal digits",
  },
  /** Such a size can only be an attempt at an overflow. */
  "chunk-size-too-large": {
    status: 400,
    section: "9112 §7.1",
    text: "the chunk size has more than 16 digits or is above 2^53 − 1",
  },
  /** Chunk extensions are read and dropped, but not without end. */
  "chunk-line-too-long": {
    status: 400,
    section: "9112 §7.1.1",
    text: "the chunk line is longer than maxChunkLineBytes",
  },
  /**
   * Extensions are not interpreted, but a CR, an LF or another control in them would end the line for some
   * readers and not for others.
   */
  "bad-chunk-extension": {
    status: 400,
    section: "9112 §7.1.1",
    text: "a control character in a chunk extension",
  },
  /**
   * After the octets of a chunk there must be exactly CR LF, and a chunk line ends in CR LF, never in a bare
   * LF.
   */
  "bad-chunk-end": {
    status: 400,
    section: "9112 §7.1",
    text: "chunk data or chunk line not followed by CRLF",
  },
  /**
   * Many tiny chunks with long extensions cost the reader far more than they bring. Go's rule: each chunk's
   * line counts, 16 octets and twice the data are subtracted.
   */
  "chunk-overhead": {
    status: 400,
    section: "9112 §7.1.1",
    text: "the chunked framing outweighs its data by more than maxChunkExcessBytes",
  },
  /** Trailers are held in memory until the message ends. */
  "trailer-too-large": {
    status: 431,
    section: "9110 §6.5",
    text: "the trailer section is longer than maxTrailerBytes or maxTrailerValueCount",
  },
  /**
   * Fields for framing, routing, authentication, conditions and the handling of the content cannot come after
   * it. Thrown when a Trailer field announces Transfer-Encoding, Content-Length or Trailer, and when a
   * program sends a trailer of the whole list.
   */
  "forbidden-trailer": {
    status: 400,
    section: "9110 §6.5.1",
    text: "the field may not be a trailer",
  },
  /** At least one octet of a message had come, but not the empty line that ends its head. */
  "truncated-head": { status: 400, section: "9112 §8", text: "the connection ended within a head" },
  /**
   * Fewer octets came than Content-Length said, or the last chunk did not come. What was read is not the
   * whole content.
   */
  "truncated-body": {
    status: 400,
    section: "9112 §8",
    text: "the connection ended before the body was complete",
  },
} as const;

export type WireCode = keyof typeof WIRE_ERRORS;

const ENTRIES: Readonly<Record<WireCode, WireErrorEntry>> = WIRE_ERRORS;

/** A breach of the message syntax, by the peer or by the program that wants to send. */
export class WireError extends Error {
  override readonly name: string = "WireError";
  readonly code: WireCode;
  /** The status a server answers with. */
  readonly status: number;
  /** The RFC section whose rule was broken, as "9112 §6.3". */
  readonly section: string;
  /**
   * How many octets after the start of the head, or of the body, the fault was seen; undefined where a value
   * was judged and not octets.
   */
  readonly offset: number | undefined;

  /** `evidence` is shown escaped and clipped: never a field value, it could be a secret. */
  constructor(code: WireCode, where: { offset?: number; evidence?: string } = {}) {
    const { text, status, section } = ENTRIES[code];
    const shown = where.evidence === undefined ? "" : `: ${quoteEvidence(where.evidence)}`;
    const place = where.offset === undefined ? "" : ` (octet ${where.offset})`;
    super(`${text}${shown}${place}`);
    this.code = code;
    this.status = status;
    this.section = section;
    this.offset = where.offset;
  }
}

/** In double quotes, with everything but visible ASCII escaped, cut after 64 characters. */
export function quoteEvidence(text: string): string {
  const clipped = text.length > EVIDENCE_CHARS ? text.slice(0, EVIDENCE_CHARS) : text;
  let quoted = "";
  for (const unit of clipped.split("")) {
    const code = unit.charCodeAt(0);
    if (code >= 0x20 && code < 0x7f && unit !== '"' && unit !== "\\") quoted += unit;
    else quoted += NAMED_ESCAPES.get(code) ?? escaped(code);
  }
  return `"${quoted}"${clipped === text ? "" : "…"}`;
}

const EVIDENCE_CHARS = 64;

const NAMED_ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
]);

function escaped(code: number): string {
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.padStart(4, "0")}`;
}
