/**
 * Cases for servers: framing that one recipient sees and another does not.
 * RFC 9112 §11.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  chunks,
  echoed,
  either,
  expect,
  get,
  ok,
  OPEN_OR_CLOSED,
  post,
  RECONNECT,
  refused,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { CHUNKED, hidden, tolerated } from "./words.ts";

export const HIDDEN_CASES: readonly ServerCase[] = serverCases("smuggling", [
  hidden(
    "te-next-line",
    ["Transfer-Encoding: chunked\x85"],
    "an octet 0x85 behind chunked",
    "Trimmed together with 0xA0 by some, alone by others.",
  ),
  hidden(
    "te-form-feed",
    ["Transfer-Encoding: \x0cchunked"],
    "a form feed before chunked",
    "In the same list of blanks as the vertical tab, and skipped by other code.",
  ),
  hidden(
    "te-nul",
    ["Transfer-Encoding: chunked\x00x"],
    "a NUL behind chunked",
    "The value ends there in C, and is chunked.",
  ),
  hidden(
    "te-kelvin",
    ["Transfer-Encoding: chun\xe2\x84\xaaed"],
    "a Kelvin sign in chunked",
    "Put into lower case by Unicode it is a k.",
  ),
  hidden(
    "te-apostrophes",
    ["Transfer-Encoding: 'chunked'"],
    "chunked in apostrophes",
    "Characters of a token, so this is an unknown coding; readers of words drop them.",
  ),
  hidden(
    "te-twice",
    ["Transfer-Encoding: chunked, chunked"],
    "chunked twice in one list",
    "Applied twice or said twice: nobody may send it, and recipients differ.",
  ),
  hidden(
    "te-two-lines",
    [CHUNKED, CHUNKED],
    "two lines of chunked",
    "Some servers compare the joined value with the word, and see no coding.",
  ),
  hidden(
    "te-and-identity",
    [CHUNKED, "Transfer-Encoding: identity"],
    "chunked on one line and identity on the next",
    "First wins is chunked, last wins is no coding.",
  ),
  hidden(
    "te-name-nbsp",
    ["Transfer-Encoding\xa0: chunked"],
    "an octet 0xA0 behind the name of Transfer-Encoding",
    "Trimmed from the name it frames, kept it is an unknown field.",
  ),
  hidden(
    "te-name-space",
    ["Transfer-Encoding : chunked"],
    "a SP behind the name of Transfer-Encoding",
    "The blank that is to be refused, at the field where it does most harm.",
  ),
  hidden(
    "te-name-nul",
    ["Transfer-Encoding\x00X: chunked"],
    "a NUL inside the name, behind Transfer-Encoding",
    "The name ends at the NUL in C.",
  ),
  hidden(
    "te-behind-cr",
    ["X-A: v\rTransfer-Encoding: chunked"],
    "chunked behind a CR in a value",
    "A line of its own to those who end lines at CR.",
  ),
  hidden(
    "cl-name-space",
    ["Content-Length : 5"],
    "a SP behind the name of Content-Length",
    "Dropped as an unknown field it leaves the content for a request.",
  ),
  {
    id: "9110-5.6.1.2-01/te-comma",
    also: ["9112-11.2-01"],
    level: "MUST",
    contract: 1,
    title: "a comma before chunked",
    rationale:
      "An empty member to be skipped: chunked, or refused out of care; never no coding at all.",
    steps: [
      send(post("/echo", ["Transfer-Encoding: ,chunked"], `${chunks("hello")}${get()}`)),
      expect(either(echoed("hello"), refused(400, 501))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/te-folded",
    level: "MUST",
    contract: 0,
    title: "chunked on the next line, folded",
    rationale:
      "Unfolded it is chunked and the content ends early; cut off, the field is empty. One answer at most.",
    steps: [
      send(get(["Transfer-Encoding:", " chunked"], chunks("hello"))),
      expect([...refused(400, 501), ...tolerated(ok(), "unfolded")]),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/cl-underscore",
    level: "MUST",
    contract: 1,
    title: "Content_Length with another value beside Content-Length",
    rationale: "Another name by the grammar; merged as CGI does, it is a second length.",
    steps: [
      send(post("/echo", ["Content-Length: 5", "Content_Length: 2"], "hello")),
      expect(either(echoed("hello"), refused(400))),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-11.2-01/cl-in-name",
    level: "MUST",
    contract: 1,
    title: "X-Content-Length beside Content-Length",
    rationale: "A look for the name anywhere in the head finds the wrong one first.",
    steps: [
      send(post("/echo", ["X-Content-Length: 2", "Content-Length: 5"], "hello")),
      expect(echoed("hello")),
    ],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-11.2-01/octet-behind",
    level: "MUST",
    contract: 1,
    title: "one octet behind chunked content, and the server lives",
    rationale:
      "The rest of a request that never comes: it has crashed a server, so the next connection tells.",
    steps: [
      send(`${post("/echo", [CHUNKED], chunks("hello"))}G`),
      expect(echoed("hello")),
      RECONNECT,
      send(get()),
      expect(ok()),
    ],
    connection: STAYS_OPEN,
  },
]);
