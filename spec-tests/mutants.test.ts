/**
 * The mutants themselves: each written by hand has its one place in lib, and the mechanical ones are made as said.
 *
 * Rule of this file: nothing is run but esbuild; what the tests make of a mutant is `npm run mutants`.
 */
import { readFileSync, readdirSync } from "node:fs";
import { transformSync } from "esbuild";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { BY_HAND } from "../scripts/mutants/by-hand.ts";
import { EQUIVALENT } from "../scripts/mutants/equivalent.ts";
import { mechanicalMutants, sample } from "../scripts/mutants/mechanical.ts";
import { type Files, type Mutant, mutated, place } from "../scripts/mutants/mutant.ts";
import { stepsFor } from "../scripts/mutants/order.ts";
import { table } from "./kit.ts";

const it = suite("mutants");
const mechanical = suite("mutants: mechanical");

const ROOT = new URL("..", import.meta.url).pathname;
const LIB: Files = readdirSync(`${ROOT}lib`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => [`lib/${path}`, readFileSync(`${ROOT}lib/${path}`, "utf8")]);
const TEXTS = new Map(LIB);

it("each mutant by hand has its one place, and parses", () => {
  for (const hand of BY_HAND) {
    const mutant = place(hand, LIB);
    const text = TEXTS.get(mutant.file)!;
    const after = mutated(text, mutant);
    assert.is.not(after, text, hand.name);
    transformSync(after, { loader: "ts", logLevel: "silent" });
  }
  assert.is(new Set(BY_HAND.map(({ name }) => name)).size, BY_HAND.length);
});

it("a mutant whose text is not there, or there twice, is told by its name", () => {
  const hand = { name: "a-name", rule: "", where: "lib/x", find: "1 + 1", replace: "2" };
  assert.throws(() => place(hand, [["lib/x/a.ts", "1 + 2"]]), /"a-name".*nowhere in lib\/x/);
  const twice: Files = [
    ["lib/x/a.ts", "1 + 1"],
    ["lib/x/b.ts", "\n1 + 1"],
  ];
  assert.throws(() => place(hand, twice), /2 times \(lib\/x\/a.ts:1, lib\/x\/b.ts:2\)/);
  assert.is(place(hand, [twice[1]!, ["lib/x/y/a.ts", "1 + 1"]]).line, 2);
});

it("what is said to change nothing is one line of lib", () => {
  for (const { file, was, becomes, next } of EQUIVALENT) {
    const lines = (TEXTS.get(file) ?? "").split("\n").map((line) => line.trim());
    const found = lines.filter((line, at) => {
      return line === was && (next === undefined || lines[at + 1] === next);
    });
    assert.is(found.length, 1, `${file}: ${was}`);
    assert.is.not(was, becomes);
  }
});

it("the tests of the file are asked first, then its folder, tables, room and those above", () => {
  const mutant = { file: "lib/server/mux/tree.ts" } as Mutant;
  const tests = ["a", "mux/mux", "mux/tree", "mux/tree-big"].map((n) => `spec-tests/server/${n}`);
  const paths = [...tests, "spec-tests/wire/head", "spec-tests/testing/feeds"].map(
    (name) => `${name}.test.ts`,
  );
  const steps = stepsFor(mutant, paths, ["go-routing", "parser-llhttp"]);
  assert.equal(
    steps.map(({ files }) => files),
    [[paths[2], paths[3]], [paths[1]], ["go-routing"], [paths[0]], [paths[5]]],
  );
});

function madeOf(text: string): string[] {
  const mutants = mechanicalMutants([["lib/wire/example.ts", text]]);
  return mutants.map((mutant) => mutated(text, mutant).trim().replaceAll(/\s+/g, " "));
}

table(
  mechanical,
  [
    {
      name: "a comparison is turned round",
      text: "export const a = b === c;",
      made: ["export const a = b !== c;"],
    },
    {
      name: "a bound is one off, in the operator and in the number",
      text: "export const a = b < 3;",
      made: ["export const a = b <= 3;", "export const a = b < (3 + 1);"],
    },
    {
      name: "a condition is negated, and dropped with what it guards",
      text: "f(() => {\n  if (a.b(c)) d();\n});",
      made: ["f(() => { if (!(a.b(c))) d(); });", "f(() => { });"],
    },
    {
      name: "a statement of several lines is left alone",
      text: "f(() => {\n  a.b(\n    c,\n  );\n});",
      made: [],
    },
    {
      name: "comments, strings and types are left alone",
      text: "// 1 + 1\ntype A = 1 | 2;\nexport const a: A | '3' = `b === ${c}`;",
      made: [],
    },
    {
      name: "what does not parse is left out",
      text: "export const { a = 1 } = b;\nlabel: for (;;) break label;",
      made: ["export const { a = (1 + 1) } = b; label: for (;;) break label;"],
    },
  ],
  ({ text, made }) => assert.equal(madeOf(text), made),
);

mechanical("only the files that are meant are taken", () => {
  const files = ["lib/wire/mod.ts", "lib/server/refuse.ts", "lib/view/cut.ts"];
  const found = mechanicalMutants(files.map((file) => [file, "export const a = b === c;"]));
  assert.equal(
    found.map(({ file }) => file),
    ["lib/server/refuse.ts"],
  );
});

mechanical("a sample is the same for its seed, and begins as a smaller one does", () => {
  const all = Array.from({ length: 50 }, (_, i) => ({ name: String(i) }) as Mutant);
  const names = (count: number, seed: number): string[] =>
    sample(all, count, seed).map(({ name }) => name);
  assert.equal(names(10, 1), names(10, 1));
  assert.equal(names(20, 1).slice(0, 10), names(10, 1));
  assert.is.not(names(10, 1).join(), names(10, 2).join());
  assert.is(new Set(names(99, 3)).size, 50);
});

it.run();
mechanical.run();
