/**
 * What a row of the demo's table of routes is.
 *
 * Rule of this file: the type only, because the table and the page that shows it both need it.
 */
import type { Request, ResponseWriter } from "barewire";

/** One row: a path, or a prefix when it ends with a slash and has something before it. */
export interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  readonly about: string;
  /** What to type after `curl`, with URL for the address of the server. */
  readonly example: string;
  readonly answer: (w: ResponseWriter, r: Request) => void | Promise<void>;
}
