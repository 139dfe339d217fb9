/** Scans: cut anywhere, one after the other, fast; trailers; and the fields that a scan leaves behind. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  FieldKind,
  HeadScan,
  REQUEST_LIMITS,
  WireError,
  kindBits,
  scanRequestHead,
  scanResponseHead,
} from "../../lib/wire/mod.ts";
import type { WireLimits } from "../../lib/wire/mod.ts";
import { bytes, everyCut, text, threeWays, threeWaysFail } from "../kit.ts";
import { fieldsOf, pairs, request, requestFeed, responseFeed, trailerFeed } from "./feeds.ts";

const test = suite("wire/head: scans and fields");

test("trailers are field lines, and their errors may count from further up", async () => {
  await threeWays(bytes("A: b\r\n\r\n"), trailerFeed(), ({ fields }) =>
    assert.equal(pairs(fields), [["A", "b"]]),
  );
  const feed = trailerFeed({ offset: 100, limits: limits({ maxTrailerValueCount: 1 }) });
  for (const [input, code, at] of [
    ["A\r\n", "missing-colon", 101],
    ["A:\r\nB:\r\n", "trailer-too-large", 104],
  ] as const) {
    await threeWaysFail(bytes(input), feed, code, (error) =>
      assert.is((error as unknown as WireError).offset, at),
    );
  }
});

test("what lies behind the octets that have come is not looked at", () => {
  const inputs = [
    ["request", "\r\nPOST /x HTTP/1.1\r\nHost: a\r\nB:\t c\t \r\n\r\n"],
    ["response", "HTTP/1.1  200  OK\r\nA : b\r\n\t c\r\n\r\n"],
  ] as const;
  for (const [kind, input] of inputs) {
    const octets = bytes(input);
    // Most of these could go on with what is there: a buffer that is used again holds anything.
    for (const stale of bytes(" \t\r\n0aA:/,\x00\xff")) {
      const scan = new HeadScan(kind);
      const read = kind === "request" ? scanRequestHead : scanResponseHead;
      const buffer = new Uint8Array(octets.length + 8).fill(stale);
      for (let to = 1; to < octets.length; to++) {
        buffer.set(octets.subarray(0, to));
        assert.is(read(buffer, scan, 0, to), "need-more");
      }
      buffer.set(octets);
      const head = read(buffer, scan, 0, octets.length);
      const whole = read(octets, new HeadScan(kind));
      assert.ok(head !== "need-more" && whole !== "need-more");
      assert.equal(pairs(head.fields), pairs(whole.fields), `${kind}, ${stale}`);
      assert.equal({ ...head, fields: 0 }, { ...whole, fields: 0 }, `${kind}, ${stale}`);
    }
  }
});

test("cut in two anywhere, and anywhere in three, a head is the same", async () => {
  const inputs = [
    "\r\nPOST /x?y HTTP/1.0\r\nHost: a\r\nB:\t\xe9 \r\n\r\nrest",
    "HTTP/1.1  200 OK\nA: b\r\n c\n\nrest",
  ];
  for (const [index, input] of inputs.entries()) {
    const feed = index === 0 ? requestFeed() : responseFeed();
    const { value } = await feed([bytes(input)]);
    const wanted = [value.byteLength, value.fields.text, pairs(value.fields)];
    for (const [first, second] of everyCut(bytes(input))) {
      for (const [middle, last] of everyCut(second)) {
        const fed = await feed([first, middle, last]);
        const head = fed.value;
        assert.equal([head.byteLength, head.fields.text, pairs(head.fields)], wanted);
      }
    }
  }
});

test("one scan reads head after head, refusing nothing it did not see", () => {
  const scan = new HeadScan("request");
  const input = bytes("GET /1 HTTP/1.1\r\nA: \xe9\r\n\r\nPUT /2 HTTP/1.0\r\nHost: b\r\n\r\n");
  assert.not(scan.started);
  assert.is(scanRequestHead(input, scan, 0, 3), "need-more");
  assert.ok(scan.started);
  const first = scanRequestHead(input, scan);
  assert.ok(first !== "need-more");
  assert.not(scan.started);
  const second = scanRequestHead(input, scan, first.byteLength);
  assert.ok(second !== "need-more");
  assert.equal([first.target, pairs(first.fields)], ["/1", [["A", "\xe9"]]]);
  assert.equal([second.target, pairs(second.fields)], ["/2", [["Host", "b"]]]);
  assert.ok(first.fields.hasNone(kindBits(FieldKind.host)));
  assert.not(second.fields.hasNone(kindBits(FieldKind.host)));

  const responses = new HeadScan("response");
  const answers = bytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\n");
  const interim = scanResponseHead(answers, responses);
  assert.ok(interim !== "need-more");
  const final = scanResponseHead(answers, responses, interim.byteLength);
  assert.ok(final !== "need-more");
  assert.equal([interim.status, final.status, final.reason], [100, 200, "OK"]);
});

test("an empty line does not count as the start of a message", () => {
  const scan = new HeadScan("request");
  assert.is(scanRequestHead(bytes("\r\n"), scan), "need-more");
  assert.not(scan.started);
  assert.is(scanRequestHead(bytes("\r\nG"), scan), "need-more");
  assert.ok(scan.started);
});

test("a platform's decoder is used where there is one", () => {
  const calls: number[][] = [];
  const scan = new HeadScan("request", {
    decode: (input, start, end) => {
      calls.push([start, end]);
      return text(input.slice(start, end));
    },
  });
  const head = scanRequestHead(bytes("GET / HTTP/1.1\r\nA: \xe9\r\n\r\n"), scan);
  assert.ok(head !== "need-more" && head.fields.valueAt(0) === "\xe9");
  assert.equal(calls, [[0, 24]]);
});

test("the common methods are the same string each time, and the right one", () => {
  for (const method of [
    "GET",
    "PUT",
    "POST",
    "HEAD",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "FOO",
    "POSH",
  ]) {
    assert.is(request(`${method} / HTTP/1.1`).method, method);
  }
});

test("fields that decide framing and reuse are known by kind, in any case", () => {
  const names = [
    "Host",
    "content-LENGTH",
    "Transfer-Encoding",
    "CONNECTION",
    "expect",
    "Trailer",
    "Upgrade",
  ];
  const fields = fieldsOf(
    ...names.map((name, i) => `${name}: ${i}`),
    "X-Other: 7",
    "Hosu: 8",
    "Host2: 9",
  );
  for (let kind = 1; kind <= 7; kind++) {
    assert.is(fields.kindAt(kind - 1), kind);
    assert.ok(fields.has(kind as FieldKind));
    assert.is(fields.value(kind as FieldKind), String(kind - 1));
    assert.equal(fields.values(kind as FieldKind), [String(kind - 1)]);
  }
  for (const other of [7, 8, 9]) assert.is(fields.kindAt(other), FieldKind.other);
  assert.is(fields.count, 10);
});

test("a kind that did not come has no value", () => {
  const fields = fieldsOf("X: y", "Host: a", "Host: b");
  assert.is(fields.value(FieldKind.upgrade), undefined);
  assert.equal(fields.values(FieldKind.upgrade), []);
  assert.is(fields.value(FieldKind.host), "a");
  assert.equal(fields.values(FieldKind.host), ["a", "b"]);
  assert.ok(fields.hasNone(kindBits(FieldKind.upgrade, FieldKind.expect)));
});

test("a kind repeats when two lines have it, not when one line is folded", async () => {
  assert.ok(fieldsOf("Host: a", "X: y", "host: b").repeats(FieldKind.host));
  assert.not(fieldsOf("Host: a", "X: y", "X: z").repeats(FieldKind.host));
  assert.not(fieldsOf("X: y", "X: z").repeats(FieldKind.upgrade));
  const { value } = await requestFeed({ profile: "go" })([
    bytes("GET / HTTP/1.1\r\nHost: a\r\n b\r\n c\r\nUpgrade: a\r\nUpgrade: b\r\n c\r\n\r\n"),
  ]);
  assert.not(value.fields.repeats(FieldKind.host));
  assert.ok(value.fields.repeats(FieldKind.upgrade));
});

test("fed byte by byte, a head of 64 KiB costs at most ten times the whole", () => {
  const input = bytes(`GET / HTTP/1.1\r\n${"Accept: text/html\r\n".repeat(3400)}\r\n`);
  assert.ok(input.length > 64_000 && input.length < REQUEST_LIMITS.maxHeaderBytes);
  const scan = new HeadScan("request", { limits: limits({ maxHeaderValueCount: 3400 }) });
  const whole = best(() => scanRequestHead(input, scan) !== "need-more");
  const single = best(() => {
    for (let to = 1; to < input.length; to++) {
      if (scanRequestHead(input, scan, 0, to) !== "need-more") return false;
    }
    return scanRequestHead(input, scan) !== "need-more";
  });
  assert.ok(single < whole * 10, `whole ${whole} ms, byte by byte ${single} ms`);
});

/** The shortest of many runs, in ms; each must answer true. */
function best(fn: () => boolean): number {
  const times = Array.from({ length: 30 }, () => {
    const started = performance.now();
    assert.ok(fn());
    return performance.now() - started;
  });
  return Math.min(...times);
}

function limits(changed: Partial<WireLimits>): WireLimits {
  return { ...REQUEST_LIMITS, ...changed };
}

test.run();
