/**
 * The servers of the question of bodies: ours, node:http's, and a bare socket that does the same writes.
 *
 * Rule of this file: what is sent is made once; what is received is counted and dropped, by us in two ways. Arguments: the server,
 * down or up, the framing, the size of a piece in KiB.
 */
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import { type HandlerFunc, listenAndServe } from "barewire";
import { BODY_BYTES, chunkOf, END_OF_CHUNKS, headOf, piecesOf } from "./body-kit.ts";
import { portOf, ready } from "./rim.ts";

const [name = "", direction = "", framing = "", pieceKib = "16"] = process.argv.slice(2);
const { piece, count } = piecesOf(Number(pieceKib));
const down = direction === "down";
const chunked = framing === "chunked";

const SERVERS: Readonly<Record<string, () => Promise<number>>> = {
  bare: serveBare,
  barewire: () => serveOurs(down ? send : countByRead),
  "barewire-pieces": () => serveOurs(countPieces),
  "node-http": async () => {
    const server = http.createServer((request, response) => {
      if (down) {
        void sendAll(response);
        return;
      }
      let received = 0;
      request.on("data", (octets: Buffer) => {
        received += octets.length;
      });
      request.on("end", () => response.end(String(received)));
    });
    // Between two of its turns others have theirs, and its one connection lies idle.
    server.keepAliveTimeout = 0;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return portOf(server);
  },
};

const send: HandlerFunc = async (w) => {
  if (!chunked) w.header.set("Content-Length", String(BODY_BYTES));
  for (let i = 0; i < count; i++) await w.write(piece);
};

/** Into one array, as Go's handlers do. */
const countByRead: HandlerFunc = async (w, r) => {
  const into = new Uint8Array(64 * 1024);
  let received = 0;
  for (let n = await r.body.read(into); n !== undefined; n = await r.body.read(into)) received += n;
  await w.write(String(received));
};

const countPieces: HandlerFunc = async (w, r) => {
  let received = 0;
  for await (const octets of r.body) received += octets.length;
  await w.write(String(received));
};

async function serveOurs(handler: HandlerFunc): Promise<number> {
  const server = await listenAndServe("127.0.0.1:0", handler);
  return server.addr?.port ?? 0;
}

async function sendAll(response: http.ServerResponse): Promise<void> {
  if (!chunked) response.setHeader("Content-Length", BODY_BYTES);
  for (let i = 0; i < count; i++) if (!response.write(piece)) await once(response, "drain");
  response.end();
}

/** Reads nothing but the number of octets, and writes what the others write, framing included. */
async function serveBare(): Promise<number> {
  const shared = Buffer.allocUnsafeSlow(64 * 1024);
  const framed = chunked ? Buffer.concat(chunkOf(piece)) : piece;
  const head = headOf("HTTP/1.1 200 OK", framing);
  const upload =
    headOf("POST / HTTP/1.1\r\nHost: bench", framing).length +
    (chunked ? framed.length * count + END_OF_CHUNKS.length : BODY_BYTES);
  const server = net.createServer({ pauseOnConnect: true, noDelay: true }, (first) => {
    const outer = first as unknown as { _handle: unknown };
    let received = 0;
    const answer = async (): Promise<void> => {
      socket.write(head, "latin1");
      for (let i = 0; i < count; i++) if (!socket.write(framed)) await once(socket, "drain");
      if (chunked) socket.write(END_OF_CHUNKS, "latin1");
    };
    const callback = (length: number): boolean => {
      received += length;
      if (down) {
        void answer();
      } else if (received === upload) {
        received = 0;
        const text = String(BODY_BYTES);
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`, "latin1");
      }
      return true;
    };
    const options = { handle: outer._handle, onread: { buffer: shared, callback } };
    const socket = new net.Socket(options as unknown as net.SocketConstructorOpts);
    outer._handle = null;
    socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
}

const serve = SERVERS[name];
if (serve === undefined) throw new Error(`no server: ${name}`);
ready(await serve());
