/**
 * The `headers` of a fetch as a Header.
 * WHATWG Fetch §5.1 (fill a Headers object), Web IDL §3.2.17 (record) · Go: none
 *
 * Rule of this file: it takes what the Headers class takes and refuses what that refuses, without making one.
 */
import { Header, isFieldValue, isToken, quoteEvidence } from "../../wire/mod.ts";
import { FetchError } from "./errors.ts";

/** Pairs (arrays, a Headers, a Map) or a record. Throws "bad-fetch-header". */
export function headerFrom(init: unknown): Header {
  const header = new Header();
  if (init === undefined) return header;
  if (typeof init !== "object" || init === null) throw notPairs();
  if (Symbol.iterator in init) addPairs(header, init as Iterable<unknown>);
  else addRecord(header, init as Record<string, unknown>);
  return header;
}

function addPairs(header: Header, pairs: Iterable<unknown>): void {
  for (const pair of pairs) {
    if (typeof pair !== "object" || pair === null || !(Symbol.iterator in pair)) throw notPairs();
    const items: readonly unknown[] = Array.isArray(pair) ? pair : [...(pair as Iterable<unknown>)];
    if (items.length !== 2) {
      throw new FetchError("bad-fetch-header", { detail: "a pair has two elements" });
    }
    add(header, items[0], items[1]);
  }
}

function addRecord(header: Header, record: Record<string, unknown>): void {
  for (const name of Reflect.ownKeys(record)) {
    if (Object.getOwnPropertyDescriptor(record, name)?.enumerable !== true) continue;
    if (typeof name === "symbol") throw notPairs();
    add(header, name, record[name]);
  }
}

function add(header: Header, givenName: unknown, givenValue: unknown): void {
  const name = String(givenName);
  const value = trimmed(String(givenValue));
  if (!isToken(name)) {
    throw new FetchError("bad-fetch-header", { detail: `${quoteEvidence(name)} is no field name` });
  }
  if (!isFieldValue(value)) {
    const detail = `the value of ${name} has characters that no field may have`;
    throw new FetchError("bad-fetch-header", { detail });
  }
  header.add(name, value);
}

/** WHATWG Fetch: "normalize a byte sequence"; line ends go, but only at the ends. */
function trimmed(value: string): string {
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return isBlank(first) || isBlank(last) ? value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "") : value;
}

function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x09 || char === 0x0a || char === 0x0d;
}

function notPairs(): FetchError {
  return new FetchError("bad-fetch-header", { detail: "neither pairs nor a record" });
}
