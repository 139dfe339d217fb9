/**
 * TLS sessions kept for the next connection to the same server, which then saves a round of certificates.
 * RFC 8446 §2.2 · Go: tls.ClientSessionCache, tls.NewLRUClientSessionCache
 *
 * Rule of this file: a bounded map, the one used longest ago goes first. A resumed session is not verified
 * again, so the key holds all that verification depended on: the name and the very options.
 */

/** Go's default. */
const SESSIONS_MAX = 64;

export class TlsSessions {
  readonly #max: number;
  readonly #sessions: Map<string, Buffer> = new Map();
  readonly #ids: WeakMap<object, number> = new WeakMap();
  #lastId = 0;

  constructor(max: number = SESSIONS_MAX) {
    this.#max = max;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** A key for a server and the options object: another object with the same contents is another key. */
  keyOf(server: readonly (string | number | undefined)[], options: object): string {
    let id = this.#ids.get(options);
    if (id === undefined) {
      id = ++this.#lastId;
      this.#ids.set(options, id);
    }
    return JSON.stringify([id, ...server]);
  }

  get(key: string): Buffer | undefined {
    const session = this.#sessions.get(key);
    if (session !== undefined) this.set(key, session);
    return session;
  }

  set(key: string, session: Buffer): void {
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#max) return;
      this.#sessions.delete(oldest);
    }
  }

  /** After a handshake with it has failed. */
  delete(key: string): void {
    this.#sessions.delete(key);
  }
}
