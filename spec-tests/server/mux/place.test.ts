/**
 * Where a pattern was registered, from the stacks that engines write.
 *
 * Rule of this file: the stacks are written out; that the real one is understood is tested in mux.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { callerOf } from "../../../lib/server/mux/place.ts";
import { table } from "../../kit.ts";

const test = suite("server/mux: place");

const HERE = "Error\n    at ServeMux.handle (file:///lib/mux.js:10:20)\n";

table(
  test,
  [
    {
      name: "V8: a function in a module",
      stack: `${HERE}    at main (file:///app/a.js:3:5)\n    at x (b.js:1:1)`,
      expect: "/app/a.js:3",
    },
    {
      name: "V8: the top level",
      stack: `${HERE}    at file:///app/a.js:3:5`,
      expect: "/app/a.js:3",
    },
    {
      name: "V8: a script",
      stack: `${HERE}    at Object.<anonymous> (/app/a b.js:3:5)`,
      expect: "/app/a b.js:3",
    },
    {
      name: "V8: after an await",
      stack: `${HERE}    at async file:///app/a.js:3:5`,
      expect: "/app/a.js:3",
    },
    {
      name: "V8: an async function",
      stack: `${HERE}    at async main (file:///app/a.js:3:5)`,
      expect: "/app/a.js:3",
    },
    {
      name: "V8: Windows",
      stack: `${HERE}    at main (C:\\app\\a.js:3:5)`,
      expect: "C:\\app\\a.js:3",
    },
    {
      name: "V8: a page",
      stack: `${HERE}    at https://a.example/a.js:3:5`,
      expect: "https://a.example/a.js:3",
    },
    {
      name: "V8: a folder with brackets",
      stack: `${HERE}    at /app (1)/a.js:3:5`,
      expect: "/app (1)/a.js:3",
    },
    {
      name: "V8: native code has no place",
      stack: `${HERE}    at Array.forEach (<anonymous>)`,
      expect: "unknown location",
    },
    {
      name: "V8: several lines of message",
      stack: `Error: a\nb\n    at handle (m.js:1:1)\n    at a.js:3:5`,
      expect: "a.js:3",
    },
    { name: "V8: one frame only", stack: HERE.trimEnd(), expect: "unknown location" },
    {
      name: "SpiderMonkey: a function",
      stack: "handle@file:///m.js:1:2\nmain@file:///app/a.js:3:5\n",
      expect: "/app/a.js:3",
    },
    {
      name: "SpiderMonkey: the top level",
      stack: "handle@m.js:1:2\n@https://a.example/@b/a.js:3:5\n",
      expect: "https://a.example/@b/a.js:3",
    },
    {
      name: "JavaScriptCore: a module",
      stack: "handle@m.js:1:2\nmodule code@/app/a.js:3:5",
      expect: "/app/a.js:3",
    },
    { name: "no column", stack: "handle@m.js:1\nmain@/app/a.js:3", expect: "/app/a.js:3" },
    {
      name: "native code",
      stack: "handle@m.js:1:2\nforEach@[native code]",
      expect: "unknown location",
    },
    { name: "no frames", stack: "Error", expect: "unknown location" },
    { name: "no stack", stack: undefined, expect: "unknown location" },
    { name: "a stack of another kind", stack: [{}], expect: "unknown location" },
  ],
  ({ stack, expect }) => assert.is(callerOf(stack), expect),
);

test.run();
