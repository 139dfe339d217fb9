/**
 * The way through proxies: microsocks (SOCKS5) and tinyproxy (absolute form and CONNECT).
 * RFC 1928, RFC 1929, RFC 9110 §9.3.6, RFC 9112 §3.2.2
 *
 * Rule of this file: the proxy's own log shows that a request went through it, and how many
 * connections it made.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newRequest, type Response } from "barewire";
import { NGINX } from "./client-nginx.ts";
import {
  type ClientCheck,
  type ClientWorld,
  ownDir,
  RANGED,
  RANGED_OCTETS,
  type Scheme,
  SMALL,
  USER,
} from "./client-site.ts";
import { uploaded } from "./client-steps.ts";
import { mustAnswer, mustBe, mustFail, type Visit, visit } from "./client-visit.ts";
import { freePort, listening } from "./ports.ts";
import { gather, launch, until } from "./world.ts";

const SMALL_PATH = `/files/${SMALL.name}`;
/** Must be percent-encoded in a URL where the program can be told such a password. */
const PASSWORDS = { microsocks: "open/sesame%", tinyproxy: "open-sesame" } as const;

/** A proxy that runs. */
interface Proxy {
  readonly port: number;
  readonly log: () => string;
}

/** "guarded" wants a user and a password. */
type Kind = "open" | "guarded";

/** A program that is a proxy. */
interface Program {
  readonly name: keyof typeof PASSWORDS;
  /** Of its URL. */
  readonly scheme: string;
  /** The line of its log that tells of a request or connection for us. */
  readonly logged: RegExp;
  readonly start: (world: ClientWorld, kind: Kind) => Promise<Proxy>;
}

const MICROSOCKS: Program = {
  name: "microsocks",
  scheme: "socks5",
  logged: /: connected to 127\.0\.0\.1:\d+$/gm,
  start: startMicrosocks,
};

const TINYPROXY: Program = {
  name: "tinyproxy",
  scheme: "http",
  logged: /Request \(file descriptor \d+\): .*$/gm,
  start: startTinyproxy,
};

async function startMicrosocks(_world: ClientWorld, kind: Kind): Promise<Proxy> {
  const port = await freePort();
  const secret = kind === "open" ? [] : ["-u", USER, "-P", PASSWORDS.microsocks];
  const child = launch("microsocks", ["-i", "127.0.0.1", "-p", `${port}`, ...secret]);
  const log = gather(child.stderr);
  await listening("microsocks", child, port, log);
  return { port, log };
}

