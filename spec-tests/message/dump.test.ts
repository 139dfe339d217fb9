// A dump shows a message as it looks on the wire, and leaves it as it was.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Reader } from "../../lib/bufio/mod.ts";
import {
  Body,
  Response,
  bodyFrom,
  dumpRequest,
  dumpResponse,
  readRequest,
  readResponse,
} from "../../lib/message/mod.ts";
import { Header } from "../../lib/wire/mod.ts";
import { bytes, rejects, table, text } from "../kit.ts";
import { HandSource, contentOf, requestWith, streamed } from "./feeds.ts";

const request = suite("dumpRequest");

table(
  request,
  [
    { name: "a plain request", input: "GET /a?b HTTP/1.1\r\nHost: a\r\nX: \xe9\r\n\r\n" },
    { name: "HTTP/1.0", input: "GET / HTTP/1.0\r\nHost: a\r\n\r\n" },
    {
      name: "a body with a length",
      input: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nB: c\r\n\r\nabc",
    },
    {
      name: "a chunked body with trailers",
      input:
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nB: c\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    },
    { name: "one that closes", input: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" },
    { name: "a tunnel", input: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" },
  ],
  async ({ input }) => {
    const read = (await readRequest(Reader.of(bytes(input))))!;
    assert.is(text(await dumpRequest(read)), input);
    assert.is(text(await dumpRequest(read)), input, "and once more");
    assert.is(
      text(await dumpRequest(read, { body: "omit" })),
      input.slice(0, input.indexOf("\r\n\r\n") + 4),
    );
    assert.is((await contentOf(read.body)).replace("abc", ""), "", "the body is still there");
  },
);

request("an absolute target names the host itself", async () => {
  const read = (await readRequest(Reader.of(bytes("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"))))!;
  assert.is(text(await dumpRequest(read)), "GET http://b/ HTTP/1.1\r\n\r\n");
});

request("as it would be sent", async () => {
  const made = requestWith({
    method: "POST",
    target: "http://a.example/x",
    body: bodyFrom("abc").body,
    close: true,
  });
  const options = { view: "sent", userAgent: "u" } as const;
  const rest =
    "Host: a.example\r\nUser-Agent: u\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc";
  assert.is(text(await dumpRequest(made, options)), `POST /x HTTP/1.1\r\n${rest}`);
  assert.is(
    text(await dumpRequest(made, { ...options, form: "absolute" })),
    `POST http://a.example/x HTTP/1.1\r\n${rest}`,
  );
});

request("a chunked body that has not been framed yet", async () => {
  const made = requestWith({ method: "POST", body: streamed("ab", "c"), close: true });
  assert.match(
    text(await dumpRequest(made, { view: "sent" })),
    /chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n$/,
  );
  assert.is(await contentOf(made.body), "abc");
});

request("what must not go on the wire is refused here too", async () => {
  await rejects(dumpRequest(requestWith({ header: new Header({ A: "b\nc" }) })), "bad-field-value");
});
request.run();

const response = suite("dumpResponse");

response("a response as writeResponse would send it, with its body left", async () => {
  const input = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nA: b\r\n\r\nabc";
  const read = (await readResponse(Reader.of(bytes(input))))!;
  assert.is(text(await dumpResponse(read)), input);
  assert.is(text(await dumpResponse(read, { body: "omit" })), input.slice(0, -3));
  assert.is(await contentOf(read.body), "abc");
});

response("the answer to HEAD without its body, which stays untouched", async () => {
  const source = new HandSource();
  const made = new Response({
    status: 200,
    contentLength: 3,
    request: requestWith({ method: "HEAD" }),
    body: new Body(source),
  });
  assert.is(text(await dumpResponse(made)), "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
  assert.equal(source.cancelled, []);
});

response("a body beyond max is refused and still whole", async () => {
  const made = new Response({ status: 200, body: streamed("ab", "cd", "ef") });
  await rejects(dumpResponse(made, { max: 3 }), "body-too-large");
  assert.is(await contentOf(made.body), "abcdef");
});

response("a body that fails gives what came before, and then fails again", async () => {
  const source = new HandSource();
  source.give("ab");
  source.give(new Error("disk"));
  const made = new Response({ status: 200, body: new Body(source) });
  try {
    await dumpResponse(made);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, "disk");
  }
  assert.is(text((await made.body.next())!), "ab");
});

response("changing a dump does not change the body", async () => {
  const made = new Response({ status: 200, body: bodyFrom("abc").body });
  (await dumpResponse(made)).fill(0);
  assert.is(await contentOf(made.body), "abc");
});
response.run();
