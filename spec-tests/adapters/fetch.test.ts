/**
 * fetch beside the platform's own: both do the same, row by row, against a real server.
 *
 * Rule of this file: a row says what comes of it; where the platform differs, the row says so with the reason.
 */
import { suite } from "uvu";
import type { Fetch } from "../../lib/adapters/fetch.ts";
import { type Compared, TYPE_ERROR, compare, echoed, outcome, post, stream } from "./fetch/kit.ts";

const test = suite("fetch");
const text = async (response: Promise<Response>): Promise<string> => (await response).text();
const bodyOf = async (response: Promise<Response>): Promise<unknown> => {
  const { body, fields } = await echoed(response);
  const { "content-type": type, "content-length": length } = fields as Record<string, string>;
  return { body, type, length };
};
const at = (fetch: Fetch, url: string, init: object): Promise<unknown> => fetch(url, init);

const responses: readonly Compared[] = [
  {
    name: "status, reason, fields and text of a response",
    run: async (f, url) => {
      const r = await f(`${url}/echo?a=b#fragment`);
      const { status, ok, statusText, redirected, type, bodyUsed } = r;
      const facts = {
        status,
        ok,
        statusText,
        redirected,
        type,
        bodyUsed,
        url: r.url === `${url}/echo?a=b`,
      };
      return { ...facts, header: r.headers.get("X-Method"), is: r instanceof Response };
    },
    gives: {
      status: 200,
      ok: true,
      statusText: "OK",
      redirected: false,
      type: "basic",
      bodyUsed: false,
      url: true,
      header: "GET",
      is: true,
    },
  },
  { name: "404 resolves", run: async (f, u) => (await f(`${u}/status/404/no`)).ok, gives: false },
  { name: "599 resolves", run: async (f, u) => (await f(`${u}/status/599/no`)).status, gives: 599 },
  ...[204, 205, 304].map(
    (status): Compared => ({
      name: `${status} has no body`,
      run: async (f, u) => {
        const r = await f(`${u}/status/${status}`);
        return [r.status, r.body, await r.text(), r.bodyUsed, await r.clone().text()];
      },
      gives: [status, null, "", false, ""],
    }),
  ),
  {
    name: "the answer to HEAD has no body, and its length",
    run: async (f, u) => {
      const r = await f(`${u}/json`, { method: "head" });
      return [r.body, r.headers.get("content-length"), await r.text()];
    },
    gives: [null, "10", ""],
  },
  {
    name: "an empty body is a stream all the same",
    run: async (f, u) => {
      const r = await f(`${u}/status/200`);
      return [r.body === null, await r.text(), r.bodyUsed];
    },
    gives: [false, "", true],
  },
  {
    name: "JSON without its mark",
    run: async (f, u) => (await f(`${u}/json`)).json(),
    gives: { a: 1 },
  },
  {
    name: "bad JSON",
    run: async (f, u) => outcome(async () => (await f(`${u}/form`)).json()),
    gives: { thrown: "SyntaxError" },
  },
  {
    name: "a form",
    run: async (f, u) => {
      const r: { formData(): Promise<FormData> } = await f(`${u}/form`);
      return Object.fromEntries(await r.formData());
    },
    gives: { a: "1", b: "é" },
  },
  {
    name: "every Set-Cookie by itself",
    run: async (f, u) => (await f(`${u}/cookies`)).headers.getSetCookie(),
    gives: ["a=1", "b=2"],
  },
  {
    name: "the fields of a response cannot be changed",
    run: async (f, u) => {
      const { headers } = await f(`${u}/echo`);
      const tries = [
        () => headers.set("a", "b"),
        () => headers.append("a", "b"),
        () => headers.delete("a"),
      ];
      return Promise.all(tries.map((one) => outcome(async () => one())));
    },
    gives: [TYPE_ERROR, TYPE_ERROR, TYPE_ERROR],
  },
  ...["gzip", "x-gzip", "br", "deflate", "gzip, br"].map(
    (coding): Compared => ({
      name: `${coding} is undone, and its field stays`,
      run: async (f, u) => {
        const r = await f(`${u}/coded/${encodeURIComponent(coding)}`);
        return [r.headers.get("content-encoding"), await r.text()];
      },
      gives: [coding, "in code"],
    }),
  ),
  {
    name: "an unknown coding is left",
    run: (f, u) => text(f(`${u}/coded/rot13`)),
    gives: "in code",
  },
  {
    name: "coding that breaks off",
    run: async (f, u) => outcome(async () => (await f(`${u}/coded/gzip/broken`)).text()),
    gives: TYPE_ERROR,
    platform: { gives: "in code", because: "undici takes what a cut gzip stream gives" },
  },
  {
    name: "a body that breaks off",
    run: async (f, u) => outcome(async () => (await f(`${u}/cut`)).text()),
    gives: TYPE_ERROR,
  },
  {
    name: "a data: URL",
    run: async (f) => {
      const r = await f("data:text/plain;charset=utf-8;base64,aMOp#x");
      return [r.status, r.url, r.headers.get("content-type"), await r.text()];
    },
    gives: [200, "data:text/plain;charset=utf-8;base64,aMOp", "text/plain;charset=utf-8", "hé"],
  },
];

