/**
 * Cases for clients: redirects, and the requests that follow them.
 * RFC 9110 §10.2.2, §15.4
 *
 * Rule of this file: data, by requirement. Only for clients that follow; what the second request looks like is judged.
 * What becomes of method and content is in redirect-methods.ts,
 * circles are in limits.ts.
 */
import type { ClientCase, ClientOutcome, RequestSeen } from "../../case.ts";
import {
  type ClientRow,
  clientCases,
  delivers,
  message,
  okWith,
  reply,
  replyAt,
} from "../../write.ts";

const NEEDS = ["redirects"] as const;
export const EMPTY: string = "Content-Length: 0";

/** A redirect with this status and Location. */
export function redirect(status: string, location: string, more: readonly string[] = []): string {
  return message(`HTTP/1.1 ${status}`, [`Location: ${location}`, ...more, EMPTY]);
}

/** "there", and the second request like this. */
export function follows(second: Omit<RequestSeen, "nth">): ClientOutcome[] {
  return [{ ...delivers("there"), requests: 2, sent: [{ nth: 1, ...second }] }];
}

/** The redirect itself is the answer, and nothing else was asked for. */
const STAYS: readonly ClientOutcome[] = [
  { class: "conforming", exit: "ok", requests: 1 },
  { class: "conforming", exit: "error", requests: 1 },
];

/** 302 with this Location; the second request has this target. */
function located(
  variant: string,
  location: string,
  target: string,
  title: string,
  rationale: string,
): ClientRow {
  return {
    id: `9110-10.2.2-02/${variant}`,
    level: "MUST",
    title,
    rationale,
    needs: NEEDS,
    ask: { do: "get" },
    answers: [reply(redirect("302 Found", location)), reply(okWith("there"))],
    outcomes: follows({ target, fields: [{ name: "Host", equals: "{host}" }] }),
  };
}

