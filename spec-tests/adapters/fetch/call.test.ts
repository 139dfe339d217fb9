/**
 * What only our fetch does: codes and causes, the jar, streaming both ways, and connections given back.
 *
 * Rule of this file: what the platform's fetch does too is in ../fetch.test.ts.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type Fetch,
  FetchError,
  type FetchInit,
  createFetch,
  fetch,
  messageOf,
} from "../../../lib/adapters/fetch.ts";
import { type Server, Transport, listenAndServe } from "../../../lib/adapters/mod.ts";
import { byteStream } from "../../../lib/adapters/fetch/stream.ts";
import { ClientError } from "../../../lib/client/mod.ts";
import { bodyFrom } from "../../../lib/message/mod.ts";
import { CookieJar, type ResponseWriter, type Request as ServerRequest } from "../../../lib/mod.ts";
import { type Row, rejects, table, withDeadline } from "../../kit.ts";
import { withServer } from "./kit.ts";

const test = suite("fetch, on its own");
const it = (name: string, fn: () => Promise<void>): void => test(name, withDeadline(10_000, fn));

const urlOf = (server: Server): string => `http://127.0.0.1:${server.addr?.port ?? 0}/`;

interface Coded extends Row {
  readonly path: string;
  readonly init?: FetchInit;
  readonly code: string;
  readonly cause?: string;
}

const coded: readonly Coded[] = [
  { name: "a relative URL", path: "/x", code: "bad-fetch-url" },
  { name: "user information", path: "http://a:b@c/", code: "fetch-url-has-credentials" },
  { name: "a method", path: "", init: { method: "TRACE" }, code: "bad-fetch-method" },
  { name: "a field value", path: "", init: { headers: { a: "\n b" } }, code: "" },
  {
    name: "a field value with a line end",
    path: "",
    init: { headers: { a: "b\nc" } },
    code: "bad-fetch-header",
  },
  { name: "a body of GET", path: "", init: { body: "x" }, code: "bad-fetch-body" },
  { name: "an option", path: "", init: { redirect: "x" as never }, code: "bad-fetch-option" },
  {
    name: "a dispatcher",
    path: "",
    init: { dispatcher: {} as never },
    code: "unsupported-fetch-option",
  },
  { name: "no answer", path: "/drop", code: "fetch-failed", cause: "reset" },
  {
    name: "a port where nobody listens",
    path: "http://127.0.0.1:9/",
    code: "fetch-failed",
    cause: "connection-refused",
  },
  { name: "a scheme", path: "blob:x", code: "fetch-failed", cause: "unsupported-scheme" },
  { name: "a data: URL", path: "data:x", code: "fetch-failed", cause: "bad-data-url" },
  { name: "a path with a bare %", path: "/100%", code: "fetch-failed", cause: "bad-target" },
  { name: "a circle", path: "/loop", code: "fetch-failed", cause: "too-many-redirects" },
  {
    name: "redirect: error",
    path: "/loop",
    init: { redirect: "error" },
    code: "fetch-failed",
    cause: "unexpected-redirect",
  },
  {
    name: "a bad Location",
    path: "/redirect/302?to=http://[",
    code: "fetch-failed",
    cause: "bad-location",
  },
  {
    name: "a Location elsewhere",
    path: "/redirect/302?to=file:///",
    code: "fetch-failed",
    cause: "unsupported-scheme",
  },
  {
    name: "other content",
    path: "/form",
    init: { integrity: "sha256-YQ==" },
    code: "fetch-failed",
    cause: "integrity-mismatch",
  },
  {
    name: "a length that the body has not",
    path: "/echo",
    init: { method: "POST", body: "abc", headers: { "content-length": "4" } },
    code: "fetch-failed",
    cause: "content-length-mismatch",
  },
];

table(
  (name, fn) => it(`${name}: its code`, async () => fn()),
  coded,
  ({ path, init, code, cause }) =>
    withServer(async (url) => {
      const target =
        path === "" || (path.startsWith("/") && path !== "/x") ? `${url}${path}` : path;
      if (code === "") {
        assert.is((await fetch(target, init)).status, 200);
        return;
      }
      const error = await rejects(fetch(target, init), code);
      assert.instance(error, TypeError);
      assert.instance(error, FetchError);
      assert.is(error.name, "TypeError");
      if (code === "fetch-failed") assert.is(error.message, "fetch failed");
      assert.is(
        (error.cause as { code?: string } | undefined)?.code,
        cause === undefined && code === "bad-fetch-url" ? "ERR_INVALID_URL" : cause,
      );
    }),
);

it("no message shows a password, nor a field value", async () => {
  const bad = await rejects(fetch("http://user:secret@a/"), "fetch-url-has-credentials");
  assert.not.match(bad.message, "secret");
  const field = await rejects(
    fetch("http://a/", { headers: { a: "secret\n!" } }),
    "bad-fetch-header",
  );
  assert.not.match(field.message, "secret");
});

it("the cause on the way is a ClientError, and that of a body too", () =>
  withServer(async (url) => {
    const lost = await rejects(fetch(`${url}/drop`), "fetch-failed");
    assert.instance(lost.cause, ClientError);
    const cut = await rejects((await fetch(`${url}/cut`)).text(), "body-terminated");
    assert.is(cut.message, "terminated");
    assert.instance(cut.cause, ClientError);
    assert.is((cut.cause as ClientError).code, "reset");
  }));

// --- cookies ----------------------------------------------------------------------------------------

it("a jar gets and gives cookies on every hop", () =>
  withServer(async (url) => {
    const jar = new CookieJar();
    const own = createFetch({ jar });
    assert.is(await (await own(`${url}/cookies`)).text(), "");
    assert.is(await (await own(`${url}/redirect/302?to=/cookies`)).text(), "a=1; b=2");
    const headers = { Cookie: "c=3" };
    assert.is(await (await own(`${url}/cookies`, { headers })).text(), "c=3; a=1; b=2");
  }));

it("a jar that throws ends the call, and the connection is not kept busy", async () => {
  const transport = new Transport();
  const jar = {
    cookies: () => [],
    setCookies: () => {
      throw new Error("no room");
    },
  };
  const server = await listenAndServe("127.0.0.1:0", (w) => {
    w.header.set("Set-Cookie", "a=1");
    return w.write("x".repeat(200_000));
  });
  try {
    await rejects(createFetch({ transport, jar })(urlOf(server)), "fetch-failed");
    // What is left of the body is drained; without the cancel it would be busy for good.
    while (transport.stats().busy > 0) await new Promise((resolve) => setImmediate(resolve));
  } finally {
    transport.close();
    await server.close();
  }
});

it("a stream that is over leaves nothing on a signal that lives on", async () => {
  let listeners = 0;
  const signal = new AbortController().signal;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listeners++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (
    listeners--, remove(...args)
  );
  const { body } = bodyFrom(new Uint8Array(10));
  byteStream(body, signal);
  assert.is(listeners, 1);
  body.cancel();
  assert.is(listeners, 0);
});

it("credentials: omit leaves the jar out", () =>
  withServer(async (url) => {
    const own = createFetch({ jar: new CookieJar() });
    await own(`${url}/cookies`, { credentials: "omit" });
    assert.is(await (await own(`${url}/cookies`)).text(), "");
    assert.is(await (await own(`${url}/cookies`, { credentials: "omit" })).text(), "");
    assert.is(await (await own(`${url}/cookies`)).text(), "a=1; b=2");
  }));

// --- the request ------------------------------------------------------------------------------------

it("asks for what can be undone, and the caller's fields go before ours", () =>
  withServer(async (url) => {
    const show = async (init?: FetchInit): Promise<unknown> => {
      const { fields } = (await (await fetch(`${url}/echo`, init)).json()) as {
        fields: Record<string, string>;
      };
      return [fields["accept"], fields["accept-encoding"]?.replace(", zstd", "")];
    };
    assert.equal(await show(), ["*/*", "gzip, br, deflate"]);
    assert.equal(await show({ headers: { Accept: "a/b", "Accept-Encoding": "gzip" } }), [
      "a/b",
      "gzip",
    ]);
  }));

