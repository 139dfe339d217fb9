/**
 * Preconditions: the table of RFC 9110 §13.2.2, row by row.
 *
 * Rule of this file: a row is a request and what it selects. Default: GET, tag "a" of a file that was changed
 * at noon; the present is an hour later.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Verdict, evaluatePreconditions, formatDate } from "../../lib/semantics/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { table } from "../kit.ts";

const test = suite("semantics: precondition");

const NOON = Date.UTC(2026, 0, 15, 12);
const AT = formatDate(NOON);
const BEFORE = formatDate(NOON - 1000);
const AFTER = formatDate(NOON + 1000);

interface Row {
  readonly name: string;
  readonly section: string;
  readonly method?: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** Empty: it has none. */
  readonly etag?: string;
  /** Default: noon and a fraction of a second. */
  readonly modifiedMs?: number | "none";
  readonly nowMs?: number;
  readonly expect: Verdict;
}

const RANGE = ["Range", "bytes=0-1"] as const;

table<Row>(
  test,
  [
    { name: "no condition", section: "step 6", fields: [], expect: "whole" },
    { name: "a range", section: "step 6", fields: [RANGE], expect: "ranges" },
    { name: "a range on HEAD", section: "§14.2", method: "HEAD", fields: [RANGE], expect: "whole" },
    { name: "a range on POST", section: "§14.2", method: "POST", fields: [RANGE], expect: "whole" },

    {
      name: "If-Match: the tag",
      section: "step 1",
      fields: [["If-Match", '"a"']],
      expect: "whole",
    },
    { name: "If-Match: any", section: "step 1", fields: [["If-Match", "*"]], expect: "whole" },
    {
      name: "If-Match: any, of a file without a tag",
      section: "step 1",
      etag: "",
      fields: [["If-Match", "*"]],
      expect: "whole",
    },
    {
      name: "If-Match: another tag",
      section: "step 1",
      fields: [["If-Match", '"b"']],
      expect: "failed",
    },
    {
      name: "If-Match: a weak tag never matches",
      section: "§13.1.1",
      etag: 'W/"a"',
      fields: [["If-Match", 'W/"a"']],
      expect: "failed",
    },
    {
      name: "If-Match: a file without a tag",
      section: "§13.1.1",
      etag: "",
      fields: [["If-Match", '"a"']],
      expect: "failed",
    },
    {
      name: "If-Match: the second line",
      section: "§5.3",
      fields: [
        ["If-Match", '"b"'],
        ["If-Match", '"a"'],
      ],
      expect: "whole",
    },
    {
      name: "If-Match: an empty list",
      section: "§13.1.1",
      fields: [["If-Match", ""]],
      expect: "failed",
    },
    {
      name: "If-Match: any among others is no list",
      section: "§13.1.1",
      fields: [["If-Match", '"b", *']],
      expect: "failed",
    },
    {
      name: "If-Match on a POST",
      section: "step 1",
      method: "POST",
      fields: [["If-Match", '"b"']],
      expect: "failed",
    },
    {
      name: "If-Match that holds hides If-Unmodified-Since",
      section: "step 2",
      fields: [
        ["If-Match", '"a"'],
        ["If-Unmodified-Since", BEFORE],
      ],
      expect: "whole",
    },

    {
      name: "If-Unmodified-Since: the very second",
      section: "step 2",
      fields: [["If-Unmodified-Since", AT]],
      expect: "whole",
    },
    {
      name: "If-Unmodified-Since: later",
      section: "step 2",
      fields: [["If-Unmodified-Since", AFTER]],
      expect: "whole",
    },
    {
      name: "If-Unmodified-Since: earlier",
      section: "step 2",
      fields: [["If-Unmodified-Since", BEFORE]],
      expect: "failed",
    },
    {
      name: "If-Unmodified-Since: no date",
      section: "§13.1.4",
      fields: [["If-Unmodified-Since", "yesterday"]],
      expect: "whole",
    },
    {
      name: "If-Unmodified-Since: two dates",
      section: "§13.1.4",
      fields: [
        ["If-Unmodified-Since", BEFORE],
        ["If-Unmodified-Since", BEFORE],
      ],
      expect: "whole",
    },
    {
      name: "If-Unmodified-Since: a file without a date",
      section: "§13.1.4",
      modifiedMs: "none",
      fields: [["If-Unmodified-Since", BEFORE]],
      expect: "whole",
    },
    {
      name: "a failed step 2 comes before step 3",
      section: "§13.2.2",
      fields: [
        ["If-Unmodified-Since", BEFORE],
        ["If-None-Match", '"a"'],
      ],
      expect: "failed",
    },

    {
      name: "If-None-Match: the tag",
      section: "step 3",
      fields: [["If-None-Match", '"a"']],
      expect: "not-modified",
    },
    {
      name: "If-None-Match: on HEAD",
      section: "step 3",
      method: "HEAD",
      fields: [["If-None-Match", '"a"']],
      expect: "not-modified",
    },
    {
      name: "If-None-Match: on PUT",
      section: "step 3",
      method: "PUT",
      fields: [["If-None-Match", '"a"']],
      expect: "failed",
    },
    {
      name: "If-None-Match: any",
      section: "step 3",
      fields: [["If-None-Match", "*"]],
      expect: "not-modified",
    },
    {
      name: "If-None-Match: a weak tag matches",
      section: "§13.1.2",
      fields: [["If-None-Match", 'W/"a"']],
      expect: "not-modified",
    },
    {
      name: "If-None-Match: another tag",
      section: "step 3",
      fields: [["If-None-Match", '"b"']],
      expect: "whole",
    },
    {
      name: "If-None-Match: a file without a tag",
      section: "step 3",
      etag: "",
      fields: [["If-None-Match", '"a"']],
      expect: "whole",
    },
    {
      name: "If-None-Match that holds hides If-Modified-Since",
      section: "step 4",
      fields: [
        ["If-None-Match", '"b"'],
        ["If-Modified-Since", AFTER],
      ],
      expect: "whole",
    },
    {
      name: "If-Match and If-None-Match with the tag",
      section: "§13.2.2",
      fields: [
        ["If-Match", '"a"'],
        ["If-None-Match", '"a"'],
      ],
      expect: "not-modified",
    },
    {
      name: "not modified comes before a range",
      section: "§14.2",
      fields: [["If-None-Match", '"a"'], RANGE],
      expect: "not-modified",
    },

    {
      name: "If-Modified-Since: the very second",
      section: "step 4",
      fields: [["If-Modified-Since", AT]],
      expect: "not-modified",
    },
    {
      name: "If-Modified-Since: on HEAD",
      section: "step 4",
      method: "HEAD",
      fields: [["If-Modified-Since", AFTER]],
      expect: "not-modified",
    },
    {
      name: "If-Modified-Since: earlier",
      section: "step 4",
      fields: [["If-Modified-Since", BEFORE]],
      expect: "whole",
    },
    {
      name: "If-Modified-Since: on POST",
      section: "§13.1.3",
      method: "POST",
      fields: [["If-Modified-Since", AT]],
      expect: "whole",
    },
    {
      name: "If-Modified-Since: no date",
      section: "§13.1.3",
      fields: [["If-Modified-Since", "0"]],
      expect: "whole",
    },
    {
      name: "If-Modified-Since: a file without a date",
      section: "§13.1.3",
      modifiedMs: "none",
      fields: [["If-Modified-Since", AT]],
      expect: "whole",
    },

    {
      name: "If-Range: the tag",
      section: "step 5",
      fields: [RANGE, ["If-Range", '"a"']],
      expect: "ranges",
    },
    {
      name: "If-Range: another tag",
      section: "step 5",
      fields: [RANGE, ["If-Range", '"b"']],
      expect: "whole",
    },
    {
      name: "If-Range: a weak tag",
      section: "§13.1.5",
      etag: 'W/"a"',
      fields: [RANGE, ["If-Range", 'W/"a"']],
      expect: "whole",
    },
    {
      name: "If-Range: a tag of a file without one",
      section: "§13.1.5",
      etag: "",
      fields: [RANGE, ["If-Range", '"a"']],
      expect: "whole",
    },
    {
      name: "If-Range: the date",
      section: "step 5",
      fields: [RANGE, ["If-Range", AT]],
      expect: "ranges",
    },
    {
      name: "If-Range: a later date does not match",
      section: "§13.1.5",
      fields: [RANGE, ["If-Range", AFTER]],
      expect: "whole",
    },
    {
      name: "If-Range: neither tag nor date",
      section: "§13.1.5",
      fields: [RANGE, ["If-Range", "a"]],
      expect: "whole",
    },
    {
      name: "If-Range: a date of a file without one",
      section: "§13.1.5",
      modifiedMs: "none",
      fields: [RANGE, ["If-Range", AT]],
      expect: "whole",
    },
    {
      name: "If-Range: the date of this second is weak",
      section: "§8.8.2.2",
      nowMs: NOON + 999,
      fields: [RANGE, ["If-Range", AT]],
      expect: "whole",
    },
    {
      name: "If-Range: a second later it is strong",
      section: "§8.8.2.2",
      nowMs: NOON + 1000,
      fields: [RANGE, ["If-Range", AT]],
      expect: "ranges",
    },
    {
      name: "If-Range without a range",
      section: "§13.1.5",
      fields: [["If-Range", '"a"']],
      expect: "whole",
    },
    {
      name: "If-Match that holds, then If-Range",
      section: "§13.2.2",
      fields: [["If-Match", "*"], RANGE, ["If-Range", '"b"']],
      expect: "whole",
    },

    {
      name: "OPTIONS selects nothing",
      section: "§13.2.1",
      method: "OPTIONS",
      fields: [["If-Match", '"b"']],
      expect: "whole",
    },
    {
      name: "TRACE selects nothing",
      section: "§13.2.1",
      method: "TRACE",
      fields: [["If-None-Match", "*"]],
      expect: "whole",
    },
    {
      name: "CONNECT selects nothing",
      section: "§13.2.1",
      method: "CONNECT",
      fields: [["If-None-Match", "*"]],
      expect: "whole",
    },
  ],
  ({
    method = "GET",
    fields,
    etag = '"a"',
    modifiedMs = NOON + 789,
    nowMs = NOON + 3_600_000,
    expect,
  }) => {
    const verdict = evaluatePreconditions(
      { method, header: new Header(fields) },
      {
        etag: etag === "" ? undefined : etag,
        lastModifiedMs: modifiedMs === "none" ? undefined : modifiedMs,
      },
      { nowMs },
    );
    assert.is(verdict, expect);
  },
);

test.run();
