/**
 * The topics of ../shared/vectors that the code covers so far. The list only grows.
 *
 * Rule of this file: names. `npm run vectors` fails when a case of a listed topic fails; what runs a topic is
 * in vectors/catalogue.ts.
 */

export const TOPICS: readonly string[] = [
  "go-chunked",
  "go-header",
  "go-sniff",
  "go-transfer",
  "parser-h11:request",
  "parser-http-parser-js:request",
  "parser-httparse:request",
  "parser-llhttp:request",
  "parser-picohttpparser:request",
];