it("Host may be another than the URL's, and is not taken to another origin", async () => {
  const hosts: string[] = [];
  const server = await listenAndServe("127.0.0.1:0", (w, r) => {
    hosts.push(r.host);
    if (r.path === "/a") w.header.set("Location", `http://localhost:${server.addr?.port ?? 0}/b`);
    w.writeHeader(r.path === "/a" ? 302 : 200);
  });
  try {
    await fetch(`http://127.0.0.1:${server.addr?.port ?? 0}/a`, {
      headers: { Host: "other.example" },
    });
    assert.equal(hosts, ["other.example", `localhost:${server.addr?.port ?? 0}`]);
  } finally {
    await server.close();
  }
});

it("roundTrip is handed to the transport", () =>
  withServer(async (url) => {
    const seen: string[] = [];
    const trace = { getConn: (hostPort: string) => void seen.push(hostPort) };
    await (await fetch(`${url}/form`, { roundTrip: { trace } })).text();
    assert.equal(seen, [url.slice("http://".length)]);
    const init = { roundTrip: { responseHeaderTimeout: 20 } };
    const late = await rejects(fetch(`${url}/never`, init), "fetch-failed");
    assert.is((late.cause as ClientError).code, "response-header-timed-out");
  }));

it("messageOf gives our response, and nothing for others", () =>
  withServer(async (url) => {
    const response = await fetch(`${url}/form`);
    await response.text();
    assert.type(messageOf(response)?.timings?.total, "number");
    assert.is(messageOf(new Response()), undefined);
  }));

