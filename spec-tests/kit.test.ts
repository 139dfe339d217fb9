/**
 * The tools of the tests fail when they should: a tool that lets everything pass hides every fault.
 *
 * Rule of this file: each tool once with what is right and once with each thing that is wrong.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  bytes,
  everyCut,
  type Fed,
  joined,
  rejects,
  table,
  text,
  threeWays,
  threeWaysFail,
  throwsCode,
  withDeadline,
} from "./kit.ts";

const kit = suite("the kit");

const coded = (code: string): Error => Object.assign(new Error("evidence"), { code });

/** Takes a line up to CRLF, as a scanner should. */
function line(pieces: readonly Uint8Array[]): Fed<string> {
  const all = text(joined(pieces));
  const end = all.indexOf("\r\n") + 2;
  if (all.startsWith("bad")) throw coded("bad-line");
  return { value: all.slice(0, end), rest: bytes(all.slice(end)) };
}

kit("three ways: a good scanner passes, and is fed in three ways", async () => {
  const counts: number[] = [];
  await threeWays(
    bytes("abc\r\n"),
    (pieces) => (counts.push(pieces.length), line(pieces)),
    (value) => assert.is(value, "abc\r\n"),
  );
  assert.equal(counts, [1, 5, 1]);
});

kit("three ways: a scanner that needs the bytes together fails", async () => {
  const hasty = (pieces: readonly Uint8Array[]): Fed<string> => line(pieces.slice(0, 1));
  const checked = threeWays(bytes("abc\r\n"), hasty, (value) => assert.is(value, "abc\r\n"));
  assert.match(await failureOf(checked), /^fed byte by byte/);
});

kit("three ways: a scanner that takes the bytes left over fails", async () => {
  const greedy = (pieces: readonly Uint8Array[]): Fed<string> => ({
    value: "",
    rest: line(pieces).rest.slice(3),
  });
  const checked = threeWays(bytes("abc\r\n"), greedy, () => {});
  assert.match(await failureOf(checked), /^fed with bytes left over: bytes not taken/);
});

kit("three ways to fail: the code must be the same in all three", async () => {
  await threeWaysFail(bytes("bad\r\n"), line, "bad-line");
  const wrong = threeWaysFail(bytes("bad\r\n"), line, "worse-line");
  assert.match(
    await failureOf(wrong),
    /fed whole: expected an error with code worse-line, got bad-line/,
  );
  const none = threeWaysFail(bytes("good\r\n"), line, "bad-line");
  assert.match(await failureOf(none), /got a value/);
});

kit("every cut: all places, both ends included", () => {
  const cuts = everyCut(bytes("abc")).map((pair) => pair.map(text).join("|"));
  assert.equal(cuts, ["|abc", "a|bc", "ab|c", "abc|"]);
});

kit("deadline: in time passes, too late fails and says so, a failure comes through", async () => {
  await withDeadline(1000, () => {})();
  const late = withDeadline(5, () => new Promise<void>(() => {}))();
  assert.match(await failureOf(late), "still running after 5 ms");
  const broken = withDeadline(1000, () => Promise.reject(new Error("own fault")))();
  assert.is(await failureOf(broken), "own fault");
});

kit("rejects and throwsCode: by code, and nothing else will do", async () => {
  assert.is((await rejects(Promise.reject(coded("late")), "late")).message, "evidence");
  assert.is(
    throwsCode(() => {
      throw coded("late");
    }, "late").code,
    "late",
  );
  assert.match(await failureOf(rejects(Promise.resolve(1), "late")), "got a value: 1");
  assert.match(await failureOf(rejects(Promise.reject(coded("early")), "late")), "got early");
  assert.is(await failureOf(rejects(Promise.reject(new TypeError("bug")), "late")), "bug");
  const promised = (async () => throwsCode(() => Promise.resolve(), "late"))();
  assert.match(await failureOf(promised), "await it");
});

kit("table: one test a row, named by row and section; none is a mistake", () => {
  const names: string[] = [];
  const rows = [{ name: "a" }, { name: "b", section: "§1" }];
  table(
    (name) => names.push(name),
    rows,
    () => {},
  );
  assert.equal(names, ["a", "b (§1)"]);
  assert.throws(
    () =>
      table(
        () => {},
        [],
        () => {},
      ),
    /without rows/,
  );
});

kit("bytes and text: latin-1 both ways, nothing beyond", () => {
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.equal(bytes(text(all)), all);
  assert.throws(() => bytes("a\u0100"), /not a latin-1 char at 1/);
});

async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it passed");
}

kit.run();
