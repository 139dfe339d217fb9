/**
 * Cases for clients: method and content of a request that follows a redirect.
 * RFC 9110 §15.4
 *
 * Rule of this file: data, by requirement. A client that does not follow by itself is not judged by the rest.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import { type ClientRow, clientCases, fails, message, okWith, replyAt } from "../../write.ts";
import { EMPTY, follows, redirect } from "./redirects.ts";

const NEEDS = ["redirects"] as const;

/** A request with content, redirected by this status. */
function resent(
  row: Pick<ClientRow, "id" | "level" | "title" | "rationale" | "outcomes">,
  does: "post" | "put",
  status: string,
): ClientRow {
  return {
    ...row,
    needs: NEEDS,
    ask: { do: does, content: "hello" },
    answers: [replyAt("", redirect(status, "{path}/next")), replyAt("/next", okWith("there"))],
  };
}

/** The second request is a GET, with nothing left of the content. */
const AS_GET: ClientOutcome[] = follows({
  method: "GET",
  content: { equals: "" },
  fields: [
    { name: "Content-Length", is: "absent" },
    { name: "Content-Type", is: "absent" },
    { name: "Transfer-Encoding", is: "absent" },
  ],
});
const NOT_FOLLOWED = "a client need not follow by itself";
const UNFOLLOWED: ClientOutcome = { class: "tolerated", requests: 1, note: NOT_FOLLOWED };

export const REDIRECT_METHOD_CASES: readonly ClientCase[] = clientCases("redirects", [
  resent(
    {
      id: "9110-15.4.4-01/post",
      level: "MUST",
      title: "POST answered with 303",
      rationale: "Always GET, without the content and the fields about it.",
      outcomes: AS_GET,
    },
    "post",
    "303 See Other",
  ),
  resent(
    {
      id: "9110-15.4.4-01/put",
      level: "MUST",
      title: "PUT answered with 303",
      rationale: "Not only POST: whatever the method was, the other resource is to be got.",
      outcomes: AS_GET,
    },
    "put",
    "303 See Other",
  ),
  {
    id: "9110-15.4.4-01/head",
    level: "MUST",
    title: "HEAD answered with 303",
    rationale: "HEAD stays HEAD: the content was not wanted before, and is not now.",
    needs: NEEDS,
    ask: { do: "head" },
    answers: [
      replyAt("", redirect("303 See Other", "{path}/next")),
      replyAt("/next", message("HTTP/1.1 200 OK", ["Content-Length: 5"])),
    ],
    outcomes: [{ class: "conforming", exit: "ok", sent: [{ nth: 1, method: "HEAD" }] }],
  },
  resent(
    {
      id: "9110-15.4.2-02/post",
      level: "MAY",
      title: "POST answered with 301",
      rationale: "For history's sake GET is allowed, and POST with its content is right.",
      outcomes: [
        ...AS_GET,
        ...follows({ method: "POST", content: { equals: "hello" } }),
        UNFOLLOWED,
      ],
    },
    "post",
    "301 Moved Permanently",
  ),
  resent(
    {
      id: "9110-15.4.3-02/post",
      level: "MAY",
      title: "POST answered with 302",
      rationale: "As for 301: both methods, but no mixture of them.",
      outcomes: [
        ...AS_GET,
        ...follows({ method: "POST", content: { equals: "hello" } }),
        UNFOLLOWED,
      ],
    },
    "post",
    "302 Found",
  ),
  resent(
    {
      id: "9110-15.4.8-01/post",
      level: "MUST",
      title: "POST answered with 307",
      rationale: "Made for this: the method must not change, and the content comes along.",
      outcomes: [...follows({ method: "POST", content: { equals: "hello" } }), UNFOLLOWED],
    },
    "post",
    "307 Temporary Redirect",
  ),
  resent(
    {
      id: "9110-15.4.8-01/put",
      level: "MUST",
      title: "PUT answered with 307",
      rationale: "A rule for POST alone would turn this into a GET.",
      outcomes: [...follows({ method: "PUT", content: { equals: "hello" } }), UNFOLLOWED],
    },
    "put",
    "307 Temporary Redirect",
  ),
  resent(
    {
      id: "9110-15.4.9-01/post",
      level: "MUST",
      title: "POST answered with 308",
      rationale: "301 without its history: method and content stay.",
      outcomes: [...follows({ method: "POST", content: { equals: "hello" } }), UNFOLLOWED],
    },
    "post",
    "308 Permanent Redirect",
  ),
  {
    id: "9112-6.1-11/redirect",
    also: ["9112-6.3-22"],
    level: "MUST",
    title: "POST sent on by a 307 in HTTP/1.0",
    rationale: "The server is known to speak 1.0: the content needs a length, and no chunks.",
    needs: NEEDS,
    ask: { do: "post", content: "hello" },
    answers: [
      replyAt("", message("HTTP/1.0 307 Temporary Redirect", ["Location: {path}/next", EMPTY])),
      replyAt("/next", okWith("there")),
    ],
    outcomes: [
      ...follows({ fields: [{ name: "Transfer-Encoding", is: "absent" }] }),
      UNFOLLOWED,
      { ...fails("tolerated"), requests: 1 },
    ],
  },
]);
