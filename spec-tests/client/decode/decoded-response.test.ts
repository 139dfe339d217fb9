// A response whose coding was undone on the way, and what is said of it.
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { nodeDecoders } from "../../../lib/adapters/content-decoders.ts";
import { settle } from "../../../lib/testing/mod.ts";
import { table, text } from "../../kit.ts";
import { Rig, fails } from "../rig.ts";

const it = suite("decoded");

const PLAIN = "the same text";
const GZIP = text(gzipSync(PLAIN));
const BROTLI = text(brotliCompressSync(PLAIN));

interface DecodedRow {
  readonly name: string;
  readonly fields: string;
  readonly content: string;
  readonly header?: Record<string, string>;
  readonly method?: string;
  readonly decoded: boolean;
}

table<DecodedRow>(
  it,
  [
    { name: "gzip", fields: "Content-Encoding: gzip\r\n", content: GZIP, decoded: true },
    { name: "GZIP", fields: "Content-Encoding: GZIP\r\n", content: GZIP, decoded: true },
    {
      name: "br, which was not asked for",
      fields: "Content-Encoding: br\r\n",
      content: BROTLI,
      decoded: false,
    },
    { name: "no coding", fields: "", content: PLAIN, decoded: false },
    {
      name: "gzip for whom asked itself",
      fields: "Content-Encoding: gzip\r\n",
      content: GZIP,
      header: { "Accept-Encoding": "gzip" },
      decoded: false,
    },
    {
      name: "gzip of a range",
      fields: "Content-Encoding: gzip\r\n",
      content: GZIP,
      header: { Range: "bytes=0-1" },
      decoded: false,
    },
  ],
  async ({ fields, content, header, decoded }) => {
    const rig = new Rig({ platform: { decoders: nodeDecoders } });
    const { response, server } = await rig.asked(header === undefined ? {} : { header });
    server.send(
      `HTTP/1.1 200 OK\r\n${fields}X-A: 1\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
    );
    const got = await response;
    assert.is(got.uncompressed, decoded);
    assert.is(got.contentLength, decoded ? undefined : content.length);
    assert.is(got.header.has("content-length"), !decoded);
    assert.is(got.header.has("content-encoding"), !decoded && fields !== "");
    assert.is(got.header.get("x-a"), "1");
    assert.is(text(await got.body.bytes()), decoded ? PLAIN : content);
    assert.is(rig.stats, "1/0/0/0");
    await rig.assertClean();
  },
);

it("nothing is asked for where the platform has nothing, or the transport is told so", async () => {
  for (const options of [{}, { disableCompression: true, platform: { decoders: nodeDecoders } }]) {
    const rig = new Rig(options);
    const { server } = await rig.exchange();
    assert.not.match(server.text, /Accept-Encoding/);
    await rig.assertClean();
  }
  const several = new Rig({
    acceptEncodings: ["br", "gzip", "none-such"],
    platform: { decoders: nodeDecoders },
  });
  const { server } = await several.exchange();
  assert.match(server.text, /Accept-Encoding: br, gzip\r\n/);
  await several.assertClean();
});

it("broken or cut content is an error, and the connection is kept where its framing was whole", async () => {
  for (const [content, code] of [
    [GZIP.slice(0, -4), "truncated-content-coding"],
    [`${GZIP.slice(0, 4)}\xff\xff${GZIP.slice(6)}x`, undefined],
  ] as const) {
    const rig = new Rig({ platform: { decoders: nodeDecoders } });
    const { response, server } = await rig.asked();
    server.send(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
    );
    let failed: unknown;
    try {
      await (await response).body.bytes();
    } catch (error) {
      failed = error;
    }
    assert.instance(failed, Error);
    if (code !== undefined) assert.is((failed as { code?: string }).code, code);
    assert.is(rig.stats, "1/0/0/0");
    await rig.assertClean();
  }
});

it("cancelled in the middle it gives the connection up as any body does", async () => {
  const rig = new Rig({ platform: { decoders: nodeDecoders } });
  const { response, server } = await rig.asked();
  server.send(
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIP.length}\r\n\r\n${GZIP.slice(0, 12)}`,
  );
  (await response).body.cancel();
  server.send(GZIP.slice(12));
  await settle();
  assert.is(rig.stats, "1/0/0/0");
  const lost = await rig.asked();
  server.send(
    `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${GZIP.length}\r\n\r\n${GZIP.slice(0, 12)}`,
  );
  const got = await lost.response;
  server.finish();
  await fails(got.body.bytes(), "truncated-body", { phase: "body" });
  await rig.assertClean();
});

it.run();
