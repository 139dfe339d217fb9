/**
 * The platform's fetch classes, loaded when the first call needs them.
 *
 * Rule of this file: whoever imports barewire loads none of them, since Node loads its own HTTP with them.
 */
import type { Response as Message } from "../../message/mod.ts";
import type { Fetched } from "./response.ts";

let loaded: typeof import("./response.ts") | undefined;

/** A Response of the platform. */
export function platformResponse(fetched: Fetched): Response | Promise<Response> {
  return loaded === undefined ? loadFor(fetched) : loaded.platformResponse(fetched);
}

async function loadFor(fetched: Fetched): Promise<Response> {
  loaded = await import("./response.ts");
  return loaded.platformResponse(fetched);
}

/** What a Response of fetch was made from; undefined for any other. */
export function messageOf(response: Response): Message | undefined {
  return loaded?.messageOf(response);
}
