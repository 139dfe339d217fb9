/**
 * TLS with servers that are built on OpenSSL: who is trusted, under which name, and sessions.
 * RFC 8446, RFC 6125
 *
 * Rule of this file: what must be refused is refused before a request is sent.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { dial } from "barewire/net";
import { APACHE } from "./client-apache.ts";
import { HAPROXY } from "./client-haproxy.ts";
import { NGINX } from "./client-nginx.ts";
import { PYTHON } from "./client-python.ts";
import { type ClientCheck, SMALL } from "./client-site.ts";
import { checksOf, mustAnswer, mustBe, mustFail, type Row } from "./client-visit.ts";

const ALL = [NGINX, APACHE, HAPROXY, PYTHON];
const PATH = `/files/${SMALL.name}`;
const VERSIONS = ["TLSv1.2", "TLSv1.3"] as const;

const ROWS: readonly Row[] = [
  {
    name: "TLS 1.2 and 1.3",
    at: ALL,
    by: ["https"],
    run: async ({ another, url, ca }) => {
      for (const version of VERSIONS) {
        const client = another({ tls: { ca, minVersion: version, maxVersion: version } });
        const response = await client.get(url(PATH));
        await mustBe(response, 200, SMALL);
        const { tls } = response;
        deepStrictEqual([tls?.version, tls?.authorized], [version, true]);
        ok([undefined, "http/1.1"].includes(tls?.alpnProtocol), `ALPN: ${tls?.alpnProtocol}`);
      }
    },
  },
  {
    name: "a session is resumed",
    at: ALL,
    by: ["https"],
    run: async ({ client, url }) => {
      for (const resumed of [false, true]) {
        const response = await client.get(url(PATH));
        await mustBe(response, 200, SMALL);
        deepStrictEqual([response.reused, response.tls?.resumed], [false, resumed]);
        client.closeIdleConnections();
      }
    },
  },
  {
    name: "a server is asked for by its name",
    at: ALL,
    by: ["https"],
    run: async ({ client, site }) => {
      const response = await client.get(`https://localhost:${site.ports.https}${PATH}`);
      await mustBe(response, 200, SMALL);
      deepStrictEqual([response.tls?.serverName, response.tls?.authorized], ["localhost", true]);
    },
  },
  {
    name: "a certificate that nobody vouches for, or for another name, is refused",
    at: ALL,
    by: ["https"],
    run: async ({ another, url, site }) => {
      await mustFail(another({ tls: {} }).get(url(PATH)), "tls-failed");
      const port = site.ports.https;
      const astray = another({ dial: (to) => dial({ ...to, host: "127.0.0.1", port }) });
      await mustFail(astray.get(`https://other.test:${port}${PATH}`), "tls-failed");
      const credulous = another({ tls: { serverCertificate: "accept-any" } });
      const response = await credulous.get(url(PATH));
      await mustBe(response, 200, SMALL);
      deepStrictEqual(response.tls?.authorized, false);
    },
  },
  {
    name: "TLS is not spoken there",
    at: ALL,
    by: ["http"],
    run: async ({ client, url }) => {
      const asked = client.get(url(PATH).replace("http:", "https:"));
      await mustFail(asked, "not-tls", "tls-failed", "reset");
    },
  },
  {
    name: "plain HTTP is answered with 400",
    at: [NGINX, APACHE],
    by: ["https"],
    run: async ({ client, url }) => {
      await mustAnswer(await client.get(url(PATH).replace("https:", "http:")), 400);
    },
  },
];

export const TLS_CHECKS: readonly ClientCheck[] = checksOf(ROWS);
