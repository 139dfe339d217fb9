/**
 * HAProxy in front of nginx: TLS, compression, redirects and Basic are its own, files come from
 * behind it.
 *
 * Rule of this file: one process with a configuration of its own; its log goes to its stdout, a file.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NGINX } from "./client-nginx.ts";
import {
  certificateOf,
  type ClientWorld,
  ownDir,
  PASSWORD,
  type Scheme,
  type Server,
  type Site,
  siteOf,
  SMALL,
  USER,
} from "./client-site.ts";
import { freePort, listening } from "./ports.ts";
import { gather, launch } from "./world.ts";

export const HAPROXY: Server = {
  name: "HAProxy",
  programs: ["haproxy", ...NGINX.programs],
  requestsPerConnection: Infinity,
  start,
};

async function start(world: ClientWorld): Promise<Site> {
  const dir = ownDir(world, "haproxy");
  const behind = await siteOf(world, NGINX);
  const ports = { http: await freePort(), https: await freePort() };
  const { both } = await certificateOf(world);
  const path = join(dir, "haproxy.cfg");
  writeFileSync(path, configuration({ ports, both, behind: behind.ports.http }));
  // Into a pipe it would write only as much as fits, and leave out the rest.
  const log = join(dir, "log");
  const command = `PATH=$PATH:/usr/sbin exec haproxy -db -f ${path} >${log}`;
  const child = launch("sh", ["-c", command]);
  await listening("HAProxy", child, ports.https, gather(child.stderr));
  return { ports, log: () => readFileSync(log, "latin1") };
}

interface Settings {
  readonly ports: Readonly<Record<Scheme, number>>;
  readonly both: string;
  readonly behind: number;
}

const CODES = [301, 302, 303, 307, 308];

function configuration({ ports, both, behind }: Settings): string {
  const moves: readonly (readonly [code: number, from: string, to: string])[] = [
    ...CODES.map((code) => [code, `${code}`, `/files/${SMALL.name}`] as const),
    [307, "upload", "/upload/moved.bin"],
    [302, "loop", "/moved/loop"],
    [302, "private", `/private/${SMALL.name}`],
    [302, "away", `https://localhost:${ports.https}/private/${SMALL.name}`],
  ];
  const moved = moves.map(
    ([code, from, to]) =>
      `  http-request redirect code ${code} location ${to} if { path /moved/${from} }`,
  );
  return `
global
  maxconn 256
  log stdout format raw daemon
defaults
  mode http
  log global
  log-format "%cp %ST %HM %HU"
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
userlist people
  user ${USER} insecure-password "${PASSWORD}"
frontend front
  bind 127.0.0.1:${ports.http}
  bind 127.0.0.1:${ports.https} ssl crt ${both} alpn http/1.1
${moved.join("\n")}
  http-request auth realm interop if { path_beg /private/ } !{ http_auth(people) }
  http-request replace-path ^/(coded|private)/(.*) /files/\\2
  filter compression
  compression algo gzip
  compression type text/plain
  compression offload
  default_backend files
backend files
  http-reuse always
  server nginx 127.0.0.1:${behind}
`;
}
