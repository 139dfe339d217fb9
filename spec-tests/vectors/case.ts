/**
 * What the vector runner is made of: a case parted into its input and what is wanted, topics that run
 * inputs, and rules that decide inputs otherwise.
 *
 * Rule of this file: types. A topic's `run` and a rule's `decides` are given the input and nothing else, so
 * neither can look at an id, at the expectation or at our result.
 */

/** Plain data, as JSON has it; undefined is "nothing to compare". */
export type Json =
  | null
  | boolean
  | number
  | string
  | undefined
  | readonly Json[]
  | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** What goes in: octets (one char each), options, operation. Never an id or an expectation. */
export type Input = OctetsInput | ExchangeInput | CallInput;

/** Octets that a parser is fed. */
export interface OctetsInput {
  readonly kind: "octets";
  readonly role: "request" | "response";
  readonly raw: string;
  /** Does the connection end after them? */
  readonly ending: "open" | "eof";
  /** The method of the request that a response answers. */
  readonly requestMethod: string;
}

/** A handler's operation or a step of a client, as the files write them: a name and its arguments. */
export type Operation = readonly [name: string, ...args: Json[]];

/** Octets that a server is sent over a socket, and what its handler does. */
export interface ExchangeInput {
  readonly kind: "exchange";
  readonly options: JsonObject;
  readonly handler: readonly Operation[];
  readonly steps: readonly Operation[];
  /** How long to listen after the last octet. */
  readonly observeMs: number | undefined;
}

/** A call with plain arguments. */
export interface CallInput {
  readonly kind: "call";
  readonly op: string;
  readonly args: JsonObject;
}

/** What is wanted, and in the same shape what came: see match.ts for how they are compared. */
export type Outcome = JsonObject;

export interface Case {
  readonly id: string;
  readonly input: Input;
  readonly want: Outcome;
  /** Why the case is not run; DESIGN section 4 knows two reasons. */
  readonly skip?: string | undefined;
}

/** One outcome of an input, and how it came about ("byte by byte"). */
export interface Run {
  readonly way: string;
  readonly outcome: Outcome;
}

/** A group of cases of one file that are run by the same code. */
export interface Topic {
  /** The file's name without `.json`, with `:part` where a file holds several kinds of cases. */
  readonly name: string;
  readonly file: string;
  /** How many cases may run at the same time; above 1 where they mostly wait. */
  readonly parallel: number;
  cases(file: JsonObject): Case[];
  run(input: Input): Promise<readonly Run[]> | readonly Run[];
}

/** A kind of input that we answer otherwise than the vectors want, on purpose. */
export interface Rule {
  readonly name: string;
  /** RFC section or paragraph of DESIGN.md. */
  readonly section: string;
  /** The topics it is for, by name. */
  readonly topics: readonly string[];
  /** Looks at the input alone. */
  decides(input: Input): boolean;
  /** What must come instead. Given the old want, so that what the rule does not change stays wanted. */
  outcome(input: Input, want: Outcome): Outcome;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The text of a field, or the empty text. */
export function textOf(value: Json): string {
  return typeof value === "string" ? value : "";
}

/** The objects of a list, or none. */
export function objectsOf(value: Json): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

/** The texts of a list, or none. */
export function textsOf(value: Json): readonly string[] {
  return isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
