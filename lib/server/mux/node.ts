/**
 * Nodes of the routing tree: a place in a path, and what may follow it.
 * Go: routing_tree.go routingNode, mapping.go
 *
 * Rule of this file: one step from a node to its children, in whatever form they are kept.
 */
import type { Pattern, Segment } from "./pattern.ts";

/** What the tree holds: a pattern, and whatever its owner keeps with it. */
export interface Leaf {
  readonly pattern: Pattern;
}

/** The place that some segments lead to. */
export interface Node<L extends Leaf> {
  /** The path ends here. */
  leaf: L | undefined;
  /** One slash follows, and nothing more: `{$}`. */
  end: L | undefined;
  /** Anything follows, a lone slash at least. */
  rest: L | undefined;
  /** One segment follows, whatever it says. */
  wild: Node<L> | undefined;
  /** One segment follows, and it says this. Most nodes have one literal at most: it needs no map. */
  text: string | undefined;
  next: Node<L> | undefined;
  /** One segment follows, by its decoded text: all literals, from the second on. */
  literals: Map<string, Node<L>> | undefined;
}

/** What each step of a search reads comes first, so that it lies together. */
export function newNode<L extends Leaf>(): Node<L> {
  return {
    text: undefined,
    next: undefined,
    literals: undefined,
    wild: undefined,
    leaf: undefined,
    end: undefined,
    rest: undefined,
  };
}

/** The child for this literal, if there is one. */
export function literalChild<L extends Leaf>(node: Node<L>, text: string): Node<L> | undefined {
  return node.text === text ? node.next : node.literals?.get(text);
}

/** The literal children with their texts. */
export function literalChildren<L extends Leaf>(
  node: Node<L>,
): Iterable<readonly [string, Node<L>]> {
  if (node.literals !== undefined) return node.literals;
  const { text, next } = node;
  return text === undefined || next === undefined ? [] : [[text, next]];
}

/** The child for this segment, made if there is none. */
export function childFor<L extends Leaf>(
  node: Node<L>,
  segment: Extract<Segment, { readonly kind: "literal" | "wild" }>,
): Node<L> {
  if (segment.kind === "wild") return (node.wild ??= newNode());
  const { text } = segment;
  const old = literalChild(node, text);
  if (old !== undefined) return old;
  const child = newNode<L>();
  if (node.literals !== undefined) {
    node.literals.set(text, child);
  } else if (node.text === undefined) {
    node.text = text;
    node.next = child;
  } else {
    node.literals = new Map([...literalChildren(node), [text, child]]);
    node.text = node.next = undefined;
  }
  return child;
}
