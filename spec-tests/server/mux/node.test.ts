/**
 * Steps from a node to its children, as their number grows.
 *
 * Rule of this file: what childFor makes is what the other two find.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { childFor, literalChild, literalChildren, newNode } from "../../../lib/server/mux/node.ts";
import type { Leaf } from "../../../lib/server/mux/node.ts";

const test = suite("server/mux: node");

test("a new node has no children", () => {
  const node = newNode<Leaf>();
  assert.is(literalChild(node, "a"), undefined);
  assert.equal([...literalChildren(node)], []);
  assert.is(node.wild, undefined);
});

test("literal children stay the same however many come after them", () => {
  const node = newNode<Leaf>();
  const texts = ["a", "b", "", "/"];
  const children = texts.map((text) => childFor(node, { kind: "literal", text }));
  assert.is(new Set(children).size, texts.length);
  for (const [i, text] of texts.entries()) {
    assert.is(childFor(node, { kind: "literal", text }), children[i]);
    assert.is(literalChild(node, text), children[i]);
  }
  assert.is(literalChild(node, "c"), undefined);
  assert.equal(
    [...literalChildren(node)].map(([text]) => text),
    texts,
  );
});

test("one literal child needs no map", () => {
  const node = newNode<Leaf>();
  const child = childFor(node, { kind: "literal", text: "a" });
  assert.is(node.literals, undefined);
  assert.is(literalChild(node, "a"), child);
  assert.is(literalChild(node, "b"), undefined);
  assert.equal([...literalChildren(node)], [["a", child]]);
});

test("all wildcards share one child, which is no literal", () => {
  const node = newNode<Leaf>();
  const child = childFor(node, { kind: "wild", name: "x" });
  assert.is(childFor(node, { kind: "wild", name: "y" }), child);
  assert.is(node.wild, child);
  assert.equal([...literalChildren(node)], []);
});

test.run();
