/**
 * Web servers from Debian's packages: each with a page of its own, and a program behind it for the echo.
 *
 * Rule of this file: a configuration says where, and nothing about how requests are read: what is judged is what
 * everybody gets who installs the package.
 */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PAGE, PAGE_MODIFIED_MS } from "../conformance/contract.ts";
import { freePort, listening } from "../interop/ports.ts";
import { gather, launch, ROOT } from "../interop/world.ts";
import type { Place, ServerPeer } from "./peer.ts";

const SETUP = "a page from a file; /echo is passed on to a program that takes whatever it gets";

/** What a configuration is made of. */
interface Settings {
  /** The server's own directory, the page in its `www`. */
  readonly dir: string;
  readonly port: number;
  /** The program behind it. */
  readonly behind: number;
}

interface Row {
  readonly name: string;
  readonly program: string;
  readonly versionArgs: readonly string[];
  readonly versionPattern?: RegExp;
  readonly setup?: string;
  readonly configuration: (settings: Settings) => string;
  /** The arguments that start it in the foreground with this configuration. */
  readonly args: (file: string, dir: string) => readonly string[];
}

const ROWS: readonly Row[] = [
  {
    name: "nginx",
    program: "nginx",
    versionArgs: ["-v"],
    configuration: nginx,
    args: (file, dir) => ["-p", dir, "-c", file, "-e", "stderr"],
  },
  {
    name: "Apache httpd",
    program: "apache2",
    versionArgs: ["-v"],
    configuration: apache,
    args: (file, dir) => ["-X", "-d", dir, "-f", file],
  },
  {
    name: "lighttpd",
    program: "lighttpd",
    versionArgs: ["-v"],
    configuration: lighttpd,
    args: (file) => ["-D", "-f", file],
  },
  {
    name: "HAProxy",
    program: "haproxy",
    versionArgs: ["-v"],
    setup: "all requests are passed on to a program that takes whatever it gets",
    configuration: haproxy,
    args: (file) => ["-db", "-f", file],
  },
  {
    name: "Caddy",
    program: "caddy",
    versionArgs: ["version"],
    configuration: caddy,
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
];

export const WEB_SERVERS: readonly ServerPeer[] = ROWS.map(
  ({ configuration, args, setup = SETUP, ...row }) => ({
    ...row,
    setup,
    contract: 1,
    start: async (place, program) => {
      const dir = join(place.dir, row.program);
      const behind = await startBehind();
      const port = await freePort();
      makePage(dir);
      const file = join(dir, "configuration");
      writeFileSync(file, configuration({ dir, port, behind }));
      // Caddy keeps a copy of its configuration, and would do so at home.
      const child = launch("env", [`XDG_CONFIG_HOME=${dir}`, program, ...args(file, dir)]);
      child.stdout?.resume();
      await listening(row.name, child, port, gather(child.stderr));
      return port;
    },
  }),
);

/** Python's server of a folder, as `python3 -m http.server` starts it. */
export const PYTHON_HTTP_SERVER: ServerPeer = {
  name: "Python http.server",
  program: "python3",
  versionArgs: ["-V"],
  setup: "python3 -m http.server --protocol HTTP/1.1",
  contract: 0,
  start: async (place: Place, program) => {
    const dir = join(place.dir, "http.server");
    const port = await freePort();
    makePage(dir);
    const how = ["-m", "http.server", "--protocol", "HTTP/1.1", "-b", "127.0.0.1"];
    const child = launch(program, [...how, "-d", join(dir, "www"), `${port}`]);
    await listening("http.server", child, port, gather(child.stderr));
    return port;
  },
};

function makePage(dir: string): void {
  mkdirSync(join(dir, "www"), { recursive: true });
  const page = join(dir, "www/index.html");
  writeFileSync(page, PAGE);
  utimesSync(page, PAGE_MODIFIED_MS / 1000, PAGE_MODIFIED_MS / 1000);
}

async function startBehind(): Promise<number> {
  const port = await freePort();
  const program = join(ROOT, "scripts/matrix/programs/behind.mjs");
  const child = launch("node", [program, `${port}`]);
  await listening("the program behind", child, port, gather(child.stderr));
  return port;
}

function nginx({ dir, port, behind }: Settings): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${dir}/${kind};`,
  );
  const asRoot = process.getuid?.() === 0 ? "user root;" : "";
  return `
daemon off;
master_process off;
${asRoot}
pid ${dir}/pid;
events {}
http {
${temporary.join("\n")}
  access_log off;
  types { text/plain html; }
  server {
    listen 127.0.0.1:${port};
    root ${dir}/www;
    location /echo {
      proxy_http_version 1.1;
      proxy_pass http://127.0.0.1:${behind};
    }
  }
}
`;
}

function apache({ dir, port, behind }: Settings): string {
  const modules = ["mpm_event", "authz_core", "dir", "mime", "proxy", "proxy_http"].map(
    (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
  );
  const asRoot = process.getuid?.() === 0 ? "User nobody\nGroup nogroup" : "";
  return `
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
${modules.join("\n")}
${asRoot}
PidFile ${dir}/pid
ErrorLog ${dir}/error.log
TypesConfig /dev/null
AddType text/plain .html
DocumentRoot ${dir}/www
<Directory ${dir}/www>
  Require all granted
</Directory>
DirectoryIndex index.html
ProxyPass /echo http://127.0.0.1:${behind}/echo
`;
}

function lighttpd({ dir, port, behind }: Settings): string {
  return `
server.port = ${port}
server.bind = "127.0.0.1"
server.document-root = "${dir}/www"
server.modules = ("mod_proxy")
index-file.names = ("index.html")
mimetype.assign = (".html" => "text/plain")
$HTTP["url"] =~ "^/echo" {
  proxy.server = ("" => (("host" => "127.0.0.1", "port" => ${behind})))
}
`;
}

function haproxy({ port, behind }: Settings): string {
  return `
global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:${port}
  default_backend programs
backend programs
  server behind 127.0.0.1:${behind}
`;
}

function caddy({ dir, port, behind }: Settings): string {
  return `
{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy /echo 127.0.0.1:${behind}
  root * ${dir}/www
  file_server
}
`;
}
