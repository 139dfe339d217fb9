/**
 * Fuzz target: where a Location leads, over several hops.
 * RFC 9110 §10.2.2, §15.4
 *
 * Rule of this file: each line of an input is a status, a blank, and the Location of one answer. A request goes
 * where the URL standard says that the reference leads, or nowhere; credentials of the caller go to its host and
 * below it, and a Referer tells neither a password nor http of https. Every request can be written.
 */
import { Client, isDomainOrSubdomain } from "../../lib/client/mod.ts";
import { type Request, Response, newRequest, requestHead } from "../../lib/message/mod.ts";
import { TestClock } from "../../lib/testing/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import type { Target } from "../harness.ts";
import { codeOf, mustEqual, textOf, urlOf } from "../kit/text.ts";

const ASKED = ["http://user:pass@a.example/x/y?z", "https://a.example:8443/x/", "http://[::1]/x"];
const SECRET = "of-the-caller";

export const target: Target = {
  feed: "whole",
  seeds: [
    "302 http://b.example/z\n307 //sub.a.example/w\n301 /q?r#s",
    "303 ../up\n308 https://a.example/\n302 http://user:pw@[::1]:81/%41",
    "301 ?x=1\n302 HTTP://A.Example:80\n302 mailto:a@b",
  ],
  words: [
    "\n302 ",
    "\n307 ",
    "http://",
    "https://",
    "//",
    "\\",
    "a.example",
    "sub.a.example",
    "b.example",
    "@",
    ":80",
    "[::1%25eth0]",
    "127.1",
    "/../",
    "\t",
    "#",
    "xn--",
    "%2e%2e/",
    "\xc3\xa4",
  ],
  vectors: { files: /^goclient-redirects/, keys: ["location"] },
  async run(pieces) {
    const lines = textOf(pieces).split("\n").slice(0, 12);
    const first = ASKED[(lines[0]?.length ?? 0) % ASKED.length]!;
    const seen: Request[] = [];
    // What a transport throws becomes an error with a code: a broken law is to stay what it is.
    let broken: unknown;
    const client = new Client({
      clock: new TestClock(),
      transport: {
        async roundTrip(request) {
          try {
            mustFollow(seen.at(-1), request, lines[seen.length - 1], first);
          } catch (error) {
            broken ??= error;
          }
          seen.push(request);
          return answerTo(request, lines[seen.length - 1]);
        },
      },
    });
    const header = { Authorization: SECRET, Cookie: `c=${SECRET}` };
    const asked = newRequest("POST", first, "abc", { header });
    let end: unknown;
    try {
      end = (await client.do(asked)).status;
    } catch (error) {
      end = codeOf(error);
    }
    if (broken !== undefined) throw broken;
    return JSON.stringify([seen.map(({ method, target: to }) => [method, to]), end]);
  },
};

function answerTo(request: Request, line: string | undefined): Response {
  const [, status, location] = /^(\d{3}) ([^]*)$/.exec(line ?? "") ?? [];
  const header = new Header();
  // As a reader tells the value of a field: without the blanks around it.
  if (location !== undefined) header.add("Location", location.replace(/^[ \t]+|[ \t]+$/g, ""));
  return new Response({ status: status === undefined ? 200 : Number(status), header, request });
}

/** The laws of one hop. */
function mustFollow(
  last: Request | undefined,
  next: Request,
  line: string | undefined,
  first: string,
): void {
  // A request that a hop makes can be written.
  const { text } = requestHead(next);
  if (last === undefined || line === undefined) return;
  const to = new URL(next.target);
  const reference = line.slice(4).replace(/[\x80-\xff]/g, escapeOf);
  mustEqual("where it leads", placeOf(to), placeOf(urlOf(reference, last.target)));
  const isBelow = isDomainOrSubdomain(to.hostname, new URL(first).hostname);
  mustEqual(`no secret for ${to.host}`, !isBelow && text.includes(SECRET), false);
  const referer = next.header.get("referer") ?? "";
  mustEqual("no password in Referer", /^[a-z]+:\/\/[^/?#]*@/.test(referer), false);
  const isTold = last.target.startsWith("https:") && to.protocol === "http:" && referer !== "";
  mustEqual("no https for http", isTold, false);
}

function escapeOf(octet: string): string {
  return `%${octet.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** User information and fragments are not sent. */
function placeOf(url: URL | undefined): string | undefined {
  return url && url.origin + url.pathname + url.search;
}
