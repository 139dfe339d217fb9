/**
 * Cases for clients: how Set-Cookie is parsed, and what its attributes do.
 * RFC 6265 §5.1, §5.2; RFC 6265bis §5
 *
 * Rule of this file: data, by requirement.
 */
import type { ClientCase, ClientOutcome } from "../../case.ts";
import { type ClientRow, clientCases } from "../../write.ts";
import { NO_COOKIE, sendsCookie, sets } from "./cookies.ts";

/** Set so, it comes back as a=b. */
function kept(id: string, cookie: string, title: string, rationale: string): ClientRow {
  return { id, level: "MUST", title, rationale, ...sets([cookie]), outcomes: sendsCookie("a=b") };
}

/** Set so, it does not come back. */
function gone(id: string, cookie: string, title: string, rationale: string): ClientRow {
  return { id, level: "MUST", title, rationale, ...sets([cookie]), outcomes: NO_COOKIE };
}

/** Loopback addresses count as secure for some, which the text leaves to the client. */
const SECURE_LOOPBACK: ClientOutcome = {
  class: "tolerated",
  note: "taken for secure, being on the same machine",
  sent: [{ nth: 1, fields: [{ name: "Cookie", is: "present" }] }],
};

export const COOKIE_ATTRIBUTE_CASES: readonly ClientCase[] = clientCases("cookies", [
  kept(
    "6265-5.2-01/blanks",
    "  a =  b  ; Path=/",
    "blanks around a cookie's name and value",
    "Trimmed on both sides of both.",
  ),
  {
    id: "6265-5.2-01/equals",
    level: "MUST",
    title: "'=' in a cookie's value",
    rationale: "The first one parts name and value; the others belong to the value.",
    ...sets(["a=b=c==; Path=/"]),
    outcomes: sendsCookie("a=b=c=="),
  },
  {
    id: "6265-5.2-01/quotes",
    level: "MUST",
    title: "a cookie's value in quotes",
    rationale: "Quotes mean nothing to the client: they come back with the value.",
    ...sets(['a="b"; Path=/']),
    outcomes: sendsCookie('a="b"'),
  },
  {
    id: "6265-5.2-01/empty-value",
    level: "MUST",
    title: "a cookie with an empty value",
    rationale: "A cookie like others, and no request to remove it.",
    ...sets(["a=; Path=/"]),
    outcomes: sendsCookie("a="),
  },
  {
    id: "6265bis-5.6-02/no-equals",
    level: "MUST",
    title: "a cookie without '='",
    rationale:
      "Ignored by RFC 6265, kept without a name by its successor; never a name without a value.",
    ...sets(["novalue; Path=/"]),
    outcomes: [...NO_COOKIE, ...sendsCookie("novalue")],
  },
  {
    id: "6265bis-5.6-02/empty",
    level: "MUST",
    title: "a cookie with neither name nor value",
    rationale: "Ignored by both texts: there is nothing that could come back.",
    ...sets(["=; Path=/"]),
    outcomes: NO_COOKIE,
  },
  kept(
    "6265-5.2-02/unknown",
    "a=b; Foo=Bar; Path=/; Baz",
    "unknown attributes",
    "Ignored, and so are those without a value; the others count.",
  ),
  kept(
    "6265-5.2-02/case",
    "a=b; PATH=/; mAx-AgE=60",
    "attribute names in mixed case",
    "They mind no case, unlike the names of cookies.",
  ),
  kept(
    "6265-5.2-03/path",
    "a=b; Path=/elsewhere; Path=/",
    "two paths in one cookie",
    "The last attribute of a name wins.",
  ),
  gone(
    "6265-5.2-03/max-age",
    "a=b; Path=/; Max-Age=60; Max-Age=0",
    "two ages in one cookie",
    "Here the last one ends it at once.",
  ),
  kept(
    "6265-5.2.4-01/no-slash",
    "a=b; Path=foo",
    "a path that does not begin with a slash",
    "No path: the default one is taken, below which the second address lies.",
  ),
  kept(
    "6265-5.2.4-01/empty",
    "a=b; Path=",
    "an empty path attribute",
    "As if there were none: the default path is taken.",
  ),
  gone(
    "6265-5.2.1-01/past",
    "a=b; Path=/; Expires={date:-3600}",
    "a date an hour ago",
    "Over before it was kept, and so never sent.",
  ),
  kept(
    "6265-5.2.1-01/future",
    "a=b; Path=/; Expires={date:3600}",
    "a date in an hour",
    "The form of HTTP dates, with the comma in it.",
  ),
  kept(
    "6265-5.2.1-01/no-date",
    "a=b; Path=/; Expires=tomorrow",
    "a date that is none",
    "The attribute is ignored, not the cookie.",
  ),
  kept(
    "6265-5.2.1-01/zero",
    "a=b; Path=/; Expires=0",
    "0 for a date",
    "For caches it is in the past; for cookies it is no date, and ignored.",
  ),
  gone(
    "6265-5.1.1-01/hyphens",
    "a=b; Path=/; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
    "a date with hyphens",
    "What servers send to remove a cookie, since Netscape.",
  ),
  gone(
    "6265-5.1.1-01/two-digit-past",
    "a=b; Path=/; Expires=Thursday, 01-Jan-70 00:00:01 GMT",
    "a two-digit year of 70",
    "70 to 99 are of the last century.",
  ),
  kept(
    "6265-5.1.1-01/two-digit-future",
    "a=b; Path=/; Expires=Friday, 01-Jan-69 00:00:01 GMT",
    "a two-digit year of 69",
    "0 to 69 are of this century: other rules make it the past.",
  ),
  gone(
    "6265-5.1.1-01/asctime",
    "a=b; Path=/; Expires=Thu Jan  1 00:00:01 1970",
    "a date as asctime writes it",
    "Month, day, time and year are found in any order.",
  ),
  gone(
    "6265-5.1.1-01/bare",
    "a=b; Path=/; Expires=1 Jan 1970 0:0:1",
    "a date without weekday and zone",
    "The four tokens that count, with digits left out as far as is allowed.",
  ),
  kept(
    "6265-5.1.1-01/bad-day",
    "a=b; Path=/; Expires=Thu, 32 Jan 1970 00:00:01 GMT",
    "the thirty-second of January",
    "Out of range: no date, and so no expiry.",
  ),
  gone(
    "6265-5.2.2-01/zero",
    "a=b; Path=/; Max-Age=0",
    "an age of 0",
    "Gone at once: the usual way to remove a cookie.",
  ),
  gone(
    "6265-5.2.2-01/minus",
    "a=b; Path=/; Max-Age=-1",
    "a negative age",
    "The sign is allowed, and means the earliest time there is.",
  ),
  kept(
    "6265-5.2.2-01/letter",
    "a=b; Path=/; Max-Age=0x",
    "an age with a letter behind its digits",
    "Not all digits: ignored, though it begins with 0.",
  ),
  kept(
    "6265-5.2.2-01/over-expires",
    "a=b; Path=/; Max-Age=60; Expires={date:-3600}",
    "an age to come and a date that is past",
    "The age wins, wherever it stands.",
  ),
  gone(
    "6265-5.2.2-01/under-expires",
    "a=b; Path=/; Expires={date:3600}; Max-Age=0",
    "an age of 0 and a date to come",
    "And it wins the other way round.",
  ),
  kept(
    "6265-5.2.2-01/huge",
    "a=b; Path=/; Max-Age=99999999999999999999",
    "an age that no counter holds",
    "Wrapped round it would be in the past; it is only long.",
  ),
  {
    id: "6265-5.3-03/removed",
    level: "MUST",
    title: "a cookie, and the same one with an age of 0",
    rationale: "The way to remove one: nothing of it is left, nor is an empty value.",
    ...sets(["a=b; Path=/", "a=; Path=/; Max-Age=0", "c=d; Path=/"]),
    outcomes: sendsCookie("c=d"),
  },
  gone(
    "6265-5.3-01/foreign",
    "a=b; Path=/; Domain=example.com",
    "the domain of somebody else",
    "Refused whole, and not kept for the host that has sent it.",
  ),
  gone(
    "6265-5.1.3-01/address-suffix",
    "a=b; Path=/; Domain=0.0.1",
    "the end of an IP address for a domain",
    "Addresses have no subdomains: a suffix of one matches nothing.",
  ),
  kept(
    "6265-5.2.3-01/empty",
    "a=b; Path=/; Domain=",
    "an empty domain",
    "Ignored, as if it were not there.",
  ),
  {
    id: "6265-5.2.5-01/plain",
    level: "MUST",
    title: "a secure cookie over plain HTTP",
    rationale: "Only for secure ways: kept or refused, it does not go out here.",
    transport: "plain",
    ...sets(["a=b; Path=/; Secure"]),
    outcomes: [...NO_COOKIE, SECURE_LOOPBACK],
  },
  kept(
    "6265-5.4-03/http-only",
    "a=b; Path=/; HttpOnly",
    "a cookie for HTTP only",
    "HTTP is what it is for; the attribute hides it from others.",
  ),
  kept(
    "6265bis-5.6.7-01/unknown",
    "a=b; Path=/; SameSite=foo",
    "an unknown SameSite",
    "As if it were not there: no reason to refuse the cookie.",
  ),
  gone(
    "6265bis-5.4-01/not-secure",
    "__Secure-a=b; Path=/",
    "a name with __Secure- and no Secure",
    "The prefix is a promise that the client checks.",
  ),
  gone(
    "6265bis-5.4-02/with-path",
    "__Host-a=b; Secure; Path={path}",
    "a name with __Host- and a path",
    "The prefix promises the root path, and the secure way too.",
  ),
  {
    id: "6265bis-5.6-01/control",
    level: "MUST",
    title: "a control character in a cookie",
    rationale: "Dropped: it must not get into the field of another request.",
    ...sets(["a=b\x01c; Path=/"]),
    outcomes: [
      ...NO_COOKIE,
      {
        class: "conforming",
        exit: "error",
        output: { lacks: "first" },
        note: "the response is refused",
      },
    ],
  },
  {
    id: "6265bis-5.6-03/too-large",
    level: "MUST",
    title: "a cookie of 5,000 octets",
    rationale: "Above 4096 octets of name and value: dropped, not cut.",
    ...sets([`a=${"v".repeat(4998)}; Path=/`]),
    outcomes: NO_COOKIE,
  },
]);
