/**
 * The door of the mux: requests to handlers by Go's patterns. Come here for ServeMux and the default mux, or
 * for the pure functions below them.
 */
export { cleanPath } from "./clean-path.ts";
export { defaultServeMux, handle, handleFunc } from "./default.ts";
export { MUX_ERRORS, MuxError } from "./errors.ts";
export type { MuxCode } from "./errors.ts";
export { ServeMux } from "./mux.ts";
export type { MuxMatch, ServeMuxOptions } from "./mux.ts";
export { parsePattern } from "./pattern.ts";
export type { Pattern, Segment } from "./pattern.ts";
export {
  commonPath,
  compareMethods,
  comparePaths,
  conflicts,
  describeConflict,
  differencePath,
  relationOf,
} from "./relation.ts";
export type { PatternRelation, Registered } from "./relation.ts";
export { RoutingTree } from "./tree.ts";
export type { Leaf } from "./node.ts";
export type { Reading } from "./tree.ts";
