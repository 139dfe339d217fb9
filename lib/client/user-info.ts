/**
 * The user information of a URL: taken for Basic credentials, and kept out of everything else.
 * RFC 3986 §3.2.1, RFC 9110 §4.2.4, RFC 7617 · Go: client.go send, basicAuth, refererForURL
 *
 * Rule of this file: pure, and cheap for the URLs that have none, which are nearly all.
 */
import { formatBasic, pathUnescape } from "../semantics/mod.ts";
import { authorityEnd } from "./route.ts";

/** What stands before the "@" of an absolute URL's authority; undefined when nothing does. */
export function userInfoOf(url: string): string | undefined {
  const span = spanOf(url);
  return span === undefined || span.at === span.start ? undefined : url.slice(span.start, span.at);
}

/** The URL without its user information. */
export function withoutUserInfo(url: string): string {
  const span = spanOf(url);
  return span === undefined ? url : url.slice(0, span.start) + url.slice(span.at + 1);
}

/**
 * The Authorization field for it, percent-encodings resolved; without a colon the password is empty. Throws
 * "bad-basic-username" for a name with an encoded colon. Go: basicAuth
 */
export function basicFrom(userInfo: string): string {
  const colon = userInfo.indexOf(":");
  const username = pathUnescape(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = colon < 0 ? "" : pathUnescape(userInfo.slice(colon + 1));
  return formatBasic({ username, password });
}

/** Where it begins, and where its "@" stands. */
function spanOf(url: string): { start: number; at: number } | undefined {
  if (!url.includes("@")) return undefined;
  const mark = url.indexOf("://");
  if (mark < 1) return undefined;
  const start = mark + 3;
  const at = url.lastIndexOf("@", authorityEnd(url) - 1);
  return at < start ? undefined : { start, at };
}
