/**
 * The requirements as values, and the way from the id of a case to the requirement it is named after.
 *
 * Rule of this file: read once, when first asked for.
 */
import { REQUIREMENT_ROWS } from "./requirements.ts";

/** One requirement of the catalogue. */
export interface Requirement {
  /** `9112-6.3-07`: RFC, section, number. */
  readonly id: string;
  /** As the catalogue says: MUST, MUST NOT, SHOULD, …, RULE for what the grammar says. */
  readonly level: string;
  /** Whom it binds. */
  readonly role: string;
  /** How it can be seen: from a client, from a server, in what a sender sends, or not at all. */
  readonly way: RequirementWay;
  readonly title: string;
}

export type RequirementWay =
  | "server-by-raw-client"
  | "client-by-scripted-server"
  | "sender-bytes"
  | "no";

let known: ReadonlyMap<string, Requirement> | undefined;

/** All requirements by id, in the order of the catalogue. */
export function requirements(): ReadonlyMap<string, Requirement> {
  known ??= new Map(REQUIREMENT_ROWS.trim().split("\n").map(requirementOf));
  return known;
}

function requirementOf(row: string): [string, Requirement] {
  const [id = "", level = "", role = "", way = "", title = ""] = row.split("|");
  return [id, { id, level, role, way: way as RequirementWay, title }];
}

/** The requirement's part of a case's id. */
export function requirementIdOf(caseId: string): string {
  const slash = caseId.indexOf("/");
  return slash < 0 ? caseId : caseId.slice(0, slash);
}

/** `9112-6.3` of `9112-6.3-07/letter`. */
export function sectionOf(caseId: string): string {
  return requirementIdOf(caseId).replace(/-[0-9]+$/, "");
}
