/**
 * The traffic that a server is there for, and the slow kind of it: small pages, uploads, large answers, on
 * connections that are kept for a while.
 *
 * Rule of this file: each function is one visit, made again and again by so many visitors until the run is over. What
 * must be answered is looked at, and anything else is a fault.
 */
import type { Target } from "../dos/loopback.ts";
import { must } from "../dos/check.ts";
import { connectTo, type Peer, sleep } from "../dos/peer.ts";

export type Visit = (target: Target) => Promise<void>;

const GET = "GET /hello/soak HTTP/1.1\r\nHost: a\r\n\r\n";
const UPLOAD_BYTES = 200_000;
const UPLOAD = `POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n`;
const CHUNKS = `POST /text HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${"5\r\nhello\r\n".repeat(2000)}0\r\n\r\n`;
const ANSWER_MS_MAX = 10_000;

/** Visits and how many make each at a time. */
export const VISITS: ReadonlyMap<string, { readonly visit: Visit; readonly atATime: number }> =
  new Map([
    ["pages", { visit: pages, atATime: 4 }],
    ["uploads", { visit: uploads, atATime: 3 }],
    ["large answers", { visit: largeAnswer, atATime: 2 }],
    ["slow heads", { visit: slowHead, atATime: 20 }],
    ["slow uploads", { visit: slowUpload, atATime: 20 }],
    ["slow readers", { visit: slowReader, atATime: 10 }],
    ["silent", { visit: silent, atATime: 20 }],
  ]);

async function pages(target: Target): Promise<void> {
  const peer = await connectTo(target);
  for (let i = 0; i < 50; i++) {
    await ask(peer, GET);
    await sleep(20);
  }
  peer.leave();
}

async function uploads(target: Target): Promise<void> {
  const peer = await connectTo(target);
  for (let i = 0; i < 5; i++) {
    await ask(peer, UPLOAD + "u".repeat(UPLOAD_BYTES));
    await ask(peer, CHUNKS);
    await sleep(50);
  }
  peer.leave();
}

/** Some of 256 MiB, and gone. */
async function largeAnswer(target: Target): Promise<void> {
  const peer = await connectTo(target);
  await peer.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  await peer.until(() => peer.receivedBytes > 8_000_000 || !peer.open, ANSWER_MS_MAX);
  peer.leave();
  await sleep(500);
}

async function slowHead(target: Target): Promise<void> {
  const peer = await connectTo(target);
  for (const octet of "GET /hello/slow HTTP/1.1\r\nHost: a\r\n\r\n") {
    await peer.send(octet);
    await sleep(100);
  }
  must((await peer.answered(ANSWER_MS_MAX)) === 200, "a slow head was not answered");
  peer.leave();
}

async function slowUpload(target: Target): Promise<void> {
  const peer = await connectTo(target);
  await peer.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n");
  for (let i = 0; i < 40; i++) {
    await peer.send("u");
    await sleep(100);
  }
  must((await peer.answered(ANSWER_MS_MAX)) === 200, "a slow upload was not answered");
  peer.leave();
}

async function slowReader(target: Target): Promise<void> {
  const peer = await connectTo(target);
  peer.socket.pause();
  await peer.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
  await sleep(6000);
  peer.reset();
}

async function silent(target: Target): Promise<void> {
  const peer = await connectTo(target);
  await sleep(8000);
  peer.leave();
}

async function ask(peer: Peer, request: string): Promise<void> {
  peer.text = "";
  await peer.send(request);
  must((await peer.answered(ANSWER_MS_MAX)) === 200, `answered ${peer.status || "nothing"}`);
}
