/**
 * Whoever watches a body that comes from a connection, and how such a body is read.
 * Go: transfer.go body.onHitEOF, bodyEOFSignal
 *
 * Rule of this file: types only.
 */
import type { DecodeLatin1, FieldSection, WireLimits } from "../wire/mod.ts";

/** Whoever owns the connection watches its bodies. */
export interface BodyWatcher {
  /** Somebody reads the body, for the first time. */
  onBodyRead(): void;
  /** The body waits for octets. */
  onBodyWait(): void;
  /** Octets came, or the wait ended otherwise. */
  onBodyMoved(): void;
  /** The last octet of the message has been used, and the trailer section if any. */
  onBodyEnd(trailers: FieldSection | undefined): void;
}

export interface WireBodyOptions {
  readonly watcher?: BodyWatcher | undefined;
  readonly limits?: WireLimits | undefined;
  readonly decode?: DecodeLatin1 | undefined;
}
