/**
 * The load of the question of bodies: one connection that fetches or sends 64 MiB, again and again.
 *
 * Rule of this file: it parses nothing. A download has ended when its last octets have come; how many they are is
 * learned from the first one. What it counts are MiB. Arguments: the port, down or up, the framing, the size of a
 * piece in KiB.
 */
import { once } from "node:events";
import * as net from "node:net";
import { BODY_BYTES, chunkOf, END_OF_CHUNKS, headOf, piecesOf } from "./body-kit.ts";
import { ready } from "./rim.ts";

const [port = "0", direction = "", framing = "", pieceKib = "16"] = process.argv.slice(2);
const { piece, count } = piecesOf(Number(pieceKib));
const chunked = framing === "chunked";
const MIB = 1024 * 1024;
/** A download whose length is not known yet has ended when nothing more has come for so long. */
const SETTLED_MS = 500;

const shared = Buffer.allocUnsafeSlow(256 * 1024);
let received = 0;
let onOctets: () => void = () => undefined;
const onread = {
  buffer: shared,
  callback: (length: number): boolean => {
    received += length;
    onOctets();
    return true;
  },
};
const where = { host: "127.0.0.1", port: Number(port), noDelay: true, onread };
const socket = net.connect(where, () => void begin());
socket.on("close", () => {
  console.error("body-load: the server has closed the connection");
  process.exit(1);
});
socket.on("error", (error) => console.error(`body-load: ${error.message}`));

const framed = chunked ? Buffer.concat(chunkOf(piece)) : piece;
/** How long the answer is, head and framing included; 0 while it is not known. */
let answerBytes = 0;
let running = false;
let mib = 0;
let loop: Promise<void> = Promise.resolve();

/** One transfer, to the last octet of its answer. */
async function transfer(): Promise<void> {
  received = 0;
  if (direction === "down") {
    socket.write("GET / HTTP/1.1\r\nHost: bench\r\n\r\n");
  } else {
    socket.write(headOf("POST / HTTP/1.1\r\nHost: bench", framing), "latin1");
    for (let i = 0; i < count; i++) if (!socket.write(framed)) await once(socket, "drain");
    if (chunked) socket.write(END_OF_CHUNKS, "latin1");
  }
  await (answerBytes === 0 ? untilSettled() : untilReceived(answerBytes));
}

function untilReceived(bytes: number): Promise<void> {
  return new Promise((resolve) => {
    onOctets = () => {
      if (received >= bytes) resolve();
    };
    onOctets();
  });
}

async function untilSettled(): Promise<void> {
  const least = direction === "down" ? BODY_BYTES : 1;
  for (let last = -1; last !== received || received < least; ) {
    last = received;
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  }
}

/** One transfer that is not counted, to learn how long the answer is. */
async function begin(): Promise<void> {
  await transfer();
  answerBytes = received;
  ready(0, {
    start: () => {
      running = true;
      loop = (async () => {
        while (running) {
          await transfer();
          mib += BODY_BYTES / MIB;
        }
      })();
      return 0;
    },
    count: () => mib,
    stop: async () => {
      running = false;
      await loop;
      return mib;
    },
  });
}