const requests: readonly Compared[] = [
  {
    name: "a text",
    run: (f, u) => bodyOf(f(`${u}/echo`, post("é"))),
    gives: { body: "é", type: "text/plain;charset=UTF-8", length: "2" },
  },
  {
    name: "a text with a type of its own",
    run: (f, u) => bodyOf(f(`${u}/echo`, post("{}", { headers: { "content-type": "a/b" } }))),
    gives: { body: "{}", type: "a/b", length: "2" },
  },
  {
    name: "bytes, a view of some, and a buffer",
    run: (f, u) => {
      const bytes = new TextEncoder().encode("abcd");
      const kinds = [bytes, new DataView(bytes.buffer, 1, 2), bytes.buffer];
      return Promise.all(kinds.map((body) => bodyOf(f(`${u}/echo`, post(body)))));
    },
    gives: [
      { body: "abcd", type: undefined, length: "4" },
      { body: "bc", type: undefined, length: "2" },
      { body: "abcd", type: undefined, length: "4" },
    ],
  },
  {
    name: "bytes as they were when fetch was called",
    run: (f, u) => {
      const bytes = new TextEncoder().encode("abcd");
      const answer = bodyOf(f(`${u}/echo`, post(bytes)));
      bytes.fill(0x78);
      return answer;
    },
    gives: { body: "abcd", type: undefined, length: "4" },
  },
  {
    name: "search parameters",
    run: (f, u) => bodyOf(f(`${u}/echo`, post(new URLSearchParams({ a: "é" })))),
    gives: {
      body: "a=%C3%A9",
      type: "application/x-www-form-urlencoded;charset=UTF-8",
      length: "8",
    },
  },
  {
    name: "a Blob",
    run: (f, u) => bodyOf(f(`${u}/echo`, post(new Blob(["abc"], { type: "a/b" })))),
    gives: { body: "abc", type: "a/b", length: "3" },
  },
  {
    name: "a form with a file",
    run: async (f, u) => {
      const form = new FormData();
      form.set("a", "1");
      form.set("f", new Blob(["x"], { type: "a/b" }), "n.txt");
      const { body, type } = (await bodyOf(f(`${u}/echo`, post(form)))) as Record<string, string>;
      const parts = body
        ?.split("BOUNDARY")
        .map((part) => part.trim())
        .filter((part) => part !== "" && part !== "--");
      return [parts, type?.replace(/boundary=.*/, "boundary=")];
    },
    gives: [
      [
        'Content-Disposition: form-data; name="a"\r\n\r\n1',
        'Content-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: a/b\r\n\r\nx',
      ],
      "multipart/form-data; boundary=",
    ],
  },
  {
    name: "a stream, chunked",
    run: (f, u) => bodyOf(f(`${u}/echo`, post(stream("ab", "cd"), { duplex: "half" }))),
    gives: { body: "abcd", type: undefined, length: undefined },
  },
  {
    name: "a stream whose length the caller knows",
    run: (f, u) => {
      const headers = { "Content-Length": "4" };
      return bodyOf(f(`${u}/echo`, post(stream("ab", "cd"), { duplex: "half", headers })));
    },
    gives: { body: "abcd", type: undefined, length: "4" },
  },
  {
    name: "an async iterable",
    run: (f, u) => {
      const body = (async function* () {
        yield new TextEncoder().encode("ab");
      })();
      return bodyOf(f(`${u}/echo`, post(body, { duplex: "half" })));
    },
    gives: { body: "ab", type: undefined, length: undefined },
  },
  {
    name: "any other object, as its text",
    run: (f, u) => bodyOf(f(`${u}/echo`, post({}))),
    gives: { body: "[object Object]", type: "text/plain;charset=UTF-8", length: "15" },
  },
  {
    name: "POST and PUT without a body say so",
    run: (f, u) => bodyOf(f(`${u}/echo`, { method: "put" })),
    gives: { body: "", type: undefined, length: "0" },
  },
  {
    name: "methods are normalised as the standard has it",
    run: (f, u) => {
      const methods = ["get", "Post", "delete", "PATCH", "chicken"];
      return Promise.all(
        methods.map(async (method) => (await echoed(f(`${u}/echo`, { method })))["method"]),
      );
    },
    gives: ["GET", "POST", "DELETE", "PATCH", "chicken"],
  },
  {
    name: "headers as Headers, as pairs, as a record, trimmed",
    run: (f, u) => {
      const kinds = [
        new Headers({ "X-A": " 1 " }),
        [["X-A", "1\t"]],
        { "X-A": "1" },
        new Map([["X-A", "1"]]),
      ];
      const asked = kinds.map((headers) => echoed(f(`${u}/echo`, { headers: headers as Headers })));
      return Promise.all(
        asked.map(async (one) => ((await one)["fields"] as Record<string, string>)["x-a"]),
      );
    },
    gives: ["1", "1", "1", "1"],
  },
  {
    name: "Range asks for no coding",
    run: async (f, u) => {
      const { fields } = await echoed(f(`${u}/echo`, { headers: { Range: "bytes=0-" } }));
      return (fields as Record<string, string>)["accept-encoding"];
    },
    gives: "identity",
  },
  {
    name: "a referrer by its policy",
    run: (f, u) => {
      const kinds: RequestInit[] = [
        { referrer: `${u}/p?q#f` },
        { referrer: "http://a:b@other.example/p" },
        { referrer: `${u}/p`, referrerPolicy: "no-referrer" },
        { referrer: "" },
      ];
      const asked = kinds.map((init) => echoed(f(`${u}/echo`, init)));
      return Promise.all(
        asked.map(async (one) =>
          ((await one)["fields"] as Record<string, string>)["referer"]?.replace(u, "U"),
        ),
      );
    },
    gives: ["U/p?q", "http://other.example/", undefined, undefined],
    platform: {
      gives: ["U/p?q", "http://other.example/", "U/", undefined],
      because: "undici 6 tells the origin where the policy is to tell nothing",
    },
  },
  {
    name: "a Request with a text, with its length",
    run: (f, u) => bodyOf(f(new Request(`${u}/echo`, post("abc")))),
    gives: { body: "abc", type: "text/plain;charset=UTF-8", length: "3" },
  },
  {
    name: "a Request and an init, which goes before it",
    run: async (f, u) => {
      const request = new Request(`${u}/echo`, post("abc", { headers: { "X-A": "1" } }));
      const { method, body, fields } = await echoed(
        f(request, { method: "PUT", headers: { "X-B": "2" } }),
      );
      const { "x-a": a, "x-b": b } = fields as Record<string, string>;
      return [method, body, a, b, request.bodyUsed];
    },
    gives: ["PUT", "abc", undefined, "2", true],
  },
  {
    name: "a Request with a slow stream",
    run: (f, u) => {
      const slow = new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          controller.enqueue(new TextEncoder().encode("late"));
          controller.close();
        },
      });
      return bodyOf(f(new Request(`${u}/echo`, post(slow, { duplex: "half" }))));
    },
    gives: { body: "late", type: undefined, length: undefined },
  },
];

