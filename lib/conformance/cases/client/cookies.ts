/**
 * Cases for clients: which cookies come back, in which form.
 * RFC 6265 §5
 *
 * Rule of this file: data, by requirement. The second request shows what was kept of the first response; what
 * refuses a cookie or an attribute is in cookie-attributes.ts.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import { type ClientRow, clientCases, message, okWith, reply, replyAt } from "../../write.ts";
import { SECOND } from "./words.ts";

const NEEDS = ["cookies"] as const;

/** The second request has this Cookie field, on one line. */
export function sendsCookie(value: string): ClientOutcome[] {
  const fields = [
    { name: "Cookie", equals: value },
    { name: "Cookie", lines: 1 },
  ] as const;
  return [{ class: "conforming", sent: [{ nth: 1, fields }] }];
}

/** The second request has these cookies and no others, on one line, in whatever order. */
export function sendsAll(...cookies: readonly string[]): ClientOutcome[] {
  const sent = permutations(cookies).map((pairs) => sendsCookie(pairs.join("; ")));
  return sent.flat();
}

function permutations(all: readonly string[]): string[][] {
  if (all.length === 0) return [[]];
  return all.flatMap((first) =>
    permutations(all.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

/** The second request has no Cookie field. */
export const NO_COOKIE: readonly ClientOutcome[] = [
  { class: "conforming", sent: [{ nth: 1, fields: [{ name: "Cookie", is: "absent" }] }] },
];

/** A response that sets these; then another request, to the address with `second` behind it. */
export function sets(
  cookies: readonly string[],
  second: string = SECOND,
): Pick<ClientRow, "ask" | "needs" | "answers"> {
  const fields = cookies.map((cookie) => `Set-Cookie: ${cookie}`);
  return {
    needs: NEEDS,
    ask: { do: "get-twice", second },
    answers: [replyAt("", okWith("first", fields)), replyAt(second, okWith("second"))],
  };
}

const FIFTY: readonly string[] = Array.from({ length: 50 }, (_, i) => `c${i}=${i}; Path=/`);

export const COOKIE_CASES: readonly ClientCase[] = clientCases("cookies", [
  {
    id: "6265-5.4-03/sent-back",
    level: "MUST",
    title: "a cookie comes back",
    rationale: "The plainest one: a name, a value, and a path below which the second address lies.",
    ...sets(["a=b; Path=/"]),
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-3-01/404",
    level: "MUST",
    title: "a cookie in a 404",
    rationale: "Every status may set one, errors too.",
    needs: NEEDS,
    ask: { do: "get-twice", second: SECOND },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 404 Not Found", ["Set-Cookie: a=b; Path=/", "Content-Length: 0"]),
      ),
      replyAt(SECOND, okWith("second")),
    ],
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-3-01/redirect",
    level: "MUST",
    title: "a cookie in a redirect",
    rationale: "Set before the next request is made, which already carries it: how logins work.",
    needs: ["cookies", "redirects"],
    ask: { do: "get" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 302 Found", [
          "Set-Cookie: a=b; Path=/",
          "Location: {path}/next",
          "Content-Length: 0",
        ]),
      ),
      replyAt("/next", okWith("there")),
    ],
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-5.4-03/other-host",
    also: ["6265-5.3-01"],
    level: "MUST",
    title: "a cookie, and a redirect to another host name",
    rationale: "It belongs to the host that has set it, though it is the same server that asks.",
    transport: "plain",
    needs: ["cookies", "redirects"],
    ask: { do: "get" },
    answers: [
      replyAt(
        "",
        message("HTTP/1.1 302 Found", [
          "Set-Cookie: a=b; Path=/",
          "Location: http://{other}{path}/next",
          "Content-Length: 0",
        ]),
      ),
      replyAt("/next", okWith("there")),
    ],
    outcomes: NO_COOKIE,
  },
  {
    id: "6265-5.4-01/three",
    also: ["6265-5.4-02"],
    level: "MUST",
    title: "three cookies on three lines",
    rationale:
      "Kept apart when they come, and put on one line when they go, with '; ' between them.",
    ...sets(["a=1; Path=/", "b=2; Path=/", "c=3; Path=/"]),
    outcomes: sendsAll("a=1", "b=2", "c=3"),
  },
  {
    id: "9110-5.3-03/comma",
    level: "SHOULD",
    title: "a comma in a cookie's value",
    rationale: "Set-Cookie is no list: what is behind the comma is no cookie of its own.",
    ...sets(["a=b, c=d; Path=/"]),
    outcomes: sendsCookie("a=b, c=d"),
  },
  {
    id: "9110-5.3-03/comma-in-date",
    level: "SHOULD",
    title: "two cookies, the first with a date",
    rationale: "Joined with a comma, the date could not be told from the second cookie.",
    ...sets(["a=1; Path=/; Expires={date:3600}", "b=2; Path=/"]),
    outcomes: sendsAll("a=1", "b=2"),
  },
  {
    id: "6265-5.3-01/replaced",
    level: "MUST",
    title: "a cookie set twice",
    rationale: "Name, domain and path are the same, so the second replaces the first.",
    ...sets(["a=1; Path=/", "a=2; Path=/"]),
    outcomes: sendsCookie("a=2"),
  },
  {
    id: "6265-5.4-04/keeps-its-place",
    level: "SHOULD",
    title: "a cookie replaced after another was set",
    rationale: "The creation time of the old one is kept, and with it the place in the line.",
    ...sets(["a=1; Path=/", "b=2; Path=/", "a=3; Path=/"]),
    outcomes: sendsCookie("a=3; b=2"),
  },
  {
    id: "6265-5.3-01/case",
    level: "MUST",
    title: "two cookies whose names differ in case",
    rationale: "Cookie names mind case: none replaces the other.",
    ...sets(["a=1; Path=/", "A=2; Path=/"]),
    outcomes: sendsAll("a=1", "A=2"),
  },
  {
    id: "6265-5.4-04/paths",
    level: "SHOULD",
    title: "cookies of one name on two paths",
    rationale: "Both match; the longer path goes first, though it was set last.",
    ...sets(["a=short; Path=/", "a=long; Path={path}"]),
    outcomes: sendsCookie("a=long; a=short"),
  },
  {
    id: "6265-5.4-04/creation",
    level: "SHOULD",
    title: "three cookies on one path",
    rationale: "Equal in length of path: the one that was set first goes first.",
    ...sets(["c=1; Path=/", "a=2; Path=/", "b=3; Path=/"]),
    outcomes: sendsCookie("c=1; a=2; b=3"),
  },
  {
    id: "6265-5.1.4-01/directory",
    level: "MUST",
    title: "a cookie without a path, and a request below its directory",
    rationale: "The default is the directory of the first address, which the second one is in.",
    ...sets(["a=b"]),
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-5.1.4-01/outside",
    level: "MUST",
    title: "a cookie without a path, and a redirect out of its directory",
    rationale: "Not the root: another directory of the same host does not get it.",
    needs: ["cookies", "redirects"],
    ask: { do: "get" },
    answers: [
      reply(
        message("HTTP/1.1 302 Found", [
          "Set-Cookie: a=b",
          "Location: /outside",
          "Content-Length: 0",
        ]),
      ),
      reply(okWith("there")),
    ],
    outcomes: NO_COOKIE,
  },
  {
    id: "6265-5.1.4-02/equal",
    level: "MUST",
    title: "a cookie whose path is the second address",
    rationale: "A path matches itself, without a slash at its end.",
    ...sets(["a=b; Path={path}/foo"], "/foo"),
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-5.1.4-02/below",
    level: "MUST",
    title: "a cookie whose path has the second address below it",
    rationale: "What follows the path begins with a slash.",
    ...sets(["a=b; Path={path}/foo"], "/foo/bar"),
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-5.1.4-02/prefix",
    level: "MUST",
    title: "a cookie whose path the second address only begins with",
    rationale: "No slash where the path ends: another directory, of another person maybe.",
    ...sets(["a=b; Path={path}/foo"], "/foobar"),
    outcomes: NO_COOKIE,
  },
  {
    id: "6265-5.1.4-02/slash",
    level: "MUST",
    title: "a cookie whose path has a slash more than the second address",
    rationale: "The address is no prefix match of a path that is longer.",
    ...sets(["a=b; Path={path}/foo/"], "/foo"),
    outcomes: NO_COOKIE,
  },
  {
    id: "6265-5.1.4-02/query",
    level: "MUST",
    title: "a cookie's path, and an address with a query",
    rationale: "Paths are compared without the query.",
    ...sets(["a=b; Path={path}/foo"], "/foo?bar"),
    outcomes: sendsCookie("a=b"),
  },
  {
    id: "6265-6.1-01/fifty",
    level: "SHOULD",
    title: "fifty cookies of one host",
    rationale:
      "The least that every client should have room for: the first and the last are still there.",
    ...sets(FIFTY),
    outcomes: [
      {
        class: "conforming",
        sent: [
          {
            nth: 1,
            fields: [
              { name: "Cookie", contains: "c0=0" },
              { name: "Cookie", contains: "c49=49" },
            ],
          },
        ],
      },
    ],
  },
  {
    id: "6265-6.1-01/large",
    level: "SHOULD",
    title: "a cookie of 4,000 octets",
    rationale: "Name, value and attributes together below 4096: kept whole.",
    ...sets([`a=${"v".repeat(3900)}; Path=/`]),
    outcomes: sendsCookie(`a=${"v".repeat(3900)}`),
  },
]);
