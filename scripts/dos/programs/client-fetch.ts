/**
 * The client beside ours: the global fetch of Node (undici) at default settings.
 *
 *   node client-fetch.mjs    (forked: it takes orders)
 *
 * Rule of this file: the same orders, answered as a user of fetch would. What it keeps by itself cannot be asked for.
 */
import { type Answered, serveOrders } from "./asker.ts";

const PIECE = new Uint8Array(65_536).fill(0x75);

serveOrders({
  ask: async (url, signal, upload) => {
    const posted =
      upload === undefined
        ? {}
        : upload.as === "piece"
          ? { method: "POST", body: new Uint8Array(upload.octets) }
          : { method: "POST", body: streamOf(upload.octets), duplex: "half" as const };
    const response = await fetch(url, { signal, ...posted });
    const answered: Answered = {
      status: response.status,
      field: (name) => response.headers.get(name),
      cancel: () => void response.body?.cancel().catch(() => undefined),
      read: async (manner) => {
        if (manner === "bytes") return (await response.arrayBuffer()).byteLength;
        if (manner === "text") return (await response.text()).length;
        let octets = 0;
        for await (const piece of response.body ?? []) {
          octets += (piece as Uint8Array).length;
          if (manner === "cancel") break;
        }
        return octets;
      },
    };
    return answered;
  },
  closeIdle: () => undefined,
  left: () => [],
  tell: (error) => {
    const cause = error instanceof Error ? error.cause : undefined;
    const from = cause instanceof Error && "code" in cause ? cause : error;
    const code = from instanceof Error && "code" in from ? String(from.code) : String(error);
    return { code, octets: 0 };
  },
});

function streamOf(octets: number): ReadableStream<Uint8Array> {
  let left = octets;
  return new ReadableStream({
    pull: (controller) => {
      if (left <= 0) return controller.close();
      left -= PIECE.length;
      controller.enqueue(PIECE);
    },
  });
}
