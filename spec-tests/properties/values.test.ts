/**
 * Properties of values: what is written is read back as it was, and what is read is written so that it is
 * read as the same again.
 * RFC 6265 §4, RFC 9110 §5.6, §8.3.1, §14
 *
 * Rule of this file: both ways for each pair of functions; texts that are refused on the way prove nothing
 * and are counted, so that a generator of nothing but refusals is noticed.
 */
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ByteRange,
  type Cookie,
  SemanticsError,
  formatContentRange,
  formatCookies,
  formatDate,
  formatMediaType,
  formatSetCookie,
  parseCookies,
  parseDate,
  parseMediaType,
  parseRange,
  parseSetCookie,
} from "../../lib/semantics/mod.ts";
import { WireError, quote, unquote } from "../../lib/wire/mod.ts";
import {
  FIELD_CHARS,
  charsBetween,
  fieldText,
  holds,
  instant,
  lowerToken,
  secondsAsMs,
  textOf,
  token,
} from "./check.ts";

const test = suite("properties: values");

/** Printable ASCII that a cookie may hold: no quote, semicolon, backslash. */
const COOKIE_CHARS = charsBetween(0x20, 0x7e).replace(/[";\\]/g, "");

const cookiePair = fc.record({
  name: token,
  value: textOf(COOKIE_CHARS),
  quoted: fc.boolean(),
});

/**
 * A path with a quote or a backslash in it, or with blanks at its ends, is left out: it is written, as Go
 * does, but no reader takes it so.
 */
const cookiePath = textOf(COOKIE_CHARS).map((text) => `/${text.trimEnd()}`);
const label = fc
  .tuple(textOf("abcXYZ", { minLength: 1 }), textOf("-019"), textOf("az09", { minLength: 1 }))
  .map((parts) => parts.join(""));

const setCookie: fc.Arbitrary<Cookie> = fc.record(
  {
    name: token,
    value: textOf(COOKIE_CHARS),
    quoted: fc.boolean(),
    path: cookiePath,
    domain: fc.oneof(
      fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
      fc.ipV4(),
    ),
    // From the year 1601 on.
    expires: secondsAsMs(-11_644_473_600, 253_402_300_799),
    maxAge: fc.maxSafeNat(),
    httpOnly: fc.constant(true),
    secure: fc.constant(true),
    sameSite: fc.constantFrom("lax", "strict", "none"),
    partitioned: fc.constant(true),
  },
  { requiredKeys: ["name", "value"] },
);

test("cookies that are written are read back", () => {
  holds(
    fc.property(fc.array(cookiePair, { maxLength: 5 }), (cookies) => {
      const read = parseCookies(formatCookies(cookies), {
        invalid: cookies.length === 0 ? "skip" : "throw",
      });
      assert.equal(read, cookies.map(asRead));
    }),
  );
});

test("cookies that are read are written so that they are read as the same", () => {
  const text = fc
    .array(fc.oneof(token, fc.constantFrom("=", ";", "; ", '"', " ", ",", "\\", "\t", "\u00e9")), {
      maxLength: 16,
    })
    .map((parts) => parts.join(""));
  let found = 0;
  holds(
    fc.property(text, (field) => {
      const cookies = parseCookies(field);
      found += cookies.length;
      const written = formatCookies(cookies);
      assert.equal(parseCookies(written).map(nameAndValue), cookies.map(nameAndValue));
      assert.is(formatCookies(parseCookies(written)), written);
    }),
    1_000,
  );
  assert.ok(found > 300, `${found} cookies`);
});

test("a Set-Cookie that is written is read back with all its attributes", () => {
  holds(
    fc.property(setCookie, (made) => {
      const cookie = made.partitioned === true ? { ...made, secure: true } : made;
      const { raw, rawExpires, unparsed, ...read } = parseSetCookie(formatSetCookie(cookie));
      assert.equal(read, { ...cookie, ...asRead(cookie) });
      assert.is(raw, formatSetCookie(cookie));
      assert.is(unparsed, undefined);
      const { expires } = cookie;
      assert.is(rawExpires, expires === undefined ? undefined : formatDate(expires));
    }),
  );
});

test("a Set-Cookie that is read is written so that it is read as the same", () => {
  const attribute = fc.constantFrom(
    "Path=/a b",
    "path",
    "PATH = /x",
    "Domain=.a.example",
    "domain=192.0.2.1",
    "domain=a..b",
    "Max-Age=-5",
    "max-age=0",
    "Max-Age=007",
    "Max-Age=86400",
    "Expires=Sunday, 06-Nov-94 08:49:37 GMT",
    "expires=never",
    "SECURE",
    "Secure=no",
    "HttpOnly",
    "samesite=LAX",
    "SameSite=what",
    "Partitioned; Secure",
    "x=y",
    "",
    "=",
  );
  const text = fc
    .tuple(cookiePair, fc.array(attribute, { maxLength: 6 }))
    .map(([pair, attributes]) => [formatCookies([pair]), ...attributes].join(";"));
  let [written, refused] = [0, 0];
  holds(
    fc.property(text, (field) => {
      const cookie = parseSetCookie(field);
      const again = unlessRefused(() => formatSetCookie(cookie));
      if (again === undefined) refused++;
      else {
        written++;
        assert.equal(meaningOf(parseSetCookie(again)), meaningOf(cookie));
        assert.is(formatSetCookie(parseSetCookie(again)), again);
      }
    }),
  );
  assert.ok(written > 250 && refused > 0, `${written} written, ${refused} refused`);
});

const LENGTH_MAX = 2 ** 53 - 1;
const ranges: fc.Arbitrary<{ length: number; ranges: ByteRange[] }> = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: LENGTH_MAX }))
  .chain((length) => {
    const range = fc
      .integer({ min: 0, max: length - 1 })
      .chain((start) =>
        fc.integer({ min: 1, max: length - start }).map((count) => ({ start, length: count })),
      );
    return fc.record({
      length: fc.constant(length),
      ranges: fc.array(range, { minLength: 1, maxLength: 5 }),
    });
  });

