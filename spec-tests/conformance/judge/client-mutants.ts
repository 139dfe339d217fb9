/**
 * The mutants of the reference client: each is one fault, and says which cases were written for it.
 *
 * Rule of this file: data, as in server-mutants.ts. A mutant fails all of its `cases`, and nothing outside its
 * `sections`.
 */
import { type Mutant, mutant } from "./mutant.ts";

export type ClientFault =
  | "303-head-is-get"
  | "303-keeps-method"
  | "307-is-get"
  | "307-loses-content"
  | "32-bit-counts"
  | "64-bit-counts"
  | "any-case-of-http"
  | "any-domain"
  | "ascii-only"
  | "bad-length-is-none"
  | "blanks-before-sizes"
  | "case-sensitive-codings"
  | "case-sensitive-names"
  | "chunked-in-te"
  | "chunks-in-1.0"
  | "content-of-204"
  | "content-of-304"
  | "content-of-head"
  | "cookies-for-all-hosts"
  | "cookies-for-all-paths"
  | "cookies-unsorted"
  | "cr-ends-line"
  | "credentials-for-all"
  | "crlf-behind-content"
  | "cut-chunks-are-whole"
  | "cut-gzip-is-whole"
  | "cut-is-whole"
  | "date-beats-age"
  | "endless-redirects"
  | "first-attribute"
  | "first-connection-line"
  | "first-length"
  | "fragment-in-target"
  | "host-last"
  | "host-without-port"
  | "ignores-close"
  | "interim-is-final"
  | "keeps-1.0"
  | "keeps-excess"
  | "known-statuses"
  | "last-length"
  | "length-beats-chunks"
  | "length-with-get"
  | "lengths-by-prefix"
  | "lf-ends-data"
  | "lf-ends-size"
  | "location-redirects"
  | "locations-at-root"
  | "merges-trailers"
  | "no-cookie-prefixes"
  | "no-extensions"
  | "no-higher-minor"
  | "no-host"
  | "no-length-of-nothing"
  | "no-max-age"
  | "no-second-try"
  | "nul-ends-head"
  | "octal-lengths"
  | "one-coding"
  | "only-100-is-interim"
  | "paths-by-prefix"
  | "repeats-posts"
  | "reset-is-an-end"
  | "says-no-expect"
  | "searches-chunked"
  | "searches-close"
  | "shows-redirects"
  | "signed-lengths"
  | "signed-sizes"
  | "sizes-by-prefix"
  | "sizes-with-0x"
  | "skips-two-octets"
  | "skips-unknown-codings"
  | "splits-set-cookie"
  | "status-by-prefix"
  | "takes-101"
  | "trims-any-blank"
  | "two-digit-minor"
  | "unquotes-codings"
  | "unquotes-cookies"
  | "userinfo-in-referer"
  | "waits-for-ever";

