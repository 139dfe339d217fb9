/**
 * The door of the command line's client: a call as the arguments ask for it, and how what went over the wire is shown.
 */
export { asciiJson, call } from "./call.ts";
export { exitCodeOf } from "./exit-codes.ts";
export { rawCall } from "./raw-call.ts";
export { planOf } from "./request-flags.ts";
export { paintedLines, shownOctets } from "./show-wire.ts";
