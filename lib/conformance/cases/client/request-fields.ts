/**
 * Cases for clients: which fields a request has, and which it must not have.
 * RFC 9110 §5.6, §7.6, §8.6, §10.1
 *
 * Rule of this file: data, by requirement. Each looks at one plain request.
 */
import type { ClientCase, FieldSeen } from "../../case.ts";
import { clientCases } from "../../write.ts";
import { ABSENT, ONE_HOST, plain, uploads } from "./requests.ts";
import { sends } from "./words.ts";

export const REQUEST_FIELD_CASES: readonly ClientCase[] = clientCases("requests", [
  {
    ...plain(
      "9110-8.6-02/get",
      "SHOULD",
      { fields: [ABSENT("Content-Length")] },
      "the length of what a GET does not carry",
      "Nothing is expected, so nothing needs to be said of it, not even 0.",
    ),
  },
  plain(
    "9110-9.3.1-01/get",
    "SHOULD",
    { content: { equals: "" }, fields: [ABSENT("Transfer-Encoding")] },
    "the content of a GET",
    "None: it has no meaning, and is how requests are smuggled.",
  ),
  plain(
    "9110-10.1.5-01/get",
    "SHOULD",
    { fields: [{ name: "User-Agent", lines: 1 }] },
    "User-Agent of a GET",
    "Who asks is said, unless somebody has turned it off.",
  ),
  plain(
    "9110-10.1.1-01/get",
    "MUST",
    { fields: [ABSENT("Expect")] },
    "Expect of a GET",
    "Without content there is nothing to wait with.",
  ),
  plain(
    "9111-5.5-01/get",
    "MUST",
    { fields: [ABSENT("Warning")] },
    "Warning of a GET",
    "Obsolete, and nobody's to generate.",
  ),
  {
    ...plain(
      "9110-10.1.3-02/get",
      "MUST",
      {},
      "Referer of an address that was typed",
      "It comes from nowhere: no field, or about:blank.",
    ),
    outcomes: [
      sends({ nth: 0, fields: [ABSENT("Referer")] }),
      sends({ nth: 0, fields: [{ name: "Referer", equals: "about:blank" }] }),
    ],
  },
  plain(
    "9110-7.6.1-04/get",
    "MUST",
    {
      fields: ["cache-control", "host", "accept", "user-agent"].map((lacks) => ({
        name: "Connection",
        lacks,
      })),
    },
    "the options of Connection",
    "Fields for the server at the end are not named: the next hop would take them out.",
  ),
  plain(
    "9112-7.4-01/get",
    "MUST",
    { fields: [{ name: "TE", lacks: "chunked" }] },
    "TE of a GET",
    "chunked is always understood, and never asked for.",
  ),
  {
    ...plain(
      "9112-7.4-02/get",
      "MUST",
      {},
      "TE and its option in Connection",
      "A field about this connection is named there; without TE there is nothing to name.",
    ),
    also: ["9110-10.1.4-01", "9110-7.6.1-01"],
    outcomes: [
      sends({
        nth: 0,
        fields: [
          { name: "TE", is: "present" },
          { name: "Connection", member: "te" },
        ],
      }),
      {
        class: "not-applicable",
        note: "the client sends no TE",
        sent: [{ nth: 0, fields: [ABSENT("TE")] }],
      },
    ],
  },
  {
    ...plain(
      "9110-7.8-08/get",
      "MUST",
      {},
      "Upgrade and its option in Connection",
      "A client that offers another protocol says so to the next hop only.",
    ),
    outcomes: [
      sends({
        nth: 0,
        fields: [
          { name: "Upgrade", is: "present" },
          { name: "Connection", member: "upgrade" },
        ],
      }),
      {
        class: "not-applicable",
        note: "the client sends no Upgrade",
        sent: [{ nth: 0, fields: [ABSENT("Upgrade")] }],
      },
    ],
  },
  {
    ...plain(
      "9110-5.6.1.1-01/get",
      "MUST",
      {},
      "lists that a client sends",
      "No empty members: they are taken, and not made.",
    ),
    outcomes: [
      sends({
        nth: 0,
        fields: ["Connection", "Accept-Encoding", "Accept", "TE"].flatMap((name): FieldSeen[] => [
          { name, lacks: ",," },
          { name, lacks: ", ," },
        ]),
      }),
    ],
  },
  {
    id: "9110-5.3-02/post",
    level: "MUST",
    title: "fields that a POST may have once",
    rationale: "A second line of any of them makes the request ambiguous.",
    ...uploads("post", "hello"),
    outcomes: [
      sends({
        nth: 0,
        fields: ["Host", "Content-Type", "User-Agent"].map((name) => ({ name, lines: 1 })),
      }),
      sends({
        nth: 0,
        fields: [ONE_HOST, { name: "Content-Type", lines: 1 }, ABSENT("User-Agent")],
      }),
      sends({ nth: 0, fields: [ONE_HOST, ABSENT("Content-Type")] }),
    ],
  },
]);
