// A Client around a transport: the requests it makes, and what it adds to a plain round trip, which is nothing.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClientOptions } from "../../lib/client/client-options.ts";
import type { FormValues } from "../../lib/client/client.ts";
import type { RoundTripper } from "../../lib/client/contracts.ts";
import { ClientError } from "../../lib/client/errors.ts";
import { newRequest } from "../../lib/message/mod.ts";
import { rejects, table } from "../kit.ts";
import { FakeTransport, clientOf, failure, reasonOf } from "./fake-transport.ts";

const ask = suite("Client, asking");

ask("a plain call hands the very request and options to the transport", async () => {
  const transport = new FakeTransport(() => ({ body: "hi" }));
  const { client, clock } = clientOf(transport);
  const request = newRequest("GET", "http://a/?mail=u@b");
  const options = { retry: "never" } as const;
  const response = await client.do(request, options);
  assert.is(transport.seen[0]!.request, request);
  assert.is(transport.seen[0]!.options, options);
  assert.is(response, transport.responses[0]);
  assert.is(await response.body.text(), "hi");
  assert.is(clock.watched, 0);
});

ask("get, head, post and postForm make their requests", async () => {
  const transport = new FakeTransport(() => ({}));
  const { client } = clientOf(transport);
  await client.get("http://a/g", { header: { "X-A": "1" } });
  await client.head(new URL("http://a/h"));
  await client.post("http://a/p", "text/x", "body");
  await client.postForm("http://a/f", { b: "2", a: ["1", "3"] });
  assert.equal(transport.lines, [
    "GET http://a/g",
    "HEAD http://a/h",
    "POST http://a/p body",
    "POST http://a/f a=1&a=3&b=2",
  ]);
  const [get, , post, form] = transport.seen.map(({ request }) => request.header);
  assert.is(get!.get("x-a"), "1");
  assert.is(post!.get("content-type"), "text/x");
  assert.is(form!.get("content-type"), "application/x-www-form-urlencoded");
});

ask("post without a type leaves that to the body", async () => {
  const transport = new FakeTransport(() => ({}));
  const { client } = clientOf(transport);
  const form = new FormData();
  form.append("a", "b");
  await client.post("http://a/", undefined, form);
  await client.post("http://a/", undefined, "x");
  const types = transport.seen.map(({ request }) => request.header.get("content-type"));
  assert.match(types[0] ?? "", /^multipart\/form-data; boundary=/);
  assert.is(types[1], undefined);
});

table(
  ask,
  [
    {
      name: "a form from URLSearchParams",
      values: new URLSearchParams("b=1&a=2&b=0"),
      expect: "a=2&b=1&b=0",
    },
    {
      name: "a form from a Map",
      values: new Map([
        ["b", "é &"],
        ["a", ""],
      ]),
      expect: "a=&b=%C3%A9+%26",
    },
    { name: "a form from an object", values: { b: ["2", "1"], "": "x" }, expect: "=x&b=2&b=1" },
    { name: "an empty form", values: {}, expect: "" },
    {
      name: "names in the order of their octets",
      values: { "\u{1f600}": "2", "\uffee": "1", ab: "0", a: "0" },
      expect: "a=0&ab=0&%EF%BF%AE=1&%F0%9F%98%80=2",
    },
  ] as { name: string; values: FormValues; expect: string }[],
  async ({ values, expect }) => {
    const transport = new FakeTransport(() => ({}));
    await clientOf(transport).client.postForm("http://a/", values);
    assert.is(transport.seen[0]!.body, expect);
  },
);

ask("what cannot be asked for rejects before the transport hears of it", async () => {
  const transport = new FakeTransport(() => ({}));
  const { client } = clientOf(transport);
  for (const url of ["", "/a", "http:///", "http://u:secret@a b/"]) {
    const error = await failure(client.get(url), "bad-url");
    assert.is(error.phase, "request");
    assert.not.match(`${error.message} ${String(error.cause)}`, "secret");
  }
  await failure(client.post("http://a/", "x/y", 7 as never), "unsupported-body");
  assert.is(transport.seen.length, 0);
});