export const REDIRECT_CASES: readonly ClientCase[] = clientCases("redirects", [
  located(
    "path",
    "/elsewhere",
    "/elsewhere",
    "Location with a path alone",
    "Scheme and authority stay; the path is another one altogether.",
  ),
  located(
    "absolute",
    "{base}/else",
    "/else",
    "Location with the whole address",
    "The form that every client knows; the target has the path only.",
  ),
  located(
    "relative",
    "next",
    "/case/9110-10.2.2-02/next",
    "Location relative to the last segment",
    "Put in place of what is behind the last slash.",
  ),
  located(
    "dots",
    "../up",
    "/case/up",
    "Location with '..'",
    "Dot segments are taken out before the request is made.",
  ),
  located(
    "query-only",
    "?q=1",
    "{path}?q=1",
    "Location with a query alone",
    "The path stays, and nothing is cut off at its last slash.",
  ),
  located(
    "no-scheme",
    "//{host}/net",
    "/net",
    "Location without a scheme",
    "Two slashes begin an authority: no path of that name.",
  ),
  located(
    "blanks",
    " \t/blank \t",
    "/blank",
    "Location with blanks around it",
    "They belong to the field line, not to the reference.",
  ),
  {
    ...located(
      "lower-case-name",
      "/lower",
      "/lower",
      "a Location whose name is in capitals",
      "A field name as others: its case says nothing.",
    ),
    answers: [
      reply(message("HTTP/1.1 302 Found", ["LOCATION: /lower", EMPTY])),
      reply(okWith("there")),
    ],
  },
  {
    ...located(
      "no-path",
      "{base}",
      "/",
      "Location without a path",
      "An empty path is sent as a slash: a request line with nothing there is none.",
    ),
    id: "9112-3.2.1-02/location",
  },
  {
    ...located(
      "no-path-query",
      "{base}?q=1",
      "/?q=1",
      "Location without a path, with a query",
      "The slash goes before the query, and is not left out for it.",
    ),
    id: "9112-3.2.1-02/location-query",
  },
  {
    ...located(
      "fragment",
      "/frag?q=1#part",
      "/frag?q=1",
      "Location with a fragment",
      "It is for the client, and never on the request line.",
    ),
    id: "9112-3.2.1-03/location",
  },
  {
    id: "9112-3.2-04/redirect",
    level: "MUST",
    title: "a redirect to the same server under another name",
    rationale:
      "Host is that of the new address; kept from the first request it asks the wrong site.",
    transport: "plain",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [
      replyAt("", redirect("302 Found", "http://{other}{path}/next")),
      replyAt("/next", okWith("there")),
    ],
    outcomes: follows({ fields: [{ name: "Host", equals: "{other}" }] }),
  },
  {
    id: "9110-15.4-01/credentials",
    level: "SHOULD",
    title: "a redirect to another name, from an address with name and password",
    rationale: "Credentials are for whom they were meant for: not for whoever a response names.",
    transport: "plain",
    needs: NEEDS,
    ask: { do: "get", user: "user:secret" },
    answers: [
      replyAt("", redirect("302 Found", "http://{other}{path}/next")),
      replyAt("/next", okWith("there")),
    ],
    outcomes: [
      ...follows({ fields: [{ name: "Authorization", is: "absent" }] }),
      { class: "not-applicable", exit: "error", requests: 0, note: "no such addresses" },
    ],
  },
  {
    id: "9110-15.4-01/content-not-shown",
    level: "SHOULD",
    title: "a redirect with content",
    rationale: "Meant for people when nothing follows: only the last answer is given out.",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 302 Found", ["Location: {path}/next", "Content-Length: 5"], "moved"),
      ),
      replyAt("/next", okWith("there")),
    ],
    outcomes: [{ ...delivers("there"), requests: 2 }],
  },
  {
    id: "9112-9.3-09/redirect",
    level: "MUST",
    title: "a redirect with a lot of content",
    rationale:
      "Read to its end or given up with the connection: never left there for the next answer.",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [
      replyAt("", [
        message("HTTP/1.1 302 Found", ["Location: {path}/next", "Content-Length: 800000"]),
        { repeat: "POISON!\n", times: 100_000 },
      ]),
      replyAt("/next", okWith("there")),
    ],
    outcomes: [delivers("there")],
  },
  {
    id: "9110-15.4-01/no-location",
    level: "SHOULD",
    title: "302 without a Location",
    rationale: "Nowhere to go: the response stands for itself.",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [replyAt("", message("HTTP/1.1 302 Found", ["Content-Length: 5"], "hello"))],
    outcomes: STAYS,
  },
  {
    id: "9110-15.4-01/other-scheme",
    level: "SHOULD",
    title: "302 to a file",
    rationale:
      "A server sends nobody into the files of his own machine: not followed, and no content.",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [replyAt("", redirect("302 Found", "file:///etc/passwd"))],
    outcomes: STAYS.map((outcome) => ({ ...outcome, output: { lacks: "root:" } })),
  },
  {
    id: "9110-15-01/201-location",
    level: "MUST",
    title: "201 with a Location",
    rationale: "A success that names what was made: Location alone redirects nobody.",
    needs: NEEDS,
    ask: { do: "get" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 201 Created", ["Location: {path}/next", "Content-Length: 4"], "made"),
      ),
      replyAt("/next", okWith("POISON")),
    ],
    outcomes: [{ ...delivers("made"), requests: 1 }],
  },
  {
    id: "9110-10.1.3-01/redirect",
    level: "MUST",
    title: "Referer after a redirect from an address with name and password",
    rationale: "Where it is sent it has neither userinfo nor fragment.",
    needs: NEEDS,
    ask: { do: "get", user: "user:secret" },
    answers: [replyAt("", redirect("302 Found", "{path}/next")), replyAt("/next", okWith("there"))],
    outcomes: [
      ...follows({
        fields: [
          { name: "Referer", lacks: "secret" },
          { name: "Referer", lacks: "#" },
        ],
      }),
      { class: "not-applicable", exit: "error", requests: 0, note: "no such addresses" },
    ],
  },
]);
