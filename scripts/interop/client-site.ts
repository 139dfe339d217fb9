/**
 * What the client is held against: other people's servers, all of them with the same files.
 *
 * Rule of this file: a server is started by the first check that needs it and ended with the run;
 * what is served, and the certificate, are made once for all servers.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MEDIUM, noise, TEXT } from "./folder.ts";
import { run } from "./world.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** Where the checks of the client happen. */
export interface ClientWorld {
  /** A directory of our own; removed at the end. */
  readonly dir: string;
  /** "short" takes smaller files and fewer requests. */
  readonly size: "short" | "full";
  /** A program of ours as plain JavaScript: the path of what came of that source. */
  compile(source: string): Promise<string>;
}

/** One thing that must hold; `run` throws when it does not, and gives figures worth printing. */
export interface ClientCheck {
  readonly name: string;
  /** All that must be installed. */
  readonly programs: readonly string[];
  run(world: ClientWorld): Promise<string | void>;
}

export type Scheme = "http" | "https";

/** A server that runs. */
export interface Site {
  readonly ports: Readonly<Record<Scheme, number>>;
  /** One line for each request: the client's port, status, method, target. */
  log(): string;
}

/** A server that can be started. */
export interface Server {
  readonly name: string;
  readonly programs: readonly string[];
  /** After how many requests it ends a connection. */
  readonly requestsPerConnection: number;
  start(world: ClientWorld): Promise<Site>;
}

/** Something that is served. */
export interface Content {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const smallOctets = noise(KIB);

/** Content that is as it is, and content that a server may compress. */
export const SMALL: Content = contentOf("small.bin", smallOctets);
export const RANGED: Content = contentOf("ranged.bin", MEDIUM.octets);
export const WORDS: Content = contentOf("words.txt", TEXT.octets);
export const RANGED_OCTETS: Buffer = MEDIUM.octets;

/** Who may read what is private. */
export const USER = "aladdin";
export const PASSWORD = "open:sesame%";
/** A body larger than this is not taken below /refused/. */
export const REFUSED_BYTES: number = KIB;

const MODIFIED = new Date("2020-01-01T00:00:00Z");

let made: { readonly large: Content } | undefined;
const sites = new Map<Server, Promise<Site>>();

/** The running server of that kind. */
export function siteOf(world: ClientWorld, server: Server): Promise<Site> {
  let site = sites.get(server);
  if (site === undefined) {
    makeWeb(world);
    site = server.start(world);
    sites.set(server, site);
  }
  return site;
}

/** A path below what is served. */
export function webOf(world: ClientWorld, path = ""): string {
  return join(world.dir, "web", path);
}

/** The content that memory must not hold. */
export function largeOf(world: ClientWorld): Content {
  return makeWeb(world).large;
}

/** A directory for one program's own files. */
export function ownDir(world: ClientWorld, name: string): string {
  const dir = join(world.dir, `client-${name}`);
  mkdirSync(dir);
  return dir;
}

function makeWeb(world: ClientWorld): { readonly large: Content } {
  if (made !== undefined) return made;
  // httpd serves as nobody, whom mkdtemp has shut out.
  chmodSync(world.dir, 0o711);
  for (const folder of ["", "files", "private", "upload", "refused"])
    mkdirSync(webOf(world, folder));
  for (const folder of ["upload", "refused"]) chmodSync(webOf(world, folder), 0o777);
  const large = noise(world.size === "short" ? 4 * MIB : 100 * MIB);
  const files: readonly (readonly [string, Buffer])[] = [
    [`files/${SMALL.name}`, smallOctets],
    [`private/${SMALL.name}`, smallOctets],
    [`files/${RANGED.name}`, MEDIUM.octets],
    [`files/${WORDS.name}`, TEXT.octets],
    ["files/large.bin", large],
  ];
  for (const [path, octets] of files) {
    writeFileSync(webOf(world, path), octets);
    utimesSync(webOf(world, path), MODIFIED, MODIFIED);
  }
  made = { large: contentOf("large.bin", large) };
  return made;
}

function contentOf(name: string, octets: Buffer): Content {
  return { name, bytes: octets.length, sha256: sha256(octets) };
}

export function sha256(octets: Uint8Array): string {
  return createHash("sha256").update(octets).digest("hex");
}

/** The certificate of all servers, its own authority, and its key: PEM files. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Both in one, as HAProxy wants them. */
  readonly both: string;
  /** The certificate itself. */
  readonly ca: string;
}

let certificate: Promise<Certificate> | undefined;

/** For 127.0.0.1 and localhost, and two days. */
export function certificateOf(world: ClientWorld): Promise<Certificate> {
  certificate ??= makeCertificate(ownDir(world, "tls"));
  return certificate;
}

async function makeCertificate(dir: string): Promise<Certificate> {
  const [cert, key, both] = [join(dir, "cert.pem"), join(dir, "key.pem"), join(dir, "both.pem")];
  const request = ["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-keyout", key, "-out", cert];
  const { code, complained } = await run("openssl", [...request, ...names, ...curve, ...files]);
  if (code !== 0) throw new Error(`openssl ended with ${code}: ${complained}`);
  const ca = readFileSync(cert, "latin1");
  writeFileSync(both, ca + readFileSync(key, "latin1"), { mode: 0o600 });
  return { cert, key, both, ca };
}