ask("closeIdleConnections is passed on, where there is such a thing", () => {
  const transport = new FakeTransport(() => ({}));
  clientOf(transport).client.closeIdleConnections();
  assert.is(transport.closed, 1);
  clientOf({ roundTrip: () => Promise.reject(new Error("unused")) }).client.closeIdleConnections();
});

table(
  ask,
  [
    {
      name: "user information becomes credentials",
      url: "http://My%20User:My%20Pass@a/",
      expect: "My User:My Pass",
    },
    { name: "a name alone has an empty password", url: "http://u@a/", expect: "u:" },
    {
      name: "an Authorization field wins",
      url: "http://u:p@a/",
      given: `Basic ${btoa("x:y")}`,
      expect: "x:y",
    },
    { name: "an empty one does not", url: "http://u:p@a/", given: "", expect: "u:p" },
  ] as { name: string; url: string; given?: string; expect: string }[],
  async ({ url, given, expect }) => {
    const transport = new FakeTransport(() => ({}));
    const header = given === undefined ? {} : { Authorization: given };
    const request = newRequest("GET", url, undefined, { header });
    await clientOf(transport).client.do(request);
    const sent = transport.seen[0]!.request;
    assert.is(sent.header.get("authorization"), `Basic ${btoa(expect)}`);
    assert.is(request.header.get("authorization"), given, "the caller's is left alone");
  },
);

ask("a user name that Basic cannot say ends the call", async () => {
  const { client } = clientOf(new FakeTransport(() => ({})));
  await failure(client.get("http://u%3A:p@a/"), "bad-basic-username");
});
ask.run();

const errors = suite("Client, errors of the transport");

const WAYS: { name: string; options: Partial<ClientOptions> }[] = [
  { name: "plainly", options: {} },
  { name: "with a timeout", options: { timeout: 1000 } },
];

table(
  errors,
  WAYS.map((way) => ({ ...way, name: `a plain error is wrapped, ${way.name}` })),
  async ({ options }) => {
    const cause = new Error("dummy impl");
    const { client, clock } = clientOf({ roundTrip: () => Promise.reject(cause) }, options);
    const error = await failure(client.get("http://user:secret@a/"), "transport-failed");
    assert.is(error.cause, cause);
    assert.is(error.url, "http://user:***@a/");
    assert.is(error.method, "GET");
    assert.is(error.message, "GET http://user:***@a/: the transport failed: dummy impl");
    assert.is(clock.watched, 0);
  },
);

table(
  errors,
  WAYS.map((way) => ({ ...way, name: `a ClientError is left as it is, ${way.name}` })),
  async ({ options }) => {
    const own = ClientError.of("connection-lost", {
      phase: "wait",
      method: "GET",
      url: "http://a/",
    });
    const { client } = clientOf({ roundTrip: () => Promise.reject(own) }, options);
    assert.is(await reasonOf(client.get("http://a/")), own);
  },
);

errors("a code of another room is kept, and said once", async () => {
  const cause = Object.assign(new Error("no"), { code: "connection-refused" });
  const { client } = clientOf({ roundTrip: () => Promise.reject(cause) });
  const error = await failure(client.get("http://a/"), "connection-refused");
  assert.is(error.message, "GET http://a/: no");
});

table(
  errors,
  WAYS.map((way) => ({ ...way, name: `a body that was not read is cancelled, ${way.name}` })),
  async ({ options }) => {
    const throwing: RoundTripper = {
      roundTrip: () => {
        throw new Error("at once");
      },
    };
    const { client } = clientOf(throwing, options);
    const request = newRequest("POST", "http://a/", "abc");
    await failure(client.do(request), "transport-failed");
    await rejects(request.body.next(), "body-used");
  },
);
errors.run();
