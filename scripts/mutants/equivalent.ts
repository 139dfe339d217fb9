/**
 * Mechanical mutants that change nothing anybody can observe, each with the reason.
 *
 * Rule of this file: data. `was` and `becomes` are the line, without the blanks around it, before and after.
 */

export interface Equivalent {
  readonly file: string;
  readonly was: string;
  readonly becomes: string;
  /** The line after it, where the file has the line more than once. */
  readonly next?: string;
  readonly reason: string;
}

export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: "lib/wire/chunked.ts",
    was: "if (value < 16) {",
    becomes: "if (value < (16 + 1)) {",
    reason: "The table of hexadecimal digits holds 0 to 15, and 255 for everything else.",
  },
  {
    file: "lib/server/connection.ts",
    was: "this.host.lastHost = host;",
    becomes: "",
    reason: "What was found good is remembered to save the next look; a look gives the same.",
  },
  {
    file: "lib/client/connection/exchange.ts",
    was: "this.ends = false;",
    becomes: "",
    reason: "A connection whose exchange ends it begins no other: it is false already.",
  },
  {
    file: "lib/client/connection/exchange.ts",
    was: "this.call = undefined;",
    becomes: "",
    reason:
      "Nobody asks for the call while no exchange is under way. It frees one request for each idle connection, no more.",
  },
  {
    file: "lib/wire/ascii.ts",
    was: "for (let i = 0; i < text.length; i++) {",
    becomes: "for (let i = 0; i <= text.length; i++) {",
    next: "if (text.charCodeAt(i) > 0x7f) return lowerSlowly(text);",
    reason: "charCodeAt answers NaN behind the end, and no comparison with NaN holds.",
  },
  {
    file: "lib/wire/chunked.ts",
    was: "dataEnd = 0;",
    becomes: "",
    reason: "It is set before each answer that lets anybody read it.",
  },
  {
    file: "lib/client/connection/incoming-body.ts",
    was: "this.#body = noBody;",
    becomes: "",
    next: "if (source === undefined) return noBody;",
    reason: "The end of the exchange before it has said the same already.",
  },
  {
    file: "lib/wire/head.ts",
    was: "this.#holding = true;",
    becomes: "",
    reason:
      "Heads that lie one behind the other are decoded one by one then: slower, and the same.",
  },
  {
    file: "lib/wire/field-section.ts",
    was: "const kinds = new Uint8Array((LONGEST_NAME + 1) << 5);",
    becomes: "const kinds = new Uint8Array((LONGEST_NAME + (1 + 1)) << 5);",
    reason: "A table that is longer than what is looked up in it.",
  },
  {
    file: "lib/client/connection/incoming-body.ts",
    was: "#drained = 0;",
    becomes: "#drained = (0 + 1);",
    reason: "It is set again before anything is drained.",
  },
  {
    file: "lib/client/connection/exchange.ts",
    was: "this.#body.clear();",
    becomes: "",
    reason: "It frees what the last response held, which the next one replaces.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "const highBits = -0x7f7f7f80;",
    becomes: "const highBits = -(0x7f7f7f80 + 1);",
    reason: "No word passes then, and all octets are looked at one by one: slower, and the same.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "const liftPastZ = 0x05050505;",
    becomes: "const liftPastZ = (0x05050505 + 1);",
    reason: "A name's z goes the slow way, and is the same there.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "const hyphens = 0x2d2d2d2d;",
    becomes: "const hyphens = (0x2d2d2d2d + 1);",
    reason: "A full stop passes, which a token may hold, and a hyphen goes the slow way.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "const allButHigh = 0x7f7f7f7f;",
    becomes: "const allButHigh = (0x7f7f7f7f + 1);",
    reason: "A hyphen goes the slow way, and is the same there.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "const wanted = -0x7f7f7f80;",
    becomes: "const wanted = -(0x7f7f7f80 + 1);",
    reason: "No word passes then, and all octets are looked at one by one: slower, and the same.",
  },
  {
    file: "lib/wire/ascii.ts",
    was: "if (text.charCodeAt(i) > 0x7f) return lowerSlowly(text);",
    becomes: "if (text.charCodeAt(i) >= 0x7f) return lowerSlowly(text);",
    reason: "DEL goes the slow way, and is the same there.",
  },
  {
    file: "lib/client/connection/exchange.ts",
    was: 'this.phase = "none";',
    becomes: "",
    reason: "Whoever looks at the phase looks for the call before it, and there is none.",
  },
  {
    file: "lib/wire/head.ts",
    was: "this.#method = commonMethod(bytes, base, methodEnd);",
    becomes: "",
    reason: "The method is cut out of the text then: longer in coming, and the same.",
  },
  {
    file: "lib/wire/head-octets.ts",
    was: "if (((letters | ~notHyphens) & ~word & wanted) !== wanted) return i;",
    becomes: "",
    reason: "All words pass, the name ends nowhere, and the line goes the slow way.",
  },
  {
    file: "lib/wire/start-line.ts",
    was: "const KEPT_REASON_CHARS = 64;",
    becomes: "const KEPT_REASON_CHARS = (64 + 1);",
    reason: "Whether a line is kept or made anew, it is the same.",
  },
  {
    file: "lib/wire/ip-literal.ts",
    was: "if (zone < 0) return isIPv6(text);",
    becomes: "if (zone <= 0) return isIPv6(text);",
    reason: "A zone without an address before it is no address, asked as a whole or in parts.",
  },
  {
    file: "lib/wire/field-section.ts",
    was: "return (this.#kinds & (1 << (kind + REPEATED_SHIFT))) !== 0;",
    becomes: "return (this.#kinds & (1 << (kind - REPEATED_SHIFT))) !== 0;",
    reason: "A shift counts modulo 32, and the shift is 16.",
  },
  {
    file: "lib/client/connection/request-sender.ts",
    was: "#progress = 0;",
    becomes: "#progress = (0 + 1);",
    reason: "It is set again before anything is sent.",
  },
  {
    file: "lib/server/connection.ts",
    was: "if (request === undefined || w === undefined) return;",
    becomes: "if (request === undefined && w === undefined) return;",
    reason: "An exchange has both or neither.",
  },
];
