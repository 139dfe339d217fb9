/**
 * nginx as a reverse proxy in front of the demo: kept upstream connections, with and without
 * buffering.
 *
 * Rule of this file: nginx runs as one process with a configuration and files of its own in our
 * directory, and is ended by us. `/` is buffered, everything below `/direct/` is passed on as it
 * comes.
 */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bigFile, uploadAnswer } from "./bodies.ts";
import { freePort, listening } from "./ports.ts";
import { type Check, end, gather, launch, message, run, same, until, type World } from "./world.ts";

interface Row {
  readonly name: string;
  readonly args: readonly string[];
  readonly expect: string;
}

const TEXT = "Content-Type: text/plain; charset=utf-8";
const NOSNIFF = "X-Content-Type-Options: nosniff";
const ALIVE = "Connection: keep-alive";
const OK: readonly string[] = ["HTTP/1.1 200 OK", "Server: nginx", "Date: NOW"];

const ROWS: readonly Row[] = [
  {
    name: "a short answer",
    args: ["-i", "URL/hello/nginx"],
    expect: message([...OK, TEXT, "Content-Length: 14", ALIVE, NOSNIFF], "Hello, nginx!\n"),
  },
  {
    name: "a short answer, unbuffered",
    args: ["-i", "URL/direct/hello/nginx"],
    expect: message([...OK, TEXT, "Content-Length: 14", ALIVE, NOSNIFF], "Hello, nginx!\n"),
  },
  {
    name: "chunks are taken apart and put together again",
    args: ["-i", "URL/chunked"],
    expect: message([...OK, TEXT, "Transfer-Encoding: chunked", ALIVE], "hello world\n"),
  },
  {
    name: "HEAD",
    args: ["-I", "URL/hello/nginx"],
    expect: message([...OK, TEXT, "Content-Length: 14", ALIVE, NOSNIFF]),
  },
  {
    name: "204",
    args: ["-i", "URL/204"],
    expect: message(["HTTP/1.1 204 No Content", "Server: nginx", "Date: NOW", ALIVE]),
  },
  {
    name: "a body there and back, unbuffered",
    args: ["--data-binary", "through the proxy", "URL/direct/echo"],
    expect: "through the proxy",
  },
  {
    name: "a chunked body there and back, unbuffered",
    args: ["-H", "Transfer-Encoding: chunked", "--data-binary", "in chunks", "URL/direct/echo"],
    expect: "in chunks",
  },
  {
    name: "what nginx sends upstream",
    args: ["-A", "interop", "URL/wire"],
    expect: message(["GET /wire HTTP/1.1", "Host: demo", "User-Agent: interop", "Accept: */*"]),
  },
];

/** All checks in one nginx: it starts with the first and is ended after the last. */
export const NGINX_CHECKS: readonly Check[] = [
  ...ROWS.map(
    (row): Check => ({
      name: `nginx: ${row.name}`,
      program: "nginx",
      run: async (world) => {
        const { url } = await front(world);
        same(await curl([...row.args].map((arg) => arg.replace(/^URL/, url))), row.expect, world);
      },
    }),
  ),
  ...["", "/direct"].map(
    (prefix): Check => ({
      name: `nginx: a large file${prefix === "" ? "" : ", unbuffered"}`,
      program: "nginx",
      run: async (world) => {
        const { url } = await front(world);
        same(
          await curl(["-T", bigFile(world), `${url}${prefix}/upload`]),
          uploadAnswer(world),
          world,
        );
      },
    }),
  ),
  {
    name: "nginx: an event passes at once when buffering is off",
    program: "nginx",
    run: async (world) => {
      const { url } = await front(world);
      const child = launch("curl", ["-sSN", `${url}/direct/sse`]);
      const printed = gather(child.stdout);
      const first = "id: 1\ndata: tick 1\n\n";
      await until(() => (printed().length >= first.length ? true : undefined), "an event");
      await end(child);
      same(printed().slice(0, first.length), first, world);
    },
  },
  {
    name: "nginx: keeps its connection to us from request to request",
    program: "nginx",
    run: async (world) => {
      const { url } = await front(world);
      await curl(Array.from({ length: 6 }, () => `${url}/hello/kept`));
      const ports = await until(() => {
        const lines = world
          .log()
          .split("\n")
          .filter((line) => line.includes("/hello/kept"));
        if (lines.length < 6) return undefined;
        return new Set(lines.map((line) => /127\.0\.0\.1:\d+/.exec(line)?.[0]));
      }, "six log lines");
      if (ports.size !== 1) throw new Error(`${ports.size} upstream connections for six requests`);
    },
  },
];

let running: Promise<{ url: string; child: ChildProcess }> | undefined;

function front(world: World): Promise<{ url: string; child: ChildProcess }> {
  running ??= startNginx(world);
  return running;
}

async function startNginx(world: World): Promise<{ url: string; child: ChildProcess }> {
  const dir = join(world.dir, "nginx");
  mkdirSync(dir);
  const port = await freePort();
  writeFileSync(join(dir, "nginx.conf"), configuration({ listen: port, upstream: world.port }));
  const child = launch("nginx", ["-p", dir, "-c", "nginx.conf", "-e", "error.log"]);
  const complained = gather(child.stderr);
  await listening("nginx", child, port, complained);
  return { url: `http://127.0.0.1:${port}`, child };
}

function configuration(port: { listen: number; upstream: number }): string {
  return `
daemon off;
master_process off;
pid nginx.pid;
events { worker_connections 64; }
http {
  access_log off;
  server_tokens off;
  client_max_body_size 0;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream demo { server 127.0.0.1:${port.upstream}; keepalive 4; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  server {
    listen 127.0.0.1:${port.listen};
    location / { proxy_pass http://demo; }
    location /direct/ {
      proxy_pass http://demo/;
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`;
}

async function curl(args: readonly string[]): Promise<string> {
  const { printed, code, complained } = await run("curl", ["-sS", ...args], 120);
  if (code !== 0) throw new Error(`curl ended with ${code}: ${complained}`);
  return printed;
}
