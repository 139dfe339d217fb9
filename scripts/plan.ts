/**
 * The plan of the house: the rooms of lib, who may import whom, and which Node built-ins each may use.
 *
 * Rule of this file: the table and nothing else. house.ts holds the code to it, HOUSE.md shows it.
 */

/** A room's place in the house: the rooms it may import, and the Node built-ins it may use. */
export interface Place {
  readonly may: readonly string[];
  readonly node: "none" | "net" | "any";
}

const PURE = ["wire", "semantics", "bufio", "message"];
const BELOW_THE_RIM = [...PURE, "net", "server", "client"];

/**
 * Who may import whom. HOUSE.md shows the same table to people, and the rule `plan` compares the two.
 * `net` means node:net and node:tls too, which live nowhere else; `any` is any built-in but those.
 */
export const PLAN: Readonly<Record<string, Place>> = {
  wire: { may: [], node: "none" },
  semantics: { may: ["wire"], node: "none" },
  bufio: { may: [], node: "none" },
  net: { may: ["bufio"], node: "net" },
  message: { may: ["wire", "semantics", "bufio"], node: "none" },
  server: { may: PURE, node: "none" },
  client: { may: PURE, node: "none" },
  proxy: { may: [...PURE, "server", "client"], node: "none" },
  testing: { may: BELOW_THE_RIM, node: "none" },
  conformance: { may: ["wire", "bufio", "net", "view"], node: "none" },
  view: { may: ["wire", "semantics"], node: "none" },
  adapters: { may: BELOW_THE_RIM, node: "any" },
  cli: {
    may: [...BELOW_THE_RIM, "proxy", "testing", "conformance", "view", "adapters"],
    node: "any",
  },
};
