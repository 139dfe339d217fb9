// A Request is values and views of them, the same on both sides.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../lib/bufio/mod.ts";
import { type Exchange, Request, Response, noBody, readRequest } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { bytes, table, throwsCode } from "../kit.ts";
import { requestWith } from "./feeds.ts";

const view = suite("Request");

table(
  view,
  [
    {
      name: "an origin target",
      target: "/a%2Fb/c%20d?x=%41&y",
      expect: {
        escapedPath: "/a%2Fb/c%20d",
        path: "/a/b/c d",
        rawQuery: "x=%41&y",
        url: "http://a.example/a%2Fb/c%20d?x=%41&y",
      },
    },
    {
      name: "a query without a path to speak of",
      target: "/?",
      expect: { escapedPath: "/", path: "/", rawQuery: "", url: "http://a.example/" },
    },
    {
      name: "an absolute target",
      target: "HTTPS://a.example/p?q?r",
      expect: { escapedPath: "/p", path: "/p", rawQuery: "q?r", url: "https://a.example/p?q?r" },
    },
    {
      name: "an absolute target without a path",
      target: "http://a.example?q",
      expect: { escapedPath: "/", path: "/", rawQuery: "q", url: "http://a.example/?q" },
    },
    {
      name: "a query that looks like a scheme",
      target: "/x?u=http://b/c",
      expect: {
        escapedPath: "/x",
        path: "/x",
        rawQuery: "u=http://b/c",
        url: "http://a.example/x?u=http://b/c",
      },
    },
    {
      name: "UTF-8 in the path",
      target: "/%C3%A9",
      expect: { escapedPath: "/%C3%A9", path: "/é", rawQuery: "", url: "http://a.example/%C3%A9" },
    },
  ],
  ({ target, expect }) => {
    const request = requestWith({ target });
    const { escapedPath, path, rawQuery } = request;
    assert.equal({ escapedPath, path, rawQuery, url: request.url.href }, expect);
    assert.is(request.query.toString(), new URLSearchParams(expect.rawQuery).toString());
    assert.is(request.query, request.query, "made once");
  },
);

table(
  view,
  [
    { name: "an asterisk has no URL", parts: { method: "OPTIONS", target: "*" } },
    { name: "an authority has no URL", parts: { method: "CONNECT", target: "a:1" } },
    { name: "no host, no URL", parts: { host: "" } },
    { name: "a host that is none has no URL", parts: { host: "a b" } },
  ],
  ({ parts }) => {
    throwsCode(() => requestWith(parts).url, "url-unrepresentable");
  },
);

view("its versions", () => {
  assert.is(requestWith().proto, "HTTP/1.1");
  assert.is(requestWith({ versionMinor: 0 }).proto, "HTTP/1.0");
  const answers = [
    [1, 0],
    [1, 1],
    [1, 2],
    [2, 0],
    [0, 9],
  ].map(([major, minor]) => requestWith().protoAtLeast(major!, minor!));
  assert.equal(answers, [true, true, false, false, true]);
});

view("what nobody has said is absent, empty or off", () => {
  const request = requestWith();
  assert.is(request.body, noBody);
  assert.is(request.contentLength, undefined);
  assert.equal(request.transferEncoding, []);
  assert.is(request.close, false);
  assert.is(request.getBody, undefined);
  assert.is(request.response, undefined);
  assert.is(request.remoteAddr, undefined);
  assert.is(request.localAddr, undefined);
  assert.is(request.tls, undefined);
  assert.is(request.server, undefined);
  assert.is(request.context, undefined);
  assert.is(request.signal.aborted, false);
  assert.is(request.pattern, "");
  assert.is(request.pathValue("x"), "");
  assert.is(request.userAgent(), "");
  assert.is(request.referer(), "");
  assert.is(request.basicAuth(), undefined);
  assert.is(request.rawHead, "");
  assert.is(request.header.count, 0);
  assert.is(request.trailer.count, 0);
  assert.is(request.trailer, request.trailer, "made once");
});

view("what its header says", () => {
  const header = new Header({ "user-agent": "x", REFERER: "y", Authorization: "Basic YTpiOmM=" });
  const request = requestWith({ header });
  assert.is(request.userAgent(), "x");
  assert.is(request.referer(), "y");
  assert.equal({ ...request.basicAuth() }, { username: "a", password: "b:c" });
});

view("what its exchange knows", () => {
  const abort = new AbortController();
  const exchange: Exchange<number> = {
    remoteAddr: { network: "tcp", host: "1.2.3.4", port: 5 },
    localAddr: undefined,
    tls: {
      version: "TLSv1.3",
      cipher: "x",
      alpnProtocol: undefined,
      serverName: undefined,
      authorized: false,
      peerCertificate: undefined,
    },
    context: 7,
    server: abort,
    signal: abort.signal,
  };
  const request = new Request<number>({ method: "GET", target: "/x", host: "a", exchange });
  assert.is(request.remoteAddr?.host, "1.2.3.4");
  assert.is(request.context, 7);
  assert.is(request.server, abort);
  assert.is(request.signal, abort.signal);
  assert.is(request.scheme, "https", "TLS makes it https");
  assert.is(request.url.href, "https://a/x");
});

view("with() copies what is not replaced, and path values apart", () => {
  const prior = new Response({ status: 302 });
  const request = requestWith({ header: new Header({ A: "1" }), response: prior });
  request.pattern = "/{x}";
  request.setPathValue("x", "1");
  const copy = request.with({ method: "PUT" });
  copy.setPathValue("x", "2");
  assert.is(copy.method, "PUT");
  assert.is(copy.header, request.header);
  assert.is(copy.pattern, "/{x}");
  assert.is(copy.response, prior);
  assert.equal([request.pathValue("x"), copy.pathValue("x")], ["1", "2"]);
});

view("the raw head of a request that was read, octet by octet", async () => {
  const head = "GET / HTTP/1.1\r\nhOsT:  a \r\nX: \xe9\r\n\r\n";
  const request = await readRequest(Reader.of(bytes(`${head}rest`)));
  assert.is(request?.rawHead, head);
  assert.equal([...request!.header], [["X", "\xe9"]]);
});

view("cookies of all Cookie fields, in their order or by name", () => {
  const header = new Header([
    ["Cookie", 'a=1; b="2"; bad name=x'],
    ["cookie", "a=3"],
  ]);
  const request = requestWith({ header });
  assert.equal(request.cookies(), [
    { name: "a", value: "1", quoted: false },
    { name: "b", value: "2", quoted: true },
    { name: "a", value: "3", quoted: false },
  ]);
  assert.is(request.cookie("a")?.value, "1");
  assert.is(request.cookie("c"), undefined);
  assert.equal(
    request.cookiesNamed("a").map((cookie) => cookie.value),
    ["1", "3"],
  );
});
view.run();
