/**
 * HTTP without a network: the server speaks over one end of a pipe in memory, we over the other.
 * Go: net.Pipe, Server.Serve
 *
 * Try: the same works over a serial line, a tunnel, a worker's message port: anything that moves
 * bytes.
 */
import { Server } from "barewire";
import { pipe } from "barewire/bufio";

const server = new Server({
  handler: async (w, r) => {
    await w.write(`${r.method} ${r.path} came through memory\n`);
  },
});

const [ours, theirs] = pipe();
server.serveConn(theirs);

const decoder = new TextDecoder();
ours.start({
  onBytes: (bytes) => {
    process.stdout.write(decoder.decode(bytes, { stream: true }));
    return "more";
  },
  onEnd: () => ours.close(),
  onError: (error) => console.error(error.message),
});
ours.write("GET /here HTTP/1.1\r\nHost: nowhere\r\nConnection: close\r\n\r\n");
