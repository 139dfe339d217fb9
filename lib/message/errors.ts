/**
 * What can be wrong with a whole message that is well formed on the wire.
 * RFC 9110 §15.5.14 · Go: http.MaxBytesError, http.ErrBodyReadAfterClose
 *
 * Rule of this file: the table is the vocabulary; docs/errors.md is generated from it.
 */

interface MessageErrorEntry {
  /** The status a server answers with when a handler lets the error through. */
  readonly status: number;
  readonly text: string;
}

export const MESSAGE_ERRORS = {
  /**
   * `bytes`, `text` and `json` hold the whole body in memory and therefore stop at `max` (1 MiB unless told
   * otherwise). Give a larger `max`, or read the body piece by piece.
   */
  "body-too-large": { status: 413, text: "the body is larger than the limit of this call" },
  /**
   * A body comes once. Keep what you read, or give the client a function as body so that it can be got again.
   */
  "body-used": { status: 500, text: "the body has been read or cancelled already" },
  /** Reads of one body go one after the other: await the first before starting the second. */
  "body-busy": { status: 500, text: "another read of this body is still waiting" },
  /** `json()` parses the whole body as RFC 8259 JSON in UTF-8. The cause tells where parsing stopped. */
  "bad-json": { status: 400, text: "the body is not JSON" },
  /**
   * `request.url` is a convenience made from scheme, host and path. Some valid targets (`*`, an authority,
   * odd hosts) have no WHATWG URL; use `target`, `host` and `escapedPath`, which are exactly what came.
   */
  "url-unrepresentable": { status: 400, text: "the request-target cannot be held by a URL object" },
  /**
   * A message was about to be sent whose body is longer or shorter than its declared length. Nothing more of
   * it is sent and the connection is closed, since the peer could not tell where it ends.
   */
  "content-length-mismatch": {
    status: 500,
    text: "the body has not the length that Content-Length says",
  },
  /**
   * Responses with status 1xx, 204 or 304 carry no body, nor do TRACE and CONNECT requests. (The body of a
   * response to HEAD is left out without a word.)
   */
  "body-not-allowed": { status: 500, text: "a message of this kind has no body" },
  /**
   * Something was written to a message after its last octet: it would have become part of the next message.
   */
  "body-ended": { status: 500, text: "the body has been ended already" },
  /**
   * `transferEncoding` of a message that is to be sent may be empty or `["chunked"]`. With anything else the
   * peer could not tell where the message ends.
   */
  "framing-unsafe": {
    status: 500,
    text: "the message asks for a transfer coding that we do not speak",
  },
  /**
   * Only a 101 response with Upgrade, or a 2xx response to CONNECT, leaves a connection that
   * `response.hijack()` can give away: once, and before its body has ended.
   */
  "not-upgraded": { status: 500, text: "the connection was not handed over" },
  /**
   * `response.location()` resolves the Location field against the URL of the request; the result could not be
   * held by a URL object.
   */
  "bad-location": { status: 502, text: "the Location field is no URL" },
  /**
   * Bodies are strings, Uint8Array, ArrayBuffer, URLSearchParams, Blob, FormData, streams, iterables of bytes
   * or strings, functions that give one of these, or noBody.
   */
  "unsupported-body": { status: 500, text: "this value cannot be sent as a body" },
  /**
   * `parseMultipartForm` and `formFile` want Content-Type multipart/form-data, `multipartReader` takes
   * multipart/mixed too. A form with files needs `enctype="multipart/form-data"`.
   */
  "not-multipart": { status: 415, text: "the request is no multipart form" },
  /**
   * Without the `boundary` parameter nobody can tell where a part ends. Programs that send a form must leave
   * the field to their library.
   */
  "missing-boundary": {
    status: 400,
    text: "the Content-Type of a multipart body names no boundary",
  },
  /**
   * `form` and `postForm` are there after `await r.parseForm()` (or `parseMultipartForm`, `formValue`,
   * `formFile`).
   */
  "form-not-parsed": { status: 500, text: "the form has not been parsed" },
  /** The TempStore failed: the disk is full, or its folder is missing or not writable. The cause tells. */
  "upload-not-stored": { status: 500, text: "a file of a form could not be kept" },
} as const;

export type MessageCode = keyof typeof MESSAGE_ERRORS;

const ENTRIES: Readonly<Record<MessageCode, MessageErrorEntry>> = MESSAGE_ERRORS;

/** A misuse of a message, or a message beyond what its reader allows. */
export class MessageError extends Error {
  override readonly name: string = "MessageError";
  readonly code: MessageCode;
  /** The status a server answers with when a handler lets this error through. */
  readonly status: number;

  /** `evidence` ends the sentence; never a body, a credential or a field value. */
  constructor(code: MessageCode, options: { evidence?: string; cause?: unknown } = {}) {
    const { text, status } = ENTRIES[code];
    const cause = options.cause === undefined ? undefined : { cause: options.cause };
    super(options.evidence === undefined ? text : `${text}: ${options.evidence}`, cause);
    this.code = code;
    this.status = status;
  }
}
