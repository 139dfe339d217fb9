/**
 * Requests that take several steps, and uploads: redirects, Basic, Expect, refusals.
 * RFC 9110 §10.1.1, §11, §15.4, RFC 7617
 *
 * Rule of this file: an upload is looked at where the server has put it.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { newRequest, type Request } from "barewire";
import { APACHE } from "./client-apache.ts";
import { HAPROXY } from "./client-haproxy.ts";
import { NGINX } from "./client-nginx.ts";
import { PYTHON } from "./client-python.ts";
import {
  type ClientCheck,
  type ClientWorld,
  PASSWORD,
  RANGED,
  RANGED_OCTETS,
  sha256,
  SMALL,
  USER,
  webOf,
} from "./client-site.ts";
import {
  checksOf,
  counting,
  mustAnswer,
  mustBe,
  mustFail,
  type Row,
  type Visit,
} from "./client-visit.ts";
import { until } from "./world.ts";

const ALL = [NGINX, APACHE, HAPROXY, PYTHON];
const WITH_STEPS = [NGINX, APACHE, HAPROXY];
const SMALL_PATH = `/files/${SMALL.name}`;
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;

/** Everything that a body can be, with what arrives of it. */
const BODIES: readonly (readonly [what: string, body: () => unknown, text: string])[] = [
  ["text", () => "grüße", "grüße"],
  ["octets", () => new TextEncoder().encode("octets"), "octets"],
  ["a form", () => new URLSearchParams({ a: "1 2" }), "a=1+2"],
  ["a Blob", () => new Blob(["of a ", "blob"]), "of a blob"],
  ["nothing", () => "", ""],
  [
    "pieces",
    () =>
      (async function* () {
        for (const word of ["one ", "", "two ", "three"]) yield word;
      })(),
    "one two three",
  ],
  ["a web stream", () => new Blob(["streamed"]).stream(), "streamed"],
];

