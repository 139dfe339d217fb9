/**
 * Mutants of heads and of what is sent in lib/wire: octets that must not be taken, strings that must not go out.
 *
 * Rule of this file: data; see by-hand.ts.
 */
import type { HandMutant } from "../mutant.ts";

const WIRE = "lib/wire";

export const WIRE_MUTANTS: readonly HandMutant[] = [
  {
    name: "obs-fold-in-request",
    rule: "a folded line in a request is refused (RFC 9112 §5.2)",
    where: WIRE,
    find: 'if (this.#profile === "strict") this.#fail("obs-fold");',
    replace: "",
  },
  {
    name: "bare-lf-ends-field-line",
    rule: "a bare LF does not end a field line of a request (RFC 9112 §2.2)",
    where: WIRE,
    find: 'else if (this.#profile === "strict") this.#fail("bare-lf");\n          else this.#endField',
    replace: "else this.#endField",
  },
  {
    name: "bare-cr-in-field-value",
    rule: "LF follows the CR at the end of a field line (RFC 9112 §2.2)",
    where: WIRE,
    find: 'if (octet !== LF) this.#fail("bare-cr");\n          this.#endField(',
    replace: "this.#endField(",
  },
  {
    name: "blank-before-colon-in-request",
    rule: "a blank before the colon is refused in requests (RFC 9112 §5.1)",
    where: WIRE,
    find: 'if (this.#part !== "response" || this.#profile === "strict") this.#fail',
    replace: 'if (this.#profile === "strict" && this.#part === "trailers") this.#fail',
  },
  {
    name: "blank-after-content-length-in-response",
    rule: "a framing field with a blank before its colon is refused (RFC 9112 §5.1)",
    where: WIRE,
    find: "if (kind === FieldKind.contentLength || kind === FieldKind.transferEncoding) {",
    replace: "if (kind === FieldKind.transferEncoding) {",
  },
  {
    name: "head-limit-off-by-one",
    rule: "maxHeaderBytes is exact",
    where: WIRE,
    find: "const limit = base + this.#maxBytes;",
    replace: "const limit = base + this.#maxBytes + 1;",
  },
  {
    name: "field-lines-unbounded",
    rule: "the number of field lines has a limit",
    where: WIRE,
    find: "const most = this.#maxLines * OFFSETS_PER_FIELD;",
    replace: "const most = Infinity;",
  },
  {
    name: "target-unbounded",
    rule: "the length of a target has a limit (RFC 9112 §3)",
    where: WIRE,
    find: "if (length === 0 || length > this.#limits.maxTargetBytes) return false;",
    replace: "if (length === 0) return false;",
  },
  {
    name: "empty-lines-unbounded",
    rule: "empty lines before a request have a limit (RFC 9112 §2.2)",
    where: WIRE,
    find: "++this.#emptyLines > this.#limits.maxEmptyLines",
    replace: "++this.#emptyLines > Infinity",
  },
  {
    name: "any-major-version",
    rule: "only HTTP/1.x is read; another major version gets 505 (RFC 9110 §15.6.6)",
    where: WIRE,
    find: "if (major !== 1) {",
    replace: "if (major === 0) {",
  },
  {
    name: "status-below-100-in-strict",
    rule: "a status has three digits and a class (RFC 9110 §15)",
    where: WIRE,
    find: "if (i < end || tooLow) this.#fail",
    replace: "if (i < end) this.#fail",
  },
  {
    name: "nul-in-field-value",
    rule: "controls are refused in field values (RFC 9110 §5.5)",
    where: "lib/wire/ascii.ts",
    find: "charClass(/[\\t\\x20-\\x7e\\x80-\\xff]/)",
    replace: "charClass(/[\\0-\\t\\x0b\\x0c\\x0e-\\xff]/)",
  },
  {
    name: "u010a-goes-through",
    rule: "chars above U+00FF are refused, not cut to octets",
    where: "lib/wire/ascii.ts",
    find: "if (table[text.charCodeAt(i)] !== 1) return false;",
    replace: "if (table[text.charCodeAt(i)] === 0) return false;",
  },
  {
    name: "kelvin-sign-is-k",
    rule: "field names are compared without case in ASCII alone",
    where: "lib/wire/ascii.ts",
    find: "if (text.charCodeAt(i) > 0x7f) return lowerSlowly(text);",
    replace: "",
  },
  {
    name: "field-value-unchecked",
    rule: "nothing unchecked goes on the wire: field values",
    where: "lib/wire/header.ts",
    find: 'if (!isFieldValue(value)) throw new WireError("bad-field-value", { evidence: name });',
    replace: "",
  },
  {
    name: "field-name-unchecked",
    rule: "nothing unchecked goes on the wire: field names",
    where: "lib/wire/header.ts",
    find: 'if (!isToken(name)) throw new WireError("bad-field-name", { evidence: name });',
    replace: "",
  },
  {
    name: "target-unchecked",
    rule: "nothing unchecked goes on the wire: targets",
    where: "lib/wire/start-line.ts",
    find: 'if (!allIn(VISIBLE, target)) throw new WireError("bad-target", { evidence: target });',
    replace: "",
  },
  {
    name: "reason-unchecked",
    rule: "nothing unchecked goes on the wire: reasons",
    where: "lib/wire/start-line.ts",
    find: 'if (!allIn(FIELD_VALUE, reason)) throw new WireError("bad-reason", { evidence: reason });',
    replace: "",
  },
  {
    name: "tunnel-to-any-port",
    rule: "the port of CONNECT is 1 to 65,535 (RFC 9110 §9.3.6)",
    where: "lib/wire/target.ts",
    find: "if (value === 0 || value > MAX_PORT) throw",
    replace: "if (value === 0) throw",
  },
  {
    name: "broken-escapes-in-path",
    rule: "a % in a path begins two hexadecimal digits (RFC 3986 §2.1)",
    where: "lib/wire/target.ts",
    find: "if (!hasGoodEscapes(address)) throw badTarget(target);",
    replace: "",
  },
  {
    name: "absolute-target-without-host",
    rule: "an absolute target has a host (RFC 9110 §4.2.1)",
    where: "lib/wire/target.ts",
    find: 'if (hostOf(authority, target).host === "" || !hasGoodEscapes(escapedPath)) {',
    replace: "if (hostOf(authority, target) === undefined || !hasGoodEscapes(escapedPath)) {",
  },
];
