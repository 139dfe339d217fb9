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
import { type Leaf, type Node, childFor, literalChild, literalChildren, newNode } from "./node.ts";
import type { Pattern } from "./pattern.ts";

/** The patterns of one host, or of any, by method: for each the node where paths begin. */
export interface Methods<L extends Leaf> {
  any: Node<L> | undefined;
  /** Most patterns are for GET, and HEAD asks for it too: it has a place of its own. */
  get: Node<L> | undefined;
  named: Map<string, Node<L>> | undefined;
}

/** Does the path say what it means, or is each of its segments to be decoded? */
export type Reading = Exclude<PathForm, "unclean">;

/** Patterns, each in its leaf, and the search for the one that takes a request. */
export class RoutingTree<L extends Leaf> {
  readonly #anyHost: Methods<L> = newMethods();
  readonly #hosts = new Map<string, Methods<L>>();
  /** Has a literal characters beyond ASCII? Then octets above 0x7F may be such, and are decoded. */
  #text: "ascii" | "any" = "ascii";
  // What is searched for, kept here so that a search makes no object.
  #path = "";
  #reading: Reading = "plain";
  #slashed: L | undefined;
  /** Start and end of what the wildcards of the leaf have taken, the last wildcard first. */
  readonly #taken: number[] = [];
  #takenCount = 0;

  /** Are there patterns for certain hosts? */
  get hasHosts(): boolean {
    return this.#hosts.size > 0;
  }

  /**
   * What the path of the last search would lead to with a slash after it, if that pattern ends with just
   * this slash; undefined where the search ended before it could know.
   */
  get slashed(): L | undefined {
    return this.#slashed;
  }

  /** What the wildcard of this number took from the path of the last match, decoded. */
  wildcard(index: number): string {
    const at = this.#takenCount - 2 * (index + 1);
    return pathUnescape(this.#path.slice(this.#taken[at], this.#taken[at + 1]));
  }

  /** Adds a leaf whose pattern conflicts with none in the tree. */
  add(leaf: L): void {
    let node = this.#rootFor(leaf.pattern);
    for (const segment of leaf.pattern.segments) {
      if (segment.kind === "rest") {
        node.rest = leaf;
        return;
      }
      if (segment.kind === "end") {
        node.end = leaf;
        return;
      }
      if (segment.kind === "literal" && !isAscii(segment.text)) this.#text = "any";
      node = childFor(node, segment);
    }
    node.leaf = leaf;
  }

  /**
   * The leaf for a request, if there is one. The host is in lower case, "" where it does not matter; the
   * path begins with a slash, or is empty and then leads nowhere. A host's own patterns come before those
   * for any host, a method's before those for any method, and HEAD takes what GET has.
   */
  match(host: string, method: string, path: string, reading: Reading): L | undefined {
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
    for (const methods of [this.#hosts.get(host) ?? newMethods<L>(), this.#anyHost]) {
      for (const [method, root] of namedMethods(methods)) {
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
  methodsOf(host: string | undefined): Methods<L> | undefined {
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
    this.#reading = this.#text === "ascii" ? reading : "encoded";
    this.#slashed = undefined;
    this.#takenCount = 0;
  }

  #inMethods(methods: Methods<L>, method: string): L | undefined {
    const own = method === "GET" ? methods.get : methods.named?.get(method);
    let leaf = own === undefined ? undefined : this.#walk(own, 0);
    if (leaf === undefined && method === "HEAD" && methods.get !== undefined) {
      leaf = this.#walk(methods.get, 0);
    }
    if (leaf === undefined && methods.any !== undefined) leaf = this.#walk(methods.any, 0);
    return leaf;
  }

  /** Searches below the node for the path from `at` on, which is at a slash or at the path's end. */
  #walk(node: Node<L>, at: number): L | undefined {
    const path = this.#path;
    if (at === path.length) {
      if (node.leaf === undefined) this.#slashed ??= node.end ?? node.rest;
      return node.leaf;
    }
    const start = at + 1;
    if (start === path.length) return node.end ?? this.#rest(node, start);
    const next = path.indexOf("/", start);
    const end = next < 0 ? path.length : next;
    const child = this.#literal(node, start, end);
    const leaf = child === undefined ? undefined : this.#walk(child, end);
    if (leaf !== undefined) return leaf;
    const other = node.wild === undefined ? undefined : this.#walk(node.wild, end);
    if (other === undefined) return this.#rest(node, start);
    this.#take(start, end);
    return other;
  }

  #rest(node: Node<L>, start: number): L | undefined {
    if (node.rest !== undefined) this.#take(start, this.#path.length);
    return node.rest;
  }

  /** The array keeps its memory from search to search. */
  #take(start: number, end: number): void {
    this.#taken[this.#takenCount++] = start;
    this.#taken[this.#takenCount++] = end;
  }

  /** The child for the literal that the path has from `start` to `end`; cuts out no text if it can. */
  #literal(node: Node<L>, start: number, end: number): Node<L> | undefined {
    const { text, literals } = node;
    if (text === undefined && literals === undefined) return undefined;
    const path = this.#path;
    if (this.#reading === "encoded") {
      return literalChild(node, pathUnescape(path.slice(start, end)));
    }
    if (text === undefined) return literals?.get(path.slice(start, end));
    return text.length === end - start && path.startsWith(text, start) ? node.next : undefined;
  }

  #rootFor({ host, method }: Pattern): Node<L> {
    const methods = host === undefined ? this.#anyHost : this.#host(host);
    if (method === undefined) return (methods.any ??= newNode());
    if (method === "GET") return (methods.get ??= newNode());
    methods.named ??= new Map();
    let root = methods.named.get(method);
    if (root === undefined) methods.named.set(method, (root = newNode()));
    return root;
  }

  #host(host: string): Methods<L> {
    let methods = this.#hosts.get(host);
    if (methods === undefined) this.#hosts.set(host, (methods = newMethods()));
    return methods;
  }
}

/** The methods that have patterns of their own, GET among them. */
export function namedMethods<L extends Leaf>(
  methods: Methods<L>,
): readonly (readonly [string, Node<L>])[] {
  const named = [...(methods.named ?? [])];
  return methods.get === undefined ? named : [...named, ["GET", methods.get]];
}

function newMethods<L extends Leaf>(): Methods<L> {
  return { any: undefined, get: undefined, named: undefined };
}

function picture<L extends Leaf>(host: string, methods: Methods<L>): string[] {
  const lines: string[] = [];
  if (methods.any !== undefined) lines.push("  any method", ...below(methods.any, "    "));
  for (const [method, node] of byName(namedMethods(methods))) {
    lines.push(`  ${method}`, ...below(node, "    "));
  }
  return lines.length === 0 ? [] : [host, ...lines];
}

function below<L extends Leaf>(node: Node<L>, indent: string): string[] {
  const lines: string[] = [];
  const draw = (label: string, leaf: L | undefined): void => {
    lines.push(`${indent}/${label}${leaf === undefined ? "" : ` → ${leaf.pattern.text}`}`);
  };
  const branch = (label: string, child: Node<L>): void => {
    draw(label, child.leaf);
    lines.push(...below(child, `${indent}  `));
  };
  if (node.end !== undefined) draw("{$}", node.end);
  for (const [text, child] of byName(literalChildren(node))) branch(text, child);
  if (node.wild !== undefined) branch("{}", node.wild);
  if (node.rest !== undefined) draw("{...}", node.rest);
  return lines;
}

function byName<V>(entries: Iterable<readonly [string, V]>): (readonly [string, V])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
