/**
 * Cases for clients: connections that go while a request is on its way.
 * RFC 9112 §9.3.1; RFC 9110 §9.2.2
 *
 * Rule of this file: data, by requirement. What is sent again is judged by what it might do twice.
 */
import type { Act, ClientCase, ClientOutcome } from "../../case.ts";
import {
  CLOSE,
  type ClientRow,
  clientCases,
  delivers,
  fails,
  message,
  okWith,
  replyAt,
} from "../../write.ts";
import { failsOrTolerably, gets, SECOND } from "./words.ts";

const RESET: Act = { do: "reset" };

/** A first answer, then this once for the second request, then the answer to it. */
function second(acts: readonly Act[]): Pick<ClientRow, "ask" | "needs" | "answers"> {
  return {
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", okWith("first")),
      { path: SECOND, times: 1, acts },
      replyAt(SECOND, okWith("second")),
    ],
  };
}

/** A GET may be repeated; an error is no harm. */
const REPEATED: readonly ClientOutcome[] = [delivers("firstsecond"), fails("tolerated")];

/** Sent once, and told that it failed. */
const ONCE: readonly ClientOutcome[] = [{ ...fails(), requests: 1 }];

/** A request with content, whose connection goes before any answer. */
function lost(does: "post" | "put", acts: readonly Act[]): Pick<ClientRow, "ask" | "answers"> {
  return { ask: { do: does, content: "hello" }, answers: [{ path: "", acts }] };
}

export const RETRY_CASES: readonly ClientCase[] = clientCases("retries", [
  {
    id: "9112-9.3.1-01/closed-idle",
    level: "SHOULD",
    title: "the connection ends behind the first response, unannounced",
    rationale:
      "Servers close idle connections at any time: a new one is opened for what comes next.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [replyAt("", okWith("first"), CLOSE), replyAt(SECOND, okWith("second"))],
    outcomes: [delivers("firstsecond")],
  },
  {
    id: "9112-9.3.1-01/half-closed-idle",
    level: "SHOULD",
    title: "our direction ends behind the first response",
    rationale:
      "What the client writes is still taken, and no answer can come: not to be waited for.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt("", okWith("first"), { do: "half-close" }),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: [delivers("firstsecond")],
  },
  {
    id: "9112-9.3.1-01/closed-on-request",
    level: "SHOULD",
    title: "the connection ends when the second GET has come",
    rationale: "The race that keep-alive brings: a GET does no harm twice, and is asked once more.",
    ...second([CLOSE]),
    outcomes: REPEATED,
  },
  {
    id: "9112-9.3.1-01/reset-on-request",
    level: "SHOULD",
    title: "a reset when the second GET has come",
    rationale: "The same race as it looks when the server's side is gone altogether.",
    ...second([RESET]),
    outcomes: REPEATED,
  },
  {
    id: "9112-9.3.1-01/cut-answer",
    level: "SHOULD",
    title: "the connection ends within the second answer",
    rationale:
      "An answer has begun: this is no race, and what is missing is told or fetched whole.",
    ...second([
      { do: "send", text: message("HTTP/1.1 200 OK", ["Content-Length: 6"], "sec") },
      CLOSE,
    ]),
    outcomes: [{ ...fails(), requests: 2 }, delivers("firstsecond", "tolerated")],
  },
  {
    id: "9110-9.2.2-03/get",
    level: "SHOULD",
    title: "a server that ends every connection when a GET has come",
    rationale: "One attempt, and one more at the most: a failed retry is not tried again.",
    ...gets([{ path: "", acts: [CLOSE] }]),
    outcomes: [{ ...fails(), requests: { max: 2 } }],
  },
  {
    id: "9110-9.2.2-03/second",
    level: "SHOULD",
    title: "a server that ends every connection when the second GET has come",
    rationale: "On a connection that has proved itself; then too, one more attempt and no other.",
    needs: ["reuse"],
    ask: { do: "get-twice", second: SECOND },
    answers: [replyAt("", okWith("first")), { path: SECOND, acts: [CLOSE] }],
    outcomes: [{ ...fails(), requests: { max: 3 } }],
  },
  {
    id: "9110-9.2.2-01/post",
    level: "SHOULD",
    title: "the connection ends when a POST has come",
    rationale: "Nobody knows whether it was done: it is not done again by itself.",
    ...lost("post", [CLOSE]),
    outcomes: ONCE,
  },
  {
    id: "9110-9.2.2-01/post-reset",
    level: "SHOULD",
    title: "a reset when a POST has come",
    rationale: "The error of the system is another one, and no proof that nothing was done.",
    ...lost("post", [RESET]),
    outcomes: ONCE,
  },
  {
    id: "9110-9.2.2-01/post-cut",
    level: "SHOULD",
    title: "the connection ends within the head of the answer to a POST",
    rationale: "Something was done, as far as the status line says.",
    ...lost("post", [{ do: "send", text: "HTTP/1.1 200 OK\r\nContent-" }, CLOSE]),
    outcomes: ONCE,
  },
  {
    id: "9112-9.3.1-02/reused",
    level: "SHOULD",
    title: "a POST sent on by 307, and the connection ends when it comes",
    rationale:
      "On a connection used before, where clients are quick to blame the race: a POST is not repeated.",
    needs: ["redirects", "reuse"],
    ask: { do: "post", content: "hello" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 307 Temporary Redirect", ["Location: {path}/next", "Content-Length: 0"]),
      ),
      { path: "/next", times: 1, acts: [CLOSE] },
      replyAt("/next", okWith("twice")),
    ],
    outcomes: [
      { ...fails(), requests: 2 },
      { class: "not-applicable", requests: 1, note: "the client does not follow with POST" },
    ],
  },
  {
    id: "9112-9.3.1-02/reused-reset",
    level: "SHOULD",
    title: "a POST sent on by 307, and a reset when it comes",
    rationale: "Reset after the request was read whole: as good as done, for all that is known.",
    needs: ["redirects", "reuse"],
    ask: { do: "post", content: "hello" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 307 Temporary Redirect", ["Location: {path}/next", "Content-Length: 0"]),
      ),
      { path: "/next", times: 1, acts: [RESET] },
      replyAt("/next", okWith("twice")),
    ],
    outcomes: [
      { ...fails(), requests: 2 },
      { class: "not-applicable", requests: 1, note: "the client does not follow with POST" },
    ],
  },
  {
    id: "9110-9.2.2-01/after-interim",
    level: "SHOULD",
    title: "100 to a POST, and the end",
    rationale: "The server has shown that it has begun: an error, and no second attempt.",
    ...lost("post", [{ do: "send", text: message("HTTP/1.1 100 Continue") }, CLOSE]),
    outcomes: ONCE,
  },
  {
    id: "9112-9.3.1-01/put",
    level: "SHOULD",
    title: "the connection ends when a PUT has come, and the next one is answered",
    rationale: "Idempotent by its method: once more does no harm, and giving up none either.",
    ask: { do: "put", content: "hello" },
    answers: [{ path: "", times: 1, acts: [CLOSE] }, replyAt("", okWith("there"))],
    outcomes: [...failsOrTolerably("there")].map((outcome) => ({
      ...outcome,
      class: "conforming",
    })),
  },
]);
