/**
 * crossOriginProtection: the questions that the vectors do not ask.
 *
 * Rule of this file: Go's tables are the topic go-csrf; here are our options and the odd origins.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { crossOriginProtection } from "../../../lib/server/mod.ts";
import { newTestRequest, record } from "../../../lib/testing/mod.ts";
import { table, throwsCode, withDeadline } from "../../kit.ts";

const test = suite("crossOriginProtection");

table(
  test,
  [
    {
      name: "hosts are compared without case",
      header: { Origin: "https://EXAMPLE.com" },
      status: 200,
    },
    {
      name: "a port is part of the host",
      header: { Origin: "https://example.com:8443" },
      status: 403,
    },
    { name: "what is no origin is another one", header: { Origin: "example.com" }, status: 403 },
    {
      name: "same-site is not same-origin",
      header: { "Sec-Fetch-Site": "same-site" },
      status: 403,
    },
    {
      name: "the browser's word outweighs the origin",
      header: { "Sec-Fetch-Site": "same-origin", Origin: "https://b.example" },
      status: 200,
    },
    { name: "no browser, no danger", header: {}, status: 200 },
  ],
  async ({ header, status }) => {
    const request = newTestRequest("POST", "/", { header: Object.entries(header) });
    const recorded = await record(
      crossOriginProtection()(() => undefined),
      request,
    );
    assert.is(recorded.status, status);
  },
);

test(
  "deny answers instead",
  withDeadline(2000, async () => {
    const guarded = crossOriginProtection({ deny: (w) => w.writeHeader(418) })(() => undefined);
    const request = newTestRequest("POST", "/", { header: [["Sec-Fetch-Site", "cross-site"]] });
    assert.is((await record(guarded, request)).status, 418);
  }),
);

table(
  test,
  [
    { name: "an origin", origin: "https://a.example", good: true },
    { name: "with a port", origin: "http://a.example:8080", good: true },
    { name: "of an IPv6 host", origin: "http://[::1]:8080", good: true },
    { name: "of an extension", origin: "chrome-extension://abcdef", good: true },
    { name: "a query", origin: "https://a.example?q", good: false },
    { name: "a user", origin: "https://u@a.example", good: false },
    { name: "no host", origin: "https://", good: false },
    { name: "a port without digits", origin: "https://a:x", good: false },
    { name: "a port without a host", origin: "https://:80", good: false },
    { name: "no scheme", origin: "://a", good: false },
  ],
  ({ origin, good }) => {
    const make = (): unknown => crossOriginProtection({ trustedOrigins: [origin] });
    if (good) make();
    else throwsCode(make, "bad-trusted-origin");
  },
);

table(
  test,
  [
    { name: "a pattern lets through", path: "/hook/x", status: 200 },
    { name: "its method counts", path: "/get-only", status: 403 },
    { name: "other paths do not pass", path: "/other", status: 403 },
    { name: "a path that would be redirected does not pass", path: "/hook", status: 403 },
    { name: "nor one that would be cleaned", path: "/hook/../hook/x", status: 403 },
  ],
  async ({ path, status }) => {
    const guarded = crossOriginProtection({ bypass: ["/hook/", "GET /get-only"] })(() => undefined);
    const request = newTestRequest("POST", path, { header: [["Origin", "https://b.example"]] });
    assert.is((await record(guarded, request)).status, status);
  },
);

test(
  "an origin that is trusted passes, also against the browser's word",
  withDeadline(2000, async () => {
    const origin = "https://b.example";
    const guarded = crossOriginProtection({ trustedOrigins: [origin] })(() => undefined);
    for (const site of ["cross-site", undefined]) {
      const header: [string, string][] = [["Origin", origin]];
      if (site !== undefined) header.push(["Sec-Fetch-Site", site]);
      const { status } = await record(guarded, newTestRequest("POST", "/", { header }));
      assert.is(status, 200);
    }
  }),
);

test("a bad bypass pattern is refused when the program begins", () => {
  throwsCode(() => crossOriginProtection({ bypass: ["nothing"] }), "bad-pattern");
});

test.run();
