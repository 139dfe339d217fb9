/**
 * The routing tree: from host, method and path to the most specific pattern.
 * Go: routing_tree.go
 *
 * Rule of this file: it stores and finds; that no two of its patterns conflict is the caller's to see to
 * (index.ts), and every step below relies on it.
 *
 * The root branches on the host, the next level on the method, the others on one segment each:
 *
 *   any host
 *     any method
 *       /a
 *         /b
 *           /z → /a/b/z
 *         /{}
 *           /c → /a/{x}/c
 *
 * More specific wins, so a literal is tried before a wildcard and that before a rest, and the search may turn
 * back: /a/b/c goes down to /a/b, finds no c there, and tries /a/{x} next. A node is visited once at most,
 * whatever the path, because its depth says which segment it is asked for.
 */
import { pathUnescape } from "../../semantics/mod.ts";
import type { PathForm } from "./clean-path.ts";
import type { Pattern, Segment } from "./pattern.ts";

/** A pattern in the tree, and what it leads to. */
export interface Leaf<T> {
  readonly pattern: Pattern;
  readonly value: T;
}

/** The place that some segments lead to. What begins there is one segment further. */
export interface Node<T> {
  /** The path ends here. */
  leaf: Leaf<T> | undefined;
  /** One slash follows, and nothing more: `{$}`. */
  end: Leaf<T> | undefined;
  /** Anything follows, a lone slash at least. */
  rest: Leaf<T> | undefined;
  /** One segment follows, whatever it says. */
  wild: Node<T> | undefined;
  /** One segment follows, and it says this: what most nodes need, without a map. */
  only: Literal<T> | undefined;
  /** One segment follows, by its decoded text: instead of `only` where there are several. */
  literals: Map<string, Node<T>> | undefined;
}

interface Literal<T> {
  readonly text: string;
  readonly node: Node<T>;
}

/** The patterns of one host, or of any, by method. */
export interface Methods<T> {
  any: Node<T> | undefined;
  readonly named: Map<string, Node<T>>;
}

/** How the path is to be read: as it stands, or decoded segment by segment. */
export type Reading = Exclude<PathForm, "unclean">;

export class RoutingTree<T> {
  readonly #anyHost: Methods<T> = { any: undefined, named: new Map() };
  readonly #hosts = new Map<string, Methods<T>>();
  // What is searched for, kept here so that a search makes no object.
  #path = "";
  #reading: Reading = "plain";
  #slashed: Leaf<T> | undefined;

  /** Are there patterns for certain hosts? */
  get hasHosts(): boolean {
    return this.#hosts.size > 0;
  }

  /**
   * What the path of the last search would lead to with a slash after it, if that pattern ends with just
   * this slash; undefined where the search ended before it could know.
   */
  get slashed(): Leaf<T> | undefined {
    return this.#slashed;
  }

  /** Adds a pattern that conflicts with none in the tree. */
  add(pattern: Pattern, value: T): void {
    let node = this.#rootFor(pattern);
    const leaf: Leaf<T> = { pattern, value };
    for (const segment of pattern.segments) {
      if (segment.kind === "rest") {
        node.rest = leaf;
        return;
      }
      if (segment.kind === "end") {
        node.end = leaf;
        return;
      }
      node = childFor(node, segment);
    }
    node.leaf = leaf;
  }

  /**
   * The leaf for a request, if there is one. The host is in lower case, "" where it does not matter; the
   * path begins with a slash, or is empty and then leads nowhere. A host's own patterns come before those
   * for any host, a method's before those for any method, and HEAD takes what GET has.
   */
  match(host: string, method: string, path: string, reading: Reading): Leaf<T> | undefined {
    this.#search(path, reading);
    if (path === "") return undefined;
    const own = host === "" ? undefined : this.#hosts.get(host);
    if (own !== undefined) {
      const leaf = this.#inMethods(own, method);
      if (leaf !== undefined) return leaf;
    }
    return this.#inMethods(this.#anyHost, method);
  }

