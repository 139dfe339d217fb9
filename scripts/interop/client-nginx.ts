/**
 * nginx as a server of files, over plain TCP and TLS: uploads by WebDAV, gzip, redirects, Basic.
 *
 * Rule of this file: one process with a configuration of its own, all limits the defaults unless a
 * check is about them.
 */

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Certificate,
  certificateOf,
  type ClientWorld,
  ownDir,
  PASSWORD,
  REFUSED_BYTES,
  type Scheme,
  type Server,
  type Site,
  SMALL,
  USER,
  webOf,
} from "./client-site.ts";
import { freePort, listening } from "./ports.ts";
import { gather, launch } from "./world.ts";

export const NGINX: Server = {
  name: "nginx",
  programs: ["nginx", "openssl"],
  // keepalive_requests, as it is by itself
  requestsPerConnection: 1000,
  start,
};

/** A line of a file of users that nginx and httpd both read. */
export function userLine(): string {
  return `${USER}:{SHA}${createHash("sha1").update(PASSWORD).digest("base64")}\n`;
}

async function start(world: ClientWorld): Promise<Site> {
  const dir = ownDir(world, "nginx");
  const ports = { http: await freePort(), https: await freePort() };
  const tls = await certificateOf(world);
  writeFileSync(join(dir, "users"), userLine());
  writeFileSync(join(dir, "nginx.conf"), configuration({ web: webOf(world), ports, tls }));
  const child = launch("nginx", ["-p", dir, "-c", "nginx.conf", "-e", "error.log"]);
  await listening("nginx", child, ports.https, gather(child.stderr));
  return { ports, log: () => readFileSync(join(dir, "access.log"), "latin1") };
}

interface Settings {
  readonly web: string;
  readonly ports: Readonly<Record<Scheme, number>>;
  readonly tls: Certificate;
}

const CODES = [301, 302, 303, 307, 308];

function configuration({ web, ports, tls }: Settings): string {
  const moved = CODES.map(
    (code) => `    location = /moved/${code} { return ${code} /files/${SMALL.name}; }`,
  );
  return `
daemon off;
master_process off;
pid nginx.pid;
events { worker_connections 256; }
http {
  log_format short '$remote_port $status $request_method $request_uri';
  access_log access.log short;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  default_type application/octet-stream;
  types { text/plain txt; }
  sendfile on;
  tcp_nopush on;
  absolute_redirect off;
  server {
    listen 127.0.0.1:${ports.http};
    listen 127.0.0.1:${ports.https} ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate ${tls.cert};
    ssl_certificate_key ${tls.key};
    root ${web};
    location /brief/ { alias ${web}/files/; keepalive_timeout 1s; }
    location /coded/ { alias ${web}/files/; gzip on; gzip_types text/plain; }
    location /upload/ { dav_methods PUT; client_max_body_size 0; }
    location /refused/ { dav_methods PUT; client_max_body_size ${REFUSED_BYTES}; }
    location /private/ { auth_basic interop; auth_basic_user_file users; }
${moved.join("\n")}
    location = /moved/upload { client_max_body_size 0; return 307 /upload/moved.bin; }
    location = /moved/loop { return 302 /moved/loop; }
    location = /moved/private { return 302 /private/${SMALL.name}; }
    location = /moved/away { return 302 https://localhost:${ports.https}/private/${SMALL.name}; }
  }
}
`;
}
