/**
 * Which registered patterns might conflict with a new one.
 * Go: routing_index.go
 *
 * Rule of this file: it walks the routing tree, which is index enough: only branches are entered whose paths
 * can meet those of the new pattern, so that registering a pattern looks at few others. Whether one of them
 * conflicts is decided in relation.ts.
 *
 * A literal meets itself, a wildcard and a rest: a handful of nodes, however many patterns there are. A
 * wildcard meets every literal at its place, and a rest all that lies below: registering those costs as much
 * as there is.
 */
import { type Leaf, type Node, literalChild, literalChildren } from "./node.ts";
import type { Pattern } from "./pattern.ts";
import { compareMethods, conflicts } from "./relation.ts";
import { type Methods, type RoutingTree, namedMethods } from "./tree.ts";

/** A leaf of the tree whose pattern conflicts with this one, if there is any. */
export function findConflict<L extends Leaf>(
  tree: RoutingTree<L>,
  pattern: Pattern,
): L | undefined {
  const methods = tree.methodsOf(pattern.host);
  if (methods === undefined) return undefined;
  for (const root of meeting(methods, pattern.method)) {
    const leaf = below(root, pattern, 0);
    if (leaf !== undefined) return leaf;
  }
  return undefined;
}

/** Where patterns lie whose methods the new pattern shares. */
function meeting<L extends Leaf>(methods: Methods<L>, method: string | undefined): Node<L>[] {
  const roots = namedMethods(methods)
    .filter(([other]) => compareMethods(method, other) !== "disjoint")
    .map(([, root]) => root);
  return methods.any === undefined ? roots : [methods.any, ...roots];
}

/** A conflict below the node, where the pattern's segment number `depth` is the next. */
function below<L extends Leaf>(node: Node<L>, pattern: Pattern, depth: number): L | undefined {
  const segment = pattern.segments[depth];
  if (segment === undefined) return judged(node.leaf, pattern);
  const rest = judged(node.rest, pattern);
  if (rest !== undefined) return rest;
  switch (segment.kind) {
    case "end":
      return judged(node.end, pattern);
    case "literal":
      return (
        inside(literalChild(node, segment.text), pattern, depth + 1) ??
        inside(node.wild, pattern, depth + 1)
      );
    case "wild":
      return inAll(node, (child) => below(child, pattern, depth + 1));
    case "rest":
      return judged(node.end, pattern) ?? inAll(node, (child) => anywhere(child, pattern));
  }
}

function inside<L extends Leaf>(
  node: Node<L> | undefined,
  pattern: Pattern,
  depth: number,
): L | undefined {
  return node === undefined ? undefined : below(node, pattern, depth);
}

/** A conflict at the node or anywhere below it. */
function anywhere<L extends Leaf>(node: Node<L>, pattern: Pattern): L | undefined {
  return (
    judged(node.leaf, pattern) ??
    judged(node.end, pattern) ??
    judged(node.rest, pattern) ??
    inAll(node, (child) => anywhere(child, pattern))
  );
}

/** The first that `find` finds among the children of the node. */
function inAll<L extends Leaf>(
  node: Node<L>,
  find: (child: Node<L>) => L | undefined,
): L | undefined {
  for (const [, child] of literalChildren(node)) {
    const leaf = find(child);
    if (leaf !== undefined) return leaf;
  }
  return node.wild === undefined ? undefined : find(node.wild);
}

function judged<L extends Leaf>(leaf: L | undefined, pattern: Pattern): L | undefined {
  return leaf !== undefined && conflicts(pattern, leaf.pattern) ? leaf : undefined;
}
