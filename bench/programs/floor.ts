/**
 * The floor: the least a server on Node can cost. Nothing is parsed, the answer is a constant.
 * MAINPATH §1, §2
 *
 * Rule of this file: one socket write for one read, one read buffer for all connections, no stream
 * events for what arrives. A read is taken for a request; where several come in a write they are
 * counted by their empty lines. Arguments: what the handler would do, how many requests are in a write.
 */
import * as net from "node:net";
import { constantAnswerOf, portOf, ready } from "./rim.ts";

interface WithHandle {
  _handle: unknown;
  _server: unknown;
}

const shared = Buffer.allocUnsafeSlow(64 * 1024);
const [kind = "hello", depth = "1"] = process.argv.slice(2);
const answer = constantAnswerOf(kind);
const answers = Array.from({ length: 65 }, (_, count) => answer.repeat(count));
const pipelined = depth !== "1";

const server = net.createServer({ pauseOnConnect: true, noDelay: true }, (first) => {
  const outer = first as unknown as WithHandle;
  let seen = 0; // how many bytes of CRLFCRLF the input so far ends with
  const callback = (length: number, bytes: Uint8Array): boolean => {
    if (!pipelined) return second.write(answer, "latin1");
    let requests = 0;
    for (let i = 0; i < length; i++) {
      const expected = (seen & 1) === 0 ? 0x0d : 0x0a;
      const byte = bytes[i]!;
      seen = byte === expected ? seen + 1 : byte === 0x0d ? 1 : 0;
      if (seen < 4) continue;
      seen = 0;
      requests++;
    }
    for (; requests > 64; requests -= 64) second.write(answers[64]!, "latin1");
    return second.write(answers[requests]!, "latin1");
  };
  const options = { handle: outer._handle, onread: { buffer: shared, callback } };
  const second = new net.Socket(options as unknown as net.SocketConstructorOpts);
  // The second socket takes over the place in the server's count.
  (second as unknown as WithHandle)._server = outer._server;
  outer._server = null;
  outer._handle = null;
  second.on("error", () => second.destroy());
});
server.listen(0, "127.0.0.1", 4096, () => ready(portOf(server)));
