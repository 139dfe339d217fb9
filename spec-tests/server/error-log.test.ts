/**
 * What the error log tells of handlers that failed, and what it keeps quiet about.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MessageError } from "../../lib/message/mod.ts";
import { pipe } from "../../lib/bufio/mod.ts";
import { Server } from "../../lib/server/mod.ts";
import type { Handler } from "../../lib/server/mod.ts";
import { TestClock, WireClient, settle } from "../../lib/testing/mod.ts";
import { table } from "../kit.ts";

const it = suite("error log");

table(
  it,
  [
    {
      name: "what the client sent wrongly is one line",
      body: "{",
      handler: (async (_w, r) => void (await r.body.json())) satisfies Handler,
      expect: ["the handler of POST / failed: the body is not JSON"],
    },
    {
      name: "a handler that throws is told with what it threw",
      body: "",
      handler: () => {
        throw new Error("boom");
      },
      expect: ["the handler of POST / failed"],
    },
    {
      name: "an error of ours that is the program's fault is told as any other",
      body: "",
      handler: () => {
        throw new MessageError("body-used");
      },
      expect: ["the handler of POST / failed"],
    },
  ],
  async ({ body, handler, expect }) => {
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`;
    assert.equal(await logged(handler, head + body), expect);
  },
);

it("a client that leaves in the middle of its body is not told", async () => {
  const handler: Handler = async (_w, r) => void (await r.body.bytes());
  const half = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab";
  assert.equal(await logged(handler, half), []);
});

/** The lines of the log after a client has sent this and gone away. */
async function logged(handler: Handler, sent: string): Promise<string[]> {
  const lines: string[] = [];
  const errorLog = (line: string): void => void lines.push(line);
  const server = new Server({ handler, errorLog }, { clock: new TestClock() });
  const [near, far] = pipe();
  server.serveConn(far);
  const client = new WireClient(near);
  client.send(sent);
  await settle();
  client.finish();
  await settle();
  await server.close();
  return lines;
}

it.run();
