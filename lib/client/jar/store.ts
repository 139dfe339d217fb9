/**
 * The memory of a jar: cookies by domain, and which of them go when there are too many.
 * draft-ietf-httpbis-rfc6265bis §5.7 ("remove excess cookies") · Go: cookiejar Jar.entries
 *
 * Rule of this file: it knows no URL and refuses nothing. Maps keep the order in which things were put in:
 * who is used is taken out and put in again, so the first of a map is always the one unused for longest, and
 * no lookup and no eviction walks over other domains' cookies.
 */
import { isExpired, type JarCookie } from "./jar-cookie.ts";
import type { JarLimits } from "./limits.ts";

/** A cookie with its place in the store. */
export interface Entry {
  readonly cookie: JarCookie;
  readonly key: string;
  readonly id: string;
  /** Counts up with each new cookie: the order of those that were set in the same millisecond. */
  readonly sequence: number;
}

export class CookieStore {
  readonly #limits: Pick<JarLimits, "maxTotalCookies" | "maxCookiesPerDomain">;
  /** By registrable domain, then by name, domain and path; each in the order of use. */
  readonly #domains = new Map<string, Map<string, Entry>>();
  /** All of them, in the order of use. */
  readonly #all = new Set<Entry>();
  /** No cookie's life ends before. */
  #nextExpiry = Infinity;
  #sequence = 0;

  constructor(limits: Pick<JarLimits, "maxTotalCookies" | "maxCookiesPerDomain">) {
    this.#limits = limits;
  }

  /** Those of a domain, as they are now: what happens to the store does not change the list. */
  under(key: string): readonly Entry[] {
    return [...(this.#domains.get(key)?.values() ?? [])];
  }

  /** All of them, as they are now, those unused for longest first. */
  all(): readonly Entry[] {
    return [...this.#all];
  }

  /**
   * Puts a cookie in, in place of the one with its name, domain and path, whose creation it takes over. Then
   * those in excess go: first of the same domain, those without Secure before the others, then of all.
   */
  put(key: string, cookie: JarCookie): void {
    this.#place({ cookie, key, id: idOf(cookie), sequence: this.#sequence++ });
  }

  /** Puts saved cookies in; the list is in the order of setting, and their last access tells that of use. */
  restore(saved: readonly { readonly key: string; readonly cookie: JarCookie }[]): void {
    const entries = saved.map(({ key, cookie }) => {
      return { cookie, key, id: idOf(cookie), sequence: this.#sequence++ };
    });
    const byUse = entries.toSorted((a, b) => a.cookie.lastAccess - b.cookie.lastAccess);
    for (const entry of byUse) this.#place(entry);
  }

  /** Takes the one with this cookie's name, domain and path out, if there is one. */
  delete(key: string, cookie: JarCookie): void {
    const entry = this.#domains.get(key)?.get(idOf(cookie));
    if (entry !== undefined) this.remove(entry);
  }

  remove(entry: Entry): void {
    const domain = this.#domains.get(entry.key);
    domain?.delete(entry.id);
    if (domain?.size === 0) this.#domains.delete(entry.key);
    this.#all.delete(entry);
  }

  /** Notes that it was sent. */
  touch(entry: Entry, now: number): void {
    this.remove(entry);
    this.#insert({ ...entry, cookie: { ...entry.cookie, lastAccess: now } });
  }

  /** Takes out those whose life is over. Costs nothing while that can be true of none. */
  removeExpired(now: number): void {
    if (now < this.#nextExpiry) return;
    this.#nextExpiry = Infinity;
    for (const entry of this.all()) {
      if (isExpired(entry.cookie, now)) this.remove(entry);
      else this.#nextExpiry = Math.min(this.#nextExpiry, entry.cookie.expires ?? Infinity);
    }
  }

  #place(entry: Entry): void {
    const { key, id, cookie } = entry;
    const old = this.#domains.get(key)?.get(id);
    if (old === undefined) {
      this.#insert(entry);
    } else {
      const { creation } = old.cookie;
      this.remove(old);
      this.#insert({ ...entry, cookie: { ...cookie, creation }, sequence: old.sequence });
    }
    this.#nextExpiry = Math.min(this.#nextExpiry, cookie.expires ?? Infinity);
    this.#removeExcess(key);
  }

  #insert(entry: Entry): void {
    let domain = this.#domains.get(entry.key);
    if (domain === undefined) this.#domains.set(entry.key, (domain = new Map<string, Entry>()));
    domain.set(entry.id, entry);
    this.#all.add(entry);
  }

  #removeExcess(key: string): void {
    const domain = this.#domains.get(key);
    while (domain !== undefined && domain.size > this.#limits.maxCookiesPerDomain) {
      this.#removeFirst(domain.values(), ({ cookie }) => !cookie.secure);
    }
    while (this.#all.size > this.#limits.maxTotalCookies) {
      this.#removeFirst(this.#all, () => true);
    }
  }

  /** The first that is preferred, or else the first. */
  #removeFirst(entries: Iterable<Entry>, isPreferred: (entry: Entry) => boolean): void {
    let first: Entry | undefined;
    for (const entry of entries) {
      if (isPreferred(entry)) return this.remove(entry);
      first ??= entry;
    }
    if (first !== undefined) this.remove(first);
  }
}

/** A name is a token and a domain a host: neither holds a blank, so no two cookies share an id. */
function idOf({ name, domain, hostOnly, path }: JarCookie): string {
  return `${name} ${domain} ${hostOnly ? "host" : "domain"} ${path}`;
}