async function startTinyproxy(world: ClientWorld, kind: Kind): Promise<Proxy> {
  const port = await freePort();
  const path = join(ownDir(world, `tinyproxy-${kind}`), "tinyproxy.conf");
  const lines = ["Listen 127.0.0.1", `Port ${port}`, "LogLevel Connect", "MaxClients 50"];
  if (kind === "guarded") lines.push(`BasicAuth ${USER} ${PASSWORDS.tinyproxy}`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  const child = launch("tinyproxy", ["-d", "-c", path]);
  const log = gather(child.stdout);
  const complained = gather(child.stderr);
  await listening("tinyproxy", child, port, () => log() + complained());
  return { port, log };
}

const running = new Map<string, Promise<Proxy>>();

function proxyOf(world: ClientWorld, program: Program, kind: Kind): Promise<Proxy> {
  const key = `${program.name} ${kind}`;
  const proxy = running.get(key) ?? program.start(world, kind);
  running.set(key, proxy);
  return proxy;
}

/** A visit by way of a proxy. */
interface Detour extends Visit {
  /** Another client, that goes through this proxy, with these credentials or none. */
  through(kind: Kind, credentials?: string): Promise<Visit["client"]>;
  /** The lines of the open proxy's log that this visit has brought, when there are so many. */
  logged(count: number): Promise<readonly string[]>;
}

/** What must hold by way of these programs. */
interface ProxyRow {
  readonly name: string;
  readonly by: readonly Program[];
  readonly to: readonly Scheme[];
  run(detour: Detour): Promise<string | void>;
}

const right = ({ name }: Program): string => `${USER}:${encodeURIComponent(PASSWORDS[name])}@`;
const WRONG = `${USER}:wrong@`;
const BOTH: readonly Scheme[] = ["http", "https"];

const ROWS: readonly ProxyRow[] = [
  {
    name: "requests share a connection through it",
    by: [MICROSOCKS],
    to: BOTH,
    run: (detour) => shareTunnel(detour, ": connected to HOST"),
  },
  {
    name: "requests share a CONNECT tunnel",
    by: [TINYPROXY],
    to: ["https"],
    run: (detour) => shareTunnel(detour, ": CONNECT HOST HTTP/1.1"),
  },
  {
    name: "requests in absolute form",
    by: [TINYPROXY],
    to: ["http"],
    run: async (detour) => {
      const client = await detour.through("open");
      for (let i = 0; i < 5; i++)
        await mustBe(await client.get(detour.url(SMALL_PATH)), 200, SMALL);
      const lines = await detour.logged(5);
      const line = `: GET ${detour.url(SMALL_PATH)} HTTP/1.1`;
      ok(lines.length === 5 && lines.every((each) => each.endsWith(line)), lines.join("\n"));
    },
  },
  { name: "1 MiB down and up", by: [MICROSOCKS, TINYPROXY], to: BOTH, run: thereAndBack },
  {
    name: "with the right password, and not without",
    by: [MICROSOCKS],
    to: BOTH,
    run: async (detour) => {
      const get = (client: Visit["client"]): Promise<Response> =>
        client.get(detour.url(SMALL_PATH));
      await mustBe(await get(await detour.through("guarded", right(MICROSOCKS))), 200, SMALL);
      await mustFail(get(await detour.through("guarded", WRONG)), "socks-auth-failed");
      await mustFail(get(await detour.through("guarded")), "socks-auth-required");
      // Who is not asked for a password does not mind having one.
      await mustBe(await get(await detour.through("open", right(MICROSOCKS))), 200, SMALL);
    },
  },
  {
    name: "with the right password, and not without",
    by: [TINYPROXY],
    to: BOTH,
    run: async (detour) => {
      const get = (client: Visit["client"]): Promise<Response> =>
        client.get(detour.url(SMALL_PATH));
      await mustBe(await get(await detour.through("guarded", right(TINYPROXY))), 200, SMALL);
      for (const credentials of [WRONG, ""]) {
        const refused = get(await detour.through("guarded", credentials));
        if (detour.scheme === "http")
          await mustAnswer(await refused, credentials === "" ? 407 : 401);
        else await mustFail(refused, "proxy-refused");
      }
    },
  },
  {
    name: "a target that it cannot reach",
    by: [MICROSOCKS],
    to: BOTH,
    run: async (detour) => {
      const url = `${detour.scheme}://127.0.0.1:${await freePort()}/`;
      await mustFail((await detour.through("open")).get(url), "socks-refused");
    },
  },
  {
    name: "a target that it cannot reach",
    by: [TINYPROXY],
    to: BOTH,
    run: async (detour) => {
      const url = `${detour.scheme}://127.0.0.1:${await freePort()}/`;
      const asked = (await detour.through("open")).get(url);
      if (detour.scheme === "http") await mustAnswer(await asked, 500);
      else await mustFail(asked, "proxy-refused");
    },
  },
  {
    name: "a name is resolved there",
    by: [MICROSOCKS, TINYPROXY],
    to: BOTH,
    run: async (detour) => {
      const client = await detour.through("open");
      const url = detour.url(SMALL_PATH).replace("127.0.0.1", "localhost");
      const response = await client.get(url);
      await mustBe(response, 200, SMALL);
      if (detour.scheme === "https") deepStrictEqual(response.tls?.serverName, "localhost");
    },
  },
];

async function shareTunnel(detour: Detour, line: string): Promise<void> {
  const client = await detour.through("open");
  for (let i = 0; i < 5; i++) {
    const response = await client.get(detour.url(SMALL_PATH));
    await mustBe(response, 200, SMALL);
    deepStrictEqual(
      [response.reused, response.tls?.authorized],
      [i > 0, detour.scheme === "https" || undefined],
    );
  }
  const lines = await detour.logged(1);
  const host = `127.0.0.1:${detour.site.ports[detour.scheme]}`;
  ok(lines.length === 1 && lines[0]?.endsWith(line.replace("HOST", host)), lines.join("\n"));
}

async function thereAndBack(detour: Detour): Promise<void> {
  const client = await detour.through("open");
  await mustBe(await client.get(detour.url(`/files/${RANGED.name}`)), 200, RANGED);
  for (const body of [RANGED_OCTETS, () => [RANGED_OCTETS]]) {
    const request = newRequest("PUT", detour.url("/upload/detour.bin"), body);
    // tinyproxy ends connections without having said so: a request may come too late.
    await mustAnswer(await client.do(request, { retry: "idempotent" }), 201);
    uploaded(detour.world, "detour.bin", RANGED.sha256);
  }
}

export const PROXY_CHECKS: readonly ClientCheck[] = ROWS.flatMap((row) =>
  row.by.flatMap((program) =>
    row.to.map((scheme) => ({
      name: `client: ${program.name} to nginx${scheme === "https" ? ", TLS" : ""}: ${row.name}`,
      programs: [program.name, ...NGINX.programs],
      run: (world: ClientWorld) =>
        visit(world, { server: NGINX, scheme }, async (it) => {
          const before = (await proxyOf(world, program, "open")).log().length;
          return row.run({
            ...it,
            through: async (kind, credentials = "") => {
              const { port } = await proxyOf(world, program, kind);
              const proxy = `${program.scheme}://${credentials}127.0.0.1:${port}`;
              return it.another({ proxy: () => proxy });
            },
            logged: async (count) => {
              const { log } = await proxyOf(world, program, "open");
              const lines = (): string[] => log().slice(before).match(program.logged) ?? [];
              await until(() => lines().length >= count || undefined, `${count} lines of its log`);
              return lines();
            },
          });
        }),
    })),
  ),
);
