/**
 * The topics of ../shared/vectors, and of our own tables, that the code covers so far. The list only grows.
 *
 * Rule of this file: names. `npm run vectors` fails when a case of a listed topic fails; what runs a topic is
 * in vectors/catalogue.ts.
 */

export const TOPICS: readonly string[] = [
  "go-chunked",
  "go-cookie",
  "go-fileserver",
  "go-csrf",
  "go-header",
  "go-pattern",
  "go-range",
  "go-helpers",
  "go-readrequest",
  "go-readresponse",
  "go-request-misc:max-bytes",
  "go-request-misc:new-request",
  "go-request-misc:reading",
  "go-requestwrite",
  "go-responsewrite",
  "go-routing",
  "go-server-tables",
  "go-server-wire",
  "go-sniff",
  "go-transfer",
  "own-exchanges",
  "own-requests:request",
  "own-requests:response",
  "parser-h11:request",
  "parser-h11:write",
  "parser-http-parser-js:request",
  "parser-httparse:request",
  "parser-llhttp:request",
  "parser-picohttpparser:request",
];