const refusals: readonly Compared[] = [
  { name: "no URL", run: (f) => outcome(() => f("/relative")), gives: TYPE_ERROR },
  {
    name: "user information",
    run: (f) => outcome(() => f("http://a:b@127.0.0.1/")),
    gives: TYPE_ERROR,
  },
  { name: "an unknown scheme", run: (f) => outcome(() => f("ftp://a/")), gives: TYPE_ERROR },
  { name: "a bad data: URL", run: (f) => outcome(() => f("data:text/plain")), gives: TYPE_ERROR },
  { name: "GET with a body", run: (f, u) => outcome(() => f(u, { body: "x" })), gives: TYPE_ERROR },
  ...["TRACE", "connect", "a b", ""].map(
    (method): Compared => ({
      name: `the method ${JSON.stringify(method)}`,
      run: (f, u) => outcome(() => f(u, { method })),
      gives: TYPE_ERROR,
    }),
  ),
  ...[{ "a b": "c" }, { a: "c\nd" }, { a: "\u0100" }, [["a"]], ["ab"], 5, null].map(
    (headers): Compared => ({
      name: `the headers ${JSON.stringify(headers)}`,
      run: (f, u) => outcome(() => at(f, u, { headers })),
      gives: TYPE_ERROR,
    }),
  ),
  ...[
    { redirect: "x" },
    { mode: "navigate" },
    { mode: "x" },
    { credentials: "x" },
    { cache: "x" },
    { cache: "only-if-cached" },
    { referrer: "x y:" },
    { referrerPolicy: "x" },
    { signal: {} },
    { window: 1 },
    { duplex: "full" },
  ].map(
    (init): Compared => ({
      name: `the option ${JSON.stringify(init)}`,
      run: (f, u) => outcome(() => at(f, u, init)),
      gives: TYPE_ERROR,
    }),
  ),
  {
    name: "an init that is none",
    run: (f, u) => outcome(() => f(u, 5 as never)),
    gives: TYPE_ERROR,
  },
  {
    name: "a stream without duplex",
    run: (f, u) => outcome(() => f(u, post(stream("a")))),
    gives: TYPE_ERROR,
  },
  {
    name: "a stream that is locked",
    run: (f, u) => {
      const body = stream("a");
      body.getReader();
      return outcome(() => f(u, post(body, { duplex: "half" })));
    },
    gives: TYPE_ERROR,
  },
  {
    name: "a stream that was read",
    run: async (f, u) => {
      const body = stream("a", "b");
      const reader = body.getReader();
      await reader.read();
      reader.releaseLock();
      return outcome(() => f(u, post(body, { duplex: "half" })));
    },
    gives: TYPE_ERROR,
  },
  {
    name: "a Request that was used",
    run: async (f, u) => {
      const request = new Request(`${u}/echo`, post("a"));
      await request.text();
      return outcome(() => f(request));
    },
    gives: TYPE_ERROR,
  },
  {
    name: "nobody listens",
    run: (f) => outcome(() => f("http://127.0.0.1:9/")),
    gives: TYPE_ERROR,
  },
  { name: "no answer", run: (f, u) => outcome(() => f(`${u}/drop`)), gives: TYPE_ERROR },
  {
    name: "the wrong content",
    run: (f, u) => outcome(() => f(`${u}/form`, { integrity: "sha256-YQ==" })),
    gives: TYPE_ERROR,
  },
];

