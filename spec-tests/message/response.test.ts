// A Response is values and views of them.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../lib/bufio/mod.ts";
import { Response, noBody, readResponse } from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { bytes, table, throwsCode } from "../kit.ts";
import { requestWith } from "./feeds.ts";

const view = suite("Response");

view("what nobody has said is usual, absent, empty or off", () => {
  const response = new Response({ status: 404 });
  assert.is(response.statusText, "Not Found");
  assert.is(response.proto, "HTTP/1.1");
  assert.is(response.ok, false);
  assert.is(response.body, noBody);
  assert.is(response.contentLength, undefined);
  assert.equal(response.transferEncoding, []);
  assert.is(response.header.count, 0);
  assert.is(response.trailer.count, 0);
  assert.is(response.trailer, response.trailer, "made once");
  assert.is(response.close, false);
  assert.is(response.uncompressed, false);
  assert.is(response.reused, false);
  assert.is(response.request, undefined);
  assert.is(response.tls, undefined);
  assert.is(response.timings, undefined);
  assert.is(response.rawHead, "");
  assert.is(response.location(), undefined);
});

view("ok means the 200s", () => {
  const ok = [199, 200, 299, 300].map((status) => new Response({ status }).ok);
  assert.equal(ok, [false, true, true, false]);
});

view("the raw head of a response that was read", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
  assert.is((await readResponse(Reader.of(bytes(`${head}x`))))?.rawHead, head);
});

view("with() replaces parts and keeps the others", () => {
  const response = new Response({
    status: 200,
    statusText: "Fine",
    versionMinor: 0,
    header: new Header({ A: "b" }),
    reused: true,
  });
  const copy = response.with({ uncompressed: true });
  assert.is(copy.header, response.header);
  assert.equal(
    [copy.statusText, copy.proto, copy.reused, copy.uncompressed],
    ["Fine", "HTTP/1.0", true, true],
  );
});
view("the cookies that it sets; what is none is passed over", () => {
  const header = new Header([
    ["Set-Cookie", "a=1; Path=/; HttpOnly"],
    ["Set-Cookie", "bad"],
    ["set-cookie", "b=2; Max-Age=0"],
  ]);
  assert.equal(new Response({ status: 200, header }).cookies(), [
    {
      name: "a",
      value: "1",
      quoted: false,
      raw: "a=1; Path=/; HttpOnly",
      path: "/",
      httpOnly: true,
    },
    { name: "b", value: "2", quoted: false, raw: "b=2; Max-Age=0", maxAge: 0 },
  ]);
});

view.run();

const location = suite("Response.location");

const request = requestWith({ target: "/dir/page?q" });

table(
  location,
  [
    { name: "a path", value: "/x?y#z", expect: "http://a.example/x?y#z" },
    { name: "a relative path", value: "../up", expect: "http://a.example/up" },
    { name: "a query alone", value: "?r", expect: "http://a.example/dir/page?r" },
    { name: "another host", value: "https://b.example", expect: "https://b.example/" },
    { name: "a host without a scheme", value: "//b.example/x", expect: "http://b.example/x" },
    { name: "octets above ASCII are UTF-8", value: "/\xc3\xa9", expect: "http://a.example/%C3%A9" },
    { name: "an empty value is the page itself", value: "", expect: "http://a.example/dir/page?q" },
  ],
  ({ value, expect }) => {
    const response = new Response({
      status: 302,
      header: new Header({ Location: value }),
      request,
    });
    assert.is(response.location()?.href, expect);
  },
);

location("without a request, or with one that has no URL, only an absolute one will do", () => {
  for (const of of [undefined, requestWith({ method: "OPTIONS", target: "*" })]) {
    const at = (value: string): Response =>
      new Response({ status: 302, header: new Header({ Location: value }), request: of });
    assert.is(at("http://b/").location()?.href, "http://b/");
    throwsCode(() => at("/x").location(), "bad-location");
  }
});

location("a value that is no URL is refused", () => {
  const response = new Response({
    status: 302,
    header: new Header({ Location: "http://[" }),
    request,
  });
  throwsCode(() => response.location(), "bad-location");
});
location.run();
