/**
 * The renderers: text, octets in lines, hex dumps and HTML, all of it escaped.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  escapeRange,
  explain,
  formatHexRow,
  hexRows,
  renderHtml,
  renderText,
  textRows,
  wireLines,
} from "../../lib/view/mod.ts";
import { bytes } from "../kit.ts";

const test = suite("view render");

const TEXT = 'GET /<&"> HTTP/1.1\r\nHost: a\r\nX: \x1b[2J\x80\r\n\r\n'.replace("\x1b", "\xe9");
const OCTETS = bytes(TEXT);
const NOTES = explain(OCTETS);

test("each annotation is one line, with offset, octets, role and section", () => {
  const lines = renderText(OCTETS, NOTES).split("\n").slice(0, -1);
  assert.is(lines.length, NOTES.length);
  assert.ok(/^ +0 {2}GET +method +a safe method.*\[9110 §9\.1\]$/.test(lines[0] ?? ""), lines[0]);
  assert.ok(lines.some((line) => line.includes("→") && line.includes("step 7")));
});

test("errors and warnings are marked", () => {
  const bad = bytes("GET / HTTP/1.1\nHost: a\r\n\r\n");
  assert.ok(/^! +14 {2}\\n +fault/m.test(renderText(bad, explain(bad))));
  const odd = bytes("HTTP/1.1 200 OK\n\n");
  assert.ok(/^\? +15 {2}\\n +line-end/m.test(renderText(odd, explain(odd))));
});

test("no octet of a peer is printed as it is", () => {
  const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const printed = [
    renderText(all, explain(all)),
    wireLines(all, explain(all))
      .flat()
      .map(({ text }) => text)
      .join(""),
    hexRows(all, explain(all))
      .map((row) => formatHexRow(row))
      .join(""),
    renderHtml(all, explain(all)),
  ];
  for (const text of printed) assert.not(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/.test(text));
});

test("a long range shows its beginning and its end", () => {
  const long = bytes(
    `PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n${"ab".repeat(500)}`,
  );
  const row = textRows(long, explain(long), { maxOctets: 8 }).find(({ role }) => role === "body");
  assert.is(row?.octets, "ababab… 992 octets …ab");
});

test("octets are escaped by name, by number, or not at all", () => {
  const some = bytes("a\\\r\n\t\0\x7f\xff");
  assert.is(escapeRange(some, 0, some.length), "a\\\\\\r\\n\\t\\0\\x7f\\xff");
});

test("wire lines end where LF does, and hold every octet", () => {
  const lines = wireLines(OCTETS, NOTES);
  assert.is(lines.length, 4);
  const all = lines
    .flat()
    .map(({ text }) => text)
    .join("");
  assert.is(all, escapeRange(OCTETS, 0, OCTETS.length));
});

test("a hex dump has sixteen cells a row, and the last row is filled up", () => {
  const rows = hexRows(OCTETS, NOTES);
  assert.is(
    rows.reduce((sum, { cells }) => sum + cells.length, 0),
    OCTETS.length,
  );
  const lines = rows.map((row) => formatHexRow(row));
  assert.is(
    lines[0],
    '00000000  47 45 54 20 2f 3c 26 22  3e 20 48 54 54 50 2f 31  |GET /<&"> HTTP/1|',
  );
  assert.is(new Set(lines.map((line) => line.indexOf("|"))).size, 1);
});

test("HTML is escaped, and classes name role and severity", () => {
  const html = renderHtml(OCTETS, NOTES);
  assert.ok(html.includes('<span class="role-target">/&#60;&#38;&#34;&#62;</span>'), html);
  assert.not(html.includes('<&"'));
  const bad = bytes("GET / HTTP/1.1\n\n");
  assert.ok(renderHtml(bad, explain(bad)).includes('class="role-fault is-error"'));
});

test.run();
