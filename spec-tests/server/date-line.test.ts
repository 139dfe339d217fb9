/**
 * The Date line: made once a second, right at each.
 *
 * Rule of this file: the module's own function; that answers carry it is in response-writer.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { dateLine } from "../../lib/server/date-line.ts";

const test = suite("date line");

test("IMF-fixdate with its CRLF, the same string within a second (RFC 9110 §5.6.7)", () => {
  const at = Date.UTC(1994, 10, 6, 8, 49, 37);
  const first = dateLine(at);
  assert.is(first, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  assert.is(dateLine(at + 999.9), first);
  assert.is(dateLine(at + 1000), "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
  assert.is(dateLine(at), first, "also backwards");
  assert.is(dateLine(0), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
});

test.run();