  /**
   * The methods that have a pattern for this host and path, sorted. Those for any method are left out: the
   * question is asked where none has matched. `slash` says if a path that only lacks its slash counts.
   */
  methods(host: string, path: string, slash: "required" | "forgiven"): string[] {
    const found = new Set<string>();
    for (const methods of [this.#hosts.get(host), this.#anyHost]) {
      for (const [method, root] of methods?.named ?? []) {
        this.#search(path, "encoded");
        const leaf = path === "" ? undefined : this.#walk(root, 0);
        if (leaf !== undefined || (slash === "forgiven" && this.#slashed !== undefined)) {
          found.add(method);
        }
      }
    }
    if (found.has("GET")) found.add("HEAD");
    return [...found].sort();
  }

  /** The patterns for a host, undefined for any host; where nothing is registered there are none. */
  methodsOf(host: string | undefined): Methods<T> | undefined {
    return host === undefined ? this.#anyHost : this.#hosts.get(host);
  }

  /** The tree as text, two blanks a level, in an order that does not depend on that of registration. */
  toString(): string {
    const lines = picture("any host", this.#anyHost);
    for (const [host, methods] of byName(this.#hosts)) lines.push(...picture(host, methods));
    return lines.join("\n");
  }

  #search(path: string, reading: Reading): void {
    this.#path = path;
    this.#reading = reading;
    this.#slashed = undefined;
  }

  #inMethods(methods: Methods<T>, method: string): Leaf<T> | undefined {
    const own = methods.named.get(method);
    let leaf = own === undefined ? undefined : this.#walk(own, 0);
    if (leaf === undefined && method === "HEAD") {
      const get = methods.named.get("GET");
      if (get !== undefined) leaf = this.#walk(get, 0);
    }
    if (leaf === undefined && methods.any !== undefined) leaf = this.#walk(methods.any, 0);
    return leaf;
  }

  /** Searches below the node for the path from `at` on, which is at a slash or at the path's end. */
  #walk(node: Node<T>, at: number): Leaf<T> | undefined {
    const path = this.#path;
    if (at === path.length) {
      if (node.leaf === undefined) this.#slashed ??= node.end ?? node.rest;
      return node.leaf;
    }
    const start = at + 1;
    if (start === path.length) return node.end ?? node.rest;
    const { literals, wild } = node;
    if (literals !== undefined || wild !== undefined) {
      const next = path.indexOf("/", start);
      const end = next < 0 ? path.length : next;
      const child = literals?.get(this.#segment(start, end));
      const leaf = child === undefined ? undefined : this.#walk(child, end);
      if (leaf !== undefined) return leaf;
      const other = wild === undefined ? undefined : this.#walk(wild, end);
      if (other !== undefined) return other;
    }
    return node.rest;
  }

  #segment(start: number, end: number): string {
    const raw = this.#path.slice(start, end);
    return this.#reading === "plain" ? raw : pathUnescape(raw);
  }

  #rootFor({ host, method }: Pattern): Node<T> {
    let methods = this.methodsOf(host);
    if (methods === undefined) {
      methods = { any: undefined, named: new Map() };
      this.#hosts.set(host ?? "", methods);
    }
    if (method === undefined) return (methods.any ??= newNode());
    return entry(methods.named, method);
  }
}

function newNode<T>(): Node<T> {
  return {
    leaf: undefined,
    end: undefined,
    rest: undefined,
    wild: undefined,
    literals: undefined,
  };
}

function childFor<T>(
  node: Node<T>,
  segment: Extract<Segment, { readonly kind: "literal" | "wild" }>,
): Node<T> {
  if (segment.kind === "wild") return (node.wild ??= newNode());
  return entry((node.literals ??= new Map()), segment.text);
}

function entry<T>(nodes: Map<string, Node<T>>, key: string): Node<T> {
  let node = nodes.get(key);
  if (node === undefined) nodes.set(key, (node = newNode()));
  return node;
}

function picture<T>(host: string, methods: Methods<T>): string[] {
  const lines: string[] = [];
  if (methods.any !== undefined) lines.push("  any method", ...below(methods.any, "    "));
  for (const [method, node] of byName(methods.named)) {
    lines.push(`  ${method}`, ...below(node, "    "));
  }
  return lines.length === 0 ? [] : [host, ...lines];
}

function below<T>(node: Node<T>, indent: string): string[] {
  const lines: string[] = [];
  const draw = (label: string, leaf: Leaf<T> | undefined): void => {
    lines.push(`${indent}/${label}${leaf === undefined ? "" : ` → ${leaf.pattern.text}`}`);
  };
  const branch = (label: string, child: Node<T>): void => {
    draw(label, child.leaf);
    lines.push(...below(child, `${indent}  `));
  };
  if (node.end !== undefined) draw("{$}", node.end);
  for (const [text, child] of byName(node.literals ?? new Map<string, Node<T>>())) {
    branch(text, child);
  }
  if (node.wild !== undefined) branch("{}", node.wild);
  if (node.rest !== undefined) draw("{...}", node.rest);
  return lines;
}

function byName<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