// --- both ways --------------------------------------------------------------------------------------

it("streams both ways at once", async () => {
  const echo = async (w: ResponseWriter, r: ServerRequest): Promise<void> => {
    for await (const piece of r.body) {
      await w.write(piece);
      await w.flush();
    }
  };
  const server = await listenAndServe("127.0.0.1:0", echo);
  try {
    let say: (text: string) => void = () => undefined;
    let end: () => void = () => undefined;
    const body = new ReadableStream({
      start(controller) {
        say = (text) => controller.enqueue(new TextEncoder().encode(text));
        end = () => controller.close();
      },
    });
    const asked = fetch(urlOf(server), { method: "POST", body, duplex: "half" });
    say("one");
    const reader = ((await asked).body as ReadableStream<Uint8Array>).getReader();
    assert.is(Buffer.from((await reader.read()).value ?? []).toString(), "one");
    say("two");
    assert.is(Buffer.from((await reader.read()).value ?? []).toString(), "two");
    end();
    assert.ok((await reader.read()).done);
  } finally {
    await server.close();
  }
});

it("an upload is pulled no faster than the server reads, and stops when it goes", async () => {
  let begun: () => void = () => undefined;
  const hasBegun = new Promise<void>((resolve) => (begun = resolve));
  const server = await listenAndServe("127.0.0.1:0", async (w, r) => {
    begun();
    await new Promise((resolve) => r.signal.addEventListener("abort", resolve));
    w.abort();
  });
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => void (cancelled = true),
  });
  const asked = rejects(
    fetch(urlOf(server), { method: "POST", body, duplex: "half" }),
    "fetch-failed",
  );
  await hasBegun;
  let before = -1;
  while (before !== pulled) {
    before = pulled;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.ok(pulled < 400, `${pulled} pieces of 64 KiB were pulled`);
  await server.close();
  await asked;
  assert.ok(cancelled);
});

