/**
 * What `fetch` rejects with: TypeErrors, as the Fetch standard wants, with a code.
 * WHATWG Fetch §5.6 · Go: none
 *
 * Rule of this file: the table is the vocabulary. The words of "fetch-failed" and "body-terminated" are those of
 * Node's own fetch, because programs tell network errors by them; `name` stays "TypeError" for the same reason.
 */

interface FetchErrorEntry {
  readonly text: string;
}

export const FETCH_ERRORS = {
  /**
   * No response came. `cause` says why, with a code of its own: a ClientError for everything on the way, as
   * Node's fetch has a system error there.
   */
  "fetch-failed": { text: "fetch failed" },
  /** The response's body broke off, or could not be decoded. `cause` says why. */
  "body-terminated": { text: "terminated" },
  /** The body of a Response or Request can be read once, and not while its stream is locked. */
  "body-unusable": { text: "Body is unusable: Body has already been read" },
  /** `fetch` needs an absolute URL; there is no page that a relative one could start from. */
  "bad-fetch-url": { text: "Failed to parse URL" },
  /**
   * The Fetch standard wants them in an Authorization field instead. The message does not show the URL, since
   * it holds a password.
   */
  "fetch-url-has-credentials": {
    text: "Request cannot be constructed from a URL that includes credentials",
  },
  /** It is no token, or one that the Fetch standard forbids: CONNECT, TRACE, TRACK. */
  "bad-fetch-method": { text: "the method cannot be fetched with" },
  /**
   * A name is no token, a value has an octet that no field may have, or `headers` is neither pairs nor a
   * record. Values are never shown.
   */
  "bad-fetch-header": { text: "the headers cannot be sent" },
  /** GET and HEAD have no body, and a stream wants `duplex: "half"` and must not have been read or locked. */
  "bad-fetch-body": { text: "the body cannot be sent" },
  /** The message names the option and what it may be. */
  "bad-fetch-option": { text: "an option of fetch has a value that it cannot have" },
  /**
   * `dispatcher` is undici's way of choosing connections; to leave it out silently could send a request past
   * a proxy. Use `createFetch` with a Transport.
   */
  "unsupported-fetch-option": { text: "an option of fetch that this fetch does not have" },
  /** The response was a redirect, and `redirect` is "error". */
  "unexpected-redirect": { text: "unexpected redirect" },
  /**
   * A 101 response leaves no HTTP that a Response could stand for. Upgrades are done with a Client and
   * `hijack`.
   */
  "unexpected-upgrade": { text: "the server changed the protocol" },
  /** The content has none of the digests that `integrity` lists for its strongest algorithm. */
  "integrity-mismatch": { text: "integrity mismatch" },
  /** It has no comma, or its base64 is none. */
  "bad-data-url": { text: "the data: URL cannot be read" },
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
