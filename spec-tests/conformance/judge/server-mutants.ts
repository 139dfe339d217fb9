/**
 * The mutants of the reference server: each is one fault, and says which cases were written for it.
 *
 * Rule of this file: data. A mutant fails all of its `cases`, and nothing outside its `sections`: those of the
 * requirement, and those whose cases meet the fault on their way.
 */
import { type Mutant, mutant } from "./mutant.ts";

export type ServerFault =
  | "1.0-is-1.1"
  | "100-to-1.0"
  | "32-bit-lengths"
  | "64-bit-lengths"
  | "64-bit-ranges"
  | "64-bit-sizes"
  | "answers-before-content"
  | "any-case-of-http"
  | "any-case-of-method"
  | "any-extension"
  | "any-host"
  | "any-major-version"
  | "any-method"
  | "any-name"
  | "any-range-unit"
  | "asterisk-for-all"
  | "authority-for-all"
  | "bad-dates-refused"
  | "blanks-before-sizes"
  | "both-lengths"
  | "case-sensitive-codings"
  | "case-sensitive-names"
  | "case-sensitive-options"
  | "chunked-anywhere"
  | "chunks-in-1.0"
  | "chunks-to-1.0"
  | "content-to-head"
  | "cr-ends-line"
  | "cut-is-whole"
  | "cuts-fragments"
  | "date-beats-tag"
  | "decodes-targets"
  | "drops-parameters"
  | "echoes-version"
  | "empty-length-is-zero"
  | "empty-names"
  | "endless-extensions"
  | "equal-hosts"
  | "first-host"
  | "first-length"
  | "floats-for-lengths"
  | "host-beats-target"
  | "host-optional"
  | "identity-is-nothing"
  | "ignores-unknown-codings"
  | "joins-leading-blanks"
  | "keep-alive-beats-close"
  | "keeps-blanks"
  | "last-length"
  | "length-beats-chunks"
  | "lengths-by-prefix"
  | "lf-ends-data"
  | "lf-ends-size"
  | "lf-in-extensions"
  | "lines-in-one-piece"
  | "lower-case-sizes"
  | "merges-trailers"
  | "no-100"
  | "no-absolute-form"
  | "no-date"
  | "no-date-in-refusals"
  | "no-empty-lines"
  | "no-extensions"
  | "no-higher-minor"
  | "no-if-match"
  | "no-if-none-match"
  | "nul-ends-target"
  | "one-form-of-dates"
  | "ranges-without-last"
  | "recovers-from-garbage"
  | "refuses-unknown-fields"
  | "says-no-close"
  | "searches-chunked"
  | "short-lines"
  | "signed-lengths"
  | "signed-sizes"
  | "silence-ends-head"
  | "sizes-by-prefix"
  | "sizes-with-0x"
  | "skips-lines-without-colon"
  | "skips-two-octets"
  | "stays-open"
  | "trims-any-blank"
  | "trims-names"
  | "two-digit-minor"
  | "unbounded-target"
  | "underscores-in-lengths"
  | "underscores-in-sizes"
  | "unquotes-codings"
  | "values-as-utf-8"
  | "version-optional"
  | "words-at-both-ends"
  | "wrong-length-to-head";

