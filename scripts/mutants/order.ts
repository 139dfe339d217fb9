/**
 * Which tests are asked about a mutant, and in which order: those of its file, of its folder, the tables of its
 * room, then those of the rooms that stand on it.
 *
 * Rule of this file: names in, names out. What is far from a file is not asked: its own room is to notice.
 */
import type { Mutant } from "./mutant.ts";

/** Test files that run in one process, or the tables that one run of the vectors reads. */
export interface Step {
  readonly kind: "tests" | "vectors";
  /** Paths relative to the root, or names of tables without folder. */
  readonly files: readonly string[];
}

interface Neighbours {
  /** The beginnings of the names of tables. */
  readonly tables: readonly string[];
  /** Test files and folders. */
  readonly above: readonly string[];
}

const NEIGHBOURS: Readonly<Record<string, Neighbours>> = {
  wire: {
    tables: ["own-", "go-chunked", "go-header", "go-read", "go-transfer", "parser-"],
    above: ["spec-tests/properties/", "spec-tests/message/"],
  },
  semantics: {
    tables: ["own-", "go-cookie", "go-range", "go-sniff", "go-helpers", "go-request-misc"],
    above: ["spec-tests/properties/", "spec-tests/message/", "spec-tests/server/files/"],
  },
  message: {
    tables: ["own-", "go-read", "go-re", "go-transfer", "goclient-re"],
    above: ["spec-tests/server/exchange", "spec-tests/server/pieces", "spec-tests/client/outgoing"],
  },
  server: {
    tables: ["own-", "go-", "attacks-requests", "injection-api"],
    above: ["spec-tests/properties/mux", "spec-tests/life/server-memory", "spec-tests/testing/"],
  },
  client: {
    tables: ["goclient-", "attacks-responses"],
    above: ["spec-tests/life/client-memory"],
  },
  adapters: { tables: [], above: [] },
};

/** The steps for a mutant, no file twice. `tests` and `tables` are all there are. */
export function stepsFor(
  mutant: Mutant,
  tests: readonly string[],
  tables: readonly string[],
): readonly Step[] {
  const [, room = "", ...rest] = mutant.file.split("/");
  const folder = ["spec-tests", room, ...rest.slice(0, -1)].join("/");
  const base = (rest.at(-1) ?? "").replace(/\.ts$/, "");
  const near = NEIGHBOURS[room];
  const asked = new Set<string>();
  const fresh = (wanted: (path: string) => boolean): string[] => {
    const found = tests.filter((path) => !asked.has(path) && wanted(path));
    for (const path of found) asked.add(path);
    return found;
  };
  const ownOf = (name: string): string[] =>
    fresh((path) => path === `${folder}/${name}.test.ts` || path.startsWith(`${folder}/${name}-`));
  const named = ownOf(base);
  // What has no tests of its own is a part of the connection, where the folder has one.
  const own = named.length > 0 ? named : ownOf("connection");
  const folderTests = fresh((path) => {
    return path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes("/");
  });
  const roomTests = fresh((path) => path.startsWith(`spec-tests/${room}/`));
  const above = fresh((path) => near?.above.some((place) => path.startsWith(place)) === true);
  const tabled = tables.filter((name) => near?.tables.some((begin) => name.startsWith(begin)));
  const steps: readonly Step[] = [
    { kind: "tests", files: own },
    { kind: "tests", files: folderTests },
    { kind: "vectors", files: tabled },
    { kind: "tests", files: roomTests },
    { kind: "tests", files: above },
  ];
  return steps.filter(({ files }) => files.length > 0);
}
