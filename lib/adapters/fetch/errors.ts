/**
 * What `fetch` rejects with: TypeErrors, as the Fetch standard wants, with a code.
 * WHATWG Fetch §5.6 · Go: none
 *
 * Rule of this file: the table is the vocabulary. The words of "fetch-failed" and "body-terminated" are those of
 * Node's own fetch, because programs tell network errors by them; `name` stays "TypeError" for the same reason.
 */

interface FetchErrorEntry {
  readonly text: string;
  readonly doc: string;
}

export const FETCH_ERRORS = {
  "fetch-failed": {
    text: "fetch failed",
    doc: "No response came. `cause` says why, with a code of its own: a ClientError for everything on the way, as Node's fetch has a system error there.",
  },
  "body-terminated": {
    text: "terminated",
    doc: "The response's body broke off, or could not be decoded. `cause` says why.",
  },
  "body-unusable": {
    text: "Body is unusable: Body has already been read",
    doc: "The body of a Response or Request can be read once, and not while its stream is locked.",
  },
  "bad-fetch-url": {
    text: "Failed to parse URL",
    doc: "`fetch` needs an absolute URL; there is no page that a relative one could start from.",
  },
  "fetch-url-has-credentials": {
    text: "Request cannot be constructed from a URL that includes credentials",
    doc: "The Fetch standard wants them in an Authorization field instead. The message does not show the URL, since it holds a password.",
  },
  "bad-fetch-method": {
    text: "the method cannot be fetched with",
    doc: "It is no token, or one that the Fetch standard forbids: CONNECT, TRACE, TRACK.",
  },
  "bad-fetch-header": {
    text: "the headers cannot be sent",
    doc: "A name is no token, a value has an octet that no field may have, or `headers` is neither pairs nor a record. Values are never shown.",
  },
  "bad-fetch-body": {
    text: "the body cannot be sent",
    doc: 'GET and HEAD have no body, and a stream wants `duplex: "half"` and must not have been read or locked.',
  },
  "bad-fetch-option": {
    text: "an option of fetch has a value that it cannot have",
    doc: "The message names the option and what it may be.",
  },
  "unsupported-fetch-option": {
    text: "an option of fetch that this fetch does not have",
    doc: "`dispatcher` is undici's way of choosing connections; to leave it out silently could send a request past a proxy. Use `createFetch` with a Transport.",
  },
  "unexpected-redirect": {
    text: "unexpected redirect",
    doc: 'The response was a redirect, and `redirect` is "error".',
  },
  "unexpected-upgrade": {
    text: "the server changed the protocol",
    doc: "A 101 response leaves no HTTP that a Response could stand for. Upgrades are done with a Client and `hijack`.",
  },
  "integrity-mismatch": {
    text: "integrity mismatch",
    doc: "The content has none of the digests that `integrity` lists for its strongest algorithm.",
  },
  "bad-data-url": {
    text: "the data: URL cannot be read",
    doc: "It has no comma, or its base64 is none.",
  },
} as const;

export type FetchCode = keyof typeof FETCH_ERRORS;

const ENTRIES: Readonly<Record<FetchCode, FetchErrorEntry>> = FETCH_ERRORS;

/** A TypeError with a code; `name` is "TypeError". */
export class FetchError extends TypeError {
  readonly code: FetchCode;

  constructor(code: FetchCode, more: { readonly detail?: string; readonly cause?: unknown } = {}) {
    const { text } = ENTRIES[code];
    super(
      more.detail === undefined ? text : `${text}: ${more.detail}`,
      "cause" in more ? { cause: more.cause } : undefined,
    );
    this.code = code;
  }
}
