/**
 * Python's http.server: as a script with uploads, over plain TCP and TLS, and as it comes.
 *
 * Rule of this file: files are served by Python's own SimpleHTTPRequestHandler; the script adds
 * HTTP/1.1, PUT and the log, and nothing to an answer.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  certificateOf,
  type ClientWorld,
  ownDir,
  type Server,
  type Site,
  webOf,
} from "./client-site.ts";
import { freePort, listening } from "./ports.ts";
import { gather, launch } from "./world.ts";

export const PYTHON: Server = {
  name: "http.server",
  programs: ["python3", "openssl"],
  requestsPerConnection: Infinity,
  start,
};

/** HTTP/1.0: a connection for each request. */
export const PLAIN_PYTHON: Server = {
  name: "python3 -m http.server",
  programs: ["python3"],
  requestsPerConnection: 1,
  start: startPlain,
};

/** Headers and content are written apart: without NODELAY each answer would wait for an ACK. */
const SCRIPT = `
import http.server, ssl, sys, threading

class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, *args):
        super().__init__(*args, directory=sys.argv[1])

    def do_PUT(self):
        with open(self.translate_path(self.path), "wb") as out:
            for piece in self.pieces():
                out.write(piece)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def pieces(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            yield from self.exactly(int(self.headers["Content-Length"]))
            return
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield from self.exactly(size)
            assert self.rfile.readline() == b"\\r\\n"
        while self.rfile.readline() != b"\\r\\n":
            pass

    def exactly(self, left):
        while left > 0:
            piece = self.rfile.read(min(left, 65536))
            assert piece, "the upload was cut off"
            left -= len(piece)
            yield piece

    def log_request(self, code="-", size="-"):
        # In one piece, because there are threads.
        line = f"{self.client_address[1]} {int(code)} {self.command} {self.path}\\n"
        sys.stdout.write(line)
        sys.stdout.flush()

def serve(port, context):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever).start()

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[4], sys.argv[5])
serve(int(sys.argv[2]), None)
serve(int(sys.argv[3]), context)
`;

async function start(world: ClientWorld): Promise<Site> {
  const path = join(ownDir(world, "python"), "server.py");
  writeFileSync(path, SCRIPT);
  const ports = { http: await freePort(), https: await freePort() };
  const { cert, key } = await certificateOf(world);
  const args = [path, webOf(world), `${ports.http}`, `${ports.https}`, cert, key];
  const child = launch("python3", args);
  const log = gather(child.stdout);
  const complained = gather(child.stderr);
  await listening("http.server", child, ports.https, complained);
  return { ports, log };
}

async function startPlain(world: ClientWorld): Promise<Site> {
  const port = await freePort();
  const own = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", webOf(world)];
  const child = launch("python3", [...own, `${port}`]);
  const log = gather(child.stderr);
  await listening("python3 -m http.server", child, port, log);
  return { ports: { http: port, https: 0 }, log };
}
