/**
 * Cases for servers: request smuggling, seen from one server.
 * RFC 9112 §11.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import { CLOSES, expect, get, post, refused, send, serverCases } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { hidden } from "./words.ts";

export const SMUGGLING_CASES: readonly ServerCase[] = serverCases("smuggling", [
  hidden(
    "te-vertical-tab",
    ["Transfer-Encoding: \x0bchunked"],
    "a vertical tab before chunked",
    "Trimmed with the C library's blanks it is chunked, by the grammar it is nothing.",
  ),
  hidden(
    "te-nbsp",
    ["Transfer-Encoding: chunked\xa0"],
    "an octet 0xA0 behind chunked",
    "A blank in Latin-1 to some trimming functions.",
  ),
  hidden(
    "te-quotes",
    ['Transfer-Encoding: "chunked"'],
    "chunked in quotes",
    "A coding is a token; a lenient list reader drops the quotes.",
  ),
  hidden(
    "te-underscore",
    ["Transfer_Encoding: chunked", "Content-Length: 5x"],
    "Transfer_Encoding beside a bad length",
    "CGI makes both spellings one name; the bad length must be refused all the same.",
  ),
  {
    id: "9112-11.2-01/cl-te-poison",
    level: "MUST",
    contract: 1,
    title: "both lengths, cut short by one of them",
    rationale:
      "By Content-Length the rest begins a second request, by chunks it is content: there is one answer.",
    steps: [
      send(
        post(
          "/echo",
          ["Content-Length: 6", "Transfer-Encoding: chunked"],
          `0\r\n\r\nG${get().slice(1)}`,
        ),
      ),
      expect(refused(400, 200)),
    ],
    connection: CLOSES,
  },
]);
