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
  readonly doc: string;
}

export const MESSAGE_ERRORS = {
  "body-too-large": {
    status: 413,
    text: "the body is larger than the limit of this call",
    doc: "`bytes`, `text` and `json` hold the whole body in memory and therefore stop at `max` (1 MiB unless told otherwise). Give a larger `max`, or read the body piece by piece.",
  },
  "body-used": {
    status: 500,
    text: "the body has been read or cancelled already",
    doc: "A body comes once. Keep what you read, or give the client a function as body so that it can be got again.",
  },
  "body-busy": {
    status: 500,
    text: "another read of this body is still waiting",
    doc: "Reads of one body go one after the other: await the first before starting the second.",
  },
  "bad-json": {
    status: 400,
    text: "the body is not JSON",
    doc: "`json()` parses the whole body as RFC 8259 JSON in UTF-8. The cause tells where parsing stopped.",
  },
  "url-unrepresentable": {
    status: 400,
    text: "the request-target cannot be held by a URL object",
    doc: "`request.url` is a convenience made from scheme, host and path. Some valid targets (`*`, an authority, odd hosts) have no WHATWG URL; use `target`, `host` and `escapedPath`, which are exactly what came.",
  },
  "content-length-mismatch": {
    status: 500,
    text: "the body has not the length that Content-Length says",
    doc: "A message was about to be sent whose body is longer or shorter than its declared length. Nothing more of it is sent and the connection is closed, since the peer could not tell where it ends.",
  },
  "body-not-allowed": {
    status: 500,
    text: "a message of this kind has no body",
    doc: "Responses with status 1xx, 204 or 304 carry no body, nor do TRACE and CONNECT requests. (The body of a response to HEAD is left out without a word.)",
  },
  "body-ended": {
    status: 500,
    text: "the body has been ended already",
    doc: "Something was written to a message after its last octet: it would have become part of the next message.",
  },
  "framing-unsafe": {
    status: 500,
    text: "the message asks for a transfer coding that we do not speak",
    doc: '`transferEncoding` of a message that is to be sent may be empty or `["chunked"]`. With anything else the peer could not tell where the message ends.',
  },
  "not-upgraded": {
    status: 500,
    text: "the connection was not handed over",
    doc: "Only a 101 response with Upgrade, or a 2xx response to CONNECT, leaves a connection that `response.hijack()` can give away: once, and before its body has ended.",
  },
  "bad-location": {
    status: 502,
    text: "the Location field is no URL",
    doc: "`response.location()` resolves the Location field against the URL of the request; the result could not be held by a URL object.",
  },
  "unsupported-body": {
    status: 500,
    text: "this value cannot be sent as a body",
    doc: "Bodies are strings, Uint8Array, ArrayBuffer, URLSearchParams, Blob, FormData, streams, iterables of bytes or strings, functions that give one of these, or noBody.",
  },
  "not-multipart": {
    status: 415,
    text: "the request is no multipart form",
    doc: '`parseMultipartForm` and `formFile` want Content-Type multipart/form-data, `multipartReader` takes multipart/mixed too. A form with files needs `enctype="multipart/form-data"`.',
  },
  "missing-boundary": {
    status: 400,
    text: "the Content-Type of a multipart body names no boundary",
    doc: "Without the `boundary` parameter nobody can tell where a part ends. Programs that send a form must leave the field to their library.",
  },
  "form-not-parsed": {
    status: 500,
    text: "the form has not been parsed",
    doc: "`form` and `postForm` are there after `await r.parseForm()` (or `parseMultipartForm`, `formValue`, `formFile`).",
  },
  "upload-not-stored": {
    status: 500,
    text: "a file of a form could not be kept",
    doc: "The TempStore failed: the disk is full, or its folder is missing or not writable. The cause tells.",
  },
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