it("an abort cancels the stream that is being sent", () =>
  withServer(async (url) => {
    let cancelled: () => void = () => undefined;
    const isCancelled = new Promise<void>((resolve) => (cancelled = resolve));
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => cancelled(),
    });
    const controller = new AbortController();
    const init = { method: "POST", body, duplex: "half", signal: controller.signal } as const;
    const asked = fetch(`${url}/never`, init);
    setTimeout(() => controller.abort(new Error("enough")), 20);
    const ended = await asked.catch((error: unknown) => error);
    assert.is((ended as Error).message, "enough");
    await isCancelled;
  }));

for (const { name, pull } of [
  { name: "that has nothing yet", pull: () => new Promise<void>(() => {}) },
  {
    name: "without end",
    pull: (controller: ReadableByteStreamController) => controller.enqueue(new Uint8Array(400_000)),
  },
]) {
  it(`the stream of a Request ${name} is cancelled when the request never went out`, async () => {
    let cancelled: () => void = () => undefined;
    const isCancelled = new Promise<void>((resolve) => (cancelled = resolve));
    const body = new ReadableStream({ type: "bytes", pull, cancel: () => cancelled() });
    const init = { method: "POST", body, duplex: "half" } as const;
    await rejects(fetch(new globalThis.Request("http://127.0.0.1:9/", init)), "fetch-failed");
    await isCancelled;
  });
}

it("a download is pulled no faster than it is read", async () => {
  let written = 0;
  const server = await listenAndServe("127.0.0.1:0", async (w) => {
    for (; written < 2_000; written++) await w.write(new Uint8Array(65_536));
  });
  try {
    const response = await fetch(urlOf(server));
    let before = -1;
    while (before !== written) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(written < 400, `${written} pieces of 64 KiB were written`);
    await response.body?.cancel();
  } finally {
    await server.close();
  }
});

// --- connections ------------------------------------------------------------------------------------

async function with_(
  fn: (own: Fetch, transport: Transport, url: string) => Promise<void>,
): Promise<void> {
  await withServer(async (url) => {
    const transport = new Transport({ maxConnsPerHost: 1, poolTimeout: 5_000 });
    try {
      await fn(createFetch({ transport }), transport, url);
    } finally {
      transport.close();
    }
  });
}

it("redirects and small bodies that nobody reads keep no connection", () =>
  with_(async (own, _, url) => {
    for (let i = 0; i < 5; i++) assert.is((await own(`${url}/redirect/302?to=/form`)).status, 200);
  }));

it("a cancelled body gives its connection back", () =>
  with_(async (own, _, url) => {
    for (let i = 0; i < 3; i++) await (await own(`${url}/large`)).body?.cancel();
    assert.is((await own(`${url}/form`)).status, 200);
  }));

it("an upgrade that nobody asked for is refused, and its connection closed", async () => {
  const server = await listenAndServe("127.0.0.1:0", (w) => {
    const { conn } = w.hijack();
    conn.write(
      Buffer.from("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
    );
  });
  try {
    const error = await rejects(fetch(urlOf(server)), "fetch-failed");
    assert.is((error.cause as ClientError).code, "unasked-upgrade");
    const headers = { Connection: "upgrade", Upgrade: "x" };
    const asked = await rejects(fetch(urlOf(server), { headers }), "fetch-failed");
    assert.is((asked.cause as FetchError).code, "unexpected-upgrade");
  } finally {
    await server.close();
  }
});

it("a transport of one's own is asked, over whatever it dials", () =>
  withServer(async (url) => {
    const port = Number(new URL(url).port);
    let dialled = "";
    const { dial } = await import("../../../lib/net/mod.ts");
    const transport = new Transport({
      dial: (where) => {
        dialled = where.host;
        return dial({ ...where, host: "127.0.0.1", port });
      },
    });
    const response = await createFetch({ transport })("http://nowhere.example/form");
    assert.is(await response.text(), "a=1&b=%C3%A9");
    assert.is(dialled, "nowhere.example");
    transport.close();
  }));

test.run();
