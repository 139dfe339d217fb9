/**
 * What a row of the demo's table of routes is.
 *
 * Rule of this file: the type only, because the table and the page that shows it both need it.
 */
import type { HandlerFunc } from "barewire";

/** One row: what becomes a pattern of the mux for each of its methods, and what is told about it. */
export interface Route {
  /** The path of a pattern: "/echo", "/status/{code}". */
  readonly path: string;
  /** GET answers HEAD too. */
  readonly methods: readonly string[];
  readonly about: string;
  /** What to type after `curl`, with URL for the address of the server. */
  readonly example: string;
  /** Where the first page's link leads, for a path with a wildcard. Default: the path. */
  readonly link?: string;
  readonly answer: HandlerFunc;
}