const ROWS: readonly Row[] = [
  {
    name: "301, 302, 303, 307 and 308 are followed",
    at: WITH_STEPS,
    run: async ({ client, url }) => {
      for (const code of [301, 302, 303, 307, 308]) {
        const response = await client.get(url(`/moved/${code}`));
        await mustBe(response, 200, SMALL);
        deepStrictEqual(response.request?.target, url(SMALL_PATH));
      }
    },
  },
  {
    name: "a POST becomes a GET after 301, 302 and 303",
    at: WITH_STEPS,
    run: async ({ client, url }) => {
      for (const code of [301, 302, 303]) {
        const response = await client.post(url(`/moved/${code}`), "text/plain", "posted");
        await mustBe(response, 200, SMALL);
        deepStrictEqual(response.request?.method, "GET");
      }
    },
  },
  {
    name: "an upload is sent again after 307",
    at: WITH_STEPS,
    run: async (visit) => {
      const response = await put(visit, "/moved/upload", RANGED_OCTETS);
      await mustAnswer(response, 201);
      uploaded(visit.world, "moved.bin", RANGED.sha256);
    },
  },
  {
    name: "a circle of redirects ends",
    at: WITH_STEPS,
    run: async ({ client, url }) => {
      const error = await mustFail(client.get(url("/moved/loop")), "too-many-redirects");
      deepStrictEqual((error as { response?: { status: number } }).response?.status, 302);
    },
  },
  {
    name: "credentials follow to the same host, not to another",
    at: WITH_STEPS,
    run: async ({ client, url }) => {
      const header = { Authorization: BASIC };
      await mustBe(await client.get(url("/moved/private"), { header }), 200, SMALL);
      const away = await client.get(url("/moved/away"), { header });
      await mustAnswer(away, 401);
      deepStrictEqual(away.tls?.authorized, true);
    },
  },
  {
    name: "Basic, by the URL and by the field",
    at: WITH_STEPS,
    run: async ({ client, url }) => {
      const path = url(`/private/${SMALL.name}`);
      const withUser = (password: string): string =>
        path.replace("//", `//${USER}:${encodeURIComponent(password)}@`);
      const without = await client.get(path);
      ok(without.header.get("www-authenticate")?.startsWith("Basic realm="));
      await mustAnswer(without, 401);
      await mustAnswer(await client.get(withUser("wrong")), 401);
      await mustBe(await client.get(withUser(PASSWORD)), 200, SMALL);
      const header = { Authorization: BASIC };
      await mustBe(await client.get(path, { header }), 200, SMALL);
    },
  },
  { name: "PUT of every kind of body", at: ALL, run: putEverything },
  {
    name: "Expect: 100-continue",
    at: ALL,
    run: async (visit) => {
      const { trace, counts } = counting("wait100Continue", "got100Continue");
      const response = await put(visit, "/upload/expected.bin", RANGED_OCTETS, {
        header: { Expect: "100-continue" },
        options: { trace, expectContinueTimeout: 20_000 },
      });
      await mustAnswer(response, 201);
      uploaded(visit.world, "expected.bin", RANGED.sha256);
      deepStrictEqual([...counts.values()], [1, 1]);
    },
  },
  {
    name: "an upload that is refused before it was sent",
    at: WITH_STEPS,
    run: async (visit) => {
      let taken = 0;
      const pieces = function* (): Iterable<Uint8Array> {
        taken++;
        yield RANGED_OCTETS;
      };
      const response = await put(visit, "/refused/a.bin", pieces(), {
        header: { Expect: "100-continue" },
        length: RANGED.bytes,
        options: { expectContinueTimeout: 20_000 },
      });
      await mustAnswer(response, 413);
      // A connection that is to be kept needs the content all the same: RFC 9110 §10.1.1.
      deepStrictEqual(taken, response.close ? 0 : 1);
      return response.close ? "nothing was sent" : "sent, for the connection is kept";
    },
  },
  {
    name: "an upload that is refused while it is sent",
    at: WITH_STEPS,
    run: async (visit) => {
      const pieces = function* (): Iterable<Uint8Array> {
        for (let i = 0; i < 16; i++) yield RANGED_OCTETS;
      };
      const options = { length: 16 * RANGED.bytes };
      for (let i = 0; i < 5; i++) {
        await mustAnswer(await put(visit, "/refused/a.bin", pieces(), options), 413);
      }
      await mustBe(await visit.client.get(visit.url(SMALL_PATH)), 200, SMALL);
    },
  },
  {
    name: "a kept connection that the server has closed is not used",
    at: [NGINX],
    run: async ({ client, url, transport }) => {
      await mustBe(await client.get(url(`/brief/${SMALL.name}`)), 200, SMALL);
      deepStrictEqual(transport.stats().idle, 1);
      await until(() => transport.stats().idle === 0 || undefined, "nginx to close", 10);
      const response = await client.post(url("/moved/303"), "text/plain", "posted");
      await mustBe(response, 200, SMALL);
    },
  },
];

interface PutOptions {
  readonly header?: Readonly<Record<string, string>>;
  /** Default: as the body says. */
  readonly length?: number;
  readonly options?: Parameters<Visit["client"]["do"]>[1];
}

function put(
  { client, url }: Visit,
  path: string,
  body: unknown,
  { header = {}, length, options }: PutOptions = {},
): ReturnType<Visit["client"]["do"]> {
  const request: Request = newRequest("PUT", url(path), body as Uint8Array, { header });
  return client.do(
    length === undefined ? request : request.with({ contentLength: length }),
    options,
  );
}

async function putEverything(visit: Visit): Promise<void> {
  let before = 0;
  for (const [at, [what, body, text]] of BODIES.entries()) {
    const name = `body-${at}.txt`;
    const response = await put(visit, `/upload/${name}`, body());
    await mustAnswer(response, 201);
    const got = readFileSync(webOf(visit.world, `upload/${name}`), "utf8");
    deepStrictEqual(
      { what, got, reused: response.reused },
      { what, got: text, reused: before > 0 },
    );
    rmSync(webOf(visit.world, `upload/${name}`));
    before++;
  }
}

/** What has been uploaded to have this hash; it is removed. */
export function uploaded(world: ClientWorld, name: string, hash: string): void {
  const path = webOf(world, `upload/${name}`);
  deepStrictEqual(sha256(readFileSync(path)), hash);
  rmSync(path);
}

export const STEP_CHECKS: readonly ClientCheck[] = checksOf(ROWS);
