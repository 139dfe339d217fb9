/**
 * Forms: what wins, what is held where, what is refused, and what is gone after the handler.
 *
 * Rule of this file: requests are made of parts, without a connection; the exchange is a plain object.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Exchange, type FormOptions, Request, bodyFrom } from "../../lib/message/mod.ts";
import { MultipartWriter, type OutgoingPart, boundaryOf } from "../../lib/semantics/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { MemoryTempStore } from "../bufio/memory-temp-store.ts";
import { bytes, joined, rejects, table, text, throwsCode } from "../kit.ts";

const test = suite("message: form");

const URLENCODED = "application/x-www-form-urlencoded";

interface Asked {
  readonly method?: string;
  readonly target?: string;
  readonly type?: string;
  readonly body?: string | Uint8Array | Iterable<Uint8Array>;
  readonly exchange?: Exchange;
}

function requestOf({ method = "POST", target = "/", type, body, exchange }: Asked): Request {
  const header = new Header(type === undefined ? [] : [["Content-Type", type]]);
  return new Request({ method, target, host: "a", header, body: bodyFrom(body).body, exchange });
}

/** A multipart form of these parts, each with its content. */
function multipart(...parts: readonly (readonly [OutgoingPart, string | Uint8Array])[]): Asked {
  return multipartWith("b", parts);
}

function multipartWith(
  boundary: string,
  parts: readonly (readonly [OutgoingPart, string | Uint8Array])[],
): Asked {
  const writer = new MultipartWriter(boundary);
  const pieces = parts.flatMap(([part, content]) => [
    writer.part(part),
    typeof content === "string" ? bytes(content) : content,
  ]);
  return { type: writer.contentType, body: joined([...pieces, writer.end()]) };
}

/** An exchange that a test can end. */
class TestExchange implements Exchange {
  readonly remoteAddr = undefined;
  readonly localAddr = undefined;
  readonly tls = undefined;
  readonly context = undefined;
  readonly server = undefined;
  readonly signal: AbortSignal = new AbortController().signal;
  readonly tempStore: MemoryTempStore | undefined;
  readonly #ends: (() => void)[] = [];

  constructor(tempStore?: MemoryTempStore) {
    this.tempStore = tempStore;
  }

  onEnd(fn: () => void): void {
    this.#ends.push(fn);
  }