export const SERVER_MUTANTS: Readonly<Record<ServerFault, Mutant>> = {
  "1.0-is-1.1": mutant(
    "takes HTTP/1.0 for HTTP/1.1 in all that concerns the connection",
    "9112-9.3 9110-6.2 9110-7.8 9110-10.1.1",
    "9112-9.3-06/1.0",
  ),
  "100-to-1.0": mutant("sends 100 to a client of HTTP/1.0", "9110-10.1.1", "9110-10.1.1-06/1.0"),
  "32-bit-lengths": mutant(
    "counts content in 32 bits",
    "9110-8.6 9112-6.3",
    "9110-8.6-08/2-pow-32",
  ),
  "64-bit-lengths": mutant(
    "lets a length wrap round at 2^64",
    "9110-8.6 9112-6.3",
    "9110-8.6-08/2-pow-64",
  ),
  "64-bit-ranges": mutant(
    "lets a position wrap round at 2^64",
    "9110-14.1.2",
    "9110-14.1.2-01/2-pow-64",
  ),
  "64-bit-sizes": mutant(
    "lets a chunk size wrap round at 2^64",
    "9112-7.1",
    "9112-7.1-02/2-pow-64",
  ),
  "answers-before-content": mutant(
    "answers whoever waits for 100 as if the content were empty",
    "9110-10.1.1 9110-7.8",
    "9110-10.1.1-10/wait",
  ),
  "any-case-of-http": mutant("takes http/1.1 for a version", "9112-2.3", "9112-2.3-01/lower-case"),
  "any-case-of-method": mutant("takes get for GET", "9112-3.1", "9112-3.1-01/lower-case"),
  "any-extension": mutant(
    "takes whatever stands behind a semicolon in a chunk line",
    "9112-7.1.1",
    "9112-7.1.1-04/cr",
  ),
  "any-host": mutant(
    "takes any value of Host",
    "9112-3.2 9110-7.2",
    "9112-3.2-08/userinfo 9112-3.2-08/blank-inside",
  ),
  "any-major-version": mutant(
    "processes HTTP/2.0 as HTTP/1.1",
    "9110-6.2 9112-2.3",
    "9110-6.2-07/2.0 9110-6.2-07/3.0",
  ),
  "any-method": mutant(
    "answers methods that it does not know",
    "9110-9.1 9112-3 9112-3.1 9110-14.5 9110-13.2.1",
    "9110-9.1-02/unknown",
  ),
  "any-name": mutant("takes delimiters in field names", "9110-5.6.2", "9110-5.6.2-01/brackets"),
  "any-range-unit": mutant(
    "takes every unit of a range for octets",
    "9110-14.2",
    "9110-14.2-02/unknown-unit",
  ),
  "asterisk-for-all": mutant("takes * as a target of GET", "9112-3.2.4", "9112-3.2.4-02/get"),
  "authority-for-all": mutant(
    "takes host and port as a target of GET",
    "9112-3.2.3 9112-3.2",
    "9112-3.2.3-02/get",
  ),
  "bad-dates-refused": mutant(
    "refuses a condition whose date it cannot read",
    "9110-13.1.3 9110-5.6.7",
    "9110-13.1.3-02/bad-date",
  ),
  "blanks-before-sizes": mutant("trims a chunk size", "9112-7.1", "9112-7.1-05/blank-before"),
  "both-lengths": mutant(
    "goes on after Content-Length beside Transfer-Encoding",
    "9112-6.1 9112-6.3 9112-11.2",
    "9112-6.1-14/both-lengths",
  ),
  "case-sensitive-codings": mutant(
    "knows chunked in lower case only",
    "9112-7",
    "9112-7-01/upper-case",
  ),
  "case-sensitive-names": mutant(
    "minds the case of field names",
    "9110-5.1 9112-3.2 9112-6.3 9112-7",
    "9110-5.1-03/host",
  ),
  "case-sensitive-options": mutant(
    "minds the case of Connection's options",
    "9110-7.6.1",
    "9110-7.6.1-05/upper-case",
  ),
  "chunked-anywhere": mutant(
    "undoes chunked and passes over other codings",
    "9112-6.1 9112-6.3 9112-7.2 9112-11.2",
    "9112-6.3-07/chunked-first 9112-6.1-10/unknown-before-chunked",
  ),
  "chunks-in-1.0": mutant(
    "takes chunks in HTTP/1.0 and goes on",
    "9112-6.1",
    "9112-6.1-15/keep-alive",
  ),
  "chunks-to-1.0": mutant("sends chunks to a client of HTTP/1.0", "9112-6.1", "9112-6.1-12/1.0"),
  "content-to-head": mutant(
    "sends content in answer to HEAD",
    "9110-9.1 9110-9.3.2 9112-6.3 9112-9.3.2",
    "9110-9.1-01/head",
  ),
  "cr-ends-line": mutant(
    "ends a field line at a CR alone",
    "9112-2.2 9112-11.2",
    "9112-2.2-04/content-length",
  ),
  "cut-is-whole": mutant(
    "processes content that was cut",
    "9112-6.3 9112-8",
    "9112-6.3-14/half-close",
  ),
  "cuts-fragments": mutant(
    "cuts a fragment off the target and goes on",
    "9112-3.2",
    "9112-3.2-01/fragment",
  ),
  "date-beats-tag": mutant(
    "looks at If-Modified-Since beside If-None-Match",
    "9110-13.1.3 9110-13.2.2",
    "9110-13.1.3-01/tag-first",
  ),
  "decodes-targets": mutant(
    "undoes the escapes of a target",
    "9112-3.3",
    "9112-3.3-01/target-as-sent",
  ),
  "drops-parameters": mutant(
    "passes over parameters of chunked",
    "9112-7.1",
    "9112-7.1-04/parameter",
  ),
  "echoes-version": mutant("answers in the version of the request", "9110-6.2", "9110-6.2-04/1.9"),
  "empty-length-is-zero": mutant("takes an empty length for 0", "9112-6.3", "9112-6.3-10/empty"),
  "empty-names": mutant("takes a field without a name", "9112-5", "9112-5-01/empty-name"),
  "endless-extensions": mutant(
    "bounds no extensions but those of one chunk",
    "9112-7.1.1",
    "9112-7.1.1-03/many",
  ),
  "equal-hosts": mutant("takes two Host lines that say the same", "9112-3.2", "9112-3.2-07/equal"),
  "first-host": mutant("takes the first of two Host lines", "9112-3.2", "9112-3.2-07/different"),
  "first-length": mutant(
    "takes the first of several lengths",
    "9112-6.3",
    "9112-6.3-10/two-lines 9112-6.3-10/list",
  ),
  "floats-for-lengths": mutant(
    "reads lengths as floating-point numbers",
    "9112-6.3",
    "9112-6.3-10/decimal-point",
  ),
  "host-beats-target": mutant(
    "believes Host where the target has an authority",
    "9112-3.2.2",
    "9112-3.2.2-05/other-host",
  ),
  "host-optional": mutant("does without Host in HTTP/1.1", "9112-3.2", "9112-3.2-06/1.1"),
  "identity-is-nothing": mutant(
    "takes the coding identity for none",
    "9112-6.3",
    "9112-6.3-07/identity",
  ),
  "ignores-unknown-codings": mutant(
    "leaves out codings that it does not know",
    "9112-6.1 9112-6.3 9112-7.1 9112-7.2 9112-11.2",
    "9112-6.3-07/joined-word 9112-6.1-10/unknown-before-chunked",
  ),
  "joins-leading-blanks": mutant(
    "trims the blanks before the first field",
    "9112-2.2 9112-5.2",
    "9112-2.2-10/only-host",
  ),
  "keep-alive-beats-close": mutant(
    "stays where keep-alive stands beside close",
    "9112-9.3",
    "9112-9.3-05/close-and-keep-alive",
  ),
  "keeps-blanks": mutant(
    "takes one blank off a field value and no more",
    "9112-5.1 9110-5.5 9112-11.2",
    "9112-5.1-04/blanks",
  ),
  "last-length": mutant("takes the last of several lengths", "9112-6.3", "9112-6.3-10/two-lines"),
  "length-beats-chunks": mutant(
    "frames by Content-Length where chunked stands beside it",
    "9112-6.1 9112-6.3 9112-11.2",
    "9112-6.1-14/both-lengths 9112-11.2-01/cl-te-poison",
  ),
  "lengths-by-prefix": mutant(
    "reads a length as far as its digits go",
    "9112-6.3 9112-11.2",
    "9112-6.3-10/letter",
  ),
  "lf-ends-data": mutant("takes LF alone behind the data of a chunk", "9112-7.1", "9112-7.1-06/lf"),
  "lf-ends-size": mutant(
    "takes LF alone behind a chunk size",
    "9112-7.1 9112-7.1.1",
    "9112-7.1-05/lf-size",
  ),
  "lf-in-extensions": mutant("reads over LF within an extension", "9112-7.1.1", "9112-7.1.1-04/lf"),
  "lines-in-one-piece": mutant(
    "wants the first line in the first segment",
    "9112-2.2 9112-6.3 9112-7.1 9112-9.3.2",
    "9112-2.2-12/octets",
  ),
  "lower-case-sizes": mutant(
    "knows hexadecimal in lower case only",
    "9112-7.1",
    "9112-7.1-05/upper-case",
  ),
  "merges-trailers": mutant(
    "puts trailer fields among the header fields",
    "9112-7.1.2 9110-6.5.1",
    "9112-7.1.2-02/content-length",
  ),
  "no-100": mutant("does not send 100", "9110-10.1.1 9110-7.8", "9110-10.1.1-10/wait"),
  "no-absolute-form": mutant(
    "knows no absolute target",
    "9112-3.2.2 9112-2.2",
    "9112-3.2.2-06/absolute-form",
  ),
  "no-date": mutant(
    "sends no Date",
    "9110-6.6.1 9110-5.3 9110-15.4.5 9110-15.3.7",
    "9110-6.6.1-02/200",
  ),
  "no-date-in-refusals": mutant(
    "sends no Date with what the parser refuses",
    "9110-6.6.1",
    "9110-6.6.1-02/400",
  ),
  "no-empty-lines": mutant(
    "refuses an empty line before a request",
    "9112-2.2",
    "9112-2.2-08/first 9112-2.2-08/between",
  ),
  "no-extensions": mutant(
    "refuses chunk extensions",
    "9112-7.1.1 9110-5.6.3 9110-5.6.4",
    "9112-7.1.1-01/name-and-value",
  ),
  "no-higher-minor": mutant("refuses HTTP/1.9", "9110-6.2", "9110-6.2-05/1.9"),
  "no-if-match": mutant("knows no If-Match", "9110-13.1.1 9110-13.2.2", "9110-13.1.1-02/other-tag"),
  "no-if-none-match": mutant(
    "answers 200 whatever If-None-Match says",
    "9110-13.1.2 9110-13.2.2",
    "9110-13.1.2-02/same-tag",
  ),
  "nul-ends-target": mutant(
    "ends a target at NUL",
    "9112-3.2 9112-2.3",
    "9112-3.2-01/nul-in-target",
  ),
  "one-form-of-dates": mutant("reads IMF-fixdate only", "9110-5.6.7", "9110-5.6.7-01/rfc850"),
  "ranges-without-last": mutant(
    "leaves the last octet of a range out",
    "9110-14.2 9110-14.1.2 9110-15.3.7.2 9110-13.1.5",
    "9110-14.2-05/first-two",
  ),
  "recovers-from-garbage": mutant(
    "looks for the next good request line",
    "9112-2.2 9112-2.3 9112-3.2 9112-3 9110-5.6.2",
    "9112-2.2-12/garbage",
  ),
  "refuses-unknown-fields": mutant(
    "refuses fields that begin with X-",
    "9110-5.1 9112-5.1 9110-5.2 9110-5.5 9112-2.2 9112-11.2",
    "9110-5.1-02/unknown",
  ),
  "says-no-close": mutant("closes and does not say so", "9112-9.6", "9112-9.6-05/echo"),
  "searches-chunked": mutant(
    "looks for the word chunked anywhere in the value",
    "9112-6.1 9112-6.3 9112-7.1 9112-7.2 9112-11.2",
    "9112-6.3-07/joined-word 9112-11.2-01/te-quotes",
  ),
  "short-lines": mutant("refuses request lines above 4,096 octets", "9112-3", "9112-3-03/8000"),
  "signed-lengths": mutant("takes a plus sign before a length", "9112-6.3", "9112-6.3-10/plus"),
  "signed-sizes": mutant("takes a plus sign before a chunk size", "9112-7.1", "9112-7.1-05/plus"),
  "silence-ends-head": mutant(
    "takes 100 ms of silence for the end of the head",
    "9110-5.3 9110-5.4 9112-7.1.2",
    "9110-5.3-04/no-end-of-head",
  ),
  "sizes-by-prefix": mutant(
    "reads a chunk size as far as its digits go",
    "9112-7.1 9112-7.1.1",
    "9112-7.1-05/two-numbers",
  ),
  "sizes-with-0x": mutant("takes 0x before a chunk size", "9112-7.1", "9112-7.1-05/0x"),
  "skips-lines-without-colon": mutant(
    "passes over field lines without a colon",
    "9112-5 9112-5.2 9112-7.1",
    "9112-5-01/no-colon",
  ),
  "skips-two-octets": mutant(
    "does not look at what stands behind a chunk",
    "9112-7.1",
    "9112-7.1-06/other-octets",
  ),
  "stays-open": mutant(
    "says close and stays",
    "9112-9.3 9112-9.6 9110-6.2 9110-7.6.1 9110-5.6.1.2 9110-7.8 9110-9.3.2",
    "9112-9.6-04/close 9112-9.3-06/1.0",
  ),
  "trims-any-blank": mutant(
    "trims codings by Unicode's rules",
    "9112-11.2",
    "9112-11.2-01/te-nbsp",
  ),
  "trims-names": mutant(
    "trims the blanks between a field name and its colon",
    "9112-5.1 9112-11.2",
    "9112-5.1-01/space 9112-5.1-01/content-length",
  ),
  "two-digit-minor": mutant("takes HTTP/1.10 for HTTP/1.1", "9112-2.3", "9112-2.3-01/two-digits"),
  "unbounded-target": mutant("reads a request line of any length", "9112-3", "9112-3-02/4-mib"),
  "underscores-in-lengths": mutant(
    "takes underscores in a length",
    "9112-6.3",
    "9112-6.3-10/underscore",
  ),
  "underscores-in-sizes": mutant(
    "takes underscores in a chunk size",
    "9112-7.1",
    "9112-7.1-05/underscore",
  ),
  "unquotes-codings": mutant("takes chunked in quotes", "9112-11.2", "9112-11.2-01/te-quotes"),
  "values-as-utf-8": mutant(
    "decodes field values as UTF-8",
    "9112-2.2 9110-5.5 9112-11.2",
    "9112-2.2-01/obs-text",
  ),
  "version-optional": mutant(
    "takes a request line without a version",
    "9112-3.2",
    "9112-3.2-01/no-version",
  ),
  "words-at-both-ends": mutant(
    "takes the first two words of a request line and the last",
    "9112-3.2",
    "9112-3.2-01/space-in-target",
  ),
  "wrong-length-to-head": mutant(
    "says 0 for the length of what GET would bring",
    "9110-8.6",
    "9110-8.6-03/head-and-get",
  ),
};
