/**
 * The mux of the process.
 *
 * Rule of this file: its patterns have a host of their own, since all tests share the one mux.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ServeMux, defaultServeMux, handle, handleFunc } from "../../../lib/server/mux/mod.ts";
import { throwsCode } from "../../kit.ts";
import { ask } from "./ask.ts";

const test = suite("server/mux: default");

test("handle and handleFunc register at the default mux", async () => {
  assert.instance(defaultServeMux, ServeMux);
  handle("default.test/a", { serveHTTP: (w) => void w.write("a") });
  handleFunc("default.test/b", (w) => void w.write("b"));
  for (const name of ["a", "b"]) {
    const answer = await ask(defaultServeMux, { target: `/${name}`, host: "default.test" });
    assert.is(answer.body, name);
  }
});

test("they tell where the program called them", () => {
  handle("default.test/twice", () => {});
  const error = throwsCode(() => handleFunc("default.test/twice", () => {}), "pattern-conflict");
  const places = [...error.message.matchAll(/\(registered at .*?default\.test\.ts:(\d+)\)/g)];
  assert.is(places.length, 2);
  assert.is(Number(places[0]![1]) - Number(places[1]![1]), 1);
});

test.run();
