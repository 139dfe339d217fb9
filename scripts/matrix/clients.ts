/**
 * The clients of the matrix, and how each is told what to do.
 *
 * Rule of this file: a command says what to fetch and nothing about how responses are read. Proxies and settings
 * of whoever runs it are kept out; repeating what has failed is turned off, so that one task is one attempt.
 */
import { join } from "node:path";
import type { Ability, ClientTask } from "../../lib/conformance/mod.ts";
import { buildGo, bundle, PROGRAMS_DIR } from "./build.ts";
import { type ClientPeer, PACKAGES_DIR, type Place } from "./peer.ts";

const FETCH = "scripts/conformance/client-node-fetch.ts";
const FETCH_SETUP = "a program around fetch(); redirects are followed where a case is about them";
const UNDICI = join(PACKAGES_DIR, "node_modules/undici");

/** fetch always decodes, and keeps connections. */
const FETCH_ABILITIES = abilities({ redirects: ["--redirects"], decompression: [], reuse: [] });

export const CLIENTS: readonly ClientPeer[] = [
  {
    name: "barewire",
    program: "node",
    versionArgs: ["-p", `require("./package.json").version`],
    setup: "a program around Client",
    abilities: abilities({
      redirects: ["--redirects"],
      cookies: ["--cookies"],
      decompression: ["--decompress"],
      expect: ["--expect"],
      reuse: [],
    }),
    prepare: async (place, node) => [
      node,
      await bundle(place, "scripts/conformance/client-barewire.ts"),
    ],
    words: flags,
  },
  {
    name: "curl",
    program: "curl",
    versionArgs: ["--version"],
    setup: "curl -q -sS",
    abilities: abilities({
      redirects: ["-L"],
      cookies: ["-b", ""],
      decompression: ["--compressed"],
      expect: ["-H", "Expect: 100-continue"],
      reuse: [],
    }),
    prepare: async (_, curl) => Promise.resolve([curl, "-q", "-sS", "--noproxy", "*"]),
    words: curlWords,
  },
  {
    name: "wget",
    program: "wget",
    versionArgs: ["--version"],
    setup: "wget -q -O - --tries=1 --content-on-error",
    abilities: abilities({
      redirects: ["--max-redirect=20"],
      cookies: [],
      decompression: ["--compression=auto"],
      reuse: [],
    }),
    prepare: async (_, wget) => {
      const quiet = ["-q", "-O", "-", "--no-config", "--no-proxy", "--no-hsts"];
      return Promise.resolve([wget, ...quiet, "--tries=1", "--content-on-error"]);
    },
    words: wgetWords,
  },
  python("http.client", { program: "python3", versionArgs: ["-V"] }, abilities({ reuse: [] })),
  python(
    "urllib3",
    { program: "python3", versionArgs: ["-c", "import urllib3; print(urllib3.__version__)"] },
    abilities({ redirects: ["--redirects"], decompression: ["--decompress"], reuse: [] }),
  ),
  {
    name: "undici",
    program: "node",
    versionArgs: ["-p", `require(${JSON.stringify(join(UNDICI, "package.json"))}).version`],
    versionPattern: /^[0-9]+\.[0-9]+\.[0-9]+/,
    setup: "a program around request()",
    abilities: abilities({ redirects: ["--redirects"], reuse: [] }),
    prepare: async (_, node) =>
      Promise.resolve([node, join(PROGRAMS_DIR, "client-undici.mjs"), join(UNDICI, "index.js")]),
    words: flags,
  },
  {
    name: "fetch of Node",
    program: "node",
    versionArgs: ["--version"],
    setup: FETCH_SETUP,
    abilities: FETCH_ABILITIES,
    prepare: async (place, node) => [node, await bundle(place, FETCH)],
    words: flags,
  },
  {
    name: "fetch of Bun",
    program: "bun",
    versionArgs: ["--version"],
    setup: FETCH_SETUP,
    abilities: FETCH_ABILITIES,
    prepare: async (place, bun) => [bun, await bundle(place, FETCH)],
    words: flags,
  },
  {
    name: "fetch of Deno",
    program: "deno",
    versionArgs: ["--version"],
    setup: FETCH_SETUP,
    abilities: FETCH_ABILITIES,
    prepare: async (place, deno) => [
      deno,
      "run",
      "--allow-net",
      "--no-config",
      await bundle(place, FETCH),
    ],
    words: flags,
  },
  {
    name: "Go net/http",
    program: "go",
    versionArgs: ["version"],
    setup: "a program around http.Client",
    abilities: abilities({
      redirects: ["--redirects"],
      cookies: ["--cookies"],
      expect: ["--expect"],
      decompression: [],
      reuse: [],
    }),
    prepare: async (place: Place, go) => [await buildGo(place, go, "client.go")],
    words: flags,
  },
];

function abilities(
  words: Readonly<Partial<Record<Ability, readonly string[]>>>,
): ReadonlyMap<Ability, readonly string[]> {
  return new Map(Object.entries(words) as [Ability, readonly string[]][]);
}

function python(
  name: string,
  about: Pick<ClientPeer, "program" | "versionArgs">,
  can: ClientPeer["abilities"],
): ClientPeer {
  return {
    name: `Python ${name}`,
    ...about,
    setup: `a program around ${name}`,
    abilities: can,
    prepare: async (_, program) =>
      Promise.resolve([program, "-I", join(PROGRAMS_DIR, "http_client.py"), name]),
    words: flags,
  };
}

/** The flags that all the programs take. */
function flags({ ask, urls, content = "" }: ClientTask): readonly string[] {
  if (ask === "head") return ["--head", ...urls];
  if (ask === "post" || ask === "put") return [`--${ask}=${content}`, ...urls];
  return urls;
}

function curlWords({ ask, urls, content = "" }: ClientTask): readonly string[] {
  if (ask === "head") return ["-I", ...urls];
  const type = ["-H", "Content-Type: text/plain"];
  if (ask === "post") return ["--data-binary", content, ...type, ...urls];
  if (ask === "put") return ["-X", "PUT", "--data-binary", content, ...type, ...urls];
  return urls;
}

function wgetWords({ ask, urls, content = "", needs }: ClientTask): readonly string[] {
  const stay = needs.includes("redirects") ? [] : ["--max-redirect=0"];
  if (ask === "head") return [...stay, "--method=HEAD", ...urls];
  if (ask === "post") return [...stay, `--post-data=${content}`, ...urls];
  if (ask === "put") return [...stay, "--method=PUT", `--body-data=${content}`, ...urls];
  return [...stay, ...urls];
}
