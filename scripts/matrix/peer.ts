/**
 * What the matrix needs to know of a peer: its name, the program that must be there, how it tells its version, and
 * how it is started or asked.
 *
 * Rule of this file: the forms, and looking for programs; each peer is a row of web-servers.ts,
 * program-servers.ts or clients.ts.
 */
import { join } from "node:path";
import type { Ability, ClientTask, ServerCase } from "../../lib/conformance/mod.ts";
import { ROOT, pathOf, run } from "../interop/world.ts";

/** Where the peers of one run live. */
export interface Place {
  /** A directory of the run, for configurations and bundles; removed at the end. */
  readonly dir: string;
}

interface PeerBase {
  /** What the matrix calls it, without its version. */
  readonly name: string;
  /** Its program: a name to look for, or "node". */
  readonly program: string;
  /** The arguments that make it print its version. */
  readonly versionArgs: readonly string[];
  /** Where among what is printed the version is. Default: the first thing that looks like one. */
  readonly versionPattern?: RegExp;
  /** Said with the peer: how it was set up. */
  readonly setup: string;
}

/** A server under test. */
export interface ServerPeer extends PeerBase {
  readonly contract: ServerCase["contract"];
  /** Starts it on a free port of 127.0.0.1, and tells the port when it listens. */
  start(place: Place, program: string): Promise<number>;
}

/** A client under test. */
export interface ClientPeer extends PeerBase {
  /** Abilities, and the words that turn them on. */
  readonly abilities: ReadonlyMap<Ability, readonly string[]>;
  /** What is done once, before the first task: building, bundling. Gives the beginning of each command. */
  prepare(place: Place, program: string): Promise<readonly string[]>;
  /** The words of a task, behind that beginning. */
  words(task: ClientTask): readonly string[];
}

/** The folder for what npm offers; below it node_modules. */
export const PACKAGES_DIR: string = join(ROOT, "scratch/matrix");
export const PACKAGES: readonly string[] = ["bun", "deno", "undici"];

/** The path of a program, or undefined when it is not there. */
export function findProgram(name: string): string | undefined {
  if (name === "node") return process.execPath;
  // Debian's Python, which finds Debian's packages.
  const found = pathOf(name, name === "python3" ? ["/usr/bin"] : []);
  return found ?? pathOf(name, [join(PACKAGES_DIR, "node_modules/.bin")]);
}

/** What a program says its version is; undefined when it says none, because a part of it is missing. */
export async function versionOf(peer: PeerBase, program: string): Promise<string | undefined> {
  const { printed, complained } = await run(program, peer.versionArgs, 60);
  const pattern = peer.versionPattern ?? /[0-9]+\.[0-9]+(?:\.[0-9]+)*/;
  return pattern.exec(printed + complained)?.[0];
}
