/**
 * Expectations: failures that are known, each with the reason why it is accepted.
 *
 * Rule of this file: a reason is part of the form, not a comment. An entry that names no case is told to the
 * caller, so that a list does not outlive what it was written for.
 */
import type { Case } from "./case.ts";
import { ConformanceError } from "./errors.ts";

export interface KnownFailure {
  /** A case's id, or its beginning with `*` behind it. */
  readonly id: string;
  readonly reason: string;
}

/** Known failures by id. */
export class Expectations {
  readonly known: readonly KnownFailure[];

  constructor(known: readonly KnownFailure[] = []) {
    this.known = known;
  }

  /** Why a failure of this case is accepted, or undefined when it is not. */
  reasonFor(id: string): string | undefined {
    return this.known.find((entry) => names(entry, id))?.reason;
  }

  /** The entries that name none of these cases. */
  unused(cases: readonly Case[]): readonly KnownFailure[] {
    return this.known.filter((entry) => !cases.some(({ id }) => names(entry, id)));
  }
}

/** Reads `{"schema": 1, "known": [{"id", "reason"}]}`. Throws ConformanceError "bad-expectations". */
export function parseExpectations(json: string): Expectations {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw bad("no JSON", cause);
  }
  if (typeof value !== "object" || value === null || !("schema" in value) || value.schema !== 1) {
    throw bad("no member schema of 1");
  }
  if (!("known" in value) || !Array.isArray(value.known)) throw bad("no list known");
  return new Expectations((value.known as readonly unknown[]).map(entryOf));
}

function entryOf(entry: unknown, index: number): KnownFailure {
  const where = `entry ${index}`;
  if (typeof entry !== "object" || entry === null) throw bad(`${where} is no object`);
  const id = "id" in entry ? entry.id : undefined;
  const reason = "reason" in entry ? entry.reason : undefined;
  if (typeof id !== "string" || id === "" || id === "*") throw bad(`${where} has no id`);
  if (typeof reason !== "string" || reason.trim() === "") throw bad(`${where} has no reason`);
  return { id, reason };
}

function names(entry: KnownFailure, id: string): boolean {
  return entry.id.endsWith("*") ? id.startsWith(entry.id.slice(0, -1)) : entry.id === id;
}

function bad(detail: string, cause?: unknown): ConformanceError {
  return new ConformanceError("bad-expectations", detail, { cause });
}
