/**
 * A method is a token in any case; only the registered ones promise something.
 *
 * Rule of this file: a row is a method with the three answers.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isIdempotent, isMethod, isSafe } from "../../lib/semantics/mod.ts";
import { table } from "../kit.ts";

const test = suite("semantics: method");

const PLAIN = { isMethod: true, isSafe: false, isIdempotent: false };
const IDEMPOTENT = { ...PLAIN, isIdempotent: true };
const SAFE = { ...IDEMPOTENT, isSafe: true };
const NONE = { isMethod: false, isSafe: false, isIdempotent: false };

table(
  test,
  [
    { name: "GET is safe", section: "9110 §9.3.1", input: "GET", expect: SAFE },
    { name: "HEAD is safe", section: "9110 §9.3.2", input: "HEAD", expect: SAFE },
    { name: "OPTIONS is safe", section: "9110 §9.3.7", input: "OPTIONS", expect: SAFE },
    { name: "TRACE is safe", section: "9110 §9.3.8", input: "TRACE", expect: SAFE },
    {
      name: "PUT is idempotent, not safe",
      section: "9110 §9.3.4",
      input: "PUT",
      expect: IDEMPOTENT,
    },
    { name: "DELETE is idempotent", section: "9110 §9.3.5", input: "DELETE", expect: IDEMPOTENT },
    { name: "POST promises nothing", section: "9110 §9.3.3", input: "POST", expect: PLAIN },
    { name: "CONNECT promises nothing", section: "9110 §9.3.6", input: "CONNECT", expect: PLAIN },
    { name: "PATCH promises nothing", section: "5789 §2", input: "PATCH", expect: PLAIN },
    { name: "get is another method than GET", section: "9110 §9.1", input: "get", expect: PLAIN },
    { name: "an unknown token is a method", section: "9110 §9.1", input: "X-*!1", expect: PLAIN },
    { name: "a name of Object.prototype is only a word", input: "constructor", expect: PLAIN },
    { name: "the empty string is none", section: "9110 §5.6.2", input: "", expect: NONE },
    { name: "a method holds no space", section: "9110 §5.6.2", input: "GET ", expect: NONE },
    { name: "a method holds no colon", section: "9110 §5.6.2", input: "GET:", expect: NONE },
    { name: "a method holds no line end", section: "9110 §5.6.2", input: "GET\r\n", expect: NONE },
    { name: "a method is ASCII", section: "9110 §5.6.2", input: "GÉT", expect: NONE },
  ],
  ({ input, expect }) => {
    const actual = {
      isMethod: isMethod(input),
      isSafe: isSafe(input),
      isIdempotent: isIdempotent(input),
    };
    assert.equal(actual, expect);
  },
);

test.run();