test("ranges are asked for in each of their three forms, and told by Content-Range, as the same", () => {
  holds(
    fc.property(ranges, ({ length, ranges: asked }) => {
      const specs = asked.map(({ start, length: count }) => `${start}-${start + count - 1}`);
      assert.equal(parseRange(`bytes=${specs.join(", ")}`, length), asked);
      for (const range of asked) {
        const [unit, first, last, whole] = formatContentRange(range, length).split(/[ \-/]/);
        assert.is(whole, String(length));
        assert.equal(parseRange(`${unit}=${first}-${last}`, length), [range]);
        const toEnd = { start: range.start, length: length - range.start };
        assert.equal(parseRange(`bytes=${range.start}-`, length), [toEnd]);
        assert.equal(parseRange(`bytes=-${toEnd.length}`, length), [toEnd]);
      }
    }),
  );
});

test("the octets of any set of ranges are those that its elements name, one by one", () => {
  const place = fc.nat({ max: 24 });
  const spec = fc.oneof(
    fc.tuple(place, place).map(([one, two]) => [Math.min(one, two), Math.max(one, two)] as const),
    place.map((first) => [first, undefined] as const),
    place.map((count) => [undefined, count] as const),
  );
  let unsatisfied = 0;
  holds(
    fc.property(
      fc.array(spec, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 16 }),
      (specs, length) => {
        const value = `bytes=${specs.map(([first, last]) => `${first ?? ""}-${last ?? ""}`).join(",")}`;
        const named = specs
          .map((one) => octetsOf(one, length))
          .filter((octets) => octets.length > 0);
        if (named.length === 0 && length > 0) {
          unsatisfied++;
          assert.throws(() => parseRange(value, length), hasCode("range-not-satisfiable"));
          return;
        }
        const read = parseRange(value, length);
        assert.equal(
          read.map((range) => Array.from({ length: range.length }, (_, i) => range.start + i)),
          named,
        );
      },
    ),
  );
  assert.ok(unsatisfied > 20, `${unsatisfied} unsatisfied`);
});

const mediaType = fc.record(
  {
    type: fc.tuple(lowerToken, lowerToken).map((parts) => parts.join("/")),
    parameters: fc
      .array(fc.tuple(lowerToken, fieldText), { maxLength: 4 })
      .map((pairs) => new Map(pairs)),
  },
  { noNullPrototype: true },
);

test("a media type that is written is read back", () => {
  holds(
    fc.property(mediaType, (type) => assert.equal(parseMediaType(formatMediaType(type)), type)),
  );
});