export const CLIENT_MUTANTS: Readonly<Record<ClientFault, Mutant>> = {
  "303-head-is-get": mutant(
    "asks with GET where a HEAD was answered with 303",
    "9110-15.4.4",
    "9110-15.4.4-01/head",
  ),
  "303-keeps-method": mutant(
    "asks with the same method after 303",
    "9110-15.4.4",
    "9110-15.4.4-01/post 9110-15.4.4-01/put",
  ),
  "307-is-get": mutant(
    "asks with GET after 307 and 308",
    "9110-15.4.8 9110-15.4.9 9112-9.3.1 9112-6.1",
    "9110-15.4.8-01/post 9110-15.4.9-01/post",
  ),
  "307-loses-content": mutant(
    "leaves the content behind after 307 and 308",
    "9110-15.4.8 9110-15.4.9 9112-9.3.1",
    "9110-15.4.8-01/put",
  ),
  "32-bit-counts": mutant(
    "counts octets in 32 bits",
    "9110-8.6 9112-7.1",
    "9110-8.6-09/4294967301 9112-7.1-03/2-32",
  ),
  "64-bit-counts": mutant(
    "lets a count wrap round at 2^64",
    "9110-8.6 9112-7.1",
    "9110-8.6-09/18446744073709551621 9112-7.1-03/2-64",
  ),
  "any-case-of-http": mutant("takes http/1.1 for a version", "9112-4", "9112-4-04/lower-case"),
  "any-domain": mutant(
    "keeps cookies for the domain of somebody else",
    "6265-5.3 6265-5.1.3",
    "6265-5.3-01/foreign",
  ),
  "ascii-only": mutant("refuses octets above 0x7f in a value", "9110-5.5", "9110-5.5-02/response"),
  "bad-length-is-none": mutant(
    "reads to the end where a length is bad",
    "9112-6.3 9110-8.6",
    "9112-6.3-12/letters 9112-6.3-12/two-lines",
  ),
  "blanks-before-sizes": mutant("trims a chunk size", "9112-7.1", "9112-7.1-07/leading-blank"),
  "case-sensitive-codings": mutant(
    "knows codings in lower case only",
    "9112-7 9110-12.5.3",
    "9112-7-01/response",
  ),
  "case-sensitive-names": mutant(
    "minds the case of field names",
    "9110-5.1 9110-10.2.2",
    "9110-5.1-04/mixed-case",
  ),
  "chunked-in-te": mutant(
    "says chunked in TE, and nothing in Connection",
    "9112-7.4",
    "9112-7.4-01/get 9112-7.4-02/get",
  ),
  "chunks-in-1.0": mutant("takes chunks in HTTP/1.0", "9112-6.1", "9112-6.1-16/chunks"),
  "content-of-204": mutant(
    "waits for the content of a 204",
    "9112-6.3 9112-9.3",
    "9112-6.3-01/204-length 9112-6.3-01/204",
  ),
  "content-of-304": mutant("waits for the content of a 304", "9112-6.3", "9112-6.3-01/304-length"),
  "content-of-head": mutant(
    "waits for the content of an answer to HEAD",
    "9112-6.3 9110-15.2 9110-15.4.4",
    "9112-6.3-01/head-length 9112-6.3-01/head-chunked",
  ),
  "cookies-for-all-hosts": mutant(
    "sends cookies to every host",
    "6265-5.4",
    "6265-5.4-03/other-host",
  ),
  "cookies-for-all-paths": mutant(
    "sends cookies on every path",
    "6265-5.1.4",
    "6265-5.1.4-01/outside",
  ),
  "cookies-unsorted": mutant(
    "sends cookies in the order in which they came",
    "6265-5.4",
    "6265-5.4-04/paths",
  ),
  "cr-ends-line": mutant("ends a field line at a CR alone", "9112-2.2", "9112-2.2-05/set-cookie"),
  "credentials-for-all": mutant(
    "sends credentials to whoever a redirect names",
    "9110-15.4",
    "9110-15.4-01/credentials",
  ),
  "crlf-behind-content": mutant(
    "sends CRLF behind content",
    "9112-2.2 9110-10.1.1 9110-15.2 9110-15.4.4",
    "9112-2.2-06/post",
  ),
  "cut-chunks-are-whole": mutant(
    "takes the end of the connection for the last chunk",
    "9112-8 9112-7.1",
    "9112-8-03/no-last-chunk",
  ),
  "cut-gzip-is-whole": mutant(
    "takes cut gzip for whole",
    "9110-8.4.1.3",
    "9110-8.4.1.3-01/cut-in-data",
  ),
  "cut-is-whole": mutant(
    "takes cut content for whole",
    "9112-6.3 9110-8.6 9112-8 9112-9.3.1",
    "9112-6.3-15/cut",
  ),
  "date-beats-age": mutant(
    "believes Expires where Max-Age stands beside it",
    "6265-5.2.2",
    "6265-5.2.2-01/over-expires",
  ),
  "endless-redirects": mutant(
    "follows two hundred redirects",
    "9110-15.4",
    "9110-15.4-02/itself 9110-15.4-02/two",
  ),
  "first-attribute": mutant(
    "takes the first of two attributes of a name",
    "6265-5.2",
    "6265-5.2-03/path",
  ),
  "first-connection-line": mutant(
    "reads one line of Connection",
    "9112-9.6",
    "9112-9.6-09/second-line",
  ),
  "first-length": mutant(
    "takes the first of several lengths",
    "9112-6.3",
    "9112-6.3-12/two-lines 9112-6.3-12/list",
  ),
  "fragment-in-target": mutant("sends the fragment", "9112-3.2.1", "9112-3.2.1-03/address"),
  "host-last": mutant("puts Host behind the other fields", "9110-7.2", "9110-7.2-02/get"),
  "host-without-port": mutant(
    "leaves the port out of Host",
    "9112-3.2 9110-4.2.4 9110-10.2.2 9112-3.2.1",
    "9112-3.2-03/get",
  ),
  "ignores-close": mutant(
    "uses a connection again whatever Connection says",
    "9112-9.6 9110-7.6.1 9110-5.6.1.2",
    "9112-9.6-09/close",
  ),
  "interim-is-final": mutant(
    "takes an interim response for the answer",
    "9110-15.2 9110-15.2.1 9110-15 9112-8 9112-6.3 9112-9.2 9110-9.2.2",
    "9110-15.2.1-01/get 9110-15.2-02/several",
  ),
  "keeps-1.0": mutant("uses a connection of HTTP/1.0 again", "9112-9.3", "9112-9.3-07/length"),
  "keeps-excess": mutant(
    "keeps octets behind a response for the next one",
    "9112-9.2 9112-6.3",
    "9112-9.2-02/behind-the-answer",
  ),
  "known-statuses": mutant(
    "refuses statuses that it does not know",
    "9110-15 9110-15.2 9112-9.2",
    "9110-15-01/299",
  ),
  "last-length": mutant(
    "takes the last of several lengths",
    "9112-6.3",
    "9112-6.3-12/list-reversed",
  ),
  "length-beats-chunks": mutant(
    "frames by Content-Length where Transfer-Encoding stands beside it",
    "9112-6.3 9112-6.1",
    "9112-6.3-05/both",
  ),
  "length-with-get": mutant(
    "says a length of 0 with GET",
    "9110-8.6 9110-15.4.4",
    "9110-8.6-02/get",
  ),
  "lengths-by-prefix": mutant(
    "reads a length as far as its digits go",
    "9112-6.3",
    "9112-6.3-12/trailing",
  ),
  "lf-ends-data": mutant(
    "takes LF alone behind the data of a chunk",
    "9112-7.1",
    "9112-7.1-07/lf-data",
  ),
  "lf-ends-size": mutant("takes LF alone behind a chunk size", "9112-7.1", "9112-7.1-07/lf-size"),
  "location-redirects": mutant(
    "follows a Location whatever the status",
    "9110-15",
    "9110-15-01/201-location",
  ),
  "locations-at-root": mutant(
    "puts relative references at the root",
    "9110-10.2.2",
    "9110-10.2.2-02/relative",
  ),
  "merges-trailers": mutant(
    "puts trailer fields among the header fields",
    "9112-7.1.2",
    "9112-7.1.2-03/set-cookie",
  ),
  "no-cookie-prefixes": mutant(
    "knows no __Secure- and no __Host-",
    "6265bis-5.4",
    "6265bis-5.4-01/not-secure",
  ),
  "no-extensions": mutant("refuses chunk extensions", "9112-7.1.1", "9112-7.1.1-02/name"),
  "no-higher-minor": mutant("refuses HTTP/1.7", "9110-6.2", "9110-6.2-06/minor"),
  "no-host": mutant(
    "sends no Host",
    "9112-3.2 9110-7.2 9110-4.2.4 9110-5.3 9110-10.2.2 9112-3.2.1",
    "9112-3.2-03/get 9112-3.2-03/post",
  ),
  "no-length-of-nothing": mutant(
    "sends no length with an empty POST",
    "9110-8.6",
    "9110-8.6-01/post",
  ),
  "no-max-age": mutant("knows no Max-Age", "6265-5.2.2 6265-5.2 6265-5.3", "6265-5.2.2-01/zero"),
  "no-second-try": mutant("takes 417 for the last word", "9110-10.1.1", "9110-10.1.1-04/retried"),
  "nul-ends-head": mutant("ends a head at NUL", "9110-5.5", "9110-5.5-04/in-value"),
  "octal-lengths": mutant(
    "reads a length with a zero before it in base 8",
    "9112-6.2",
    "9112-6.2-02/leading-zeros",
  ),
  "one-coding": mutant("undoes one content coding of two", "9110-12.5.3", "9110-12.5.3-01/twice"),
  "only-100-is-interim": mutant(
    "takes 103 for the answer",
    "9110-15.2 9110-15 9112-9.2",
    "9110-15.2-02/several",
  ),
  "paths-by-prefix": mutant(
    "compares a cookie's path by its letters",
    "6265-5.1.4",
    "6265-5.1.4-02/prefix",
  ),
  "repeats-posts": mutant(
    "sends a POST again when its connection is lost",
    "9112-9.3.1",
    "9112-9.3.1-02/reused",
  ),
  "reset-is-an-end": mutant(
    "takes a reset for the end of the content",
    "9112-8",
    "9112-8-04/reset",
  ),
  "says-no-expect": mutant(
    "waits for 100 and does not say so",
    "9110-10.1.1",
    "9110-10.1.1-02/continued",
  ),
  "searches-chunked": mutant(
    "looks for the word chunked anywhere in the value",
    "9112-6.3 9112-6.1",
    "9112-6.3-08/prefix 9112-6.3-08/suffix",
  ),
  "searches-close": mutant(
    "looks for the word close anywhere in Connection",
    "9110-7.6.1 9112-9.6",
    "9110-7.6.1-06/case",
  ),
  "shows-redirects": mutant(
    "gives out the content of redirects",
    "9110-15.4 9112-9.3",
    "9110-15.4-01/content-not-shown",
  ),
  "signed-lengths": mutant("takes a plus sign before a length", "9112-6.3", "9112-6.3-12/plus"),
  "signed-sizes": mutant("takes a sign before a chunk size", "9112-7.1", "9112-7.1-07/plus"),
  "sizes-by-prefix": mutant(
    "reads a chunk size as far as its digits go",
    "9112-7.1",
    "9112-7.1-07/letter",
  ),
  "sizes-with-0x": mutant("takes 0x before a chunk size", "9112-7.1", "9112-7.1-07/hex-prefix"),
  "skips-two-octets": mutant(
    "does not look at what stands behind a chunk",
    "9112-7.1",
    "9112-7.1-07/two-octets",
  ),
  "skips-unknown-codings": mutant(
    "undoes chunked and passes over other codings",
    "9112-6.3 9112-6.1",
    "9112-6.3-08/chunked-first",
  ),
  "splits-set-cookie": mutant(
    "parts Set-Cookie at its commas",
    "9110-5.3 6265-5.2.1 6265-5.1.1 6265-5.2.2",
    "9110-5.3-03/comma",
  ),
  "status-by-prefix": mutant(
    "takes the first three digits of a status",
    "9112-4",
    "9112-4-04/four-digits",
  ),
  "takes-101": mutant("takes 101 for the answer", "9110-7.8", "9110-7.8-05/octets"),
  "trims-any-blank": mutant("trims codings by Unicode's rules", "9112-6.3", "9112-6.3-08/nbsp"),
  "two-digit-minor": mutant("takes HTTP/1.10 for HTTP/1.1", "9112-4", "9112-4-04/two-digit-minor"),
  "unquotes-codings": mutant("takes chunked in quotes", "9112-6.3", "9112-6.3-08/quoted"),
  "unquotes-cookies": mutant(
    "takes the quotes off a cookie's value",
    "6265-5.2",
    "6265-5.2-01/quotes",
  ),
  "userinfo-in-referer": mutant(
    "sends the address with its password in Referer",
    "9110-4.2.4 9110-10.1.3",
    "9110-10.1.3-01/redirect",
  ),
  "waits-for-ever": mutant(
    "never sends the content without 100",
    "9110-10.1.1",
    "9110-10.1.1-03/silence",
  ),
};
