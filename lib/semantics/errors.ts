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
}

export const SEMANTICS_ERRORS = {
  /** A media type begins with two tokens and a slash between them, without blanks: `text/html`. */
  "bad-media-type": {
    status: 400,
    section: "9110 §8.3.1",
    text: "the media type is not `type/subtype`",
  },
  /**
   * An HTTP date has four digits for the year. NaN, infinities and instants beyond those years cannot be
   * written.
   */
  "unrepresentable-date": {
    status: 500,
    section: "9110 §5.6.7",
    text: "the instant is not a number of milliseconds in the years 0000 to 9999",
  },
  /**
   * The first colon ends the user name, so a name with a colon would reach the server as another name and
   * another password. The message does not show the name.
   */
  "bad-basic-username": {
    status: 500,
    section: "7617 §2",
    text: "a user name for Basic authentication holds a colon",
  },
  /**
   * Between its quotes an entity tag has visible ASCII without the quote, and octets above 0x7F: no blanks,
   * no controls, nothing above U+00FF.
   */
  "bad-etag": {
    status: 500,
    section: "9110 §8.8.3",
    text: "an entity tag holds what it cannot carry",
  },
  /**
   * Range is `bytes=` and a list of `first-last`, `first-` and `-count`, where `last` is not before `first`.
   * Also what more ranges than `maxRanges` are refused with: nobody needs so many, and each costs a part of
   * the answer.
   */
  "bad-range": { status: 416, section: "9110 §14.1.1", text: "the value is no set of byte ranges" },
  /**
   * All ranges begin behind the end, or ask for the last 0 bytes. The answer tells the length in
   * Content-Range.
   */
  "range-not-satisfiable": {
    status: 416,
    section: "9110 §14.1.2",
    text: "none of the ranges has an octet in common with the representation",
  },
  /** `parseSetCookie`, and `parseCookies` with `invalid: "throw"`, want at least one cookie in a field. */
  "blank-cookie": { status: 400, section: "6265 §4.2.1", text: "the field holds no cookie" },
  /**
   * Name and value of a cookie have an equals sign between them. (`parseCookies` otherwise takes a lone word
   * for a name with an empty value, as Go does.)
   */
  "cookie-without-equals": {
    status: 400,
    section: "6265 §4.1.1",
    text: "a cookie is not `name=value`",
  },
  /** Names of cookies are tokens: no blanks, no separators, not empty. */
  "malformed-cookie-name": {
    status: 400,
    section: "6265 §4.1.1",
    text: "the name of a cookie that came is no token",
  },
  /**
   * Values of cookies are printable ASCII without double quotes (save one pair around the whole), semicolons
   * and backslashes. The message does not show the value.
   */
  "malformed-cookie-value": {
    status: 400,
    section: "6265 §4.1.1",
    text: "the value of a cookie that came holds an octet that none may hold",
  },
  /**
   * Counted before any is read. `parseCookies` tells it with `invalid: "throw"` only; otherwise there are no
   * cookies then, as in Go.
   */
  "too-many-cookies": {
    status: 400,
    section: "6265 §6.1",
    text: "a message holds more cookies than maxCookies",
  },
  /**
   * Names of cookies are tokens: letters, digits and some marks, no blanks, not empty. Go sends no cookie at
   * all then and says nothing.
   */
  "bad-cookie-name": {
    status: 500,
    section: "6265 §4.1.1",
    text: "the name of a cookie to be sent is no token",
  },
  /**
   * Values of cookies are printable ASCII without double quotes, semicolons and backslashes. Encode anything
   * else (`encodeURIComponent`, base64url). Go drops the octets and sends what is left. The message does not
   * show the value.
   */
  "bad-cookie-value": {
    status: 500,
    section: "6265 §4.1.1",
    text: "the value of a cookie to be sent holds a char that none may hold",
  },
  /** The Path attribute is printable ASCII without semicolons. */
  "bad-cookie-path": {
    status: 500,
    section: "6265 §4.1.1",
    text: "the path of a cookie holds a char that none may hold",
  },
  /**
   * The Domain attribute is a name such as `example.com`, without port and brackets; names beyond ASCII are
   * given in their xn-- form. Leave it out to get a cookie for just this host.
   */
  "bad-cookie-domain": {
    status: 500,
    section: "6265 §4.1.2.3",
    text: "the domain of a cookie is neither a host name nor an IPv4 address",
  },
  /** The four words are in lower case here. Anything else could carry attributes of its own. */
  "bad-cookie-same-site": {
    status: 500,
    section: "draft-ietf-httpbis-rfc6265bis §4.1.2.7",
    text: "the sameSite of a cookie is none of default, lax, strict and none",
  },
  /** `expires` is a number of milliseconds since 1970. To delete a cookie set `maxAge: 0`. */
  "bad-cookie-expires": {
    status: 500,
    section: "6265 §5.1.1",
    text: "the instant at which a cookie expires is not in the years 1601 to 9999",
  },
  /** `maxAge` counts seconds, as the Max-Age attribute does, not milliseconds. */
  "bad-cookie-max-age": {
    status: 500,
    section: "6265 §4.1.1",
    text: "the age of a cookie is not a whole number of seconds",
  },
  /** Browsers throw a cookie with Partitioned away unless it has Secure too. */
  "insecure-partitioned-cookie": {
    status: 500,
    section: "draft-cutler-httpbis-partitioned-cookies §2.1",
    text: "a partitioned cookie is not secure",
  },
  /**
   * Some programs take `;` for `&`, most do not, and where two of them see the same request that can be used
   * to smuggle a pair past one. The pair is left out; write a semicolon in a value as %3B.
   */
  "query-semicolon": {
    status: 400,
    section: "3986 §3.4",
    text: "a query or form has a semicolon between its pairs",
  },
  /** Two hexadecimal digits must follow each `%`, and each char must be an octet. The pair is left out. */
  "bad-query-escape": {
    status: 400,
    section: "3986 §2.1",
    text: "a pair of a query or form is not well escaped",
  },
  /** None of the pairs is kept. */
  "too-many-query-pairs": {
    status: 400,
    section: "3986 §3.4",
    text: "a query or form has more pairs than maxQueryPairs",
  },
  /**
   * `form-data; name="a"; filename="b"`: a token, then parameters, each value a token or quoted; a name twice
   * only with the same value; `name*` as RFC 8187 has it, in UTF-8 or ISO-8859-1.
   */
  "bad-content-disposition": {
    status: 400,
    section: "6266 §4.1",
    text: "a Content-Disposition field is not a token and parameters",
  },
  /**
   * A boundary has 1 to 70 characters: letters, digits, and a few marks, of which a blank is not the last.
   */
  "bad-boundary": {
    status: 400,
    section: "2046 §5.1.1",
    text: "the boundary of a multipart body is not one",
  },
  /**
   * After the boundary come blanks and CRLF, or two hyphens at the end of the body. A part's content may not
   * hold a line that begins with the boundary.
   */
  "bad-boundary-line": {
    status: 400,
    section: "2046 §5.1.1",
    text: "a boundary of a multipart body is followed by something that may not be there",
  },
  /** Beyond `maxPartHeaderBytes`, or more lines than `maxPartHeaderLines`. */
  "part-header-too-large": {
    status: 413,
    section: "2046 §5.1",
    text: "the header of a part, or what stands before the first part, is larger than allowed",
  },
  /** Each part becomes an object, however short it is. */
  "too-many-parts": {
    status: 413,
    section: "7578 §4",
    text: "a multipart body has more parts than maxParts",
  },
  /**
   * The last boundary is followed by two hyphens. The body ended without one: the sender gave up, or used
   * another boundary than its Content-Type says.
   */
  "truncated-multipart": {
    status: 400,
    section: "2046 §5.1.1",
    text: "a multipart body ended before its last boundary",
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