  async end(): Promise<void> {
    for (const fn of this.#ends.splice(0)) fn();
    // Removals are promises of their own.
    await new Promise((resolve) => void setImmediate(resolve));
  }
}

const told = (form: URLSearchParams): string =>
  [...form].map(([name, value]) => `[${name}=${value}]`).join("");

table(
  test,
  [
    {
      name: "pairs of the body come before those of the query",
      section: "Go",
      asked: { target: "/?a=1&b=2", type: URLENCODED, body: "a=3&c=4" },
      form: "[a=3][c=4][a=1][b=2]",
      post: "[a=3][c=4]",
    },
    {
      name: "parameters of the type do not matter",
      asked: { type: `${URLENCODED}; charset=x`, body: "a=1" },
      form: "[a=1]",
      post: "[a=1]",
    },
    {
      name: "PUT and PATCH have forms",
      asked: { method: "PATCH", type: URLENCODED, body: "a=1" },
      form: "[a=1]",
      post: "[a=1]",
    },
    {
      name: "the content of GET is no form",
      section: "Go",
      asked: { method: "GET", target: "/?a=1", type: URLENCODED, body: "a=2" },
      form: "[a=1]",
      post: "",
    },
    {
      name: "other content is no form",
      asked: { target: "/?a=1", type: "text/plain", body: "a=2" },
      form: "[a=1]",
      post: "",
    },
    { name: "content of no type is no form", asked: { body: "a=2" }, form: "", post: "" },
    { name: "no content", asked: { type: URLENCODED }, form: "", post: "" },
    {
      name: "octets are UTF-8",
      asked: { target: "/?a=\xc3\xa9", type: URLENCODED, body: bytes("b=\xc3\xa9&c=%C3%A9") },
      form: "[b=é][c=é][a=é]",
      post: "[b=é][c=é]",
    },
  ] satisfies { name: string; section?: string; asked: Asked; form: string; post: string }[],
  async ({ asked, form, post }) => {
    const r = requestOf(asked);
    throwsCode(() => r.form, "form-not-parsed");
    throwsCode(() => r.postForm, "form-not-parsed");
    assert.is(told(await r.parseForm()), form);
    assert.is(told(r.form), form);
    assert.is(told(r.postForm), post);
    assert.is(await r.parseForm(), r.form, "read once");
    assert.is(r.multipartForm, undefined);
  },
);

table(
  test,
  [
    {
      name: "a semicolon in the query",
      asked: { method: "GET", target: "/?a=1;b=2&c=3" },
      code: "query-semicolon",
      form: "[c=3]",
    },
    {
      name: "a semicolon in the body",
      asked: { target: "/?a=1", type: URLENCODED, body: "b;c&d=1" },
      code: "query-semicolon",
      form: "[d=1][a=1]",
    },
    {
      name: "the body's fault is told first",
      asked: { target: "/?a;b", type: URLENCODED, body: "%&c=1" },
      code: "bad-query-escape",
      form: "[c=1]",
    },
    {
      name: "a malformed type",
      asked: { target: "/?a=1", type: "text/plain; boundary=" },
      code: "bad-parameter",
      form: "[a=1]",
    },
    {
      name: "a body beyond the limit",
      asked: { target: "/?a=1", type: URLENCODED, body: "b=123456" },
      options: { maxFormBytes: 7 },
      code: "body-too-large",
      form: "[a=1]",
    },
    {
      name: "a body of unknown length beyond the limit",
      asked: { type: URLENCODED, body: [bytes("b=12"), bytes("3456")] },
      options: { maxFormBytes: 7 },
      code: "body-too-large",
      form: "",
    },
    {
      name: "too many pairs",
      asked: { type: URLENCODED, body: "a&b&c" },
      options: { maxQueryPairs: 2 },
      code: "too-many-query-pairs",
      form: "",
    },
  ] satisfies { name: string; asked: Asked; options?: FormOptions; code: string; form: string }[],
  async ({ asked, options, code, form }) => {
    const r = requestOf(asked);
    await rejects(r.parseForm(options), code);
    assert.is(told(r.form), form, "what was good is there");
    await rejects(r.parseForm(), code, "and it is told again");
  },
);

test("a body at the limit is read", async () => {
  const r = requestOf({ type: URLENCODED, body: "b=12345" });
  await r.parseForm({ maxFormBytes: 7 });
  const single = Array.from(bytes("b=12345"), (octet) => Uint8Array.of(octet));
  const r2 = requestOf({ type: URLENCODED, body: single });
  assert.is(told(await r2.parseForm({ maxFormBytes: 7 })), "[b=12345]");
});

test("more than 10 MiB of pairs are refused by default", async () => {
  const r = requestOf({ type: URLENCODED, body: new Uint8Array(10_485_761) });
  const error = await rejects(r.parseForm(), "body-too-large");
  assert.is((error as { status?: number }).status, 413);
});

test("values by name, with malformed pairs passed over", async () => {
  const r = requestOf({ target: "/?a=1&q=2;x&b=3", type: URLENCODED, body: "a=0" });
  assert.is(await r.formValue("a"), "0");
  assert.is(await r.formValue("b"), "3");
  assert.is(await r.formValue("x"), undefined);
  assert.is(await r.postFormValue("a"), "0");
  assert.is(await r.postFormValue("b"), undefined);
  await rejects(requestOf({ type: "x" }).formValue("a"), "bad-media-type");
});

test("values and files of a multipart form", async () => {
  const asked = multipart(
    [{ name: "a" }, "1"],
    [{ name: "f", filename: "../x.txt" }, "hello"],
    [{ name: "a" }, bytes("\xc3\xa9")],
    [{ name: "f", filename: "y", contentType: "text/html" }, ""],
    [{ name: "empty", filename: "" }, ""],
    [{ name: "" }, "of no use"],
  );
  const r = requestOf({ ...asked, target: "/?a=0" });
  const form = await r.parseMultipartForm();
  assert.is(r.multipartForm, form);
  assert.is(told(form.values), "[a=1][a=é][empty=]");
  assert.is(told(r.form), "[a=0][a=1][a=é][empty=]", "the query first, as in Go");
  assert.is(told(r.postForm), "[a=1][a=é][empty=]");
  const files = form.files.get("f") ?? [];
  assert.equal(
    files.map(({ name, filename, contentType, size, path }) => [
      name,
      filename,
      contentType,
      size,
      path,
    ]),
    [
      ["f", "x.txt", "application/octet-stream", 5, undefined],
      ["f", "y", "text/html", 0, undefined],
    ],
  );
  assert.is(await files[0]!.open().text(), "hello");
  assert.is(await files[0]!.open().text(), "hello", "any number of times");
  assert.is(files[0]!.header.count, 2);
  assert.is(await files[1]!.open().text(), "");
  assert.equal([...form.files.keys()], ["f"]);
  assert.is(await r.formFile("f"), files[0]);
  assert.is(await r.formFile("g"), undefined);
  assert.is(await r.formValue("empty"), "");
  assert.is(await r.parseMultipartForm(), form, "read once");
});

test("values by name read multipart forms too", async () => {
  const r = requestOf(multipart([{ name: "a" }, "1"]));
  assert.is(await r.formValue("a"), "1");
  assert.is(await r.postFormValue("a"), "1");
  assert.ok(r.multipartForm !== undefined);
});

test("a malformed query does not keep a multipart form from being read", async () => {
  const r = requestOf({ ...multipart([{ name: "a" }, "1"]), target: "/?x;y" });
  await rejects(r.parseMultipartForm(), "query-semicolon");
  assert.is(told(r.multipartForm!.values), "[a=1]");
  assert.is(await r.formValue("a"), "1");
});

test("copies of a request share its form", async () => {
  const r = requestOf(multipart([{ name: "a" }, "1"]));
  const copy = r.with({ host: "b" });
  await copy.parseMultipartForm();
  assert.is(r.multipartForm, copy.multipartForm);
  assert.is(await r.formValue("a"), "1");
});

table(
  test,
  [
    { name: "no type", asked: { body: "x" }, code: "not-multipart", status: 415 },
    {
      name: "another type",
      asked: { type: URLENCODED, body: "x" },
      code: "not-multipart",
      status: 415,
    },
    {
      name: "another kind of multipart",
      asked: { type: "multipart/mixed; boundary=b" },
      code: "not-multipart",
      status: 415,
    },
    {
      name: "no boundary",
      asked: { type: "multipart/form-data" },
      code: "missing-boundary",
      status: 400,
    },
    {
      name: "an empty boundary",
      asked: { type: 'multipart/form-data; boundary=""' },
      code: "bad-boundary",
      status: 400,
    },
    {
      name: "no body",
      asked: { type: "multipart/form-data; boundary=b" },
      code: "truncated-multipart",
      status: 400,
    },
    {
      name: "a part too many",
      asked: multipart([{ name: "a" }, ""], [{ name: "b" }, ""]),
      options: { maxParts: 1 },
      code: "too-many-parts",
      status: 413,
    },
    {
      name: "values beyond the limit",
      asked: multipart([{ name: "a" }, "x".repeat(51)]),
      options: { maxFormBytes: 92 },
      code: "body-too-large",
      status: 413,
    },
    {
      name: "headers beyond the limit",
      asked: multipart([{ name: "a" }, ""], [{ name: "b" }, ""]),
      options: { maxFormBytes: 83 },
      code: "body-too-large",
      status: 413,
    },
    {
      name: "files beyond memory without a store",
      asked: multipart([{ name: "a", filename: "f" }, "12345678"]),
      options: 7,
      code: "body-too-large",
      status: 413,
    },
    {
      name: "files together beyond memory",
      asked: multipart(
        [{ name: "a", filename: "f" }, "1234"],
        [{ name: "b", filename: "f" }, "5678"],
      ),
      options: 7,
      code: "body-too-large",
      status: 413,
    },
  ] satisfies {
    name: string;
    asked: Asked;
    options?: number | FormOptions;
    code: string;
    status: number;
  }[],
  async ({ asked, options, code, status }) => {
    const r = requestOf({ ...asked, exchange: new TestExchange() });
    const error = await rejects(r.parseMultipartForm(options), code);
    assert.is((error as { status?: number }).status, status);
    await rejects(r.parseMultipartForm(), code, "and it is told again");
    assert.is(r.multipartForm, undefined);
  },
);

test("limits that are just kept", async () => {
  const value = requestOf(multipart([{ name: "a" }, "x".repeat(50)]));
  await value.parseMultipartForm({ maxFormBytes: 92 });
  const headers = requestOf(multipart([{ name: "a" }, ""], [{ name: "b" }, ""]));
  await headers.parseMultipartForm({ maxFormBytes: 84 });
  const file = requestOf(multipart([{ name: "a", filename: "f" }, "1234567"]));
  assert.is((await file.parseMultipartForm(7)).files.get("a")?.[0]?.size, 7);
});

test("files beyond memory go to the store, and are removed after the handler", async () => {
  const store = new MemoryTempStore();
  const exchange = new TestExchange(store);
  const large = "0123456789".repeat(20_000);
  const asked = multipart(
    [{ name: "small", filename: "1" }, "1234"],
    [{ name: "large", filename: "2" }, large],
    [{ name: "next", filename: "3" }, "567"],
    [{ name: "over", filename: "4" }, "8"],
  );
  const single = Array.from(asked.body as Uint8Array, (octet) => Uint8Array.of(octet));
  for (const body of [asked.body!, single]) {
    const r = requestOf({ ...asked, body, exchange });
    const { files } = await r.parseMultipartForm(7);
    const paths = [...files.values()].map(([file]) => file!.path !== undefined);
    assert.equal(paths, [false, true, false, true], "what fits stays in memory");
    assert.is(store.files.size, 2);
    const file = await r.formFile("large");
    assert.is(file!.size, large.length);
    assert.is(text(await file!.open().bytes()), large);
    assert.is((await file!.open().bytes({ max: 1e9 })).length, large.length);
    const body2 = file!.open();
    await body2.next();
    body2.cancel();
    assert.is(await (await r.formFile("over"))!.open().text(), "8");
    await exchange.end();
    assert.is(store.files.size, 0, "removed");
    await rejects(file!.open().bytes(), "upload-not-stored");
  }
});

test("a form can be removed before the handler ends", async () => {
  const store = new MemoryTempStore();
  const exchange = new TestExchange(store);
  const r = requestOf({ ...multipart([{ name: "a", filename: "f" }, "12"]), exchange });
  const form = await r.parseMultipartForm(1);
  await form.removeAll();
  assert.is(store.files.size, 0);
  await exchange.end();
});

test("what was stored is removed when the rest of the form is refused", async () => {
  const store = new MemoryTempStore();
  const asked = multipart(
    [{ name: "a", filename: "f" }, "12"],
    [{ name: "b", filename: "g" }, "345"],
  );
  const r = requestOf({ ...asked, exchange: new TestExchange(store) });
  const options = { maxFormMemoryBytes: 0, maxUploadBytes: 4 };
  await rejects(r.parseMultipartForm(options), "body-too-large");
  assert.is(store.made, 2);
  assert.is(store.files.size, 0);
  const body = (asked.body as Uint8Array).slice(0, -4);
  const cut = requestOf({ ...asked, body, exchange: new TestExchange(store) });
  await rejects(cut.parseMultipartForm(0), "truncated-multipart");
  assert.is(store.files.size, 0);
});

test("files at the limit of the store are kept", async () => {
  const store = new MemoryTempStore();
  const r = requestOf({
    ...multipart([{ name: "a", filename: "f" }, "1234"]),
    exchange: new TestExchange(store),
  });
  await r.parseMultipartForm({ maxFormMemoryBytes: 0, maxUploadBytes: 4 });
  assert.is(store.files.size, 1);
});

for (const failing of ["create", "write", "finish"] as const) {
  test(`a store that fails to ${failing} is told, with its cause`, async () => {
    const store = new MemoryTempStore();
    store.failing = failing;
    const r = requestOf({
      ...multipart([{ name: "a", filename: "f" }, "1234"]),
      exchange: new TestExchange(store),
    });
    const error = await rejects(r.parseMultipartForm(0), "upload-not-stored");
    assert.is((error.cause as Error).message, "the disk says no");
    assert.is(store.files.size, 0);
  });
}

test("a store that fails to read or to remove is told to whoever asked", async () => {
  const store = new MemoryTempStore();
  const exchange = new TestExchange(store);
  const r = requestOf({ ...multipart([{ name: "a", filename: "f" }, "1234"]), exchange });
  const form = await r.parseMultipartForm(0);
  store.failing = "readAt";
  await rejects(form.files.get("a")![0]!.open().bytes(), "upload-not-stored");
  store.failing = "remove";
  await rejects(form.removeAll(), "upload-not-stored");
  await exchange.end();
});

test("a temporary file that became shorter is told", async () => {
  const store = new MemoryTempStore();
  const r = requestOf({
    ...multipart([{ name: "a", filename: "f" }, "1234"]),
    exchange: new TestExchange(store),
  });
  const { files } = await r.parseMultipartForm(0);
  for (const file of store.files) file.readAt = () => Promise.resolve(0);
  await rejects(files.get("a")![0]!.open().bytes(), "unexpected-eof");
});

test("a file that is made while the handler ends is removed at once", async () => {
  const store = new MemoryTempStore();
  const exchange = new TestExchange(store);
  store.beforeCreate = () => void exchange.end();
  const r = requestOf({ ...multipart([{ name: "a", filename: "f" }, "1234"]), exchange });
  await rejects(r.parseMultipartForm(0), "body-used");
  assert.is(store.files.size, 0);
});

test("without an end to wait for, files stay until they are removed", async () => {
  const store = new MemoryTempStore();
  const { signal } = new AbortController();
  const none = { remoteAddr: undefined, localAddr: undefined, tls: undefined, server: undefined };
  const exchange: Exchange = { ...none, context: undefined, signal, tempStore: store };
  const r = requestOf({ ...multipart([{ name: "a", filename: "f" }, "1"]), exchange });
  const form = await r.parseMultipartForm(0);
  assert.is(store.files.size, 1);
  await form.removeAll();
});

test("parts can be read as they come instead", async () => {
  const r = requestOf(multipart([{ name: "a" }, "1"]));
  const part = await r.multipartReader().next();
  assert.is(part?.name, "a");
  throwsCode(() => r.multipartReader(), "body-used");
  await rejects(r.parseMultipartForm(), "body-used");
  const mixed = requestOf({ type: "multipart/mixed; boundary=b", body: "--b\r\n\r\nx\r\n--b--" });
  assert.is(await (await mixed.multipartReader().next())?.body.text(), "x");
  const parsed = requestOf(multipart([{ name: "a" }, "1"]));
  await parsed.parseMultipartForm();
  throwsCode(() => parsed.multipartReader(), "body-used");
  throwsCode(() => requestOf({ type: URLENCODED }).multipartReader(), "not-multipart");
});

/** The platform's own reader and writer of forms, written by others. */
const { FormData: PlatformForm, Response: PlatformResponse } = globalThis;

test("forms as the platform writes them are read", async () => {
  const form = new PlatformForm();
  form.append("a", "1\n2");
  form.append('q"\r\n\\€', "é");
  form.append("f", new Blob(["--\r\n--x\r\n\r\n"], { type: "text/plain" }), 'n"\\€.txt');
  form.append("none", new Blob([]), "");
  const platform = new PlatformResponse(form);
  const type = platform.headers.get("content-type") ?? "";
  const body = new Uint8Array(await platform.arrayBuffer());
  const single = Array.from(body, (octet) => Uint8Array.of(octet));
  for (const octets of [body, single]) {
    const r = requestOf({ type, body: octets });
    const { values, files } = await r.parseMultipartForm();
    assert.is(values.get("a"), "1\r\n2");
    assert.is(values.get("q%22%0D%0A\\€"), "é");
    const [file] = files.get("f") ?? [];
    assert.equal([file?.filename, file?.contentType], ["€.txt", "text/plain"]);
    assert.is(await file!.open().text(), "--\r\n--x\r\n\r\n");
  }
});

test("forms as we write them are read by the platform", async () => {
  // undici wants 27 chars of a boundary at the least.
  const { type, body } = multipartWith(boundaryOf(new Uint8Array(16)), [
    [{ name: 'q"€' }, "1\r\n"],
    [{ name: "f", filename: 'x"€', contentType: "text/plain" }, "--b\r\n-"],
  ]);
  const headers = { "content-type": type! };
  // oxlint-disable-next-line typescript/no-deprecated -- as a second reader it is just what is wanted
  const form = await new PlatformResponse(body as Uint8Array, { headers }).formData();
  assert.equal([...form.keys()], ['q"€', "f"]);
  assert.is(form.get('q"€'), "1\r\n");
  const file = form.get("f") as File;
  assert.equal([file.name, file.type, await file.text()], ['x"€', "text/plain", "--b\r\n-"]);
});

test("a thousand single octets cost what a thousand octets do", async () => {
  const size = 200_000;
  const single = Array.from({ length: size }, () => Uint8Array.of(0x61));
  const r = requestOf({ type: URLENCODED, body: single });
  const form = await r.parseForm();
  assert.is([...form][0]?.[0].length, size);
});

test.run();