test("a media type that is read is written so that it is read as the same", () => {
  const piece = fc.oneof(
    token,
    fieldText.map((text) => `;${text.length % 2 === 0 ? "a" : "B"}=${quote(text)}`),
    fc.constantFrom("/", ";", "=", ' ; a="b"', "; A=b", "text/html", " ", '"'),
  );
  const text = fc.tuple(
    fc.constantFrom("a/b", "A/x+Y ", "", "a"),
    fc.array(piece, { maxLength: 4 }),
  );
  let found = 0;
  holds(
    fc.property(text, ([type, pieces]) => {
      const read = unlessRefused(() => parseMediaType(type + pieces.join("")));
      if (read === undefined) return;
      found++;
      assert.equal(parseMediaType(formatMediaType(read)), read);
    }),
    1_000,
  );
  assert.ok(found > 150, `${found} media types`);
});

test("what is quoted is unquoted as it was", () => {
  holds(fc.property(fieldText, (text) => assert.is(unquote(quote(text)), text)));
});

test("what is unquoted is quoted so that it says the same, without needless backslashes", () => {
  // Each char may have a backslash before it; quote and backslash must.
  const char = fc.tuple(fc.constantFrom(...FIELD_CHARS), fc.boolean());
  holds(
    fc.property(fc.array(char, { maxLength: 12 }), (chars) => {
      const escaped = chars.map(([one, extra]) =>
        extra || '"\\'.includes(one) ? `\\${one}` : one,
      );
      const said = unquote(`"${escaped.join("")}"`);
      assert.is(said, chars.map(([one]) => one).join(""));
      assert.is(unquote(quote(said)), said);
      assert.ok(quote(said).length <= escaped.join("").length + 2);
    }),
  );
});

test("a date that is written is read back", () => {
  holds(
    fc.property(instant, (ms) => assert.is(parseDate(formatDate(ms), { nowMs: 0 }), ms)),
    1_000,
  );
});

test("a date of any of the three forms is written as the one form, and read as the same", () => {
  const now = Date.UTC(2026, 5, 15);
  // The two digits of an RFC 850 date reach 50 years ahead and not quite 50 back: 76 is either end.
  const seconds = (year: number, month: number, day: number): number =>
    Date.UTC(year, month, day) / 1000;
  const near = fc.oneof(
    secondsAsMs(seconds(1976, 5, 16), seconds(1977, 0, 1)),
    secondsAsMs(seconds(1976, 5, 16), seconds(2076, 5, 15)),
    secondsAsMs(seconds(2076, 0, 1), seconds(2076, 5, 15)),
  );
  holds(
    fc.property(near, (ms) => {
      const imf = formatDate(ms);
      const [, short = "", day = "", month = "", year = "", time = ""] =
        /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(imf) ?? [];
      const long = new Date(ms).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
      const forms = [
        imf,
        `${long}, ${day}-${month}-${year.slice(2)} ${time} GMT`,
        `${short} ${month} ${day.replace(/^0/, " ")} ${time} ${year}`,
      ];
      for (const form of forms) {
        const read = parseDate(form, { nowMs: now });
        assert.is(read, ms, form);
        assert.is(formatDate(read ?? 0), imf);
      }
    }),
  );
});

/** How a pair comes back: quoted where it was to be, or had to be. */
function asRead({
  name,
  value,
  quoted,
}: Cookie): Required<Pick<Cookie, "name" | "value" | "quoted">> {
  return { name, value, quoted: quoted === true || /[ ,]/.test(value) };
}

function nameAndValue({ name, value }: Cookie): readonly string[] {
  return [name, value];
}

/** What a cookie says, whichever way it was written. */
function meaningOf(cookie: Cookie): Cookie {
  const { name, value, maxAge, httpOnly, secure, partitioned } = cookie;
  const { domain, path, sameSite, expires } = cookie;
  return {
    name,
    value,
    domain: domain === "" ? undefined : domain?.replace(/^\./, ""),
    path: path === "" ? undefined : path,
    sameSite: sameSite === "default" ? undefined : sameSite,
    expires,
    maxAge,
    httpOnly,
    secure,
    partitioned,
  };
}

/** The places that an element names, out of so many octets. */
function octetsOf(
  [first, last]: readonly [number | undefined, number | undefined],
  length: number,
): number[] {
  return Array.from({ length }, (_, place) => place).filter((place) =>
    first === undefined
      ? place >= length - (last ?? 0)
      : place >= first && place <= (last ?? length),
  );
}

/** Undefined where the text is refused with a code of ours. */
function unlessRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SemanticsError || error instanceof WireError) return undefined;
    throw error;
  }
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof SemanticsError && error.code === code;
}

test.run();
