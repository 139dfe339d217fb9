/**
 * Cases for clients: uploads that wait for 100, and answers that come before the content.
 * RFC 9110 §10.1.1, §7.5; RFC 9112 §9.5
 *
 * Rule of this file: data, by requirement. With `needs: ["expect"]` the client was told to wait.
 */
import type { Act, ClientCase } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
} from "../../write.ts";

const NEEDS = ["expect"] as const;
const CONTINUE = message("HTTP/1.1 100 Continue");
const READ: Act = { do: "read-content" };

function say(text: string): Act {
  return { do: "send", text };
}

/** A POST of "hello", which gets these acts as soon as its head is there. */
function posts(...acts: readonly Act[]): Pick<ClientRow, "ask" | "answers"> {
  return { ask: { do: "post", content: "hello" }, answers: [{ path: "", after: "head", acts }] };
}

const TOO_LARGE = message(
  "HTTP/1.1 413 Content Too Large",
  ["Connection: close", "Content-Length: 3"],
  "no!",
);

export const EXPECT_CASES: readonly ClientCase[] = clientCases("expect", [
  {
    id: "9110-10.1.1-02/continued",
    level: "MUST",
    title: "100 when asked for, then the answer to the content",
    rationale: "Who waits says so in Expect, and then sends all of the content.",
    needs: NEEDS,
    ...posts(say(CONTINUE), READ, say(okWith("there"))),
    outcomes: [
      {
        ...delivers("there"),
        sent: [
          {
            nth: 0,
            content: { equals: "hello" },
            fields: [{ name: "Expect", member: "100-continue" }],
          },
        ],
      },
    ],
  },
  {
    id: "9110-10.1.1-03/silence",
    level: "SHOULD",
    title: "no 100 at all",
    rationale: "Old servers do not know Expect: after a while the content is sent unasked.",
    needs: NEEDS,
    ...posts(READ, say(okWith("there"))),
    outcomes: [{ ...delivers("there"), sent: [{ nth: 0, content: { equals: "hello" } }] }],
  },
  {
    id: "9110-15.2-02/before-continue",
    level: "MUST",
    title: "103, and later the 100 that was waited for",
    rationale: "Not every interim response is the leave to go on, and none of them is the answer.",
    needs: NEEDS,
    ...posts(
      say(message("HTTP/1.1 103 Early Hints", ["Link: </a>; rel=preload"])),
      { do: "pause", ms: 50 },
      say(CONTINUE),
      READ,
      say(okWith("there")),
    ),
    outcomes: [{ ...delivers("there"), sent: [{ nth: 0, content: { equals: "hello" } }] }],
  },
  {
    id: "9110-15.2-02/continue-twice",
    level: "MUST",
    title: "100 twice",
    rationale: "The second one, behind the content, is no more the answer than the first.",
    needs: NEEDS,
    ...posts(say(CONTINUE), READ, say(`${CONTINUE}${okWith("there")}`)),
    outcomes: [delivers("there")],
  },
  {
    id: "9110-10.1.1-05/refused",
    level: "MUST",
    title: "403 and the end in place of 100",
    rationale:
      "The answer is here: nothing is waited for any more, and the content may stay at home.",
    needs: NEEDS,
    ...posts(
      say(message("HTTP/1.1 403 Forbidden", ["Connection: close", "Content-Length: 3"], "no!")),
      CLOSE,
    ),
    outcomes: [
      { ...delivers("no!"), requests: { max: 1 } },
      { ...fails(), requests: { max: 1 } },
    ],
  },
  {
    id: "9110-10.1.1-05/kept-open",
    level: "MUST",
    title: "401 in place of 100, and the connection stays open",
    rationale:
      "Either the content is sent after all, or the connection given up: no third way frames the next request.",
    needs: NEEDS,
    ...posts(
      say(
        message(
          "HTTP/1.1 401 Unauthorized",
          ["WWW-Authenticate: Basic realm=a", "Content-Length: 3"],
          "no!",
        ),
      ),
    ),
    outcomes: [
      { class: "conforming", exit: "ok", output: { equals: "no!" }, excess: "none" },
      { class: "conforming", exit: "error", excess: "none" },
      { class: "conforming", connections: 1, sent: [{ nth: 0, content: { equals: "hello" } }] },
      { class: "conforming", exit: "ok", output: { equals: "no!" }, requests: 0, ended: "client" },
    ],
  },
  {
    id: "9110-10.1.1-05/success",
    level: "MUST",
    title: "200 in place of 100",
    rationale: "An answer is an answer, also where the server did not need the content for it.",
    needs: NEEDS,
    ...posts(say(okWith("there"))),
    outcomes: [delivers("there")],
  },
  {
    id: "9110-10.1.1-04/retried",
    level: "SHOULD",
    title: "417, then a server that takes the content",
    rationale:
      "Somebody on the way cannot do it: the request is repeated, without the expectation.",
    needs: NEEDS,
    ask: { do: "post", content: "hello" },
    answers: [
      {
        after: "head",
        acts: [
          say(
            message("HTTP/1.1 417 Expectation Failed", ["Connection: close", "Content-Length: 0"]),
          ),
          CLOSE,
        ],
      },
      { acts: [say(okWith("there"))] },
    ],
    outcomes: [
      {
        ...delivers("there"),
        sent: [
          { nth: 0, content: { equals: "hello" }, fields: [{ name: "Expect", is: "absent" }] },
        ],
      },
      {
        ...delivers("there"),
        sent: [
          { nth: 1, content: { equals: "hello" }, fields: [{ name: "Expect", is: "absent" }] },
        ],
      },
    ],
  },
]);

export const EARLY_CASES: readonly ClientCase[] = clientCases("early-answers", [
  {
    id: "9112-9.5-04/413",
    level: "SHOULD",
    title: "413 and the end, before the content was read",
    rationale:
      "The answer is looked for while sending; it is told, and the request not made again.",
    ...posts(say(TOO_LARGE), READ, CLOSE),
    outcomes: [
      { ...delivers("no!"), requests: 1 },
      { ...fails(), requests: 1 },
    ],
  },
  {
    id: "9110-7.5-01/200",
    level: "SHOULD",
    title: "200 before the content was read",
    rationale: "No reason to stop: the content is sent to its end, in the length announced.",
    ...posts(say(okWith("there")), READ),
    outcomes: [{ ...delivers("there"), sent: [{ nth: 0, content: { equals: "hello" } }] }],
  },
  {
    id: "9110-15.2-02/unasked-continue",
    level: "MUST",
    title: "100 to a POST that was not waiting",
    rationale: "The content is on its way already, and 100 is not the answer to it.",
    ...posts(say(CONTINUE), READ, say(okWith("there"))),
    outcomes: [{ ...delivers("there"), requests: 1 }],
  },
]);