const aborts: readonly Compared[] = [
  {
    name: "before the call",
    run: (f, u) => outcome(() => f(u, { signal: AbortSignal.abort("why") })),
    gives: { thrown: "why" },
  },
  {
    name: "before the head",
    run: async (f, u) => {
      const controller = new AbortController();
      const answer = outcome(() => f(`${u}/never`, { signal: controller.signal }));
      setTimeout(() => controller.abort("why"), 20);
      return answer;
    },
    gives: { thrown: "why" },
  },
  ...(["text", "arrayBuffer", "stream", "clone"] as const).map(
    (how): Compared => ({
      name: `while the body comes, read by ${how}`,
      run: async (f, u) => {
        const controller = new AbortController();
        const r = await f(`${u}/stall`, { signal: controller.signal });
        const reading = outcome(async () => {
          if (how === "clone") return r.clone().text();
          if (how !== "stream") return r[how]();
          for await (const piece of r.body ?? []) void piece;
          return "ended";
        });
        setTimeout(() => controller.abort("why"), 20);
        return reading;
      },
      gives: { thrown: "why" },
    }),
  ),
  {
    name: "after the body has come, and before it is read",
    run: async (f, u) => {
      const controller = new AbortController();
      const r = await f(`${u}/echo`, { signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.abort("why");
      return outcome(() => r.text());
    },
    gives: { thrown: "why" },
    platform: { gives: { thrown: "AbortError" }, because: "undici loses the reason here" },
  },
  {
    name: "after the body was read",
    run: async (f, u) => {
      const controller = new AbortController();
      const r = await f(`${u}/form`, { signal: controller.signal });
      const read = await r.text();
      controller.abort("why");
      return [read, r.bodyUsed];
    },
    gives: ["a=1&b=%C3%A9", true],
  },
];

compare(test, [...responses, ...requests, ...refusals, ...aborts]);

test.run();
