/**
 * Cases for servers: further values that no Host may have, and some that are good.
 * RFC 9112 §3.2 · RFC 9110 §7.2 · RFC 3986 §3.2.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import { expect, message, ok, OPEN_OR_CLOSED, seen, send, serverCases } from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";
import { refusedRequest } from "./words.ts";

/** A value that no Host may have. */
function bad(variant: string, value: string, title: string, rationale: string): ServerRow {
  const text = message("GET / HTTP/1.1", [`Host: ${value}`]);
  return refusedRequest(`9112-3.2-08/${variant}`, "MUST", text, [title, rationale]);
}

/** A value that is good by the grammar; a server may know no such host. */
function good(variant: string, value: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-3.2-08/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [
      send(message("GET / HTTP/1.1", [`Host: ${value}`])),
      expect([
        ...ok(),
        seen("conforming", { status: [403, 404, 421] }, "no such host here"),
        seen("tolerated", { status: [400] }, "refused"),
      ]),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

export const HOST_VALUE_CASES: readonly ServerCase[] = serverCases("host", [
  bad(
    "scheme",
    "http://{host}",
    "a whole URI as Host",
    "Host and port only: a reader that cuts at // or at the first colon finds other hosts.",
  ),
  bad(
    "query",
    "{host}?x",
    "a question mark in the Host value",
    "Pasted into a URI the rest becomes its query, and the real path with it.",
  ),
  bad(
    "fragment",
    "{host}#x",
    "a number sign in the Host value",
    "Pasted into a URI all that follows is a fragment, which nobody sends on.",
  ),
  bad(
    "backslash",
    "{host}\\x",
    "a backslash in the Host value",
    "Browsers' URL readers take it for a slash, others for a part of the name.",
  ),
  bad(
    "angle",
    "<script>",
    "angle brackets as Host",
    "Pages that paste the host into themselves have been attacked with it.",
  ),
  bad(
    "quotes",
    '"localhost"',
    "a Host value in quotes",
    "No field of this kind has quotes; a reader of words drops them.",
  ),
  bad(
    "nul",
    "localhost\x00.example",
    "a NUL inside the Host value",
    "An access list in C sees the first half, the application the whole.",
  ),
  bad(
    "tab",
    "local\thost",
    "a TAB inside the Host value",
    "A blank as SP is, and dropped unseen by URL readers.",
  ),
  bad(
    "high",
    "h\xf6st.example",
    "an octet above 0x7F in the Host value",
    "A name beyond ASCII is written in escapes or Punycode; raw, each recipient decodes it anew.",
  ),
  bad(
    "nbsp",
    "\xa0{host}",
    "an octet 0xA0 before the Host value",
    "Trimmed by text functions in Latin-1, it leaves a good value.",
  ),
  bad(
    "behind-bracket",
    "[::1]x",
    "a letter behind a closed bracket",
    "Behind the bracket there is a colon or nothing.",
  ),
  bad(
    "in-brackets",
    "[zz]:80",
    "brackets with letters that are no address",
    "Brackets hold an IP literal and nothing that must be looked up.",
  ),
  bad(
    "empty-brackets",
    "[]:80",
    "empty brackets",
    "An address of no octets, which some take for any address.",
  ),
  bad("bare-ipv6", "::1", "an IPv6 address without brackets", "Its last group would be the port."),
  bad(
    "port-blank",
    "localhost: 80",
    "a SP before the port",
    "Readers of numbers skip it; the field is not a list of words.",
  ),
  bad(
    "port-plus",
    "localhost:+80",
    "a port with a plus sign",
    "Beside the minus sign, which more number readers of servers refuse.",
  ),
  refusedRequest(
    "9112-3.2-07/empty",
    "MUST",
    message("GET / HTTP/1.1", ["Host: {host}", "Host:"]),
    ["a good Host and an empty one", "Joined, or with the empty one dropped, they look like one."],
  ),
  refusedRequest(
    "9112-3.2-07/apart",
    "MUST",
    message("GET / HTTP/1.1", ["Host: {host}", "X-A: v", "HOST: b.example"]),
    [
      "two Host fields in different case, with a field between",
      "Counted by the exact name, or against the line before only, there is one.",
    ],
  ),
  refusedRequest(
    "9112-3.2-07/1.0",
    "MUST",
    message("GET / HTTP/1.0", ["Host: {host}", "Host: b"]),
    [
      "two Host lines in HTTP/1.0",
      "A missing one is allowed there, two are refused in any version.",
    ],
  ),
  refusedRequest("9112-3.2-08/1.0", "MUST", message("GET / HTTP/1.0", ["Host: a b"]), [
    "an invalid Host value in HTTP/1.0",
    "Any request with an invalid value is refused, also one that needs no Host.",
  ]),
  refusedRequest(
    "9110-5.6.2-01/long-s",
    "MUST",
    message("GET / HTTP/1.1", ["Ho\xc5\xbft: {host}"]),
    [
      "a long s in the name of Host",
      "Put into upper case by Unicode the letter becomes an ASCII S, and the field a Host.",
    ],
  ),
  good(
    "ipv6",
    "[2001:db8::1]:80",
    "an IPv6 address in brackets, with a port",
    "A good value with colons in it, where the last colon is not the first.",
  ),
  good(
    "empty-port",
    "localhost:",
    "a colon with no port behind it",
    "A port is any number of digits, also none; it means the default one.",
  ),
  good(
    "sub-delims",
    "a!$&'()*+,;=_~.example",
    "a host of all characters that a name may have",
    "No DNS name, but a reg-name: the field is good, and the host unknown.",
  ),
]);
