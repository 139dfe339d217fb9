/**
 * Apache httpd as a server of files, over plain TCP and TLS: uploads by WebDAV, gzip and br,
 * redirects, Basic.
 *
 * Rule of this file: one process (-X) with a configuration of its own and Debian's modules, all
 * limits the defaults unless a check is about them.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { userLine } from "./client-nginx.ts";
import {
  type Certificate,
  certificateOf,
  type ClientWorld,
  ownDir,
  REFUSED_BYTES,
  type Scheme,
  type Server,
  type Site,
  SMALL,
  webOf,
} from "./client-site.ts";
import { freePort, listening } from "./ports.ts";
import { gather, launch } from "./world.ts";

export const APACHE: Server = {
  name: "httpd",
  programs: ["apache2", "openssl"],
  // MaxKeepAliveRequests, as it is by itself
  requestsPerConnection: 100,
  start,
};

async function start(world: ClientWorld): Promise<Site> {
  const dir = ownDir(world, "apache");
  const ports = { http: await freePort(), https: await freePort() };
  const tls = await certificateOf(world);
  const path = join(dir, "httpd.conf");
  // Where WebDAV writes, as whoever httpd is then.
  mkdirSync(join(dir, "locks"));
  chmodSync(join(dir, "locks"), 0o777);
  writeFileSync(join(dir, "users"), userLine());
  writeFileSync(path, configuration({ dir, web: webOf(world), ports, tls }));
  const child = launch("apache2", ["-X", "-d", dir, "-f", path]);
  const errors = (): string => readFileSync(join(dir, "error.log"), "latin1");
  const complained = gather(child.stderr);
  await listening("httpd", child, ports.https, () => complained() || errors());
  return { ports, log: () => readFileSync(join(dir, "access.log"), "latin1") };
}

interface Settings {
  readonly dir: string;
  readonly web: string;
  readonly ports: Readonly<Record<Scheme, number>>;
  readonly tls: Certificate;
}

/** Name in the configuration, and file. */
const MODULES: readonly string[] = [
  "mpm_event",
  "authn_core",
  "authn_file",
  "authz_core",
  "authz_user",
  "auth_basic",
  "alias",
  "brotli",
  "dav",
  "dav_fs",
  "deflate",
  "filter",
  "mime",
  "socache_shmcb",
  "ssl",
];

const CODES = [301, 302, 303, 307, 308];

function configuration({ dir, web, ports, tls }: Settings): string {
  const modules = MODULES.map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  const moved = CODES.map((code) => `Redirect ${code} /moved/${code} /files/${SMALL.name}`);
  const asRoot = process.getuid?.() === 0 ? "User nobody\nGroup nogroup" : "";
  return `
ServerName 127.0.0.1
Listen 127.0.0.1:${ports.http} http
Listen 127.0.0.1:${ports.https} https
${modules.join("\n")}
${asRoot}
PidFile httpd.pid
ErrorLog error.log
LogFormat "%{remote}p %>s %m %U%q" short
CustomLog access.log short
TypesConfig /dev/null
AddType text/plain .txt
DavLockDB ${dir}/locks/db
DocumentRoot ${web}
<Directory ${web}>
  Require all granted
</Directory>
Alias /coded/ ${web}/files/
<Location /coded/>
  AddOutputFilterByType BROTLI_COMPRESS;DEFLATE text/plain
</Location>
<Location /upload/>
  Dav On
</Location>
<Location /refused/>
  Dav On
  LimitRequestBody ${REFUSED_BYTES}
</Location>
<Location /private/>
  AuthType Basic
  AuthName interop
  AuthUserFile users
  Require valid-user
</Location>
${moved.join("\n")}
Redirect 307 /moved/upload /upload/moved.bin
Redirect 302 /moved/loop /moved/loop
Redirect 302 /moved/private /private/${SMALL.name}
Redirect 302 /moved/away https://localhost:${ports.https}/private/${SMALL.name}
<VirtualHost 127.0.0.1:${ports.https}>
  SSLEngine on
  SSLCertificateFile ${tls.cert}
  SSLCertificateKeyFile ${tls.key}
</VirtualHost>
`;
}
