/**
 * Cases for servers: the Host field.
 * RFC 9112 §3.2 · RFC 9110 §7.2
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  either,
  ends,
  expect,
  message,
  ok,
  OPEN_OR_CLOSED,
  refused,
  seen,
  send,
  serverCases,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { ServerCase } from "../../case.ts";

/** A value that no Host may have: all of them are judged alike. */
function badValue(variant: string, value: string, title: string, rationale: string): ServerRow {
  return {
    id: `9112-3.2-08/${variant}`,
    level: "MUST",
    contract: 0,
    title,
    rationale,
    steps: [send(message("GET / HTTP/1.1", [`Host: ${value}`])), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  };
}

export const HOST_CASES: readonly ServerCase[] = serverCases("host", [
  {
    id: "9112-3.2-06/1.1",
    level: "MUST",
    contract: 0,
    title: "HTTP/1.1 without Host",
    rationale: "The one field that every request in HTTP/1.1 has.",
    steps: [send(message("GET / HTTP/1.1")), expect(refused(400))],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-06/1.0",
    level: "MAY",
    contract: 0,
    title: "HTTP/1.0 without Host",
    rationale: "The requirement binds HTTP/1.1 alone; older clients had no such field.",
    steps: [
      send(message("GET / HTTP/1.0")),
      expect(either(ok(), [seen("tolerated", { status: ["4xx"] })])),
    ],
  },
  {
    id: "9112-3.2-07/different",
    level: "MUST",
    contract: 0,
    title: "two Host lines with different values",
    rationale: "Which of them decides would be a matter of taste, and two recipients differ in it.",
    steps: [
      send(message("GET / HTTP/1.1", ["Host: {host}", "Host: other.example"])),
      expect(refused(400)),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-3.2-07/equal",
    level: "MUST",
    contract: 0,
    title: "two Host lines with the same value",
    rationale:
      "More than one is refused whatever they say; equal ones are the case that is forgotten.",
    steps: [
      send(message("GET / HTTP/1.1", ["Host: {host}", "Host: {host}"])),
      expect(refused(400)),
    ],
    connection: OPEN_OR_CLOSED,
  },
  badValue(
    "blank-inside",
    "a b",
    "a SP inside the Host value",
    "No host holds a blank; what stands behind it must not be cut off.",
  ),
  badValue(
    "userinfo",
    "user@{host}",
    "userinfo in the Host value",
    "The field is host and port; what stands before @ belongs to a URI.",
  ),
  badValue(
    "path",
    "{host}/x",
    "a path in the Host value",
    "Pasted into a URI it would become a part of the path.",
  ),
  badValue(
    "port-letters",
    "localhost:abc",
    "a port of letters",
    "A port is digits; reading as far as they go hides the rest.",
  ),
  badValue(
    "port-sign",
    "localhost:-1",
    "a port with a sign",
    "A lenient integer reader takes it, the grammar does not.",
  ),
  badValue(
    "open-bracket",
    "[::1",
    "a bracket that is not closed",
    "An IP literal ends with its bracket; without it there is no telling where the port begins.",
  ),
  badValue(
    "percent",
    "a%zz",
    "a percent sign without two hexadecimal digits",
    "In reg-name the percent sign begins an escape and nothing else.",
  ),
  badValue(
    "two-ports",
    "localhost:80:81",
    "two ports",
    "The first or the last colon: two ways to read it.",
  ),
  badValue(
    "comma",
    "localhost, other.example",
    "two hosts in one line",
    "Comma is a sub-delim and may stand in a reg-name, the SP behind it may not.",
  ),
  {
    id: "9112-3.2-05/empty-value",
    level: "MAY",
    contract: 0,
    title: "an empty Host value",
    rationale:
      "What a client sends for a URI without an authority: no grammar forbids it, and no http URI has it.",
    steps: [
      send(message("GET / HTTP/1.1", ["Host:"])),
      expect(either(ok(), answered(400), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
]);
