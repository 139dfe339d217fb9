/**
 * Cases for servers: values of fields: blanks, controls, folds and sizes.
 * RFC 9112 §5 · RFC 9110 §5.4, §5.5
 *
 * Rule of this file: data, by requirement; what sets each case apart is in its rationale.
 */
import {
  answered,
  echoed,
  either,
  ends,
  expect,
  get,
  HOST,
  message,
  ok,
  OPEN_OR_CLOSED,
  parsed,
  post,
  refused,
  request,
  seen,
  send,
  serverCases,
  STAYS_OPEN,
} from "../../write.ts";
import type { ServerRow } from "../../write.ts";
import type { FieldSeen, ServerCase } from "../../case.ts";
import { tolerated } from "./words.ts";

/** Seen by the application as this. */
function seenAs(
  id: string,
  lines: readonly string[],
  fields: readonly FieldSeen[],
  [title, rationale]: readonly [string, string],
): ServerRow {
  return {
    id,
    level: "MUST",
    contract: 2,
    title,
    rationale,
    steps: [send(request("GET", "/parse", lines)), expect(parsed({ fields }))],
    connection: STAYS_OPEN,
  };
}

/** A control in a value: allowed to be kept, and to be refused. */
function control(variant: string, octet: string, title: string, rationale: string): ServerRow {
  return {
    id: `9110-5.5-05/${variant}`,
    level: "MAY",
    contract: 0,
    title,
    rationale,
    steps: [
      send(get([`X-A: v${octet}w`])),
      expect(either(ok(), answered(400), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  };
}

export const FIELD_VALUE_CASES: readonly ServerCase[] = serverCases("fields", [
  seenAs(
    "9110-5.6.2-01/all",
    ["!#$%&'*+-.^_`|~09azAZ: v"],
    [{ name: "!#$%&'*+-.^_`|~09azAZ", equals: "v" }],
    [
      "a name of all characters that a token may have",
      "The other side of the table: none of them is refused or changed.",
    ],
  ),
  seenAs(
    "9110-5.2-01/two-lines",
    ["X-A: one", "X-B: between", "x-a: two"],
    [{ name: "X-A", equals: "one, two" }],
    [
      "two lines of one field, with another between and in other case",
      "Both are there and in their order: neither the first nor the last alone.",
    ],
  ),
  seenAs(
    "9110-5.5-01/empty",
    ["X-A: \t ", "X-B:"],
    [
      { name: "X-A", equals: "" },
      { name: "X-B", equals: "" },
    ],
    [
      "values of blanks alone and of nothing",
      "Both are empty and present; the trimming must stop where they end.",
    ],
  ),
  seenAs(
    "9112-5.1-04/colon-inside",
    ["X-A:v:w"],
    [{ name: "X-A", equals: "v:w" }],
    [
      "no blank behind the colon, and a colon in the value",
      "The first colon ends the name; a split at colon and SP finds none.",
    ],
  ),
  {
    ...seenAs(
      "9110-5.5-02/blanks-of-latin-1",
      ["X-A: \xa0v\x85", "X-B: \x85"],
      [
        { name: "X-A", equals: "\xa0v\x85" },
        { name: "X-B", equals: "\x85" },
      ],
      [
        "octets 0xA0 and 0x85 at the ends of values",
        "Text functions trim both; they are opaque octets and a part of the value.",
      ],
    ),
    level: "SHOULD",
  },
  {
    id: "9110-5.5-03/nul-seen",
    level: "MUST",
    contract: 2,
    title: "a NUL in a value does not reach the application",
    rationale:
      "SP in its place is right; a value cut there, or with the NUL at its end dropped, is not.",
    steps: [
      send(request("GET", "/parse", ["X-A: v\x00w", "X-B: v\x00"])),
      expect(
        either(
          answered(400),
          parsed({
            fields: [
              { name: "X-A", equals: "v w" },
              { name: "X-B", equals: "v" },
            ],
          }),
          [ends("tolerated")],
        ),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  control(
    "bell",
    "\x07",
    "a bell in a value",
    "Invalid, and harmless to parsers: both answers are right, a crash or silence is not.",
  ),
  control(
    "escape",
    "\x1b[2J",
    "an escape sequence in a value",
    "As the bell; a terminal that shows a log would act on it.",
  ),
  control("del", "\x7f", "a DEL in a value", "The control that is no smaller than SP."),
  {
    id: "9110-5.1-03/content-length",
    also: ["9110-5.5-01"],
    level: "MUST",
    contract: 1,
    title: "cOnTeNt-LeNgTh in mixed case, with TAB and SP around its value",
    rationale: "The field that frames is found without case, and its number without the blanks.",
    steps: [send(post("/echo", ["cOnTeNt-LeNgTh:\t 5 \t"], "hello")), expect(echoed("hello"))],
    connection: STAYS_OPEN,
  },
  {
    id: "9112-5.2-02/seen",
    level: "MUST",
    contract: 2,
    title: "a fold does not reach the application",
    rationale:
      "Where it is taken, blanks stand in its place, and the field behind it is still one.",
    steps: [
      send(request("GET", "/parse", ["X-A: v", "\t w", "X-B: z"])),
      expect(
        either(
          answered(400),
          parsed({
            fields: [
              { name: "X-A", lacks: "\r" },
              { name: "X-A", lacks: "\n" },
              { name: "X-A", contains: " w" },
              { name: "X-B", equals: "z" },
            ],
          }),
          [ends("tolerated")],
        ),
      ),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.2-02/blank-line",
    also: ["9112-11.2-01"],
    level: "MUST",
    contract: 0,
    title: "a line of one SP, and a second Host behind it",
    rationale:
      "A fold of nothing: taken for the empty line it ends the head before the second Host.",
    steps: [
      send(message("GET / HTTP/1.1", [HOST, "X-A: v", " ", "Host: b.example"])),
      expect(refused(400)),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9112-5.2-02/content-length",
    level: "MUST",
    contract: 1,
    title: "a Content-Length whose number stands on the next line, folded",
    rationale:
      "Unfolded it frames, cut off it is empty; read as no length the content is a request.",
    steps: [
      send(post("/echo", ["Content-Length:", " 5"], "hello")),
      expect(either(answered(400), tolerated(echoed("hello"), "unfolded"), [ends("tolerated")])),
    ],
    connection: OPEN_OR_CLOSED,
  },
  {
    id: "9110-5.4-01/many",
    level: "MUST",
    contract: 0,
    title: "60,000 fields of a few octets",
    rationale: "No line is long: the number or the sum must be bounded, not the line alone.",
    steps: [
      send([
        `GET / HTTP/1.1\r\n${HOST}\r\n`,
        { repeat: "X-Some-Name: some value\r\n", times: 60_000 },
        "\r\n",
      ]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        ends("tolerated", "refused without a response"),
        seen("tolerated", { status: ["2xx"] }, "taken"),
      ]),
    ],
  },
  {
    id: "9110-5.4-01/1-mib-name",
    level: "MUST",
    contract: 0,
    title: "a field name of 1 MiB, and no colon yet",
    rationale: "A reader that bounds values only keeps looking for the colon.",
    steps: [
      send([`GET / HTTP/1.1\r\n${HOST}\r\n`, { repeat: "a", times: 1_048_576 }]),
      expect([
        seen("conforming", { status: ["4xx"] }),
        ends("tolerated", "refused without a response"),
      ]),
    ],
  },
  {
    id: "9110-5.5-01/host",
    level: "MUST",
    contract: 0,
    title: "SP and TAB around the Host value",
    rationale: "They are no part of it; a check of the raw value refuses a good host.",
    steps: [send(message("GET / HTTP/1.1", ["Host: \t {host} \t"])), expect(ok())],
    connection: STAYS_OPEN,
  },
]);
